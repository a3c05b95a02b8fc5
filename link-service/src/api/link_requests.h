// Requests of LinkService, checked and in the domain's types. Each Parse… collects every violation before it fails.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_REQUESTS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_REQUESTS_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/page.h"
#include "countersign/link/v1/link_service.pb.h"
#include "link-service/src/domain/link.h"

namespace countersign::link {

struct IssueLinkCommand {
  Uuid tenant;  // The link.
  Uuid partner;
  Uuid order;
  int64_t revision = 0;
  absl::Time expire_time;
  v1::OrderReview review;
  std::optional<Uuid> billing_account = std::nullopt;
};
absl::StatusOr<IssueLinkCommand> ParseIssueLink(const rpc::Call& call, const v1::IssueLinkRequest& request);

struct ApplyOrderOutcomeCommand {
  Uuid tenant;  // The link.
  OrderOutcome outcome;
};
absl::StatusOr<ApplyOrderOutcomeCommand> ParseApplyOrderOutcome(const rpc::Call& call,
                                                                const v1::ApplyOrderOutcomeRequest& request);

struct ListLinksCommand {
  std::optional<Uuid> partner;  // None: all partners.
  rpc::Listing list;
};
// Refuses another partner's links, and to partners those of all, with NOT_FOUND.
absl::StatusOr<ListLinksCommand> ParseListLinks(const rpc::Call& call, const v1::ListLinksRequest& request);

struct ExtendLinkCommand {
  Uuid tenant;  // The link.
  absl::Time expire_time;
};
absl::StatusOr<ExtendLinkCommand> ParseExtendLink(const rpc::Call& call, const v1::ExtendLinkRequest& request);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_REQUESTS_H_
