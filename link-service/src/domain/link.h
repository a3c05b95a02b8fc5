// A confirmation link and the rules of its life. Its state is a copy of what order-service decided: this service never
// decides about an order.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_LINK_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_LINK_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"

namespace countersign::link {

enum class LinkState { kActive, kConfirmed, kDeclined, kExpired, kRevoked, kSuperseded };

// "ACTIVE", "CONFIRMED", …: the name that is stored and that events are named after.
absl::string_view ToString(LinkState state);
// Error: DATA_LOSS for anything else; only a damaged row has it.
absl::StatusOr<LinkState> ParseLinkState(absl::string_view name);

struct Link {
  Uuid link_id;
  Uuid partner_id;
  Uuid order_id;
  int64_t revision = 0;  // Of the order, from 1.
  LinkState state = LinkState::kActive;
  int64_t order_version = 0;  // Of the outcome that ended ACTIVE; 0 while ACTIVE.
  std::optional<absl::Time> decide_time = std::nullopt;
  std::string key_id;       // Which key made secret_hmac.
  std::string secret_hmac;  // See link_token.h; 32 bytes.
  absl::Time expire_time;   // From then on order-service confirms nothing.
  std::string review;       // What the page shows, serialized; frozen.
  int64_t view_count = 0;   // Up to kMaxCountedViews; changes without a new version, as does last_view_time.
  std::optional<absl::Time> last_view_time = std::nullopt;
  int64_t version = 1;  // Grows by one with every change.
  absl::Time create_time;
  absl::Time update_time;
};

inline constexpr int64_t kMaxCountedViews = 1000;
inline constexpr int kReadableMonths = 13;

// What order-service decided about the order of a link.
struct OrderOutcome {
  LinkState state = LinkState::kConfirmed;  // Any but kActive.
  int64_t order_version = 0;                // Of the order when it was decided, from 1.
  absl::Time decide_time;
};

// The link after `outcome`, one version higher; nullopt when it changes nothing: a link leaves ACTIVE once and for all,
// and only by an order version newer than the last one applied. So outcomes may come twice and in any order.
std::optional<Link> Apply(const Link& link, const OrderOutcome& outcome, absl::Time now);

// A link may be opened until 13 months after it was decided, or after it expired where nobody told us of a decision.
bool IsReadable(const Link& link, absl::Time now);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_LINK_H_
