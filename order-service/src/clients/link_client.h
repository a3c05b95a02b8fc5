// LinkService of link-service, as order-service calls it.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_CLIENTS_LINK_CLIENT_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_CLIENTS_LINK_CLIENT_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "countersign/link/v1/link_service.pb.h"
#include "grpcpp/channel.h"

namespace countersign::order {

// Thread-safe. Abstract, so that tests can fake the peer.
class LinkClient {
 public:
  virtual ~LinkClient() = default;

  // Makes a link; the reply holds a secret. Idempotent. Errors: those of the method; UNAVAILABLE when link-service is
  // down.
  virtual absl::StatusOr<link::v1::IssueLinkResponse> IssueLink(const rpc::Outgoing& outgoing,
                                                                const link::v1::IssueLinkRequest& request) = 0;

  // Says what became of the order. Idempotent. Errors: as above.
  virtual absl::Status ApplyOrderOutcome(const rpc::Outgoing& outgoing,
                                         const link::v1::ApplyOrderOutcomeRequest& request) = 0;

  // Says that a waiting order expires later. Idempotent. Errors: as above.
  virtual absl::Status ExtendLink(const rpc::Outgoing& outgoing, const link::v1::ExtendLinkRequest& request) = 0;

  // Errors: UNAVAILABLE when link-service is down.
  virtual absl::StatusOr<link::v1::ListLinksResponse> ListLinks(const rpc::Outgoing& outgoing,
                                                                const link::v1::ListLinksRequest& request) = 0;

  // Erases what the link holds of its customer. Idempotent. Errors: as above.
  virtual absl::Status EraseLink(const rpc::Outgoing& outgoing, const link::v1::EraseLinkRequest& request) = 0;
};

std::unique_ptr<LinkClient> MakeLinkClient(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_CLIENTS_LINK_CLIENT_H_
