// The stories of a link's life, as other services and operators tell them. The customer's side is page_controller.h.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_HANDLERS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_HANDLERS_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/crypto.h"
#include "common/rpc/call.h"
#include "countersign/link/v1/link_service.pb.h"
#include "link-service/src/api/link_requests.h"
#include "link-service/src/store/link_store.h"

namespace countersign::link {

// Thread-safe. Errors are those of the methods in link_service.proto.
class LinkHandlers {
 public:
  // `links` and `link_keys` must outlive the handlers. `public_url` is where customers reach the page, without a slash
  // at its end: "https://orders.example.com".
  LinkHandlers(LinkStore& links, const KeyRing& link_keys, std::string public_url)
      : links_(links), link_keys_(link_keys), public_url_(std::move(public_url)) {}

  absl::StatusOr<v1::IssueLinkResponse> Issue(const rpc::Call& call, const IssueLink& command);
  absl::StatusOr<v1::Link> Get(const rpc::Call& call, const GetLink& command);
  absl::StatusOr<v1::Link> ApplyOutcome(const rpc::Call& call, const ApplyOrderOutcome& command);

 private:
  LinkStore& links_;
  const KeyRing& link_keys_;
  const std::string public_url_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_HANDLERS_H_
