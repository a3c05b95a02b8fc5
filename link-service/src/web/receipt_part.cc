#include "link-service/src/web/receipt_part.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

namespace countersign::link::web {
namespace {

data InvoiceItem(const Language& language, const InvoiceView& invoice) {
  data item;
  item.set("number", invoice.number);
  item.set("state", invoice.state);
  item.set("amount", language.MoneyText(invoice.amount));
  item.set("amount_due", language.MoneyText(invoice.due));
  item.set("due_date", language.DateText(invoice.due_date));
  item.set("net", language.MoneyText(invoice.net));
  item.set("tax", language.MoneyText(invoice.tax));
  list lines;
  for (const InvoiceLineView& line : invoice.lines) {
    data part;
    part.set("description", line.description);
    part.set("from", language.DateText(line.from));
    part.set("until", language.DateText(line.until));
    part.set("line_net", language.MoneyText(line.net));
    lines.push_back(part);
  }
  item.set("invoice_lines", lines);
  return item;
}

void SetPayment(data& page, const Language& language, const PaymentView& payment) {
  page.set("pay_amount", language.MoneyText(payment.amount));
  SetDate(page, language, "pay_by", "pay_by_iso", payment.by);
  page.set("has_bank", !payment.bank_account.empty());
  page.set("payee", payment.payee);
  page.set("bank_name", payment.bank_name);
  page.set("bank_account", payment.bank_account);
  SetOptional(page, "bank_code", payment.bank_code);
  page.set("pay_references", absl::StrJoin(payment.references, ", "));
}

void SetConfirmation(data& page, const OrderPageView& view) {
  SetOptional(page, "confirm_time", view.confirm_time.has_value() ? view.language->TimeText(*view.confirm_time) : "");
  page.set("confirm_iso", view.confirm_time.has_value() ? IsoTime(*view.confirm_time) : "");
  page.set("is_receipt", view.is_receipt);
  SetOptional(page, "written_to", view.written_to);
  page.set("has_entered", !view.entered.empty());
  list entered;
  for (const TermView& entry : view.entered) {
    data item;
    item.set("label", entry.label);
    item.set("text", entry.text);
    entered.push_back(item);
  }
  page.set("entered", entered);
  page.set("order_unknown", view.order_unknown);
  page.set("invoices_unknown", view.invoices_unknown);
  page.set("starts_later", view.starts_later);
  page.set("may_ask_for_new_link", view.may_ask_for_new_link && !view.new_link_asked);
  page.set("new_link_asked", view.new_link_asked);
  page.set("lost_confirm", view.lost == LostPress::kConfirm);
  page.set("lost_decline", view.lost == LostPress::kDecline);
  SetOptional(page, "ordered_by_number", view.purchase_order_number);
  SetOptional(page, "start_date", view.start_date.has_value() ? view.language->DateText(*view.start_date) : "");
  SetOptional(page, "free_cancel_date",
              view.free_cancel_date.has_value() ? view.language->DateText(*view.free_cancel_date) : "");
  page.set("has_first_invoice", view.first_invoice_date.has_value());
  if (view.first_invoice_date.has_value()) {
    SetDate(page, *view.language, "invoice_date", "invoice_iso", *view.first_invoice_date);
    SetDate(page, *view.language, "invoice_due", "invoice_due_iso", view.first_invoice_due);
  }
  page.set("has_next", view.first_invoice_date.has_value() || view.free_cancel_date.has_value());
  SetOptional(page, "printed_url", view.printed_url);
  page.set("printed_time", view.language->TimeText(view.shown_time));
  list invoices;
  for (const InvoiceView& invoice : view.invoices) invoices.push_back(InvoiceItem(*view.language, invoice));
  page.set("has_to_pay", view.to_pay.has_value());
  if (view.to_pay.has_value()) SetPayment(page, *view.language, *view.to_pay);
  page.set("has_invoices", !view.invoices.empty());
  page.set("invoices", invoices);
}

std::string DoneActText(const Language& language, const DoneActView& act) {
  const absl::string_view what = !act.other.empty() ? absl::string_view(act.other)
                                 : act.cancelled    ? "services.did_cancel"
                                                    : "services.did_stop_renewal";
  const std::string begin = absl::StrCat(language.Format(what, {{"time", language.TimeText(act.time)}}), " ");
  switch (act.stands) {
    case DoneActView::Stands::kReceived:
      return absl::StrCat(begin, language.Text("services.act_received"));
    case DoneActView::Stands::kRefused:
      return absl::StrCat(begin, language.Text("services.act_refused"));
    case DoneActView::Stands::kDone:
      break;
  }
  if (!act.credited.has_value()) return absl::StrCat(begin, language.Text("services.act_done"));
  return absl::StrCat(begin,
                      language.Format("services.act_credited", {{"credited", language.MoneyText(*act.credited)}}));
}

void SetServices(data& page, const OrderPageView& view) {
  list services;
  bool may_act = false, may_stop_renewal = false, may_refuse_partner = false;
  for (const ServiceView& service : view.services) {
    data item;
    item.set("offer_title", service.offer_title);
    item.set("seats", view.language->NumberText(service.seats));
    SetDate(item, *view.language, "date", "date_iso", service.date);
    item.set("ended", service.fate == ServiceView::Fate::kEnded);
    item.set("renews", service.fate == ServiceView::Fate::kRenews);
    item.set("ends", service.fate == ServiceView::Fate::kEnds);
    item.set("gets_partner", service.new_partner_date.has_value());
    if (service.new_partner_date.has_value()) {
      SetDate(item, *view.language, "partner_date", "partner_iso", *service.new_partner_date);
    }
    services.push_back(item);
    may_refuse_partner |= service.new_partner_date.has_value();
    may_act |= service.fate != ServiceView::Fate::kEnded;
    may_stop_renewal |= service.fate == ServiceView::Fate::kRenews;
  }
  list acts;
  for (const DoneActView& act : view.acts) acts.push_back(data("act_text", DoneActText(*view.language, act)));
  page.set("shows_services", !view.services.empty() || view.services_unknown || !view.acts.empty());
  page.set("has_services", !view.services.empty());
  page.set("services", services);
  page.set("services_unknown", view.services_unknown);
  page.set("has_acts", !view.acts.empty());
  page.set("acts", acts);
  page.set("may_act", may_act);
  page.set("may_stop_renewal", may_stop_renewal);
  page.set("may_refuse_partner", may_refuse_partner);
}

}  // namespace

void SetReceipt(data& page, const OrderPageView& view) {
  SetConfirmation(page, view);
  SetServices(page, view);
}

}  // namespace countersign::link::web
