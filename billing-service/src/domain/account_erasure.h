// The erasure of a billing account: what must be settled before, what goes, and what stays until when.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACCOUNT_ERASURE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACCOUNT_ERASURE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/buyer.h"
#include "common/base/date.h"

namespace countersign::billing {

// What an account still has to do with its customer.
struct OpenMatters {
  int64_t subscriptions = 0;                    // PENDING, ACTIVE, PAST_DUE or SUSPENDED.
  int64_t invoices = 0;                         // OPEN.
  int64_t charges = 0;                          // REQUESTED or UNKNOWN.
  int64_t parked_activations = 0;               // PARKED.
  int64_t queued_notices = 0;                   // To be mailed.
  std::optional<Date> last_document_date = {};  // Of its invoices and credit notes; none: it has none.
};

// OK where nothing is open and no credit is left. Error: FAILED_PRECONDITION BILLING_ACCOUNT_NOT_SETTLED, which says
// what is open.
absl::Status CheckSettled(const BillingAccount& account, const OpenMatters& open);

// How long books are kept: to the end of the tenth year after that of the last document.
inline constexpr int kYearsOfBooks = 10;

// The last day on which the buyer of documents is kept of which the last was issued on that date: 2009-06-01 gives
// 2019-12-31.
Date KeepBuyerUntil(Date last_document);

// The last day on which a past buyer of an erased account is kept; none of an account that is not.
std::optional<Date> LastDayOf(const PastBuyer& past);

struct AccountErasure {
  BillingAccount account;               // ERASED, its next version. Of the address stays the region, which books need.
  std::optional<PastBuyer> past_buyer;  // That the account's documents so far go on naming; none: it is kept already.
  std::optional<Date> keep_until;       // None: the account has no documents, and nothing is kept.
  std::optional<absl::Time> delete_time;  // When its past buyers go: the day after.
};

// `past` are all its past buyers, in order. Requires CheckSettled.
AccountErasure Erase(const BillingAccount& account, const std::vector<PastBuyer>& past, const OpenMatters& open,
                     absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACCOUNT_ERASURE_H_
