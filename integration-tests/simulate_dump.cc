#include "integration-tests/simulate_dump.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace countersign::integration {
namespace {

constexpr absl::string_view kInvoicesSince =
    "SELECT i.account_id, i.invoice_id, i.net_micros + i.tax_micros, l.service_start_date, l.service_end_date "
    "FROM invoices i JOIN invoice_lines l ON l.account_id = i.account_id AND l.invoice_id = i.invoice_id AND l.line = "
    "1 "
    "WHERE i.create_time >= ? ORDER BY i.account_id, i.sequence";

// The database writes the JSON: one statement a kind of row.
constexpr absl::string_view kPrices =
    "SELECT JSON_OBJECT('kind', 'price', 'offer', p.offer_id, 'currency', p.currency, 'from', DATE(p.effective_time), "
    "'minimum', t.minimum_quantity, 'micros', t.unit_price_micros) FROM prices p JOIN price_tiers t "
    "ON t.offer_id = p.offer_id AND t.price_id = p.price_id";

constexpr absl::string_view kBillingRows[] = {
    "SELECT JSON_OBJECT('kind', 'terms', 'currency', currency, 'from', DATE(effective_date), 'minimum', "
    "minimum_micros, "
    "'withholding', withholding_basis_points) FROM payout_terms",

    "SELECT JSON_OBJECT('kind', 'invoice', 'account', HEX(account_id), 'id', HEX(invoice_id), 'sequence', sequence, "
    "'issued', DATE(issue_date), 'due', DATE(due_date), 'currency', currency, 'net', net_micros, 'tax', tax_micros, "
    "'paid', paid_micros, 'credited', credited_micros, 'state', state) FROM invoices",

    "SELECT JSON_OBJECT('kind', 'line', 'invoice', HEX(invoice_id), 'line', line, 'subscription', "
    "HEX(subscription_id), "
    "'tranche', tranche, 'quantity', quantity, 'price', unit_price_micros, 'from', DATE(service_start_date), 'to', "
    "DATE(service_end_date), 'net', net_micros, 'tax', tax_micros) FROM invoice_lines",

    "SELECT JSON_OBJECT('kind', 'credit_note', 'account', HEX(account_id), 'sequence', sequence, 'invoice', "
    "HEX(invoice_id), 'currency', currency, 'net', net_micros, 'tax', tax_micros, 'applied', applied_micros, "
    "'credited', credited_micros, 'issued', DATE(issue_date)) FROM credit_notes",

    "SELECT JSON_OBJECT('kind', 'account', 'account', HEX(account_id), 'currency', currency, 'credit', credit_micros, "
    "'state', state) FROM billing_accounts",

    "SELECT JSON_OBJECT('kind', 'refund', 'account', HEX(account_id), 'currency', currency, 'amount', amount_micros, "
    "'day', DATE(refund_date)) FROM refunds",

    "SELECT JSON_OBJECT('kind', 'payment', 'account', HEX(account_id), 'currency', currency, 'amount', amount_micros, "
    "'state', state, 'day', DATE(value_date)) FROM payments",

    "SELECT JSON_OBJECT('kind', 'charge', 'invoice', HEX(invoice_id), 'attempt', attempt, 'currency', currency, "
    "'amount', amount_micros, 'state', state, 'day', DATE(create_time)) FROM charges",

    "SELECT JSON_OBJECT('kind', 'fee', 'partner', HEX(partner_id), 'invoice', HEX(invoice_id), 'line', line, "
    "'segment', segment, 'generation', generation, 'reversal', reversal, 'rate', rate_basis_points, 'days', days, "
    "'amount', amount_micros, 'currency', currency, 'day', DATE(accrue_time), 'cause', cause) FROM fees",

    "SELECT JSON_OBJECT('kind', 'statement', 'partner', HEX(partner_id), 'id', HEX(statement_id), 'currency', "
    "currency, "
    "'number', number, 'from', DATE(period_start_date), 'to', DATE(period_end_date), 'carried_in', carried_in_micros, "
    "'accrued', accrued_micros, 'lines', line_count, 'state', state, 'disposition', disposition, 'closed', "
    "DATE(close_time)) FROM statements",

    "SELECT JSON_OBJECT('kind', 'payout', 'partner', HEX(partner_id), 'statement', HEX(statement_id), 'currency', "
    "currency, 'total', total_micros, 'withheld', withheld_micros, 'state', state) FROM payouts",

    "SELECT JSON_OBJECT('kind', 'subscription', 'id', HEX(subscription_id), 'state', state, 'seats', (SELECT "
    "SUM(quantity) FROM tranches t WHERE t.account_id = s.account_id AND t.subscription_id = s.subscription_id)) "
    "FROM subscriptions s"};

absl::Status DumpRows(mysql::Connection& connection, absl::string_view sql, std::ofstream& out) {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, connection.Query(sql, {}));
  for (const mysql::Row& row : rows) out << row.Bytes(0) << "\n";
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<AccountInvoice>> InvoicesSince(mysql::Connection& billing, Date day) {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, billing.Query(kInvoicesSince, {StartOf(day)}));
  std::vector<AccountInvoice> invoices;
  for (const mysql::Row& row : rows) {
    const std::string account = absl::StrCat("billingAccounts/", row.Id(0).ToString());
    invoices.push_back({account,
                        {.name = absl::StrCat(account, "/invoices/", row.Id(1).ToString()),
                         .total_micros = row.Int(2),
                         .first_line_start = FormatDate(row.Day(3)),
                         .first_line_end = FormatDate(row.Day(4))}});
  }
  return invoices;
}

absl::Status DumpResults(const Schemas& schemas, const std::string& path) {
  std::ofstream out(path);
  RETURN_IF_ERROR(DumpRows(*schemas.order, kPrices, out));
  for (const absl::string_view sql : kBillingRows) RETURN_IF_ERROR(DumpRows(*schemas.billing, sql, out));
  out.close();
  return out ? absl::OkStatus() : absl::UnavailableError(absl::StrCat("Cannot write ", path));
}

}  // namespace countersign::integration
