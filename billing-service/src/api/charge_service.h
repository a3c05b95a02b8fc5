// countersign.billing.v1.ChargeService: attempts to take an invoice's money through the payment processor.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_CHARGE_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_CHARGE_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/account_list.h"
#include "billing-service/src/domain/charge.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/domain/settlement.h"
#include "billing-service/src/store/account_book_store.h"
#include "billing-service/src/store/charge_store.h"
#include "billing-service/src/store/payment_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/charge_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of charge_service.proto.
class ChargeService final : public v1::ChargeService::Service {
 public:
  // All must outlive the service. `has_processor`: whether anything can be charged.
  ChargeService(const rpc::Endpoint& endpoint, events::Committer& committer, const AccountBookStore& books,
                const ChargeStore& charges, const PaymentStore& payments, bool has_processor)
      : endpoint_(endpoint),
        committer_(committer),
        books_(books),
        charges_(charges),
        payments_(payments),
        has_processor_(has_processor) {}

  grpc::Status ChargeInvoice(grpc::ServerContext* context, const v1::ChargeInvoiceRequest* request,
                             v1::Charge* reply) override {
    return endpoint_.Mutate(Method("ChargeInvoice"), context, *request, reply, rpc::ParseTransition{kInvoiceName},
                            std::bind_front(&ChargeService::ChargeOne, this));
  }
  grpc::Status RecordChargeback(grpc::ServerContext* context, const v1::RecordChargebackRequest* request,
                                v1::Charge* reply) override {
    return endpoint_.Mutate(Method("RecordChargeback"), context, *request, reply, rpc::ParseTransition{kChargeName},
                            std::bind_front(&ChargeService::TakeBack, this));
  }
  grpc::Status WinChargeback(grpc::ServerContext* context, const v1::WinChargebackRequest* request,
                             v1::Charge* reply) override {
    return endpoint_.Mutate(Method("WinChargeback"), context, *request, reply, rpc::ParseTransition{kChargeName},
                            std::bind_front(&ChargeService::Win, this));
  }
  grpc::Status GetCharge(grpc::ServerContext* context, const v1::GetChargeRequest* request,
                         v1::Charge* reply) override {
    return endpoint_.Read(Method("GetCharge"), context, *request, reply, rpc::ParseNamed{kChargeName},
                          std::bind_front(&ChargeService::Get, this));
  }
  grpc::Status ListCharges(grpc::ServerContext* context, const v1::ListChargesRequest* request,
                           v1::ListChargesResponse* reply) override {
    return endpoint_.Read(Method("ListCharges"), context, *request, reply, ParseAccountList{ChargeFilterFields()},
                          std::bind_front(&ChargeService::List, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::ChargeService::service_full_name(), name}; }

  absl::StatusOr<v1::Charge> ChargeOne(const rpc::Call& call, const rpc::NamedResource& invoice);
  absl::StatusOr<v1::Charge> TakeBack(const rpc::Call& call, const rpc::NamedResource& named);
  absl::StatusOr<v1::Charge> Win(const rpc::Call& call, const rpc::NamedResource& named);
  // Commits the charge's next version with what it does to its payment.
  absl::StatusOr<v1::Charge> Save(const rpc::Call& call, const Charge& charge, const Settlement& settlement,
                                  absl::string_view reason);
  absl::StatusOr<v1::Charge> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListChargesResponse> List(const rpc::Call& call, const AccountList& command) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const AccountBookStore& books_;
  const ChargeStore& charges_;
  const PaymentStore& payments_;
  const bool has_processor_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_CHARGE_SERVICE_H_
