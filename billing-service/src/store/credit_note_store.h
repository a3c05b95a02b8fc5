// Credit notes: insert only.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_CREDIT_NOTE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_CREDIT_NOTE_STORE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/account_acts.h"
#include "billing-service/src/domain/cancellation_credit.h"
#include "billing-service/src/domain/credit_note.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which credit notes may be filtered.
std::vector<mysql::FilterField> CreditNoteFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class CreditNoteStore {
 public:
  explicit CreditNoteStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND CREDIT_NOTE_NOT_FOUND.
  absl::StatusOr<CreditNote> Get(absl::Time deadline, const Uuid& account, const Uuid& credit_note) const;

  // The account's credit notes in sequence, or (nullopt) those of all accounts, oldest first.
  absl::StatusOr<mysql::Page<CreditNote>> List(absl::Time deadline, const std::optional<Uuid>& account,
                                               const mysql::PageQuery& query) const;

  // Reads `credits` of those invoices that have credit notes: one statement, none where no invoice has any.
  absl::Status ReadCredits(absl::Time deadline, std::vector<Invoice>& invoices) const;

  // Everything that a credit note writes, for a change with CreditNoteEvents. Error: INTERNAL when its posting does not
  // balance.
  static absl::StatusOr<std::vector<mysql::RowWrite>> RowsOf(const CreditIssue& issue);

  // Everything that the credit of a cancellation writes, for a change with CancellationEvents; nothing where there is
  // none. Error: INTERNAL.
  static absl::StatusOr<std::vector<mysql::RowWrite>> RowsOf(const CancellationCredit& credit);

  // The new credit note with its lines, for a change with its event.
  static std::vector<mysql::RowWrite> Rows(const CreditNote& note);

 private:
  absl::Status ReadLines(absl::Time deadline, std::vector<CreditNote>& notes) const;

  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_CREDIT_NOTE_STORE_H_
