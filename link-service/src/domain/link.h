// A confirmation link and the rules of its life. Its state is a copy of order-service's decision: this service decides
// nothing about an order.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_LINK_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_LINK_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::link {

enum class LinkState { kActive, kConfirmed, kDeclined, kExpired, kRevoked, kSuperseded };

inline constexpr Named<LinkState> kLinkStates[] = {
    {LinkState::kActive, "ACTIVE"},   {LinkState::kConfirmed, "CONFIRMED"}, {LinkState::kDeclined, "DECLINED"},
    {LinkState::kExpired, "EXPIRED"}, {LinkState::kRevoked, "REVOKED"},     {LinkState::kSuperseded, "SUPERSEDED"},
};
inline absl::string_view NameOf(LinkState state) { return NameIn(kLinkStates, state); }

struct Link {
  // Fixed when the link is issued.
  Uuid link_id;
  Uuid partner_id;
  Uuid order_id;
  int64_t revision = 0;     // Of the order, from 1.
  std::string key_id;       // The key that made secret_hmac.
  std::string secret_hmac;  // See link_token.h; 32 bytes.
  std::string review;       // The content of the page, serialized. Empty: erased.
  // Counted without a new version.
  int64_t view_count = 0;            // By people; up to kMaxCountedViews.
  int64_t automated_view_count = 0;  // By scanners, previews and prefetchers; up to kMaxCountedViews.
  std::optional<absl::Time> last_view_time = std::nullopt;
  absl::Time create_time;                              // Fixed as well, as is:
  std::optional<Uuid> billing_account = std::nullopt;  // That pays. None: order-service knows.
  absl::Time
      expire_time;  // By order-service's clock, which alone decides: from then on it confirms nothing. Only ever later.
  // Changed by the outcome of the order.
  LinkState state = LinkState::kActive;
  int64_t order_version = 0;  // Of the outcome that ended ACTIVE; 0 while ACTIVE.
  std::optional<absl::Time> decide_time = std::nullopt;
  int64_t version = 1;  // Grows by one with every change.
  absl::Time update_time;
};

inline constexpr int64_t kMaxCountedViews = 1000;
inline constexpr int kReadableMonths = 13;

// Order-service's decision about the order of a link.
struct OrderOutcome {
  LinkState state = LinkState::kConfirmed;  // Any but kActive.
  int64_t order_version = 0;                // Of the order when it was decided, from 1.
  absl::Time decide_time;
  std::optional<absl::Time> press_time = std::nullopt;  // Of the press that confirmed, where the order says so.
};

// The link after `outcome`, one version higher; nullopt when it changes nothing: a link leaves ACTIVE only once, and
// only by an order version newer than the last one applied. So outcomes may arrive twice and in any order.
std::optional<Link> Apply(const Link& link, const OrderOutcome& outcome, absl::Time now);

// The link after its order got more time, one version higher; nullopt when it changes nothing: an ACTIVE link's time
// only ever grows. So extensions may arrive twice, and after an outcome.
std::optional<Link> Extend(const Link& link, absl::Time expire_time, absl::Time now);

// Nothing of the customer is left on it, and its secret opens it no more.
inline bool IsErased(const Link& link) { return link.review.empty(); }

// The link without what it shows and without its secret, one version higher. What was pressed and typed on it goes in
// the same change. It may be erased in any state: that it has ended is order-service's to say.
Link Erased(const Link& link, absl::Time now);

// A link may be opened until 13 months after the decision or, if no decision reached us, after it expired. An erased
// one never.
bool IsReadable(const Link& link, absl::Time now);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_LINK_H_
