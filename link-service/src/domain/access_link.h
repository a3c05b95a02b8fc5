// Access links: further mails with the address of a receipt, for a customer that lost it. They go to the billing
// contact on file, whoever asks, and nobody who asks sees them.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_ACCESS_LINK_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_ACCESS_LINK_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/date.h"
#include "common/base/named.h"
#include "common/base/uuid.h"
#include "link-service/src/domain/link.h"

namespace countersign::link {

inline constexpr int kMaxAccessLinksPerDay = 5;                      // Per link, in 24 hours.
inline constexpr absl::Duration kAccessLinkGap = absl::Minutes(10);  // Between two of one link.

enum class AccessLinkAsker { kCustomer, kPartner, kOperator };

inline constexpr Named<AccessLinkAsker> kAccessLinkAskers[] = {{AccessLinkAsker::kCustomer, "CUSTOMER"},
                                                               {AccessLinkAsker::kPartner, "PARTNER"},
                                                               {AccessLinkAsker::kOperator, "OPERATOR"}};
inline absl::string_view NameOf(AccessLinkAsker asker) { return NameIn(kAccessLinkAskers, asker); }

struct AccessLink {
  Uuid link_id;
  int64_t number = 0;  // Of the link's access links, from 1.
  AccessLinkAsker asked_by = AccessLinkAsker::kCustomer;
  absl::Time create_time;
};

// The link's next access link; `before` are its newest, the newest first, at least kMaxAccessLinksPerDay of them where
// there are so many. Errors: FAILED_PRECONDITION LINK_STATE (only a CONFIRMED link has a receipt),
// TOO_MANY_ACCESS_LINKS.
absl::StatusOr<AccessLink> NextAccessLink(const Link& link, absl::Span<const AccessLink> before, AccessLinkAsker asker,
                                          absl::Time now);

// A number as a customer finds it on a mail or an invoice.
struct SoughtNumber {
  enum class Kind { kOrder, kAccount } kind = Kind::kOrder;
  std::string number;  // "CS-7K3M-Q9XT-2PBD", or "4821937564".
};

// The typed number, without spaces and in capitals: an order's number, an account's, or an invoice's or credit note's,
// which begins with its account's.
SoughtNumber NumberOf(absl::string_view typed);

// Whether an address that was typed is the one on file: letter case does not matter.
bool IsSameAddress(absl::string_view typed, absl::string_view on_file);

// A subscription of a receipt's order, as billing-service has it.
struct ReceiptSubscription {
  bool runs = false;
  std::optional<Date> end_date = std::nullopt;  // Of one that has ended: its first day not served.
};

// A receipt can be read while a subscription of its order lives, and 13 months more.
bool IsReceiptReadable(absl::Span<const ReceiptSubscription> subscriptions, Date today);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_ACCESS_LINK_H_
