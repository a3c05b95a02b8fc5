// countersign.billing.v1.PaymentService: what became of the money of bank receipts and charges.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYMENT_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYMENT_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/account_list.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/payment_store.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/payment_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of payment_service.proto.
class PaymentService final : public v1::PaymentService::Service {
 public:
  // Both must outlive the service.
  PaymentService(const rpc::Endpoint& endpoint, const PaymentStore& payments)
      : endpoint_(endpoint), payments_(payments) {}

  grpc::Status GetPayment(grpc::ServerContext* context, const v1::GetPaymentRequest* request,
                          v1::Payment* reply) override {
    return endpoint_.Read(Method("GetPayment"), context, *request, reply, rpc::ParseNamed{kPaymentName},
                          std::bind_front(&PaymentService::Get, this));
  }
  grpc::Status ListPayments(grpc::ServerContext* context, const v1::ListPaymentsRequest* request,
                            v1::ListPaymentsResponse* reply) override {
    return endpoint_.Read(Method("ListPayments"), context, *request, reply, ParseAccountList{PaymentFilterFields()},
                          std::bind_front(&PaymentService::List, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::PaymentService::service_full_name(), name}; }

  absl::StatusOr<v1::Payment> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListPaymentsResponse> List(const rpc::Call& call, const AccountList& command) const;

  const rpc::Endpoint& endpoint_;
  const PaymentStore& payments_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYMENT_SERVICE_H_
