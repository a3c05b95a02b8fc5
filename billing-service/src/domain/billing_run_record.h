// A billing run that an operator asked for: its share in every bucket, and what has come of it.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_BILLING_RUN_RECORD_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_BILLING_RUN_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

enum class BillingRunState { kRunning, kDone };

inline constexpr Named<BillingRunState> kBillingRunStates[] = {
    {BillingRunState::kRunning, "RUNNING"},
    {BillingRunState::kDone, "DONE"},
};
inline absl::string_view NameOf(BillingRunState state) { return NameIn(kBillingRunStates, state); }

// The counts of a billing run, summed over accounts.
struct BillingCounts {
  int64_t accounts = 0;       // That had something due.
  int64_t subscriptions = 0;  // Billed, renewed or ended.
  int64_t invoices = 0;       // Opened.
  int64_t parked = 0;         // Accounts.

  BillingCounts& operator+=(const BillingCounts& more) {
    accounts += more.accounts;
    subscriptions += more.subscriptions;
    invoices += more.invoices;
    parked += more.parked;
    return *this;
  }
  bool empty() const { return accounts == 0 && parked == 0; }
};

// The share of a run in one bucket. Each is an aggregate of its own, so that buckets never wait for each other.
struct BillingRunShare {
  Uuid run;
  int64_t bucket = 0;
  Date date;  // Everything due up to it.
  BillingRunState state = BillingRunState::kRunning;
  BillingCounts counts;
  int64_t version = 0;
  absl::Time update_time;
};

// The id of the share, for its events.
Uuid BillingRunShareId(const Uuid& run, int64_t bucket);

// The whole run.
struct BillingRun {
  Uuid id;
  Date date;
  std::string reason;  // The operator's.
  absl::Time create_time;
  int64_t version = 1;
  // Summed over its shares.
  BillingRunState state = BillingRunState::kRunning;
  BillingCounts counts = {};
  std::optional<absl::Time> finish_time = {};
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_BILLING_RUN_RECORD_H_
