#include "billing-service/src/api/statement_messages.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "billing-service/src/domain/csv.h"
#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

std::string OrderOfLine(const Statement& statement, const StatementLine& line) {
  return line.order.has_value() ? rpc::FormatName(kOrderName, {statement.partner, *line.order}) : "";
}

std::string ForHtml(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

std::string HtmlRow(absl::string_view what, const Money& amount) {
  return absl::StrCat("<tr><td colspan=\"6\">", what, "</td><td class=\"n\">", ForHtml(amount.ToString()),
                      "</td></tr>\n");
}

// The partner's tax, and what makes the page its invoice; empty where no self-billing is agreed.
std::string SelfBilledRow(const Payout& payout) {
  if (!payout.self_billing.has_value()) return "";
  return HtmlRow(absl::StrCat("Self-billed invoice, tax id ", ForHtml(payout.tax_id), ": tax of ",
                              ForHtml(payout.tax_region), ", ", PercentOfPpm(payout.tax_rate_ppm), " %"),
                 payout.tax);
}

// Sized for A4 and Letter alike: the page takes the printer's format.
constexpr absl::string_view kStatementStyle =
    "<style>@page{margin:18mm}body{font:10pt sans-serif}table{border-collapse:collapse;width:100%}"
    "th,td{border-bottom:1px solid #ccc;padding:2mm;text-align:left;vertical-align:top}.n{text-align:right;"
    "white-space:nowrap}tr{break-inside:avoid}thead{display:table-header-group}</style>";

}  // namespace

v1::Statement ToProto(const Statement& statement) {
  v1::Statement message;
  message.set_name(rpc::FormatName(kStatementName, {statement.partner, statement.id}));
  message.set_statement_number(StatementNumber(statement));
  message.set_state(rpc::EnumNamed<v1::Statement::State>("STATE_", NameOf(statement.state)));
  if (statement.disposition.has_value()) {
    message.set_disposition(rpc::EnumNamed<v1::Statement::Disposition>("DISPOSITION_", NameOf(*statement.disposition)));
  }
  message.set_currency_code(statement.currency);
  *message.mutable_period_start_date() = rpc::ToProto(statement.quarter.start);
  *message.mutable_period_end_date() = rpc::ToProto(statement.quarter.end);
  *message.mutable_carried_in() = rpc::ToProto(statement.carried_in);
  *message.mutable_accrued() = rpc::ToProto(statement.accrued);
  *message.mutable_total() = rpc::ToProto(TotalOf(statement));
  *message.mutable_minimum() = rpc::ToProto(statement.minimum);
  message.set_line_count(statement.line_count);
  message.set_final(statement.is_final);
  if (statement.close_time.has_value()) *message.mutable_close_time() = rpc::ToProto(*statement.close_time);
  *message.mutable_create_time() = rpc::ToProto(statement.create_time);
  return message;
}

v1::StatementLine ToProto(const Statement& statement, const StatementLine& line) {
  v1::StatementLine message;
  message.set_line(line.number);
  message.set_fee(rpc::FormatName(kFeeName, {statement.partner, line.fee.id}));
  message.set_order(OrderOfLine(statement, line));
  message.set_subscription(rpc::FormatName(kSubscriptionName, {line.fee.account, line.fee.subscription}));
  message.set_offer_title(line.title);
  *message.mutable_service_start_date() = rpc::ToProto(line.fee.service.start);
  *message.mutable_service_end_date() = rpc::ToProto(line.fee.service.end);
  message.set_rate_basis_points(static_cast<int32_t>(line.fee.segment.rate_basis_points));
  *message.mutable_amount() = rpc::ToProto(line.fee.amount);
  message.set_explanation(Explain(line.fee));
  message.set_order_number(line.label.number);
  message.set_partner_reference(line.label.reference);
  message.set_customer_display_name(line.label.customer_name);
  return message;
}

events::Event StatementEventOf(const rpc::WorkerAct& act, const Statement& statement, absl::string_view type) {
  v1::StatementEvent payload;
  payload.set_statement(rpc::FormatName(kStatementName, {statement.partner, statement.id}));
  payload.set_state(rpc::EnumNamed<v1::Statement::State>("STATE_", NameOf(statement.state)));
  payload.set_version(statement.version);
  return rpc::WorkerEvent(act, {.tenant = statement.partner,
                                .aggregate = statement.id,
                                .version = statement.version,
                                .type = type,
                                .payload = payload,
                                .resource = ToProto(statement)});
}

std::string StatementCsv(const Statement& statement, const std::vector<StatementLine>& lines) {
  CsvWriter csv;
  for (const char* column :
       {"statement", "line", "fee", "order", "offer", "service_start", "service_end", "rate_percent", "amount",
        "currency", "explanation", "customer", "partner_reference", "order_number"}) {
    csv.Text(column);
  }
  csv.EndRow();
  for (const StatementLine& line : lines) {
    csv.Text(StatementNumber(statement)).Number(line.number).Text(line.fee.id.ToString());
    csv.Text(line.order.has_value() ? line.order->ToString() : "").Text(line.title);
    csv.Day(line.fee.service.start).Day(line.fee.service.end);
    csv.Text(PercentText(line.fee.segment.rate_basis_points)).Amount(line.fee.amount);
    csv.Text(statement.currency).Text(Explain(line.fee)).Text(line.label.customer_name);
    csv.Text(line.label.reference).Text(line.label.number).EndRow();
  }
  return csv.text();
}

std::string StatementHtml(const Statement& statement, const std::vector<StatementLine>& lines,
                          const std::optional<Payout>& payout) {
  std::string html = absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Fee statement ",
      ForHtml(StatementNumber(statement)), "</title>", kStatementStyle, "</head><body>\n<h1>Fee statement ",
      ForHtml(StatementNumber(statement)), "</h1>\n<p>", FormatDate(statement.quarter.start), " to ",
      FormatDate(statement.quarter.end - 1), ", in ", ForHtml(statement.currency),
      "</p>\n<table><thead><tr><th>Line</th><th>Customer</th><th>Order</th><th>Offer</th><th>Service</th><th>Why</"
      "th><th class=\"n\">Fee</th></tr>"
      "</thead><tbody>\n");
  for (const StatementLine& line : lines) {
    absl::StrAppend(&html, "<tr><td>", line.number, "</td><td>", ForHtml(line.label.customer_name), "</td><td>",
                    ForHtml(line.label.number), "<br>", ForHtml(line.label.reference), "</td><td>", ForHtml(line.title),
                    "</td><td>", FormatDate(line.fee.service.start), " to ", FormatDate(line.fee.service.end - 1),
                    "</td><td>", ForHtml(Explain(line.fee)), "</td><td class=\"n\">",
                    ForHtml(line.fee.amount.ToString()), "</td></tr>\n");
  }
  absl::StrAppend(&html, HtmlRow("Carried in", statement.carried_in), HtmlRow("Accrued", statement.accrued),
                  HtmlRow("Total", TotalOf(statement)));
  if (payout.has_value()) {
    const std::string rate = PercentText(payout->withholding_basis_points);
    absl::StrAppend(&html, HtmlRow(absl::StrCat("Withheld for tax, ", rate, " %"), payout->withheld),
                    SelfBilledRow(*payout), HtmlRow("Sent", SentAmount(*payout)));
  }
  absl::StrAppend(&html, "</tbody></table>\n<p>");
  if (statement.disposition.has_value()) absl::StrAppend(&html, SentenceOf(statement));
  return absl::StrCat(html, "</p></body></html>\n");
}

}  // namespace countersign::billing
