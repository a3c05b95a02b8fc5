#include "billing-service/src/store/invoice_store.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/store/fee_store.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kInvoices = {
    .name = "invoices",
    .key = "account_id, invoice_id",
    .fixed =
        "sequence, invoice_number, partner_id, order_id, purchase_order_number, currency, net_micros, tax_micros, "
        "tax_region, issue_date, due_date, create_time, bucket",
    .changing = "state, paid_micros, credited_micros, credit_note_count, paid_time, version"};

constexpr mysql::Table kInvoiceLines = {
    .name = "invoice_lines",
    .key = "account_id, invoice_id, line",
    .fixed =
        "subscription_id, tranche, description, quantity, months, service_start_date, service_end_date, "
        "period_start_date, period_end_date, currency, unit_price_micros, net_micros, tax_micros, "
        "tax_rate_ppm, tax_treatment, price, tier_quantity, list_price_micros, purchase_order_number"};

// An invoice has 1 to 20 lines, so both come in one statement.
std::string SelectInvoiceAndLines() {
  return absl::StrCat("SELECT ", ColumnsOf(kInvoices, "i"), ", ", ColumnsOf(kInvoiceLines, "l"));
}
constexpr absl::string_view kJoinLines =
    " JOIN invoice_lines l FORCE INDEX (PRIMARY) ON l.account_id = i.account_id AND l.invoice_id = i.invoice_id ";

const mysql::KeyedSelect& SelectInvoice() {
  static const auto* const select = new mysql::KeyedSelect{
      .select = absl::StrCat(SelectInvoiceAndLines(), " FROM invoices i", mysql::kByPrimaryKey, kJoinLines),
      .key = "i.account_id, i.invoice_id",
      .rest = "ORDER BY i.sequence, l.line"};
  return *select;
}

constexpr absl::string_view kInvoicesByKey = "WHERE i.account_id = ? AND i.invoice_id IN (";
constexpr absl::string_view kInvoicesByKeyEnd = ") ORDER BY i.sequence, l.line";
constexpr absl::string_view kInvoicesAfter = "WHERE account_id = ? AND sequence > ?";
constexpr absl::string_view kInvoicePageEnd = " ORDER BY sequence LIMIT ?) i";
constexpr absl::string_view kInvoicesInSequence = "ORDER BY i.sequence, l.line";
constexpr absl::string_view kInvoicesByTime = "ORDER BY i.create_time, i.invoice_id, l.line";

constexpr absl::string_view kServing =
    "SELECT DISTINCT invoice_id FROM invoice_lines WHERE account_id = ? AND subscription_id = ? "
    "AND service_end_date > ?";

constexpr absl::string_view kJoinSegments =
    "LEFT JOIN fee_segments s ON s.account_id = l.account_id AND s.invoice_id = l.invoice_id AND s.line = l.line "
    "WHERE i.account_id = ? AND i.state IN (?, ?) ORDER BY i.sequence, l.line, s.segment, s.generation, s.reversal";

// Error: DATA_LOSS for a damaged row.
absl::StatusOr<Invoice> InvoiceOf(mysql::RowReader& row) {
  Invoice invoice;
  invoice.account = row.Id();
  invoice.id = row.Id();
  invoice.sequence = row.Int();
  invoice.number = row.Text();
  const std::optional<Uuid> partner = row.OptionalId();
  const std::optional<Uuid> order = row.OptionalId();
  if (order.has_value()) invoice.order = OrderReference{partner.value_or(Uuid()), *order};
  invoice.purchase_order_number = row.Text();
  const std::string currency = row.Text();
  invoice.net = row.Amount(currency);
  invoice.tax = row.Amount(currency);
  invoice.tax_region = row.Text();
  invoice.issue_date = row.Day();
  invoice.due_date = row.Day();
  invoice.create_time = row.Time();
  row.Skip();  // bucket
  invoice.state = row.Enumerated(kInvoiceStates);
  invoice.paid = row.Amount(currency);
  invoice.credited = row.Amount(currency);
  invoice.credit_note_count = row.Int();
  invoice.paid_time = row.OptionalTime();
  invoice.version = row.Int();
  RETURN_IF_ERROR(row.status());
  ASSIGN_OR_RETURN(invoice.total, invoice.net.Plus(invoice.tax));
  return invoice;
}

InvoiceLine InvoiceLineOf(mysql::RowReader& row) {
  row.Skip(2);  // account_id, invoice_id
  InvoiceLine line;
  line.number = row.Int();
  line.subscription = row.Id();
  line.tranche = row.Int();
  line.description = row.Text();
  line.quantity = row.Int();
  line.months = row.Int();
  line.service.start = row.Day();
  line.service.end = row.Day();
  line.billing_period.start = row.Day();
  line.billing_period.end = row.Day();
  const std::string currency = row.Text();
  line.unit_price = row.Amount(currency);
  line.net = row.Amount(currency);
  line.tax = row.Amount(currency);
  line.tax_rate_ppm = row.Int();
  line.tax_treatment = row.Enumerated(kTaxTreatments);
  line.price.price = row.Text();
  line.price.tier_min_quantity = row.Int();
  const Money list_price = row.Amount(currency);
  if (!list_price.is_zero()) line.price.list_price = list_price;
  line.purchase_order_number = row.Text();
  return line;
}

// Reads an invoice with a line of it from a row that follows those of earlier lines. Error: DATA_LOSS.
absl::Status ReadLine(mysql::RowReader& row, std::vector<Invoice>& invoices) {
  ASSIGN_OR_RETURN(Invoice invoice, InvoiceOf(row));
  InvoiceLine line = InvoiceLineOf(row);
  RETURN_IF_ERROR(row.status());
  if (invoices.empty() || invoices.back().id != invoice.id) invoices.push_back(std::move(invoice));
  std::vector<InvoiceLine>& lines = invoices.back().lines;
  if (lines.empty() || lines.back().number < line.number) lines.push_back(std::move(line));
  return absl::OkStatus();
}

// Of rows in the order of invoices, then of lines.
absl::StatusOr<std::vector<Invoice>> InvoicesOf(const std::vector<mysql::Row>& rows) {
  std::vector<Invoice> invoices;
  for (const mysql::Row& row : rows) {
    mysql::RowReader reader(row);
    RETURN_IF_ERROR(ReadLine(reader, invoices));
  }
  return invoices;
}

mysql::RowWrite RowOf(const Invoice& invoice, const InvoiceLine& line) {
  const int64_t list_price_micros = line.price.list_price.has_value() ? line.price.list_price->micros() : 0;
  return mysql::Insert(kInvoiceLines, {invoice.account,
                                       invoice.id,
                                       line.number,
                                       line.subscription,
                                       line.tranche,
                                       line.description,
                                       line.quantity,
                                       line.months,
                                       line.service.start,
                                       line.service.end,
                                       line.billing_period.start,
                                       line.billing_period.end,
                                       line.net.currency(),
                                       line.unit_price.micros(),
                                       line.net.micros(),
                                       line.tax.micros(),
                                       line.tax_rate_ppm,
                                       NameOf(line.tax_treatment),
                                       line.price.price,
                                       line.price.tier_min_quantity,
                                       list_price_micros,
                                       line.purchase_order_number});
}

mysql::PageStatement ListInSequence(const Uuid& account, const mysql::PageQuery& query) {
  int64_t after = 0;
  if (!absl::SimpleAtoi(query.after, &after)) after = 0;  // The first page.
  const std::string select =
      absl::StrCat(SelectInvoiceAndLines(), " FROM (", mysql::SelectFrom(kInvoices, kInvoicesAfter));
  return mysql::StatementOf(select, {account, after}, query,
                            absl::StrCat(kInvoicePageEnd, kJoinLines, kInvoicesInSequence));
}

absl::Status InvoiceNotFound(const Uuid& account, const Uuid& invoice) {
  return NotFound("INVOICE_NOT_FOUND", "The billing account has no such invoice.",
                  {{"billingAccount", account.ToString()}, {"invoice", invoice.ToString()}});
}

}  // namespace

std::vector<mysql::FilterField> InvoiceFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, NamesIn(kInvoiceStates)},
          {"invoice_number", "invoice_number", kAscii},
          {"issue_date", "issue_date", kDate},
          {"due_date", "due_date", kDate},
          {"create_time", "create_time", kTime}};
}

void RestrictToOrder(mysql::Condition& condition, const OrderReference& order) {
  condition.sql += " AND order_id = ? AND partner_id = ?";
  condition.parameters.insert(condition.parameters.end(), {order.order, order.partner});
}

absl::StatusOr<Invoice> InvoiceStore::Get(absl::Time deadline, const Uuid& account, const Uuid& invoice) const {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows,
                   database_.ReadByKey(deadline, SelectInvoice(), {account, invoice}, {}));
  ASSIGN_OR_RETURN(std::vector<Invoice> found, InvoicesOf(rows));
  if (found.empty()) return InvoiceNotFound(account, invoice);
  return std::move(found.front());
}

absl::StatusOr<std::vector<absl::StatusOr<Invoice>>> InvoiceStore::GetEach(
    absl::Time deadline, const std::vector<std::pair<Uuid, Uuid>>& invoices) const {
  std::vector<std::vector<mysql::Parameter>> keys;
  for (const auto& [account, invoice] : invoices) keys.push_back({account, invoice});
  ASSIGN_OR_RETURN(const std::vector<std::vector<mysql::Row>> rows,
                   mysql::ReadByKeys(database_, deadline, SelectInvoice(), keys, {}));
  std::vector<absl::StatusOr<Invoice>> found;
  for (size_t i = 0; i < rows.size(); ++i) {
    absl::StatusOr<std::vector<Invoice>> read = InvoicesOf(rows[i]);
    if (!read.ok()) {
      found.emplace_back(read.status());
    } else if (read->empty()) {
      found.emplace_back(InvoiceNotFound(invoices[i].first, invoices[i].second));
    } else {
      found.emplace_back(std::move(read->front()));
    }
  }
  return found;
}

absl::StatusOr<std::vector<Invoice>> InvoiceStore::GetAll(absl::Time deadline, const Uuid& account,
                                                          const std::vector<Uuid>& invoices) const {
  std::string sql =
      absl::StrCat(SelectInvoiceAndLines(), " FROM invoices i", mysql::kByPrimaryKey, kJoinLines, kInvoicesByKey, "?");
  for (size_t i = 1; i < invoices.size(); ++i) sql += ", ?";
  absl::StrAppend(&sql, kInvoicesByKeyEnd);
  std::vector<mysql::Parameter> parameters = {account};
  parameters.insert(parameters.end(), invoices.begin(), invoices.end());
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, mysql::ReadRows(database_, deadline, sql, parameters));
  ASSIGN_OR_RETURN(std::vector<Invoice> found, InvoicesOf(rows));
  for (const Uuid& invoice : invoices) {
    if (std::any_of(found.begin(), found.end(), [&](const Invoice& other) { return other.id == invoice; })) continue;
    return InvoiceNotFound(account, invoice);
  }
  return found;
}

absl::StatusOr<mysql::Page<Invoice>> InvoiceStore::List(absl::Time deadline, const std::optional<Uuid>& account,
                                                        const mysql::PageQuery& query) const {
  const mysql::PageStatement statement = account.has_value() ? ListInSequence(*account, query) : ListOfAll(query);
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows,
                   mysql::ReadRows(database_, deadline, statement.sql, statement.parameters));
  ASSIGN_OR_RETURN(std::vector<Invoice> found, InvoicesOf(rows));
  return mysql::PageOf<Invoice>(std::move(found), statement.size, [&](const Invoice& invoice) {
    if (account.has_value()) return absl::StrCat(invoice.sequence);
    return mysql::TimePosition{invoice.create_time, invoice.id}.ToText();
  });
}

mysql::PageStatement InvoiceStore::ListOfAll(const mysql::PageQuery& query) {
  mysql::PageStatement statement = mysql::TimePageStatement(kInvoices, "", "create_time", "invoice_id", {}, query);
  statement.sql = absl::StrCat(SelectInvoiceAndLines(), " FROM (", statement.sql, ") i", kJoinLines, kInvoicesByTime);
  return statement;
}

absl::StatusOr<std::vector<Uuid>> InvoiceStore::ListServing(absl::Time deadline, const Uuid& account,
                                                            const Uuid& subscription, Date from) const {
  return mysql::ListBy<Uuid>(database_, deadline, kServing, {account, subscription, from},
                             [](mysql::RowReader& row) { return row.Id(); });
}

absl::StatusOr<Receivables> InvoiceStore::ListReceivables(absl::Time deadline, const Uuid& account) const {
  const std::string sql = absl::StrCat(SelectInvoiceAndLines(), ", ", ColumnsOf(kFeeSegments, "s"), " FROM invoices i",
                                       kJoinLines, kJoinSegments);
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows,
                   mysql::ReadRows(database_, deadline, sql,
                                   {account, NameOf(InvoiceState::kOpen), NameOf(InvoiceState::kUncollectible)}));
  Receivables receivables;
  for (const mysql::Row& row : rows) {
    mysql::RowReader reader(row);
    RETURN_IF_ERROR(ReadLine(reader, receivables.invoices));
    if (row.IsNull(reader.place())) continue;  // The line has no partner of record.
    receivables.fees.push_back(SegmentFeeOf(reader));
    RETURN_IF_ERROR(reader.status());
  }
  return receivables;
}

mysql::RowWrite InvoiceStore::Row(const Invoice& invoice) {
  std::optional<Uuid> partner;
  std::optional<Uuid> order;
  if (invoice.order.has_value()) {
    partner = invoice.order->partner;
    order = invoice.order->order;
  }
  return mysql::Put(kInvoices, {invoice.account,
                                invoice.id,
                                invoice.sequence,
                                invoice.number,
                                partner,
                                order,
                                invoice.purchase_order_number,
                                invoice.net.currency(),
                                invoice.net.micros(),
                                invoice.tax.micros(),
                                invoice.tax_region,
                                invoice.issue_date,
                                invoice.due_date,
                                invoice.create_time,
                                events::BucketOf(invoice.account),
                                NameOf(invoice.state),
                                invoice.paid.micros(),
                                invoice.credited.micros(),
                                invoice.credit_note_count,
                                invoice.paid_time,
                                invoice.version});
}

std::vector<mysql::RowWrite> InvoiceStore::OpenedRows(const Invoice& invoice) {
  std::vector<mysql::RowWrite> rows = {Row(invoice)};
  for (const InvoiceLine& line : invoice.lines) rows.push_back(RowOf(invoice, line));
  for (const FeeEntry& fee : FrozenFees(invoice)) rows.push_back(FeeStore::FrozenRow(fee));
  return rows;
}

}  // namespace countersign::billing
