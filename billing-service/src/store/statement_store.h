// Fee statements, their lines, and what is on none yet.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_STATEMENT_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_STATEMENT_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/statement.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

std::vector<mysql::FilterField> StatementFilterFields();
std::vector<mysql::FilterField> StatementLineFilterFields();

// Whose fees of which currency.
struct PartnerCurrency {
  Uuid partner;
  std::string currency;

  friend bool operator==(const PartnerCurrency&, const PartnerCurrency&) = default;
};

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class StatementStore {
 public:
  explicit StatementStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND STATEMENT_NOT_FOUND.
  absl::StatusOr<Statement> Get(absl::Time deadline, const Uuid& partner, const Uuid& statement) const;

  // The partner's newest statement in the currency.
  absl::StatusOr<std::optional<Statement>> FindLast(absl::Time deadline, const Uuid& partner,
                                                    const std::string& currency) const;

  // The partner's statements, or (nullopt) those of all partners, oldest first.
  absl::StatusOr<mysql::Page<Statement>> List(absl::Time deadline, const std::optional<Uuid>& partner,
                                              const mysql::PageQuery& query) const;

  // A statement's lines in order.
  absl::StatusOr<mysql::Page<StatementLine>> ListLines(absl::Time deadline, const Uuid& partner, const Uuid& statement,
                                                       const mysql::PageQuery& query) const;

  // The currencies in which the partner has fees.
  absl::StatusOr<std::vector<std::string>> ListCurrencies(absl::Time deadline, const Uuid& partner) const;

  // The partner's ACCRUED entries from before `before`, oldest first: as lines without a number.
  absl::StatusOr<std::vector<StatementLine>> ListUnstated(absl::Time deadline, const Uuid& partner,
                                                          const std::string& currency, absl::Time before,
                                                          int limit) const;

  // The partner's statements in the currency that are HELD and not paid out, oldest first.
  absl::StatusOr<std::vector<Statement>> ListHeld(absl::Time deadline, const Uuid& partner,
                                                  const std::string& currency) const;

  // The partners of a bucket that have entries from before `before` on no statement, those under a hold included.
  absl::StatusOr<std::vector<PartnerCurrency>> ListUnstatedPartners(absl::Time deadline, int bucket,
                                                                    absl::Time before) const;

  // The partners of a bucket of whom a closing has something to do without a new entry: a total is HELD and not paid
  // out, or a partner that was terminated had one CARRIED.
  absl::StatusOr<std::vector<PartnerCurrency>> ListWaiting(absl::Time deadline, int bucket) const;

  // This version of the statement, for a change with its event; and new lines of it.
  static mysql::RowWrite Row(const Statement& statement);
  static mysql::RowWrite LineRow(const Statement& statement, const StatementLine& line);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_STATEMENT_STORE_H_
