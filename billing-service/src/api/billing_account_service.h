// countersign.billing.v1.BillingAccountService: the vendor's legal customers.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_ACCOUNT_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_ACCOUNT_SERVICE_H_

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/billing_account_requests.h"
#include "billing-service/src/clients/payee_client.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/account_erasure_store.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/past_buyer_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of billing_account_service.proto.
class BillingAccountService final : public v1::BillingAccountService::Service {
 public:
  // All must outlive the service. `has_processor`: whether an account can be charged.
  BillingAccountService(const rpc::Endpoint& endpoint, events::Committer& committer,
                        const BillingAccountStore& accounts, const PastBuyerStore& past_buyers,
                        const AccountErasureStore& erasures, PayeeClient& partners, bool has_processor)
      : endpoint_(endpoint),
        committer_(committer),
        accounts_(accounts),
        past_buyers_(past_buyers),
        erasures_(erasures),
        partners_(partners),
        has_processor_(has_processor) {}

  grpc::Status GetBillingAccount(grpc::ServerContext* context, const v1::GetBillingAccountRequest* request,
                                 v1::BillingAccount* reply) override {
    return endpoint_.Read(Method("GetBillingAccount"), context, *request, reply, rpc::ParseNamed{kAccountName},
                          std::bind_front(&BillingAccountService::Get, this));
  }
  grpc::Status SearchBillingAccounts(grpc::ServerContext* context, const v1::SearchBillingAccountsRequest* request,
                                     v1::SearchBillingAccountsResponse* reply) override {
    return endpoint_.Read(Method("SearchBillingAccounts"), context, *request, reply, ParseSearchBillingAccounts,
                          std::bind_front(&BillingAccountService::Search, this));
  }
  grpc::Status UpdateBillingAccount(grpc::ServerContext* context, const v1::UpdateBillingAccountRequest* request,
                                    v1::BillingAccount* reply) override {
    return endpoint_.Mutate(Method("UpdateBillingAccount"), context, *request, reply, ParseUpdateBillingAccount,
                            std::bind_front(&BillingAccountService::Update, this));
  }
  grpc::Status ResumeBillingAccount(grpc::ServerContext* context, const v1::ResumeBillingAccountRequest* request,
                                    v1::BillingAccount* reply) override {
    return endpoint_.Mutate(Method("ResumeBillingAccount"), context, *request, reply,
                            rpc::ParseTransition{kAccountName}, std::bind_front(&BillingAccountService::Resume, this));
  }
  grpc::Status SetPaymentMethod(grpc::ServerContext* context, const v1::SetPaymentMethodRequest* request,
                                v1::BillingAccount* reply) override {
    return endpoint_.Mutate(Method("SetPaymentMethod"), context, *request, reply, ParseSetPaymentMethod,
                            std::bind_front(&BillingAccountService::SetMethod, this));
  }
  grpc::Status SetPurchaseOrderRules(grpc::ServerContext* context, const v1::SetPurchaseOrderRulesRequest* request,
                                     v1::BillingAccount* reply) override {
    return endpoint_.Mutate(Method("SetPurchaseOrderRules"), context, *request, reply, ParseSetPurchaseOrderRules,
                            std::bind_front(&BillingAccountService::SetRules, this));
  }
  grpc::Status EraseBillingAccount(grpc::ServerContext* context, const v1::EraseBillingAccountRequest* request,
                                   v1::EraseBillingAccountResponse* reply) override {
    return endpoint_.Mutate(Method("EraseBillingAccount"), context, *request, reply, rpc::ParseNamed{kAccountName},
                            std::bind_front(&BillingAccountService::Erase, this));
  }
  grpc::Status ChangeBillingContact(grpc::ServerContext* context, const v1::ChangeBillingContactRequest* request,
                                    v1::BillingAccount* reply) override {
    return endpoint_.Mutate(Method("ChangeBillingContact"), context, *request, reply, ParseChangeBillingContact,
                            std::bind_front(&BillingAccountService::ChangeContact, this));
  }
  grpc::Status VerifyBillingContact(grpc::ServerContext* context, const v1::VerifyBillingContactRequest* request,
                                    v1::BillingAccount* reply) override {
    return endpoint_.Mutate(Method("VerifyBillingContact"), context, *request, reply,
                            rpc::ParseTransition{kAccountName},
                            std::bind_front(&BillingAccountService::VerifyContact, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) {
    return {v1::BillingAccountService::service_full_name(), name};
  }

  absl::StatusOr<v1::BillingAccount> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::SearchBillingAccountsResponse> Search(const rpc::Call& call,
                                                           const SearchBillingAccountsCommand& command) const;
  absl::StatusOr<std::optional<Uuid>> FindPartner(const rpc::Call& call, const std::string& number) const;
  absl::StatusOr<v1::BillingAccount> Update(const rpc::Call& call, const UpdateBillingAccountCommand& command);
  absl::StatusOr<v1::BillingAccount> Resume(const rpc::Call& call, const rpc::NamedResource& named);
  absl::StatusOr<v1::BillingAccount> SetMethod(const rpc::Call& call, const SetPaymentMethodCommand& command);
  absl::StatusOr<v1::BillingAccount> SetRules(const rpc::Call& call, const SetPurchaseOrderRulesCommand& command);
  // account_erasure.cc.
  absl::StatusOr<v1::EraseBillingAccountResponse> Erase(const rpc::Call& call, const rpc::NamedResource& named);
  absl::StatusOr<v1::BillingAccount> ChangeContact(const rpc::Call& call, const ChangeBillingContactCommand& command);
  absl::StatusOr<v1::BillingAccount> VerifyContact(const rpc::Call& call, const rpc::NamedResource& named);
  // Commits the account's next version, with other rows that follow from it.
  absl::StatusOr<v1::BillingAccount> Save(const rpc::Call& call, const BillingAccount& account, absl::string_view type,
                                          absl::string_view reason, std::vector<mysql::RowWrite> rows = {});

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const BillingAccountStore& accounts_;
  const PastBuyerStore& past_buyers_;
  const AccountErasureStore& erasures_;
  PayeeClient& partners_;
  const bool has_processor_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_BILLING_ACCOUNT_SERVICE_H_
