// countersign.billing.v1.SubscriptionService: what customers have bought and are billed for.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_SUBSCRIPTION_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_SUBSCRIPTION_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/subscription_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/account_book_store.h"
#include "billing-service/src/store/dunning_store.h"
#include "billing-service/src/store/invoice_store.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of subscription_service.proto.
class SubscriptionService final : public v1::SubscriptionService::Service {
 public:
  // All must outlive the service.
  SubscriptionService(const rpc::Endpoint& endpoint, events::Committer& committer,
                      const SubscriptionStore& subscriptions, const InvoiceStore& invoices,
                      const AccountBookStore& books, const DunningStore& dunnings)
      : endpoint_(endpoint),
        committer_(committer),
        subscriptions_(subscriptions),
        invoices_(invoices),
        books_(books),
        dunnings_(dunnings) {}

  grpc::Status GetSubscription(grpc::ServerContext* context, const v1::GetSubscriptionRequest* request,
                               v1::Subscription* reply) override {
    return endpoint_.Read(Method("GetSubscription"), context, *request, reply, rpc::ParseNamed{kSubscriptionName},
                          std::bind_front(&SubscriptionService::Get, this));
  }
  grpc::Status ListSubscriptions(grpc::ServerContext* context, const v1::ListSubscriptionsRequest* request,
                                 v1::ListSubscriptionsResponse* reply) override {
    return endpoint_.Read(Method("ListSubscriptions"), context, *request, reply, ParseListSubscriptions,
                          std::bind_front(&SubscriptionService::List, this));
  }
  grpc::Status SetAutoRenew(grpc::ServerContext* context, const v1::SetAutoRenewRequest* request,
                            v1::Subscription* reply) override {
    return endpoint_.Mutate(Method("SetAutoRenew"), context, *request, reply, ParseSetAutoRenew,
                            std::bind_front(&SubscriptionService::SetRenewal, this));
  }
  grpc::Status CancelSubscription(grpc::ServerContext* context, const v1::CancelSubscriptionRequest* request,
                                  v1::Subscription* reply) override {
    return endpoint_.Mutate(Method("CancelSubscription"), context, *request, reply, ParseCancelSubscription,
                            std::bind_front(&SubscriptionService::Cancel, this));
  }
  grpc::Status SuspendSubscription(grpc::ServerContext* context, const v1::SuspendSubscriptionRequest* request,
                                   v1::Subscription* reply) override {
    return endpoint_.Mutate(Method("SuspendSubscription"), context, *request, reply, ParseSuspendSubscription,
                            std::bind_front(&SubscriptionService::Suspend, this));
  }
  grpc::Status ResumeSubscription(grpc::ServerContext* context, const v1::ResumeSubscriptionRequest* request,
                                  v1::Subscription* reply) override {
    return endpoint_.Mutate(Method("ResumeSubscription"), context, *request, reply, ParseResumeSubscription,
                            std::bind_front(&SubscriptionService::Resume, this));
  }
  grpc::Status SetPurchaseOrderNumber(grpc::ServerContext* context, const v1::SetPurchaseOrderNumberRequest* request,
                                      v1::Subscription* reply) override {
    return endpoint_.Mutate(Method("SetPurchaseOrderNumber"), context, *request, reply, ParseSetPurchaseOrderNumber,
                            std::bind_front(&SubscriptionService::SetNumber, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::SubscriptionService::service_full_name(), name}; }

  absl::StatusOr<v1::Subscription> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListSubscriptionsResponse> List(const rpc::Call& call, const AccountList& command) const;
  absl::StatusOr<v1::Subscription> SetRenewal(const rpc::Call& call, const SetAutoRenewCommand& command);
  absl::StatusOr<v1::Subscription> Cancel(const rpc::Call& call, const CancelSubscriptionCommand& command);
  absl::StatusOr<v1::Subscription> EndNow(const rpc::Call& call, Subscription subscription,
                                          const CancelSubscriptionCommand& command);
  absl::StatusOr<v1::Subscription> Suspend(const rpc::Call& call, const SuspensionCommand& command);
  absl::StatusOr<v1::Subscription> Resume(const rpc::Call& call, const SuspensionCommand& command);
  absl::StatusOr<v1::Subscription> SetNumber(const rpc::Call& call, const SetPurchaseOrderNumberCommand& command);

  // As it is stored, to be changed. Errors: SUBSCRIPTION_NOT_FOUND, ETAG_MISMATCH, CLOCK_WENT_BACK.
  absl::StatusOr<Subscription> Read(const rpc::Call& call, const rpc::NamedResource& named) const;
  // Commits it as its next version.
  absl::StatusOr<v1::Subscription> Save(const rpc::Call& call, Subscription subscription, absl::string_view event_type,
                                        absl::string_view reason, std::vector<events::RowGuard> guards = {});

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const SubscriptionStore& subscriptions_;
  const InvoiceStore& invoices_;
  const AccountBookStore& books_;
  const DunningStore& dunnings_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_SUBSCRIPTION_SERVICE_H_
