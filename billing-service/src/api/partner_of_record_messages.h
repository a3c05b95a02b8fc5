// Partners of record as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_OF_RECORD_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_OF_RECORD_MESSAGES_H_

#include "absl/status/status.h"
#include "billing-service/src/domain/partner_of_record.h"
#include "billing-service/src/domain/subscription.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "countersign/billing/v1/partner_of_record.pb.h"
#include "countersign/billing/v1/subscription.pb.h"

namespace countersign::billing {

// The subscription as its partner of record on `today` may read it.
v1::PartnerSubscription PartnerSubscriptionOf(const Subscription& subscription, const Uuid& partner, Date today);

v1::Subscription::PartnerChange ToProto(const Subscription& subscription, const PartnerChange& change);

// Adds an entry: the change, or the refusal.
void AddChanged(const Subscription& subscription, const PartnerChange& change, v1::PartnerChangeReport& report);
void AddRefused(const Subscription& subscription, const absl::Status& refusal, v1::PartnerChangeReport& report);

// The payload of the event that announces the change.
v1::SubscriptionEvent EventOf(const Subscription& subscription, const PartnerChange& change);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_OF_RECORD_MESSAGES_H_
