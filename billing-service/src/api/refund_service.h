// countersign.billing.v1.RefundService: account credit that is paid back.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_REFUND_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_REFUND_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/account_list.h"
#include "billing-service/src/api/refund_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/refund_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/refund_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of refund_service.proto.
class RefundService final : public v1::RefundService::Service {
 public:
  // All must outlive the service.
  RefundService(const rpc::Endpoint& endpoint, events::Committer& committer, const BillingAccountStore& accounts,
                const RefundStore& refunds)
      : endpoint_(endpoint), committer_(committer), accounts_(accounts), refunds_(refunds) {}

  grpc::Status CreateRefund(grpc::ServerContext* context, const v1::CreateRefundRequest* request,
                            v1::Refund* reply) override {
    return endpoint_.Mutate(Method("CreateRefund"), context, *request, reply, ParseCreateRefund,
                            std::bind_front(&RefundService::Create, this));
  }
  grpc::Status GetRefund(grpc::ServerContext* context, const v1::GetRefundRequest* request,
                         v1::Refund* reply) override {
    return endpoint_.Read(Method("GetRefund"), context, *request, reply, rpc::ParseNamed{kRefundName},
                          std::bind_front(&RefundService::Get, this));
  }
  grpc::Status ListRefunds(grpc::ServerContext* context, const v1::ListRefundsRequest* request,
                           v1::ListRefundsResponse* reply) override {
    return endpoint_.Read(Method("ListRefunds"), context, *request, reply, ParseAccountList{RefundFilterFields()},
                          std::bind_front(&RefundService::List, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::RefundService::service_full_name(), name}; }

  absl::StatusOr<v1::Refund> Create(const rpc::Call& call, const CreateRefundCommand& command);
  absl::StatusOr<v1::Refund> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListRefundsResponse> List(const rpc::Call& call, const AccountList& command) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const BillingAccountStore& accounts_;
  const RefundStore& refunds_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_REFUND_SERVICE_H_
