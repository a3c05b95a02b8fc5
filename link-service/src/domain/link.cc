#include "link-service/src/domain/link.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/date.h"

namespace countersign::link {
namespace {

constexpr std::pair<LinkState, absl::string_view> kStateNames[] = {
    {LinkState::kActive, "ACTIVE"},   {LinkState::kConfirmed, "CONFIRMED"}, {LinkState::kDeclined, "DECLINED"},
    {LinkState::kExpired, "EXPIRED"}, {LinkState::kRevoked, "REVOKED"},     {LinkState::kSuperseded, "SUPERSEDED"},
};

}  // namespace

absl::string_view ToString(LinkState state) {
  for (const auto& [known, name] : kStateNames) {
    if (known == state) return name;
  }
  return "";
}

absl::StatusOr<LinkState> ParseLinkState(absl::string_view name) {
  for (const auto& [state, known] : kStateNames) {
    if (known == name) return state;
  }
  return absl::DataLossError(absl::StrCat("no link state is named ", name));
}

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

bool IsReadable(const Link& link, absl::Time now) {
  const absl::Time closed = link.decide_time.value_or(link.expire_time);
  return DateOf(now) < AddMonths(DateOf(closed), kReadableMonths);
}

}  // namespace countersign::link
