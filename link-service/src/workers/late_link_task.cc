#include "link-service/src/workers/late_link_task.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"
#include "link-service/src/api/link_messages.h"
#include "link-service/src/api/names.h"
#include "link-service/src/domain/link.h"

namespace countersign::link {
namespace {

constexpr int kLateLinks = 500;  // At one look; the rest comes with the next.

// The link's final state, as the order tells it; nullopt: the order still waits for a press.
std::optional<LinkState> EndOf(const order::v1::Order& order, const std::string& link) {
  if (order.link() != link) return LinkState::kSuperseded;
  switch (order.state()) {
    case order::v1::Order::STATE_CONFIRMED:
    case order::v1::Order::STATE_COMPLETED:
      return LinkState::kConfirmed;
    case order::v1::Order::STATE_DECLINED:
      return LinkState::kDeclined;
    case order::v1::Order::STATE_EXPIRED:
      return LinkState::kExpired;
    case order::v1::Order::STATE_CANCELLED:
      return order.has_confirm_time() ? LinkState::kConfirmed : LinkState::kRevoked;
    default:
      return std::nullopt;
  }
}

class LateLinks {
 public:
  LateLinks(const LinkStore& links, OrderClient& orders, events::Committer& committer, const Clock& clock)
      : links_(links), orders_(orders), committer_(committer), clock_(clock) {}

  absl::StatusOr<std::vector<int>> DueBuckets(absl::Time deadline) const {
    ASSIGN_OR_RETURN(const std::vector<Uuid> late, links_.ListActive(deadline, clock_.Now() - kLate, kLateLinks));
    std::set<int> buckets;
    for (const Uuid& link : late) buckets.insert(events::BucketOf(link));
    return std::vector<int>(buckets.begin(), buckets.end());
  }

  absl::Status EndBucket(int bucket, absl::Time deadline) const {
    ASSIGN_OR_RETURN(const std::vector<Uuid> late, links_.ListActive(deadline, clock_.Now() - kLate, kLateLinks));
    absl::Status first_error;  // One link that fails holds back no other.
    for (const Uuid& link : late) {
      if (events::BucketOf(link) == bucket) first_error.Update(EndOne(link, deadline));
    }
    return first_error;
  }

 private:
  absl::Status EndOne(const Uuid& link_id, absl::Time deadline) const {
    ASSIGN_OR_RETURN(const Link link, links_.Get(deadline, link_id));
    const std::string name = rpc::FormatName(kLinkName, {link.link_id});
    order::v1::GetOrderRequest request;
    request.set_name(rpc::FormatName(kOrderName, {link.partner_id, link.order_id}));
    ASSIGN_OR_RETURN(const order::v1::Order order,
                     orders_.GetOrder(rpc::WorkerOutgoing("link-service", deadline), request));
    const std::optional<LinkState> end = EndOf(order, name);
    if (!end.has_value()) return absl::OkStatus();
    OrderOutcome outcome{*end, link.order_version + 1, clock_.Now()};
    // The etag is the order's version as text.
    if (int64_t version = 0; absl::SimpleAtoi(order.etag(), &version)) outcome.order_version = version;
    const std::optional<Link> ended = countersign::link::Apply(link, outcome, clock_.Now());
    if (!ended.has_value()) return absl::OkStatus();
    const rpc::Call call({.caller = {.role = rpc::Role::kService, .name = "services/link-service", .partner = {}},
                          .on_behalf_of = "",
                          .service = "link-service",
                          .method = "worker/LATE_LINK",
                          .trace_id = rpc::WorkerOutgoing("link-service", deadline).trace_id,
                          .tenant = link.link_id,
                          .deadline = deadline,
                          .now = clock_.Now()});
    const absl::Status written = committer_.Commit(
        deadline, {.events = {LinkEventOf(call, *ended)}, .reply = std::nullopt, .rows = {LinkStore::Row(*ended)}});
    return IsLostRace(written) ? absl::OkStatus() : written;  // Lost: its end was told meanwhile.
  }

  const LinkStore& links_;
  OrderClient& orders_;
  events::Committer& committer_;
  const Clock& clock_;
};

}  // namespace

events::BucketTask LateLinkTask(const LinkStore& links, OrderClient& orders, events::Committer& committer,
                                const Clock& clock) {
  const LateLinks late(links, orders, committer, clock);
  return {.name = "late_links",
          .interval = absl::Minutes(1),
          .run = [late](int bucket, absl::Time deadline) { return late.EndBucket(bucket, deadline); },
          .due = [late](absl::Time deadline) { return late.DueBuckets(deadline); },
          .runs_only_when_due = true};
}

}  // namespace countersign::link
