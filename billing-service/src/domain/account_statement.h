// The statement of one account of the ledger: what it held, every entry with what it held then, and what it holds.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACCOUNT_STATEMENT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACCOUNT_STATEMENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// True for an account of the books, and for a part of one that has parts: "tax_payable/DE".
bool IsLedgerAccount(absl::string_view account);

// Which entries: of one ledger account and currency, of one tenant or of all.
struct EntriesOf {
  std::string account;
  std::string currency;
  std::optional<Uuid> tenant = {};
};

// One entry of the ledger. A transaction has at most one of an account.
struct PostedEntry {
  Date date;
  Uuid tenant;
  Uuid transaction;
  std::string act;
  Uuid subject;
  Money debit;
  Money credit;
  Money balance = {};  // Of the statement's account after it, debit − credit.
};

// True where the tenant of such an act is a partner, not a billing account.
bool IsPartnersAct(absl::string_view act);

// The entry after which a page starts, and the balance there.
struct StatementPosition {
  Date date;
  Uuid tenant = {};
  Uuid transaction = {};
  int64_t balance_micros = 0;

  std::string ToText() const;
  // nullopt for what ToText did not make.
  static std::optional<StatementPosition> FromText(absl::string_view text);
};

// A page of a statement. Balances are debit − credit: below zero is a credit balance.
struct AccountStatement {
  Money opening;  // Before the first entry.
  std::vector<PostedEntry> entries;
  Money debit;  // Of these entries.
  Money credit;
  Money closing;  // After the last entry.
};

// Runs through the entries and gives each its balance. Error: OUT_OF_RANGE.
absl::StatusOr<AccountStatement> MakeAccountStatement(const Money& opening, std::vector<PostedEntry> entries);

// A row for each entry. `opens`: after one with the names of the columns and one with the opening balance of `start`;
// `closes`: before one with the closing balance of `end`.
std::string AccountStatementCsv(const AccountStatement& statement, std::optional<Date> opens,
                                std::optional<Date> closes);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACCOUNT_STATEMENT_H_
