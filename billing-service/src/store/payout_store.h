// Payouts, and the terms that they are made by.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PAYOUT_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PAYOUT_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/payout.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

std::vector<mysql::FilterField> PayoutFilterFields();
std::vector<mysql::FilterField> PayoutTermsFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class PayoutStore {
 public:
  explicit PayoutStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND PAYOUT_NOT_FOUND.
  absl::StatusOr<Payout> Get(absl::Time deadline, const Uuid& partner, const Uuid& payout) const;

  absl::StatusOr<std::optional<Payout>> Find(absl::Time deadline, const Uuid& partner, const Uuid& payout) const;

  // The partner's payouts, or (nullopt) those of all partners, oldest first.
  absl::StatusOr<mysql::Page<Payout>> List(absl::Time deadline, const std::optional<Uuid>& partner,
                                           const mysql::PageQuery& query) const;

  // The oldest payouts of the partner that are APPROVED.
  absl::StatusOr<std::vector<Payout>> ListApproved(absl::Time deadline, const Uuid& partner, int limit) const;

  // For a file over all partners: the payouts that it has sent, and a page of the APPROVED ones of the currency, oldest
  // first, after `after` (a page's `next`; empty: from the first on). Both ask every shard: an operator's file.
  absl::StatusOr<std::vector<Payout>> ListInFile(absl::Time deadline, const Uuid& file, int limit) const;
  absl::StatusOr<mysql::Page<Payout>> ListApprovedIn(absl::Time deadline, const std::string& currency,
                                                     const std::string& after, int limit) const;

  // The terms of the currency in force on `date`. Error: FAILED_PRECONDITION PAYOUT_TERMS_MISSING.
  absl::StatusOr<PayoutTerms> TermsOn(absl::Time deadline, const std::string& currency, Date date) const;

  // The terms with this id. Error: NOT_FOUND PAYOUT_TERMS_NOT_FOUND.
  absl::StatusOr<PayoutTerms> GetTerms(absl::Time deadline, const Uuid& terms) const;

  // All terms by currency and day.
  absl::StatusOr<mysql::Page<PayoutTerms>> ListTerms(absl::Time deadline, const mysql::PageQuery& query) const;

  // This version of the payout, for a change with its event.
  static mysql::RowWrite Row(const Payout& payout);

  // New terms. Refusal: ALREADY_EXISTS PAYOUT_TERMS_EXIST.
  static mysql::RowWrite TermsRow(const PayoutTerms& terms);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PAYOUT_STORE_H_
