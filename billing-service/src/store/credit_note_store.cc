#include "billing-service/src/store/credit_note_store.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/account_book_store.h"
#include "billing-service/src/store/rows.h"
#include "billing-service/src/store/tenant_list.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kCreditNotes = {
    .name = "credit_notes",
    .key = "account_id, credit_note_id",
    .fixed =
        "sequence, credit_note_number, invoice_id, voids_invoice, reason, currency, net_micros, tax_micros, "
        "applied_micros, credited_micros, issue_date, create_time"};

constexpr mysql::Table kCreditNoteLines = {
    .name = "credit_note_lines",
    .key = "account_id, invoice_id, sequence, line",
    .fixed = "currency, net_micros, tax_micros, credit_start_date, credit_end_date"};

constexpr absl::string_view kNotesAfter = "WHERE account_id = ? AND sequence > ?";
constexpr absl::string_view kNotesEnd = " ORDER BY sequence LIMIT ?";

// A line with the sequence of its credit note and the invoice that it is of.
struct LineOfNote {
  Uuid invoice;
  int64_t sequence = 0;
  CreditedLine line;
};

LineOfNote LineOfNoteOf(mysql::RowReader& row) {
  LineOfNote line;
  row.Skip(1);  // account_id
  line.invoice = row.Id();
  line.sequence = row.Int();
  line.line.line = row.Int();
  const std::string currency = row.Text();
  line.line.net = row.Amount(currency);
  line.line.tax = row.Amount(currency);
  const std::optional<Date> start = row.OptionalDay();
  const std::optional<Date> end = row.OptionalDay();
  if (start.has_value() && end.has_value()) line.line.days = Period{*start, *end};
  return line;
}

CreditNote CreditNoteOf(mysql::RowReader& row) {
  CreditNote note;
  note.account = row.Id();
  note.id = row.Id();
  note.sequence = row.Int();
  note.number = row.Text();
  note.invoice = row.Id();
  note.voids = row.Bool();
  note.reason = row.Text();
  const std::string currency = row.Text();
  note.net = row.Amount(currency);
  note.tax = row.Amount(currency);
  note.applied = row.Amount(currency);
  note.credited = row.Amount(currency);
  note.issue_date = row.Day();
  note.create_time = row.Time();
  return note;
}

absl::StatusOr<std::vector<LineOfNote>> ReadLinesOf(mysql::Database& database, absl::Time deadline, const Uuid& account,
                                                    const std::vector<Uuid>& invoices) {
  std::string condition = "WHERE account_id = ? AND invoice_id IN (?";
  for (size_t i = 1; i < invoices.size(); ++i) condition += ", ?";
  condition += ") ORDER BY invoice_id, sequence, line";
  std::vector<mysql::Parameter> parameters = {account};
  parameters.insert(parameters.end(), invoices.begin(), invoices.end());
  return mysql::ListBy<LineOfNote>(database, deadline, mysql::SelectFrom(kCreditNoteLines, condition), parameters,
                                   LineOfNoteOf);
}

}  // namespace

std::vector<mysql::FilterField> CreditNoteFilterFields() {
  using enum mysql::FilterType;
  return {{"credit_note_number", "credit_note_number", kAscii},
          {"invoice", "invoice_id", kName, {kInvoiceName}},
          {"issue_date", "issue_date", kDate},
          {"create_time", "create_time", kTime}};
}

absl::StatusOr<CreditNote> CreditNoteStore::Get(absl::Time deadline, const Uuid& account,
                                                const Uuid& credit_note) const {
  ASSIGN_OR_RETURN(std::optional<CreditNote> found,
                   mysql::FindOne<CreditNote>(database_, deadline, kCreditNotes, {account, credit_note}, CreditNoteOf));
  if (!found.has_value()) {
    return NotFound("CREDIT_NOTE_NOT_FOUND", "The billing account has no such credit note.",
                    {{"billingAccount", account.ToString()}, {"creditNote", credit_note.ToString()}});
  }
  std::vector<CreditNote> notes = {*std::move(found)};
  RETURN_IF_ERROR(ReadLines(deadline, notes));
  return std::move(notes.front());
}

absl::StatusOr<mysql::Page<CreditNote>> CreditNoteStore::List(absl::Time deadline, const std::optional<Uuid>& account,
                                                              const mysql::PageQuery& query) const {
  mysql::Page<CreditNote> page;
  if (account.has_value()) {
    int64_t after = 0;
    if (!absl::SimpleAtoi(query.after, &after)) after = 0;  // The first page.
    const mysql::PageStatement statement =
        mysql::StatementOf(mysql::SelectFrom(kCreditNotes, kNotesAfter), {*account, after}, query, kNotesEnd);
    ASSIGN_OR_RETURN(page,
                     mysql::ListPage<CreditNote>(database_, deadline, statement, CreditNoteOf,
                                                 [](const CreditNote& note) { return absl::StrCat(note.sequence); }));
  } else {
    ASSIGN_OR_RETURN(page, ListOfAccounts<CreditNote>(database_, deadline, kCreditNotes, "credit_note_id", account,
                                                      query, CreditNoteOf));
  }
  RETURN_IF_ERROR(ReadLines(deadline, page.items));
  return page;
}

absl::Status CreditNoteStore::ReadLines(absl::Time deadline, std::vector<CreditNote>& notes) const {
  if (notes.empty()) return absl::OkStatus();
  std::map<Uuid, std::vector<Uuid>> invoices;  // Of each account.
  for (CreditNote& note : notes) {
    ASSIGN_OR_RETURN(note.total, note.net.Plus(note.tax));
    invoices[note.account].push_back(note.invoice);
  }
  for (const auto& [account, credited] : invoices) {
    ASSIGN_OR_RETURN(const std::vector<LineOfNote> lines, ReadLinesOf(database_, deadline, account, credited));
    for (CreditNote& note : notes) {
      if (note.account != account) continue;
      for (const LineOfNote& line : lines) {
        if (line.sequence == note.sequence) note.lines.push_back(line.line);
      }
    }
  }
  return absl::OkStatus();
}

absl::Status CreditNoteStore::ReadCredits(absl::Time deadline, std::vector<Invoice>& invoices) const {
  std::vector<Uuid> credited;
  for (const Invoice& invoice : invoices) {
    if (invoice.credit_note_count > 0) credited.push_back(invoice.id);
  }
  if (credited.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<LineOfNote> lines,
                   ReadLinesOf(database_, deadline, invoices.front().account, credited));
  for (Invoice& invoice : invoices) {
    for (const LineOfNote& line : lines) {
      if (line.invoice == invoice.id) invoice.credits.push_back(line.line);
    }
  }
  return absl::OkStatus();
}

std::vector<mysql::RowWrite> CreditNoteStore::Rows(const CreditNote& note) {
  const std::string& currency = note.total.currency();
  std::vector<mysql::RowWrite> rows = {
      mysql::Insert(kCreditNotes, {note.account, note.id, note.sequence, note.number, note.invoice, note.voids,
                                   note.reason, currency, note.net.micros(), note.tax.micros(), note.applied.micros(),
                                   note.credited.micros(), note.issue_date, note.create_time})};
  for (const CreditedLine& line : note.lines) {
    std::optional<Date> start;
    std::optional<Date> end;
    if (line.days.has_value()) {
      start = line.days->start;
      end = line.days->end;
    }
    rows.push_back(mysql::Insert(kCreditNoteLines, {note.account, note.invoice, note.sequence, line.line, currency,
                                                    line.net.micros(), line.tax.micros(), start, end}));
  }
  return rows;
}

absl::StatusOr<std::vector<mysql::RowWrite>> CreditNoteStore::RowsOf(const CreditIssue& issue) {
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, billing::RowsOf(issue.change));
  AppendRows(rows, Rows(issue.note));
  return rows;
}

absl::StatusOr<std::vector<mysql::RowWrite>> CreditNoteStore::RowsOf(const CancellationCredit& credit) {
  std::vector<mysql::RowWrite> rows;
  if (!credit.change.has_value()) return rows;
  ASSIGN_OR_RETURN(rows, billing::RowsOf(*credit.change));
  for (const CreditNote& note : credit.notes) AppendRows(rows, Rows(note));
  return rows;
}

}  // namespace countersign::billing
