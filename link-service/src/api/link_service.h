// countersign.link.v1.LinkService: a link's life as other services and operators tell it. The customer's side is
// link-service/src/page.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_SERVICE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_SERVICE_H_

#include <functional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/crypto.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/link/v1/link_service.grpc.pb.h"
#include "link-service/src/api/link_requests.h"
#include "link-service/src/api/names.h"
#include "link-service/src/clients/order_client.h"
#include "link-service/src/store/access_link_store.h"
#include "link-service/src/store/link_record_store.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/store/press_store.h"

namespace countersign::link {

// Thread-safe. Errors are those of link_service.proto.
class LinkService final : public v1::LinkService::Service {
 public:
  // All references must outlive the service. `public_url` is where customers reach the page, without a slash at its
  // end: "https://orders.example.com". `agreement_version` is what new links ask to accept.
  LinkService(const rpc::Endpoint& endpoint, events::Committer& committer, const LinkStore& links,
              const LinkRecordStore& records, const PressStore& presses, const AccessLinkStore& access_links,
              OrderClient& orders, const KeyRing& link_keys, std::string public_url, std::string agreement_version)
      : endpoint_(endpoint),
        committer_(committer),
        links_(links),
        records_(records),
        presses_(presses),
        access_links_(access_links),
        orders_(orders),
        link_keys_(link_keys),
        public_url_(std::move(public_url)),
        agreement_version_(std::move(agreement_version)) {}

  grpc::Status IssueLink(grpc::ServerContext* context, const v1::IssueLinkRequest* request,
                         v1::IssueLinkResponse* reply) override {
    return endpoint_.Mutate(Method("IssueLink"), context, *request, reply, ParseIssueLink,
                            std::bind_front(&LinkService::Issue, this));
  }
  grpc::Status GetLink(grpc::ServerContext* context, const v1::GetLinkRequest* request, v1::Link* reply) override {
    return endpoint_.Read(Method("GetLink"), context, *request, reply, rpc::ParseNamed{kLinkName},
                          std::bind_front(&LinkService::Get, this));
  }
  grpc::Status ListLinks(grpc::ServerContext* context, const v1::ListLinksRequest* request,
                         v1::ListLinksResponse* reply) override {
    return endpoint_.Read(Method("ListLinks"), context, *request, reply, ParseListLinks,
                          std::bind_front(&LinkService::List, this));
  }
  grpc::Status ListLinkEvents(grpc::ServerContext* context, const v1::ListLinkEventsRequest* request,
                              v1::ListLinkEventsResponse* reply) override {
    return endpoint_.Read(Method("ListLinkEvents"), context, *request, reply,
                          rpc::ParseList{kLinkName, LinkRecordFilterFields()},
                          std::bind_front(&LinkService::ListEvents, this));
  }
  grpc::Status SendAccessLink(grpc::ServerContext* context, const v1::SendAccessLinkRequest* request,
                              v1::SendAccessLinkResponse* reply) override {
    return endpoint_.Mutate(Method("SendAccessLink"), context, *request, reply, rpc::ParseNamed{kLinkName},
                            std::bind_front(&LinkService::SendAccess, this));
  }
  grpc::Status RestateLink(grpc::ServerContext* context, const v1::RestateLinkRequest* request,
                           v1::Link* reply) override {
    return endpoint_.Mutate(Method("RestateLink"), context, *request, reply, rpc::ParseNamed{kLinkName},
                            std::bind_front(&LinkService::Restate, this));
  }
  grpc::Status ExtendLink(grpc::ServerContext* context, const v1::ExtendLinkRequest* request,
                          v1::ExtendLinkResponse* reply) override {
    return endpoint_.Mutate(Method("ExtendLink"), context, *request, reply, ParseExtendLink,
                            std::bind_front(&LinkService::Extend, this));
  }
  grpc::Status ApplyOrderOutcome(grpc::ServerContext* context, const v1::ApplyOrderOutcomeRequest* request,
                                 v1::Link* reply) override {
    return endpoint_.Mutate(rpc::LookAfter(Method("ApplyOrderOutcome")), context, *request, reply,
                            ParseApplyOrderOutcome, std::bind_front(&LinkService::ApplyOutcome, this));
  }
  grpc::Status EraseLink(grpc::ServerContext* context, const v1::EraseLinkRequest* request,
                         v1::EraseLinkResponse* reply) override {
    return endpoint_.Mutate(Method("EraseLink"), context, *request, reply, rpc::ParseNamed{kLinkName},
                            std::bind_front(&LinkService::Erase, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::LinkService::service_full_name(), name}; }

  absl::StatusOr<v1::IssueLinkResponse> Issue(const rpc::Call& call, const IssueLinkCommand& command);
  absl::StatusOr<v1::Link> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListLinksResponse> List(const rpc::Call& call, const ListLinksCommand& command) const;
  absl::StatusOr<v1::ListLinkEventsResponse> ListEvents(const rpc::Call& call, const rpc::ListRequest& command) const;
  absl::StatusOr<v1::SendAccessLinkResponse> SendAccess(const rpc::Call& call, const rpc::NamedResource& named);
  absl::StatusOr<v1::Link> Restate(const rpc::Call& call, const rpc::NamedResource& named);
  // The press that ended the link, to order-service; OK when none did.
  absl::Status TellPress(const rpc::Call& call, const Link& link) const;
  absl::StatusOr<v1::ExtendLinkResponse> Extend(const rpc::Call& call, const ExtendLinkCommand& command);
  // The link of that name. Another partner's is not found, because a link's name does not say whose it is.
  absl::StatusOr<Link> OwnLink(const rpc::Call& call, const Uuid& link_id) const;
  absl::StatusOr<v1::EraseLinkResponse> Erase(const rpc::Call& call, const rpc::NamedResource& named);
  absl::StatusOr<v1::Link> ApplyOutcome(const rpc::Call& call, const ApplyOrderOutcomeCommand& command);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const LinkStore& links_;
  const LinkRecordStore& records_;
  const PressStore& presses_;
  const AccessLinkStore& access_links_;
  OrderClient& orders_;
  const KeyRing& link_keys_;
  const std::string public_url_;
  const std::string agreement_version_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_SERVICE_H_
