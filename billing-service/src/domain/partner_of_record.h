// Changes of the partner of record that the vendor or a partner makes, and what the customer says to them. Those that a
// customer confirms as an order are ChangePartner's (subscription.h).
// Source of the rules: docs/domain.md, Change of partner of record.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PARTNER_OF_RECORD_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PARTNER_OF_RECORD_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/domain/subscription.h"
#include "common/base/date.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

inline constexpr int kPartnerNoticeDays = 14;  // The customer learns of it so long before.

enum class PartnerChangeKind { kTransfer, kEnd, kResignation, kOptOut, kRemoval };

inline constexpr Named<PartnerChangeKind> kPartnerChangeKinds[] = {
    {PartnerChangeKind::kTransfer, "TRANSFER"},       {PartnerChangeKind::kEnd, "END"},
    {PartnerChangeKind::kResignation, "RESIGNATION"}, {PartnerChangeKind::kOptOut, "OPT_OUT"},
    {PartnerChangeKind::kRemoval, "REMOVAL"},
};
inline absl::string_view NameOf(PartnerChangeKind kind) { return NameIn(kPartnerChangeKinds, kind); }

// A change that lies ahead.
struct PartnerChange {
  PartnerChangeKind kind = PartnerChangeKind::kEnd;
  Uuid from;
  std::optional<Uuid> to;  // None: nobody follows.
  Date effective;          // The first day without `from`.
  bool known = false;      // It was announced before; nothing is to be written.
};

// The next change of partner: kTransfer where another partner follows, else kEnd. nullopt: no partner leaves, or the
// subscription has ended.
std::optional<PartnerChange> ComingChange(const Subscription& subscription, Date today);

// The first monthly day of the anchor that leaves the customer its notice.
Date NoticeEnd(const Subscription& subscription, Date today);

// Ends `from` as partner of record with notice; `to` follows where it is given. Errors: FAILED_PRECONDITION
// SUBSCRIPTION_STATE (it has ended), NOT_PARTNER_OF_RECORD (`from` is not, today), PARTNER_CHANGE_PENDING (another
// change lies ahead).
absl::StatusOr<PartnerChange> AnnounceChange(Subscription& subscription, PartnerChangeKind kind, const Uuid& from,
                                             const std::optional<Uuid>& to, Date today);

// The partner that is to come does not. Its assignment stays, empty. Errors: FAILED_PRECONDITION SUBSCRIPTION_STATE,
// NO_PARTNER_CHANGE_PENDING.
absl::StatusOr<PartnerChange> OptOut(Subscription& subscription, Date today);

// The customer removes its partner of record from the next monthly day of the anchor on: whoever decides needs no
// notice. Errors: FAILED_PRECONDITION SUBSCRIPTION_STATE, NO_PARTNER_OF_RECORD, PARTNER_CHANGE_PENDING (its time ends
// already).
absl::StatusOr<PartnerChange> RemovePartner(Subscription& subscription, Date today);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PARTNER_OF_RECORD_H_
