#include "billing-service/src/store/receivable_store.h"

#include <optional>

#include "common/base/named.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/mysql/read.h"
#include "common/mysql/row_reader.h"

namespace countersign::billing {
namespace {

// An account that owes nothing has one row, without a state: it is where a page may end.
constexpr absl::string_view kOwed =
    "SELECT a.account_id, a.account_number, a.currency, i.state, i.due_date, COUNT(i.invoice_id), "
    "CAST(COALESCE(SUM(i.net_micros + i.tax_micros - i.paid_micros - i.credited_micros), 0) AS SIGNED) "
    "FROM (SELECT account_id, account_number, currency FROM billing_accounts WHERE account_id > ? "
    "ORDER BY account_id LIMIT ?) a "
    "LEFT JOIN invoices i ON i.account_id = a.account_id AND i.state IN (?, ?) "
    "GROUP BY a.account_id, a.account_number, a.currency, i.state, i.due_date "
    "ORDER BY a.account_id, i.due_date, i.state";

struct OwedRow {
  OwedOnDay owed;
  std::optional<InvoiceState> state;
};

OwedRow OwedRowOf(mysql::RowReader& row) {
  OwedRow owed;
  owed.owed.account = row.Id();
  owed.owed.account_number = row.Text();
  const std::string currency = row.Text();
  owed.state = FindNamed(kInvoiceStates, row.TextOrEmpty());
  owed.owed.state = owed.state.value_or(InvoiceState::kOpen);
  owed.owed.due_date = row.OptionalDay().value_or(Date());
  owed.owed.count = row.Int();
  owed.owed.due = row.Amount(currency);
  return owed;
}

}  // namespace

absl::StatusOr<OwedPage> ReceivableStore::ListOwed(absl::Time deadline, absl::string_view currency,
                                                   const mysql::PageQuery& query) const {
  // One account more tells whether there is a next page.
  ASSIGN_OR_RETURN(const std::vector<OwedRow> rows,
                   mysql::ListBy<OwedRow>(database_, deadline, kOwed,
                                          {mysql::IdPosition(query.after), query.size + 1, NameOf(InvoiceState::kOpen),
                                           NameOf(InvoiceState::kUncollectible)},
                                          OwedRowOf));
  OwedPage page;
  Uuid last;
  int accounts = 0;
  for (const OwedRow& row : rows) {
    if (accounts == 0 || row.owed.account != last) ++accounts;
    if (accounts > query.size) {
      page.next = last.ToString();
      break;
    }
    last = row.owed.account;
    if (row.state.has_value() && row.owed.due.currency() == currency) page.owed.push_back(row.owed);
  }
  return page;
}

}  // namespace countersign::billing
