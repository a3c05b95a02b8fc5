// Invariants 1 and 9: the ledger, what is owed, what is credit.
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "integration-tests/checks.h"

namespace countersign::integration {
namespace {

using mysql::Connection;
using mysql::Row;

constexpr absl::string_view kUnbalanced =
    "SELECT HEX(transaction_id), currency FROM ledger_entries GROUP BY tenant_id, transaction_id, currency "
    "HAVING SUM(debit_micros) <> SUM(credit_micros)";
constexpr absl::string_view kUnbalancedCurrencies =
    "SELECT currency FROM ledger_entries GROUP BY currency HAVING SUM(debit_micros) <> SUM(credit_micros)";
constexpr absl::string_view kBelowZero =
    "SELECT HEX(transaction_id) FROM ledger_entries WHERE debit_micros < 0 OR credit_micros < 0 "
    "OR (debit_micros = 0) = (credit_micros = 0)";
constexpr absl::string_view kTransactionsWithoutEntries =
    "SELECT HEX(t.transaction_id) FROM ledger_transactions t LEFT JOIN ledger_entries e ON e.tenant_id = t.tenant_id "
    "AND e.transaction_id = t.transaction_id WHERE e.transaction_id IS NULL";
constexpr absl::string_view kEntriesWithoutTransaction =
    "SELECT HEX(e.transaction_id) FROM ledger_entries e LEFT JOIN ledger_transactions t ON t.tenant_id = e.tenant_id "
    "AND t.transaction_id = e.transaction_id WHERE t.transaction_id IS NULL";
constexpr absl::string_view kUnknownAccounts =
    "SELECT account FROM ledger_entries WHERE account NOT IN ('accounts_receivable', 'revenue', 'bank_clearing', "
    "'customer_credit', 'refund_recoverable', 'fee_expense', 'fee_clearing', 'fee_payable', 'fee_forgone', "
    "'fee_adjustment', "
    "'payout_clearing', 'fee_withholding', 'bank_charges') AND account NOT LIKE 'tax_payable/__' "
    "AND account NOT LIKE 'input_tax/__'";
// Where the two sides of a fee meet. A fee that is still on its way stands on one side only.
constexpr absl::string_view kFeesClearing =
    "SELECT currency FROM ledger_entries WHERE account = 'fee_clearing' AND NOT EXISTS (SELECT 1 FROM held_deliveries) "
    "GROUP BY currency HAVING SUM(debit_micros) <> SUM(credit_micros)";

constexpr absl::string_view kLineSums =
    "SELECT i.invoice_number FROM invoices i JOIN invoice_lines l ON l.account_id = i.account_id AND "
    "l.invoice_id = i.invoice_id GROUP BY i.account_id, i.invoice_id, i.invoice_number, i.net_micros "
    "HAVING SUM(l.net_micros) <> i.net_micros";
constexpr absl::string_view kSequenceGaps =
    "SELECT HEX(account_id) FROM invoices GROUP BY account_id HAVING COUNT(*) <> MAX(sequence) OR MIN(sequence) <> 1";
constexpr absl::string_view kBuyersOfNoInvoice =
    "SELECT HEX(p.account_id), p.until_sequence FROM past_buyers p LEFT JOIN billing_accounts a "
    "ON a.account_id = p.account_id WHERE a.account_id IS NULL OR p.until_sequence < 2 "
    "OR p.until_sequence > a.next_invoice_sequence";
constexpr absl::string_view kOverpaid =
    "SELECT invoice_number FROM invoices WHERE paid_micros < 0 OR credited_micros < 0 "
    "OR paid_micros + credited_micros > net_micros + tax_micros";
constexpr absl::string_view kPaidWithDue =
    "SELECT invoice_number FROM invoices WHERE (state IN ('PAID', 'VOID') "
    "AND paid_micros + credited_micros <> net_micros + tax_micros) "
    "OR (state IN ('OPEN', 'UNCOLLECTIBLE') AND paid_micros + credited_micros = net_micros + tax_micros)";
constexpr absl::string_view kPaidByNobody =
    "SELECT i.invoice_number FROM invoices i LEFT JOIN ("
    "SELECT a.account_id, a.invoice_id, a.amount_micros + a.bank_charge_micros AS micros FROM payment_allocations a "
    "JOIN payments p "
    "ON p.account_id = a.account_id AND p.payment_id = a.payment_id AND p.state = 'SUCCEEDED' UNION ALL "
    "SELECT account_id, invoice_id, amount_micros - undone_micros FROM credit_uses) AS u "
    "ON u.account_id = i.account_id AND u.invoice_id = i.invoice_id "
    "GROUP BY i.account_id, i.invoice_id, i.invoice_number, i.paid_micros "
    "HAVING COALESCE(SUM(u.micros), 0) <> i.paid_micros";
constexpr absl::string_view kCreditedByNothing =
    "SELECT i.invoice_number FROM invoices i LEFT JOIN credit_notes c ON c.account_id = i.account_id "
    "AND c.invoice_id = i.invoice_id GROUP BY i.account_id, i.invoice_id, i.invoice_number, i.credited_micros, "
    "i.credit_note_count HAVING COALESCE(SUM(c.applied_micros), 0) <> i.credited_micros "
    "OR COUNT(c.credit_note_id) <> i.credit_note_count";
constexpr absl::string_view kCreditNoteSums =
    "SELECT c.credit_note_number FROM credit_notes c LEFT JOIN credit_note_lines l ON l.account_id = c.account_id "
    "AND l.invoice_id = c.invoice_id AND l.sequence = c.sequence GROUP BY c.account_id, c.credit_note_id, "
    "c.credit_note_number, c.net_micros, c.tax_micros, c.applied_micros, c.credited_micros "
    "HAVING COALESCE(SUM(l.net_micros), 0) <> c.net_micros OR COALESCE(SUM(l.tax_micros), 0) <> c.tax_micros "
    "OR c.net_micros + c.tax_micros <> c.applied_micros + c.credited_micros";
constexpr absl::string_view kLinesCreditedTwice =
    "SELECT i.invoice_number FROM credit_note_lines c JOIN invoice_lines l ON l.account_id = c.account_id "
    "AND l.invoice_id = c.invoice_id AND l.line = c.line JOIN invoices i ON i.account_id = c.account_id "
    "AND i.invoice_id = c.invoice_id GROUP BY c.account_id, c.invoice_id, c.line, i.invoice_number, l.net_micros, "
    "l.tax_micros HAVING SUM(c.net_micros) > l.net_micros OR SUM(c.tax_micros) > l.tax_micros";
constexpr absl::string_view kCreditNoteGaps =
    "SELECT HEX(a.account_id) FROM billing_accounts a LEFT JOIN credit_notes c ON c.account_id = a.account_id "
    "GROUP BY a.account_id, a.next_credit_note_sequence HAVING COUNT(c.sequence) <> a.next_credit_note_sequence - 1 "
    "OR COALESCE(MAX(c.sequence), 0) <> a.next_credit_note_sequence - 1";
constexpr absl::string_view kPaymentSums =
    "SELECT HEX(p.payment_id) FROM payments p LEFT JOIN payment_allocations a ON a.account_id = p.account_id "
    "AND a.payment_id = p.payment_id WHERE p.state <> 'FAILED' "
    "GROUP BY p.account_id, p.payment_id, p.amount_micros, p.credit_micros "
    "HAVING COALESCE(SUM(a.amount_micros), 0) + p.credit_micros <> p.amount_micros";
// Parked deliveries apart, every allocated receipt is one payment of the same money on its account, and every other
// none.
constexpr absl::string_view kUnusedReceipts =
    "SELECT r.external_reference FROM bank_receipts r LEFT JOIN payments p ON p.receipt_id = r.receipt_id "
    "AND p.state = 'SUCCEEDED' WHERE NOT EXISTS (SELECT 1 FROM held_deliveries h WHERE h.aggregate_id = r.receipt_id) "
    "GROUP BY r.receipt_id, r.external_reference, r.state, r.account_id, r.amount_micros, r.currency "
    "HAVING COUNT(p.payment_id) <> (r.state = 'ALLOCATED') OR (r.state = 'ALLOCATED' AND "
    "(MIN(p.account_id) <> r.account_id OR MIN(p.amount_micros) <> r.amount_micros OR MIN(p.currency) <> r.currency))";

// One balance of the ledger, and the rows that it follows from: tenant, currency, micros. What is left of a tenant's
// balanced ledger, fee_clearing, follows from these.
struct Balance {
  absl::string_view account;
  absl::string_view in_ledger;
  absl::string_view in_rows;
  absl::string_view rows;  // What they are, for people.
};

#define COUNTERSIGN_DEBITS(account)                                                                               \
  "SELECT tenant_id, currency, CAST(SUM(debit_micros) - SUM(credit_micros) AS SIGNED) FROM ledger_entries WHERE " \
  "account = '" account "' GROUP BY tenant_id, currency"
#define COUNTERSIGN_CREDITS(account)                                                                              \
  "SELECT tenant_id, currency, CAST(SUM(credit_micros) - SUM(debit_micros) AS SIGNED) FROM ledger_entries WHERE " \
  "account = '" account "' GROUP BY tenant_id, currency"

constexpr Balance kBalances[] = {
    {"accounts_receivable", COUNTERSIGN_DEBITS("accounts_receivable"),
     "SELECT account_id, currency, CAST(SUM(net_micros + tax_micros - paid_micros - credited_micros) AS SIGNED) FROM "
     "invoices "
     "WHERE state IN ('OPEN', 'UNCOLLECTIBLE') GROUP BY account_id, currency",
     "the amounts due"},
    {"revenue", COUNTERSIGN_CREDITS("revenue"),
     "SELECT account_id, currency, CAST(SUM(micros) AS SIGNED) FROM ("
     "SELECT account_id, currency, net_micros AS micros FROM invoices UNION ALL "
     "SELECT account_id, currency, -net_micros FROM credit_notes) AS flows GROUP BY account_id, currency",
     "the invoices less the credit notes"},
    {"customer_credit", COUNTERSIGN_CREDITS("customer_credit"),
     "SELECT account_id, currency, GREATEST(credit_micros, 0) FROM billing_accounts", "the account's credit"},
    {"refund_recoverable", COUNTERSIGN_DEBITS("refund_recoverable"),
     "SELECT account_id, currency, GREATEST(-credit_micros, 0) FROM billing_accounts",
     "the account's credit below zero"},
    {"bank_clearing", COUNTERSIGN_DEBITS("bank_clearing"),
     "SELECT account_id, currency, CAST(SUM(micros) AS SIGNED) FROM ("
     "SELECT account_id, currency, amount_micros AS micros FROM payments WHERE state = 'SUCCEEDED' UNION ALL "
     "SELECT account_id, currency, -amount_micros FROM refunds) AS flows GROUP BY account_id, currency",
     "the payments less the refunds"},
    {"bank_charges", COUNTERSIGN_DEBITS("bank_charges"),
     "SELECT a.account_id, a.currency, CAST(SUM(a.bank_charge_micros) AS SIGNED) FROM payment_allocations a "
     "JOIN payments p ON p.account_id = a.account_id AND p.payment_id = a.payment_id AND p.state = 'SUCCEEDED' "
     "GROUP BY a.account_id, a.currency",
     "what payments fell short"},
    {"fee_expense", COUNTERSIGN_DEBITS("fee_expense"),
     "SELECT account_id, currency, CAST(SUM(earned_micros) AS SIGNED) FROM fee_segments "
     "WHERE earned_micros IS NOT NULL GROUP BY account_id, currency",
     "what the paid lines earned"},
    {"fee_payable", COUNTERSIGN_CREDITS("fee_payable"),
     "SELECT partner_id, currency, CAST(SUM(micros) AS SIGNED) FROM (SELECT partner_id, currency, amount_micros AS "
     "micros FROM fees UNION ALL SELECT partner_id, currency, -total_micros FROM payouts WHERE state IN ('SENT', "
     "'PAID')) AS flows GROUP BY partner_id, currency",
     "the partner's fees and payouts"},
    {"payout_clearing", COUNTERSIGN_CREDITS("payout_clearing"),
     "SELECT partner_id, currency, CAST(SUM(total_micros + tax_micros - withheld_micros) AS SIGNED) FROM payouts "
     "WHERE state IN ('SENT', 'PAID') GROUP BY partner_id, currency",
     "what was sent"},
    {"input_tax",
     "SELECT tenant_id, currency, CAST(SUM(debit_micros) - SUM(credit_micros) AS SIGNED) FROM ledger_entries "
     "WHERE account LIKE 'input_tax/__' GROUP BY tenant_id, currency",
     "SELECT partner_id, currency, CAST(SUM(tax_micros) AS SIGNED) FROM payouts WHERE state IN ('SENT', 'PAID') "
     "GROUP BY partner_id, currency",
     "the tax that was paid by self-billing"},
    {"fee_withholding", COUNTERSIGN_CREDITS("fee_withholding"),
     "SELECT partner_id, currency, CAST(SUM(withheld_micros) AS SIGNED) FROM payouts WHERE state IN ('SENT', 'PAID') "
     "GROUP BY partner_id, currency",
     "what was withheld"},
    {"fee_forgone", COUNTERSIGN_CREDITS("fee_forgone"),
     "SELECT partner_id, currency, CAST(SUM(forgone_micros) AS SIGNED) FROM fees GROUP BY partner_id, currency",
     "what the partner did not get"},
    {"fee_adjustment", COUNTERSIGN_DEBITS("fee_adjustment"),
     "SELECT partner_id, currency, CAST(SUM(amount_micros) AS SIGNED) FROM fees WHERE cause = 'ADJUSTED' "
     "GROUP BY partner_id, currency",
     "the partner's adjustments"},
};

// Per account and region; the region stands in the place of the currency.
constexpr absl::string_view kTaxInLedger =
    "SELECT tenant_id, CONCAT(currency, SUBSTRING(account, 12)), CAST(SUM(credit_micros) - SUM(debit_micros) AS "
    "SIGNED) "
    "FROM ledger_entries WHERE account LIKE 'tax_payable/%' GROUP BY tenant_id, currency, account";
constexpr absl::string_view kTaxInRows =
    "SELECT account_id, CONCAT(currency, '/', tax_region), CAST(SUM(micros) AS SIGNED) FROM ("
    "SELECT account_id, currency, tax_region, tax_micros AS micros FROM invoices UNION ALL "
    "SELECT c.account_id, c.currency, i.tax_region, -c.tax_micros FROM credit_notes c JOIN invoices i "
    "ON i.account_id = c.account_id AND i.invoice_id = c.invoice_id) AS flows "
    "GROUP BY account_id, currency, tax_region HAVING SUM(micros) <> 0";
constexpr absl::string_view kLineTaxes =
    "SELECT i.invoice_number FROM invoices i JOIN invoice_lines l ON l.account_id = i.account_id "
    "AND l.invoice_id = i.invoice_id GROUP BY i.account_id, i.invoice_id, i.invoice_number, i.tax_micros "
    "HAVING SUM(l.tax_micros) <> i.tax_micros";

// The account's credit once more, from what came in and what was used.
constexpr absl::string_view kCredit = "SELECT account_id, currency, credit_micros FROM billing_accounts";
constexpr absl::string_view kMoneyLeft =
    "SELECT account_id, currency, CAST(SUM(micros) AS SIGNED) FROM ("
    "SELECT account_id, currency, credit_micros AS micros FROM payments WHERE state = 'SUCCEEDED' UNION ALL "
    "SELECT account_id, currency, credited_micros FROM credit_notes UNION ALL "
    "SELECT account_id, currency, undone_micros - amount_micros FROM credit_uses UNION ALL "
    "SELECT account_id, currency, -amount_micros FROM refunds) AS flows GROUP BY account_id, currency";

using Amounts = std::map<std::pair<Uuid, std::string>, int64_t>;

absl::StatusOr<Amounts> ReadAmounts(Connection& billing, absl::string_view sql) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, billing.Query(sql, {}));
  Amounts amounts;
  for (const Row& row : rows) amounts[{row.Id(0), row.Bytes(1)}] = row.Int(2);
  return amounts;
}

// A partner may owe the vendor what was reversed after its payout, and an operator may take back; a customer may owe a
// refund whose payment bounced.
bool MayBeBelowZero(absl::string_view what) {
  return what == "the ledger's fee_payable" || what == "the ledger's fee_adjustment" || what == "the credit";
}

// Both sides tenant by tenant, so that they are equal over all tenants as well.
void Compare(Amounts left, const Amounts& right, const std::string& what, absl::string_view rows, Sentences& broken) {
  for (const auto& [key, micros] : right) left.try_emplace(key, 0);
  for (const auto& [key, micros] : left) {
    const auto found = right.find(key);
    const int64_t expected = found == right.end() ? 0 : found->second;
    const std::string name = absl::StrCat(what, " of ", key.first.ToString(), " in ", key.second);
    if (micros != expected) {
      broken.push_back(absl::StrCat(name, " is ", micros, " micros; by ", rows, " it is ", expected));
    }
    if (micros < 0 && !MayBeBelowZero(what)) broken.push_back(name + " is below zero");
  }
}

absl::Status CheckBalances(Connection& billing, Sentences& broken) {
  for (const Balance& balance : kBalances) {
    ASSIGN_OR_RETURN(Amounts in_ledger, ReadAmounts(billing, balance.in_ledger));
    ASSIGN_OR_RETURN(const Amounts in_rows, ReadAmounts(billing, balance.in_rows));
    Compare(std::move(in_ledger), in_rows, absl::StrCat("the ledger's ", balance.account), balance.rows, broken);
  }
  ASSIGN_OR_RETURN(Amounts tax, ReadAmounts(billing, kTaxInLedger));
  ASSIGN_OR_RETURN(const Amounts taxed, ReadAmounts(billing, kTaxInRows));
  Compare(std::move(tax), taxed, "the ledger's tax_payable", "the invoices less the credit notes", broken);
  ASSIGN_OR_RETURN(Amounts credit, ReadAmounts(billing, kCredit));
  ASSIGN_OR_RETURN(const Amounts left, ReadAmounts(billing, kMoneyLeft));
  Compare(std::move(credit), left, "the credit", "the receipts and credit notes that were not used or refunded",
          broken);
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckMoney(Connection& billing, Sentences& broken) {
  RETURN_IF_ERROR(ExpectNone(billing, kUnbalanced, "a ledger transaction does not balance", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kUnbalancedCurrencies, "the ledger does not balance in", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kBelowZero, "a ledger entry is not one amount on one side", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kTransactionsWithoutEntries, "an empty ledger transaction", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kEntriesWithoutTransaction, "ledger entries without a transaction", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kUnknownAccounts, "the ledger has an unknown account", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kFeesClearing, "the two sides of fees differ in", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kLineSums, "the lines do not add up to their invoice", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kLineTaxes, "the lines' taxes do not add up on invoice", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kSequenceGaps, "invoice numbers with a gap on account", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kBuyersOfNoInvoice, "a buyer is kept for no invoice of account", broken));
  RETURN_IF_ERROR(
      ExpectNone(billing, kOverpaid, "the paid amount is below zero or above the total of invoice", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kPaidWithDue, "the state of an invoice and its amount due disagree", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kPaidByNobody, "an invoice is not paid by its payments", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kCreditedByNothing, "an invoice is not credited by its credit notes", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kCreditNoteSums, "a credit note is not the sum of its lines", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kLinesCreditedTwice, "more than a line is credited on invoice", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kCreditNoteGaps, "credit note numbers with a gap on account", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kPaymentSums, "a payment is not its allocations plus its credit", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kUnusedReceipts, "a bank receipt does not have exactly one payment", broken));
  return CheckBalances(billing, broken);
}

}  // namespace countersign::integration
