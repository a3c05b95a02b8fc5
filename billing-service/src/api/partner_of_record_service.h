// countersign.billing.v1.PartnerOfRecordService: who is partner of record, when a partner leaves.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_OF_RECORD_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_OF_RECORD_SERVICE_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/partner_act_requests.h"
#include "billing-service/src/api/partner_of_record_requests.h"
#include "billing-service/src/clients/payee_client.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/domain/partner_of_record.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/partner_of_record_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of partner_of_record_service.proto.
class PartnerOfRecordService final : public v1::PartnerOfRecordService::Service {
 public:
  // All must outlive the service.
  PartnerOfRecordService(const rpc::Endpoint& endpoint, events::Committer& committer,
                         const SubscriptionStore& subscriptions, PayeeClient& partners)
      : endpoint_(endpoint), committer_(committer), subscriptions_(subscriptions), partners_(partners) {}

  grpc::Status ListPartnerSubscriptions(grpc::ServerContext* context,
                                        const v1::ListPartnerSubscriptionsRequest* request,
                                        v1::ListPartnerSubscriptionsResponse* reply) override {
    return endpoint_.Read(Method("ListPartnerSubscriptions"), context, *request, reply,
                          rpc::ParseList{kPartnerName, PartnerSubscriptionFilterFields()},
                          std::bind_front(&PartnerOfRecordService::List, this));
  }
  grpc::Status TransferPartnerSubscriptions(grpc::ServerContext* context,
                                            const v1::TransferPartnerSubscriptionsRequest* request,
                                            v1::PartnerChangeReport* reply) override {
    return endpoint_.Mutate(Method("TransferPartnerSubscriptions"), context, *request, reply,
                            ParseTransferPartnerSubscriptions,
                            std::bind_front(&PartnerOfRecordService::Transfer, this));
  }
  grpc::Status EndPartnerOfRecord(grpc::ServerContext* context, const v1::EndPartnerOfRecordRequest* request,
                                  v1::PartnerChangeReport* reply) override {
    return endpoint_.Mutate(Method("EndPartnerOfRecord"), context, *request, reply, ParseEndPartnerOfRecord,
                            std::bind_front(&PartnerOfRecordService::ChangeAll, this));
  }
  grpc::Status ResignPartnerOfRecord(grpc::ServerContext* context, const v1::ResignPartnerOfRecordRequest* request,
                                     v1::PartnerSubscription* reply) override {
    return endpoint_.Mutate(Method("ResignPartnerOfRecord"), context, *request, reply, ParseResignPartnerOfRecord,
                            std::bind_front(&PartnerOfRecordService::Resign, this));
  }
  grpc::Status OptOutOfPartnerTransfer(grpc::ServerContext* context, const v1::OptOutOfPartnerTransferRequest* request,
                                       v1::Subscription* reply) override {
    return endpoint_.Mutate(Method("OptOutOfPartnerTransfer"), context, *request, reply,
                            rpc::ParseTransition{kSubscriptionName},
                            std::bind_front(&PartnerOfRecordService::OptOut, this));
  }
  grpc::Status RemovePartnerOfRecord(grpc::ServerContext* context, const v1::RemovePartnerOfRecordRequest* request,
                                     v1::Subscription* reply) override {
    return endpoint_.Mutate(Method("RemovePartnerOfRecord"), context, *request, reply,
                            rpc::ParseTransition{kSubscriptionName},
                            std::bind_front(&PartnerOfRecordService::Remove, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) {
    return {v1::PartnerOfRecordService::service_full_name(), name};
  }

  absl::StatusOr<v1::ListPartnerSubscriptionsResponse> List(const rpc::Call& call,
                                                            const rpc::ListRequest& command) const;
  absl::StatusOr<v1::PartnerChangeReport> Transfer(const rpc::Call& call, const PartnerChangesCommand& command);
  absl::StatusOr<v1::PartnerChangeReport> ChangeAll(const rpc::Call& call, const PartnerChangesCommand& command);
  absl::StatusOr<v1::PartnerSubscription> Resign(const rpc::Call& call, const PartnerActCommand& command);
  absl::StatusOr<v1::Subscription> OptOut(const rpc::Call& call, const rpc::NamedResource& named);
  absl::StatusOr<v1::Subscription> Remove(const rpc::Call& call, const rpc::NamedResource& named);

  // Makes and commits a customer's decision on its partner of record (domain/partner_of_record.h).
  using CustomersDecision = absl::StatusOr<PartnerChange> (*)(Subscription& subscription, Date today);
  absl::StatusOr<v1::Subscription> Change(const rpc::Call& call, const rpc::NamedResource& named,
                                          CustomersDecision decide);

  // Decides for one subscription and, unless it was known or is only asked, commits it.
  absl::StatusOr<PartnerChange> ChangeOne(const rpc::Call& call, const PartnerChangesCommand& command,
                                          Subscription& subscription);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const SubscriptionStore& subscriptions_;
  PayeeClient& partners_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_OF_RECORD_SERVICE_H_
