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
#include "billing-service/src/domain/parked_activation.h"
#include "common/base/date.h"

namespace countersign::billing {

// Open business between an account and its customer.
struct OpenMatters {
  int64_t subscriptions = 0;                    // PENDING, ACTIVE, PAST_DUE or SUSPENDED.
  int64_t invoices = 0;                         // OPEN.
  int64_t charges = 0;                          // REQUESTED or UNKNOWN.
  int64_t parked_activations = 0;               // PARKED.
  int64_t queued_notices = 0;                   // To be mailed.
  std::optional<Date> last_document_date = {};  // Of its invoices and credit notes; none: it has none.
};

// OK where nothing is open and no credit is left. No account: none of its orders was activated, and one may be parked.
// An ERASED one was settled, so that only a parked activation is in the way. Error: FAILED_PRECONDITION
// BILLING_ACCOUNT_NOT_SETTLED, which says all that is open.
absl::Status CheckSettled(const std::optional<BillingAccount>& account, const OpenMatters& open);

// How long books are kept: to the end of the tenth year after that of the last document.
inline constexpr int kYearsOfBooks = 10;

// The last day on which the buyer of documents is kept of which the last was issued on that date: 2009-06-01 gives
// 2019-12-31.
Date KeepBuyerUntil(Date last_document);

// The next versions of what is erased, and until when the buyer is kept that invoices and credit notes name.
struct AccountErasure {
  std::optional<BillingAccount> account = {};  // ERASED; none: it is not there, or was before. Of the address stays the
                                               // region, which books need.
  std::vector<ParkedActivation> parked = {};   // Without the order that was parked.
  std::optional<PastBuyer> past_buyer = {};    // That the documents so far go on naming; none: it is kept already.
  std::optional<Date> keep_until = {};         // The last day; none: nothing is kept.
  std::optional<absl::Time> delete_time = {};  // When all past buyers go. Set with `account`.

  bool empty() const { return !account.has_value() && parked.empty(); }
};

// `past` are all past buyers of the account, in order, `parked` its activations that still hold their order. Requires
// CheckSettled.
AccountErasure Erase(const std::optional<BillingAccount>& account, const std::vector<PastBuyer>& past,
                     std::vector<ParkedActivation> parked, const OpenMatters& open, absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACCOUNT_ERASURE_H_
