// Requests of LinkService, checked and in the domain's types. Each Parse… collects every violation before it fails.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_REQUESTS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_REQUESTS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
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
};
absl::StatusOr<IssueLinkCommand> ParseIssueLink(const rpc::Call& call, const v1::IssueLinkRequest& request);

struct ApplyOrderOutcomeCommand {
  Uuid tenant;  // The link.
  OrderOutcome outcome;
};
absl::StatusOr<ApplyOrderOutcomeCommand> ParseApplyOrderOutcome(const rpc::Call& call,
                                                                const v1::ApplyOrderOutcomeRequest& request);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_API_LINK_REQUESTS_H_
