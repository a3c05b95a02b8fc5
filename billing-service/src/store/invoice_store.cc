#include "billing-service/src/store/invoice_store.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "billing-service/src/store/columns.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr absl::string_view kSelectInvoice =
    "SELECT invoice_id, sequence, invoice_number, state, partner_id, order_id, purchase_order_number, net_micros, "
    "tax_micros, paid_micros, currency, issue_date, due_date, paid_time, version, create_time FROM invoices "
    "WHERE account_id = ? AND invoice_id = ?";

constexpr absl::string_view kSelectPage =
    "SELECT invoice_id, sequence, invoice_number, state, partner_id, order_id, purchase_order_number, net_micros, "
    "tax_micros, paid_micros, currency, issue_date, due_date, paid_time, version, create_time FROM invoices "
    "WHERE account_id = ? AND sequence > ?";

constexpr absl::string_view kSelectPageOfOrder =
    "SELECT invoice_id, sequence, invoice_number, state, partner_id, order_id, purchase_order_number, net_micros, "
    "tax_micros, paid_micros, currency, issue_date, due_date, paid_time, version, create_time FROM invoices "
    "WHERE account_id = ? AND order_id = ? AND partner_id = ? AND sequence > ?";

constexpr absl::string_view kInSequence = " ORDER BY sequence LIMIT ?";

constexpr absl::string_view kSelectReceivables =
    "SELECT invoice_id, sequence, invoice_number, state, partner_id, order_id, purchase_order_number, net_micros, "
    "tax_micros, paid_micros, currency, issue_date, due_date, paid_time, version, create_time FROM invoices "
    "WHERE account_id = ? AND state IN ('OPEN', 'UNCOLLECTIBLE') ORDER BY sequence";

// The lines of all invoices between two sequences: one statement for a page.
constexpr absl::string_view kSelectLines =
    "SELECT l.invoice_id, l.line, l.subscription_id, l.tranche, l.description, l.quantity, l.unit_price_micros, "
    "l.months, l.service_start_date, l.service_end_date, l.period_start_date, l.period_end_date, l.net_micros, "
    "l.currency FROM invoices i JOIN invoice_lines l ON l.account_id = i.account_id AND l.invoice_id = i.invoice_id "
    "WHERE i.account_id = ? AND i.sequence >= ? AND i.sequence <= ? ORDER BY i.sequence, l.line";

constexpr absl::string_view kSelectFrozen =
    "SELECT s.fee_id, s.invoice_id, s.line, s.segment, s.partner_id, s.subscription_id, s.tranche, "
    "s.rate_basis_points, s.days, s.period_days, s.service_start_date, s.line_net_micros, s.currency FROM invoices i "
    "JOIN fee_segments s ON s.account_id = i.account_id AND s.invoice_id = i.invoice_id "
    "WHERE i.account_id = ? AND i.state IN ('OPEN', 'UNCOLLECTIBLE') ORDER BY i.sequence, s.line, s.segment";

constexpr absl::string_view kInsertInvoice =
    "INSERT INTO invoices (account_id, invoice_id, sequence, invoice_number, state, partner_id, order_id, "
    "purchase_order_number, net_micros, tax_micros, paid_micros, currency, issue_date, due_date, paid_time, version, "
    "create_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

constexpr absl::string_view kInsertLine =
    "INSERT INTO invoice_lines (account_id, invoice_id, line, subscription_id, tranche, description, quantity, "
    "unit_price_micros, months, service_start_date, service_end_date, period_start_date, period_end_date, net_micros, "
    "currency) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

constexpr absl::string_view kInsertSegment =
    "INSERT INTO fee_segments (account_id, fee_id, invoice_id, line, segment, partner_id, subscription_id, tranche, "
    "rate_basis_points, days, period_days, service_start_date, line_net_micros, currency) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

constexpr absl::string_view kUpdatePaid =
    "UPDATE invoices SET state = ?, paid_micros = ?, paid_time = ?, version = ? "
    "WHERE account_id = ? AND invoice_id = ? AND version = ?";

constexpr absl::string_view kUpdateEarned =
    "UPDATE fee_segments SET earned_micros = ?, earn_time = ? "
    "WHERE account_id = ? AND fee_id = ? AND earned_micros IS NULL";

using State = InvoiceState;

absl::StatusOr<Invoice> InvoiceOf(const Uuid& account, const mysql::Row& row) {
  Invoice invoice;
  invoice.account = account;
  invoice.id = row.Id(0);
  invoice.sequence = row.Int(1);
  invoice.number = row.Bytes(2);
  ASSIGN_OR_RETURN(invoice.state,
                   StateNamed(row.Bytes(3), {State::kOpen, State::kPaid, State::kVoid, State::kUncollectible}));
  if (!row.IsNull(5)) invoice.order = OrderReference{row.Id(4), row.Id(5)};
  invoice.purchase_order_number = row.Bytes(6);
  invoice.net = MoneyAt(row, 7, 10);
  invoice.tax = MoneyAt(row, 8, 10);
  ASSIGN_OR_RETURN(invoice.total, invoice.net.Plus(invoice.tax));
  invoice.paid = MoneyAt(row, 9, 10);
  invoice.issue_date = row.Day(11);
  invoice.due_date = row.Day(12);
  invoice.paid_time = row.OptionalTime(13);
  invoice.version = row.Int(14);
  invoice.create_time = row.Time(15);
  return invoice;
}

InvoiceLine LineOf(const mysql::Row& row) {
  InvoiceLine line;
  line.number = row.Int(1);
  line.subscription = row.Id(2);
  line.tranche = row.Int(3);
  line.description = row.Bytes(4);
  line.quantity = row.Int(5);
  line.unit_price = MoneyAt(row, 6, 13);
  line.months = row.Int(7);
  line.service = {row.Day(8), row.Day(9)};
  line.billing_period = {row.Day(10), row.Day(11)};
  line.net = MoneyAt(row, 12, 13);
  return line;
}

FeeEntry FrozenOf(const Uuid& account, const mysql::Row& row) {
  FeeEntry fee;
  fee.account = account;
  fee.id = row.Id(0);
  fee.invoice = row.Id(1);
  fee.line = row.Int(2);
  fee.segment_number = row.Int(3);
  fee.subscription = row.Id(5);
  fee.segment = {row.Id(4), row.Int(6), row.Int(7), row.Int(8)};
  fee.line_days = row.Int(9);
  fee.service = {row.Day(10), row.Day(10) + fee.segment.days};
  fee.line_net = MoneyAt(row, 11, 12);
  return fee;
}

absl::StatusOr<std::vector<Invoice>> ReadInvoices(mysql::Connection& connection, const Uuid& account,
                                                  absl::string_view sql,
                                                  const std::vector<mysql::Parameter>& parameters) {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, connection.Query(sql, parameters));
  std::vector<Invoice> invoices;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(Invoice invoice, InvoiceOf(account, row));
    invoices.push_back(std::move(invoice));
  }
  return invoices;
}

// Gives invoices, in order of sequence, their lines.
absl::Status ReadLines(mysql::Connection& connection, std::vector<Invoice>& invoices) {
  if (invoices.empty()) return absl::OkStatus();
  std::map<Uuid, Invoice*> by_id;
  for (Invoice& invoice : invoices) by_id[invoice.id] = &invoice;
  ASSIGN_OR_RETURN(
      const std::vector<mysql::Row> rows,
      connection.Query(kSelectLines, {invoices.front().account, invoices.front().sequence, invoices.back().sequence}));
  for (const mysql::Row& row : rows) {
    const auto invoice = by_id.find(row.Id(0));
    if (invoice != by_id.end()) invoice->second->lines.push_back(LineOf(row));
  }
  return absl::OkStatus();
}

absl::Status InsertLine(mysql::Connection& connection, const Invoice& invoice, const InvoiceLine& line) {
  return connection
      .Execute(kInsertLine,
               {invoice.account, invoice.id, line.number, line.subscription, line.tranche, line.description,
                line.quantity, line.unit_price.micros(), line.months, line.service.start, line.service.end,
                line.billing_period.start, line.billing_period.end, line.net.micros(), line.net.currency()})
      .status();
}

absl::Status InsertSegment(mysql::Connection& connection, const FeeEntry& fee) {
  return connection
      .Execute(kInsertSegment, {fee.account, fee.id, fee.invoice, fee.line, fee.segment_number, fee.segment.partner,
                                fee.subscription, fee.segment.tranche, fee.segment.rate_basis_points, fee.segment.days,
                                fee.line_days, fee.service.start, fee.line_net.micros(), fee.line_net.currency()})
      .status();
}

}  // namespace

absl::StatusOr<std::optional<Invoice>> InvoiceStore::Find(absl::Time deadline, const Uuid& account,
                                                          const Uuid& invoice) const {
  std::vector<Invoice> found;
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(found, ReadInvoices(reader, account, kSelectInvoice, {account, invoice}));
    return ReadLines(reader, found);
  }));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

absl::StatusOr<mysql::Page<Invoice>> InvoiceStore::List(absl::Time deadline, const Uuid& account,
                                                        const std::optional<OrderReference>& order,
                                                        const mysql::PageQuery& query) const {
  int64_t after = 0;
  if (!absl::SimpleAtoi(query.after, &after)) after = 0;  // The first page.
  const auto statement =
      order.has_value()
          ? mysql::StatementOf(kSelectPageOfOrder, {account, order->order, order->partner, after}, query, kInSequence)
          : mysql::StatementOf(kSelectPage, {account, after}, query, kInSequence);
  std::vector<Invoice> found;
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(found, ReadInvoices(reader, account, statement.sql, statement.parameters));
    return ReadLines(reader, found);
  }));
  return mysql::PageOf<Invoice>(std::move(found), query.size,
                                [](const Invoice& invoice) { return absl::StrCat(invoice.sequence); });
}

absl::StatusOr<Receivables> InvoiceStore::ListReceivables(absl::Time deadline, const Uuid& account) const {
  Receivables receivables;
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    receivables.frozen.clear();
    ASSIGN_OR_RETURN(receivables.invoices, ReadInvoices(reader, account, kSelectReceivables, {account}));
    ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, reader.Query(kSelectFrozen, {account}));
    for (const mysql::Row& row : rows) receivables.frozen.push_back(FrozenOf(account, row));
    return absl::OkStatus();
  }));
  return receivables;
}

absl::Status InsertInvoice(mysql::Connection& connection, const Invoice& invoice) {
  std::optional<Uuid> partner;
  std::optional<Uuid> order;
  if (invoice.order.has_value()) {
    partner = invoice.order->partner;
    order = invoice.order->order;
  }
  RETURN_IF_ERROR(DuplicateAsLostRace(
      connection
          .Execute(kInsertInvoice,
                   {invoice.account, invoice.id, invoice.sequence, invoice.number, Name(invoice.state), partner, order,
                    invoice.purchase_order_number, invoice.net.micros(), invoice.tax.micros(), invoice.paid.micros(),
                    invoice.net.currency(), invoice.issue_date, invoice.due_date, invoice.paid_time, invoice.version,
                    invoice.create_time})
          .status()));
  for (const InvoiceLine& line : invoice.lines) RETURN_IF_ERROR(InsertLine(connection, invoice, line));
  for (const FeeEntry& fee : FrozenFees(invoice)) RETURN_IF_ERROR(InsertSegment(connection, fee));
  return absl::OkStatus();
}

absl::Status UpdatePaid(mysql::Connection& connection, const Invoice& invoice) {
  return connection.ExecuteGuarded(kUpdatePaid, {Name(invoice.state), invoice.paid.micros(), invoice.paid_time,
                                                 invoice.version, invoice.account, invoice.id, invoice.version - 1});
}

absl::Status UpdateEarned(mysql::Connection& connection, const FeeEntry& fee) {
  return connection.ExecuteGuarded(kUpdateEarned, {fee.amount.micros(), fee.accrue_time, fee.account, fee.id});
}

}  // namespace countersign::billing
