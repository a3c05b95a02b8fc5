// Sums of what was posted, by day and month, also by month for each tenant, and the adding to them.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_POSTED_SUM_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_POSTED_SUM_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/ledger_report.h"
#include "common/base/date.h"
#include "common/mysql/database.h"

namespace countersign::billing {

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED), DATA_LOSS for
// a sum beyond what an amount can be.
class PostedSumStore {
 public:
  explicit PostedSumStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // The sum posted on each account up to `date`, by name; `balance` is not set. Reads the sums of whole months, of the
  // days of date's month, and the transactions that are in no sum yet, all as of one moment.
  absl::StatusOr<std::vector<LedgerBalance>> SumAccounts(absl::Time deadline, absl::string_view currency,
                                                         Date date) const;

  // The postings on each account in each month from that of `first` to that of `last`, by month and name. Reads the
  // sums of whole months and the transactions that are in no sum yet, as of one moment.
  absl::StatusOr<std::vector<PostedMonth>> SumMonths(absl::Time deadline, absl::string_view currency, Date first,
                                                     Date last) const;

  static constexpr int kMaxSummed = 250;  // Each has a few entries, and each entry is in three sums.

  // Adds up to `max` transactions of the bucket to its sums, each once, whoever else does. Returns how many; fewer than
  // `max`: none is left.
  absl::StatusOr<int64_t> AddUnsummed(absl::Time deadline, int bucket, int max = kMaxSummed) const;

  // The buckets in which AddUnsummed finds something.
  absl::StatusOr<std::vector<int>> ListUnsummedBuckets(absl::Time deadline) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_POSTED_SUM_STORE_H_
