#include "link-service/src/domain/link.h"

#include "common/base/date.h"

namespace countersign::link {

std::optional<Link> Apply(const Link& link, const OrderOutcome& outcome, absl::Time now) {
  const bool is_news = outcome.order_version > link.order_version && outcome.state != LinkState::kActive;
  if (link.state != LinkState::kActive || !is_news) return std::nullopt;
  Link decided = link;
  decided.state = outcome.state;
  decided.order_version = outcome.order_version;
  decided.decide_time = outcome.decide_time;
  decided.update_time = now;
  ++decided.version;
  return decided;
}

std::optional<Link> Extend(const Link& link, absl::Time expire_time, absl::Time now) {
  if (link.state != LinkState::kActive || expire_time <= link.expire_time) return std::nullopt;
  Link extended = link;
  extended.expire_time = expire_time;
  extended.update_time = now;
  ++extended.version;
  return extended;
}

Link Erased(const Link& link, absl::Time now) {
  Link erased = link;
  erased.review.clear();
  erased.secret_hmac.assign(link.secret_hmac.size(), '\0');  // Of no secret.
  ++erased.version;
  erased.update_time = now;
  return erased;
}

bool IsReadable(const Link& link, absl::Time now) {
  if (IsErased(link)) return false;
  const absl::Time closed = link.decide_time.value_or(link.expire_time);
  return DateOf(now) < AddMonths(DateOf(closed), kReadableMonths);
}

}  // namespace countersign::link
