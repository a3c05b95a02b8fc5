// Partner requests: the customer alone asks another partner to become partner of record of a subscription.
// Source of the rules: docs/domain.md, Change of partner of record.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PARTNER_REQUEST_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PARTNER_REQUEST_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/subscription.h"
#include "common/base/date.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

inline constexpr absl::Duration kPartnerRequestLifetime = absl::Hours(24 * 30);

enum class PartnerRequestState { kWaiting, kAccepted, kDeclined, kWithdrawn, kExpired };

inline constexpr Named<PartnerRequestState> kPartnerRequestStates[] = {
    {PartnerRequestState::kWaiting, "WAITING"},   {PartnerRequestState::kAccepted, "ACCEPTED"},
    {PartnerRequestState::kDeclined, "DECLINED"}, {PartnerRequestState::kWithdrawn, "WITHDRAWN"},
    {PartnerRequestState::kExpired, "EXPIRED"},  // Derived (StateAt), never stored.
};
inline absl::string_view NameOf(PartnerRequestState state) { return NameIn(kPartnerRequestStates, state); }

struct PartnerRequest {
  Uuid account;
  Uuid id;  // Derived from subscription and number.
  Uuid subscription;
  int64_t number = 0;                // Of the subscription's requests, from 1. Only the newest can wait.
  Uuid partner;                      // That is asked.
  std::string partner_display_name;  // How the customer saw it.
  std::optional<Uuid> old_partner;   // Of record when it was asked.
  std::string offer_title;           // What the partner was to learn, as the customer read it.
  int64_t quantity = 0;
  absl::Time create_time;
  absl::Time expire_time;
  PartnerRequestState state = PartnerRequestState::kWaiting;
  std::optional<absl::Time> end_time = {};
  std::optional<Date> effective = {};  // ACCEPTED: the partner's first day.
  int64_t version = 1;
};

// A partner that could take a subscription over.
struct AskedPartner {
  Uuid id;
  std::string display_name;
};

// A WAITING one becomes EXPIRED by its time alone.
PartnerRequestState StateAt(const PartnerRequest& request, absl::Time now);

// The request after `newest`, the subscription's last. Errors: FAILED_PRECONDITION PARTNER_REQUEST_WAITS (that partner
// was asked already); those of ChangePartner.
absl::StatusOr<PartnerRequest> AskPartner(const Subscription& subscription, const AskedPartner& partner,
                                          const std::optional<PartnerRequest>& newest, absl::Time now);

// The partner accepts and is of record from the next monthly day of the anchor on. Errors: FAILED_PRECONDITION
// PARTNER_REQUEST_STATE (it does not wait), PARTNER_CHANGED (the partner of record is another than when it was asked);
// those of ChangePartner. After an error both are as before.
absl::Status AcceptRequest(PartnerRequest& request, Subscription& subscription, absl::Time now);

// It ends as DECLINED or WITHDRAWN. Error: FAILED_PRECONDITION PARTNER_REQUEST_STATE.
absl::Status EndRequest(PartnerRequest& request, PartnerRequestState state, absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PARTNER_REQUEST_H_
