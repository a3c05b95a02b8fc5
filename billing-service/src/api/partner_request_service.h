// countersign.billing.v1.PartnerRequestService: the customer asks another partner, which accepts or declines.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_REQUEST_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_REQUEST_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/account_list.h"
#include "billing-service/src/api/partner_act_requests.h"
#include "billing-service/src/api/partner_request_requests.h"
#include "billing-service/src/clients/payee_client.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/partner_request_store.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/partner_request_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of partner_request_service.proto.
class PartnerRequestService final : public v1::PartnerRequestService::Service {
 public:
  // All must outlive the service.
  struct Needs {
    const rpc::Endpoint& endpoint;
    events::Committer& committer;
    const PartnerRequestStore& requests;
    const SubscriptionStore& subscriptions;
    const BillingAccountStore& accounts;
    PayeeClient& partners;
  };
  explicit PartnerRequestService(const Needs& needs) : needs_(needs) {}

  grpc::Status CreatePartnerRequest(grpc::ServerContext* context, const v1::CreatePartnerRequestRequest* request,
                                    v1::PartnerRequest* reply) override {
    return needs_.endpoint.Mutate(Method("CreatePartnerRequest"), context, *request, reply, ParseCreatePartnerRequest,
                                  std::bind_front(&PartnerRequestService::Create, this));
  }
  grpc::Status GetPartnerRequest(grpc::ServerContext* context, const v1::GetPartnerRequestRequest* request,
                                 v1::PartnerRequest* reply) override {
    return needs_.endpoint.Read(Method("GetPartnerRequest"), context, *request, reply,
                                rpc::ParseNamed{kPartnerRequestName},
                                std::bind_front(&PartnerRequestService::Get, this));
  }
  grpc::Status ListPartnerRequests(grpc::ServerContext* context, const v1::ListPartnerRequestsRequest* request,
                                   v1::ListPartnerRequestsResponse* reply) override {
    return needs_.endpoint.Read(Method("ListPartnerRequests"), context, *request, reply,
                                ParseAccountList{PartnerRequestFilterFields()},
                                std::bind_front(&PartnerRequestService::List, this));
  }
  grpc::Status WithdrawPartnerRequest(grpc::ServerContext* context, const v1::WithdrawPartnerRequestRequest* request,
                                      v1::PartnerRequest* reply) override {
    return needs_.endpoint.Mutate(Method("WithdrawPartnerRequest"), context, *request, reply,
                                  rpc::ParseTransition{kPartnerRequestName},
                                  std::bind_front(&PartnerRequestService::Withdraw, this));
  }
  grpc::Status ListReceivedPartnerRequests(grpc::ServerContext* context,
                                           const v1::ListReceivedPartnerRequestsRequest* request,
                                           v1::ListReceivedPartnerRequestsResponse* reply) override {
    return needs_.endpoint.Read(Method("ListReceivedPartnerRequests"), context, *request, reply,
                                rpc::ParseList{kPartnerName, ReceivedPartnerRequestFilterFields()},
                                std::bind_front(&PartnerRequestService::ListReceived, this));
  }
  grpc::Status AcceptPartnerRequest(grpc::ServerContext* context, const v1::AcceptPartnerRequestRequest* request,
                                    v1::ReceivedPartnerRequest* reply) override {
    return needs_.endpoint.Mutate(Method("AcceptPartnerRequest"), context, *request, reply, ParseAcceptPartnerRequest,
                                  std::bind_front(&PartnerRequestService::Accept, this));
  }
  grpc::Status DeclinePartnerRequest(grpc::ServerContext* context, const v1::DeclinePartnerRequestRequest* request,
                                     v1::ReceivedPartnerRequest* reply) override {
    return needs_.endpoint.Mutate(Method("DeclinePartnerRequest"), context, *request, reply, ParseDeclinePartnerRequest,
                                  std::bind_front(&PartnerRequestService::Decline, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) {
    return {v1::PartnerRequestService::service_full_name(), name};
  }

  absl::StatusOr<v1::PartnerRequest> Create(const rpc::Call& call, const CreatePartnerRequestCommand& command);
  absl::StatusOr<v1::PartnerRequest> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListPartnerRequestsResponse> List(const rpc::Call& call, const AccountList& command) const;
  absl::StatusOr<v1::PartnerRequest> Withdraw(const rpc::Call& call, const rpc::NamedResource& named);
  absl::StatusOr<v1::ListReceivedPartnerRequestsResponse> ListReceived(const rpc::Call& call,
                                                                       const rpc::ListRequest& command) const;
  absl::StatusOr<v1::ReceivedPartnerRequest> Accept(const rpc::Call& call, const PartnerActCommand& command);
  absl::StatusOr<v1::ReceivedPartnerRequest> Decline(const rpc::Call& call, const PartnerActCommand& command);

  // The request, if it is this partner's.
  absl::StatusOr<PartnerRequest> AskedOf(const rpc::Call& call, const PartnerActCommand& command) const;
  absl::StatusOr<v1::ReceivedPartnerRequest> Received(const rpc::Call& call, const PartnerRequest& request) const;

  const Needs needs_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_REQUEST_SERVICE_H_
