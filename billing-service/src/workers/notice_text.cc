#include "billing-service/src/workers/notice_text.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/languages.h"
#include "billing-service/src/domain/renewal.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"
#include "common/language/language.h"

namespace countersign::billing {
namespace {

// The message keys of a rung's mail.
struct RungMessages {
  absl::string_view subject;
  absl::string_view text;
  absl::string_view next;  // In the mail of the rung before.
};

RungMessages MessagesOf(DunningState state) {
  switch (state) {
    case DunningState::kPastDue:
      return {"notice.past_due_subject", "notice.past_due", "notice.past_due_next"};
    case DunningState::kSuspended:
      return {"notice.suspended_subject", "notice.suspended", "notice.suspended_next"};
    case DunningState::kCancelled:
      return {"notice.cancelled_subject", "notice.cancelled", "notice.cancelled_next"};
    default:
      return {"notice.reminded_subject", "notice.reminded", "notice.reminded_next"};
  }
}

std::string AccountText(const Language& language, const BillingAccount& account) {
  return language.Format("notice.account", {{"company", account.customer.company_name}, {"account", account.number}});
}

std::string LinesText(const Language& language, const Invoice& invoice) {
  return absl::StrJoin(invoice.lines, "\n", [&](std::string* text, const InvoiceLine& line) {
    absl::StrAppend(text, language.Format("notice.line", {{"service", TitleOf(line)},
                                                          {"seats", line.quantity},
                                                          {"from", language.DateText(line.service.start)},
                                                          {"to", language.DateText(line.service.end - 1)},
                                                          {"net", language.MoneyText(line.net)}}));
  });
}

// Of an invoice or a credit note.
template <typename Document>
std::string AmountsText(const Language& language, const Document& invoice) {
  const auto amount = [&](absl::string_view key, const Money& money) {
    return language.Format(key, {{"amount", language.MoneyText(money)}});
  };
  return absl::StrCat(amount("notice.net", invoice.net), "\n", amount("notice.tax", invoice.tax), "\n",
                      amount("notice.total", invoice.total));
}

std::string InvoiceText(const Language& language, const BillingAccount& account, const Invoice& invoice) {
  const bool open = invoice.state == InvoiceState::kOpen;
  return absl::StrCat(
      language.Format("notice.invoice_subject", {{"invoice", invoice.number}}), "\n", AccountText(language, account),
      "\n\n", LinesText(language, invoice), "\n\n", AmountsText(language, invoice), "\n\n",
      open ? language.Format("notice.please_pay", {{"amount", language.MoneyText(AmountDue(invoice))},
                                                   {"date", language.DateText(invoice.due_date)},
                                                   {"invoice", invoice.number}})
           : language.Text("notice.paid"),
      "\n\n", language.Format("notice.issued", {{"date", language.DateText(invoice.issue_date)}}), "\n");
}

// The next step if the invoice is not paid; empty after the last rung.
std::string NextStepText(const Language& language, const Notice& notice, Date due_date,
                         const std::vector<DunningLadder>& ladders, absl::Time now) {
  const DunningLadder* ladder = LadderFor(ladders, due_date);
  const auto next = static_cast<size_t>(notice.dunning_rung);
  if (ladder == nullptr || next >= ladder->rungs.size()) return "";
  const DunningRung& rung = ladder->rungs[next];
  const Date date = std::max<Date>(due_date + rung.days, DateOf(now) + 1);
  return absl::StrCat(language.Format(MessagesOf(rung.state).next, {{"date", language.DateText(date)}}), "\n\n");
}

std::string DunningText(const Language& language, const Notice& notice, const BillingAccount& account,
                        const Invoice& invoice, const std::vector<DunningLadder>& ladders, absl::Time now) {
  return absl::StrCat(
      language.Format("notice.overdue", {{"invoice", invoice.number}}), "\n", AccountText(language, account), "\n\n",
      language.Format("notice.was_due", {{"amount", language.MoneyText(AmountDue(invoice))},
                                         {"invoice", invoice.number},
                                         {"date", language.DateText(invoice.due_date)}}),
      "\n\n", language.Text(MessagesOf(notice.dunning_state).text), "\n\n",
      NextStepText(language, notice, invoice.due_date, ladders, now), language.Text("notice.paid_meanwhile"), "\n");
}

std::string IdOf(const Notice& notice) { return absl::StrCat("notice-", notice.id.ToString(), "-", notice.version); }

// Tells the customer where to find its order's page again; empty if find_url is.
std::string FindText(const Language& language, const BillingAccount& account, const std::string& find_url) {
  if (find_url.empty()) return "";
  return absl::StrCat("\n", language.Format("notice.page_at", {{"account", account.number}}), "\n", find_url, "\n");
}

}  // namespace

mail::Message MessageOf(const Notice& notice, const BillingAccount& account, const Invoice& invoice,
                        const std::vector<DunningLadder>& ladders, absl::Time now) {
  const Language& language = LanguageOf(account.language);
  const bool opened = notice.kind == NoticeKind::kInvoice;
  const absl::string_view subject = opened ? "notice.invoice_subject" : MessagesOf(notice.dunning_state).subject;
  return {.id = IdOf(notice),
          .to = {.name = account.customer.company_name, .address = account.customer.billing_email},
          .subject = language.Format(subject, {{"invoice", invoice.number}}),
          .text = opened ? InvoiceText(language, account, invoice)
                         : DunningText(language, notice, account, invoice, ladders, now),
          .date = now};
}

mail::Message ContactMessageOf(const Notice& notice, const BillingAccount& account, const ContactChange& change,
                               absl::Time now) {
  const Language& language = LanguageOf(account.language);
  const std::string& address = AddressOf(notice.kind, change);
  const std::string moves = language.DateText(DateOf(change.time + kContactWait));
  const bool is_new = notice.kind == NoticeKind::kNewContact, gets_codes = address == change.code_email;
  std::string text =
      absl::StrCat(language.Format("notice.contact_changed",
                                   {{"account", account.number}, {"company", account.customer.company_name}}),
                   "\n\n", language.Text(is_new ? "notice.contact_new" : "notice.contact_old"), "\n");
  if (is_new) {
    absl::StrAppend(
        &text,
        gets_codes ? language.Text("notice.codes_stay") : language.Format("notice.codes_from", {{"date", moves}}),
        "\n");
  } else if (gets_codes) {
    absl::StrAppend(&text, language.Format("notice.codes_until", {{"date", moves}}), "\n");
  }
  absl::StrAppend(&text, "\n", language.Text("notice.unexpected"), "\n");
  return {.id = IdOf(notice),
          .to = {.name = account.customer.company_name, .address = address},
          .subject = language.Format("notice.contact_subject", {{"account", account.number}}),
          .text = std::move(text),
          .date = now};
}

absl::StatusOr<mail::Message> RenewalMessageOf(const Notice& notice, const BillingAccount& account,
                                               const Subscription& subscription, absl::Time now) {
  ASSIGN_OR_RETURN(const Money amount, RenewalAmount(subscription));
  const Language& language = LanguageOf(account.language);
  const Date date = CurrentTerm(subscription).end;
  const std::string day = language.DateText(date);
  std::string text = absl::StrCat(
      language.Format("notice.renewal_subject", {{"service", subscription.title}, {"date", day}}), "\n",
      AccountText(language, account), "\n\n",
      language.Format("notice.renewal", {{"service", subscription.title},
                                         {"seats", RenewalQuantity(subscription)},
                                         {"date", day},
                                         {"months", subscription.term_months}}),
      "\n",
      language.Format("notice.renewal_price", {{"price", language.MoneyText(subscription.renewal.unit_price)},
                                               {"amount", language.MoneyText(amount)},
                                               {"months", subscription.billing_months}}),
      "\n\n", language.Format("notice.renewal_off", {{"date", language.DateText(date - 1)}}), "\n");
  return mail::Message{
      .id = IdOf(notice),
      .to = {.name = account.customer.company_name, .address = account.customer.billing_email},
      .subject = language.Format("notice.renewal_subject", {{"service", subscription.title}, {"date", day}}),
      .text = std::move(text),
      .date = now};
}

mail::Message CreditMessageOf(const Notice& notice, const BillingAccount& account, const CreditNote& note,
                              const Invoice& invoice, absl::Time now) {
  const Language& language = LanguageOf(account.language);
  std::string subject = language.Format("notice.credit_subject", {{"number", note.number}});
  std::string text =
      absl::StrCat(subject, "\n", AccountText(language, account), "\n\n",
                   language.Format("notice.credit_for",
                                   {{"invoice", invoice.number}, {"date", language.DateText(invoice.issue_date)}}),
                   "\n\n", AmountsText(language, note), "\n\n");
  const auto add = [&](absl::string_view key, const Money& amount) {
    if (amount.micros() == 0) return;
    absl::StrAppend(&text, language.Format(key, {{"amount", language.MoneyText(amount)}}), "\n");
  };
  if (note.voids) {
    absl::StrAppend(&text, language.Text("notice.credit_voids"), "\n");
  } else {
    add("notice.credit_applied", note.applied);
  }
  add("notice.credit_left", note.credited);
  absl::StrAppend(&text, "\n", language.Format("notice.issued", {{"date", language.DateText(note.issue_date)}}), "\n");
  return {.id = IdOf(notice),
          .to = {.name = account.customer.company_name, .address = account.customer.billing_email},
          .subject = std::move(subject),
          .text = std::move(text),
          .date = now};
}

mail::Message DeclinedMessageOf(const Notice& notice, const BillingAccount& account, const Charge& charge,
                                const Invoice& invoice, absl::Time now) {
  const Language& language = LanguageOf(account.language);
  std::string subject = language.Format("notice.declined_subject", {{"invoice", invoice.number}});
  std::string text = absl::StrCat(
      subject, "\n", AccountText(language, account), "\n\n",
      language.Format("notice.declined", {{"amount", language.MoneyText(charge.amount)}, {"invoice", invoice.number}}));
  if (charge.next_date != kNoNextAttempt) {
    absl::StrAppend(&text, " ",
                    language.Format("notice.declined_again", {{"date", language.DateText(charge.next_date)}}));
  }
  absl::StrAppend(&text, "\n\n", language.Text("notice.declined_pay"), "\n\n", language.Text("notice.paid_meanwhile"),
                  "\n");
  return {.id = IdOf(notice),
          .to = {.name = account.customer.company_name, .address = account.customer.billing_email},
          .subject = std::move(subject),
          .text = std::move(text),
          .date = now};
}

mail::Message PartnerChangeMessageOf(const Notice& notice, const BillingAccount& account,
                                     const Subscription& subscription, const PartnerChangeText& change,
                                     absl::Time now) {
  const Language& language = LanguageOf(account.language);
  const std::string day = language.DateText(change.effective), last = language.DateText(change.effective - 1);
  std::string subject = language.Format("notice.partner_subject", {{"service", subscription.title}, {"date", day}});
  std::string text = absl::StrCat(subject, "\n", AccountText(language, account), "\n\n",
                                  language.Format("notice.partner_leaves", {{"partner", change.from},
                                                                            {"service", subscription.title},
                                                                            {"seats", Quantity(subscription)},
                                                                            {"last", last}}),
                                  " ");
  if (change.to.empty()) {
    absl::StrAppend(&text, language.Format("notice.partner_none", {{"date", day}}));
  } else {
    absl::StrAppend(&text, language.Format("notice.partner_follows", {{"date", day}, {"partner", change.to}}), "\n\n",
                    language.Format("notice.partner_refuse", {{"partner", change.to}, {"last", last}}));
  }
  absl::StrAppend(&text, "\n\n", language.Text("notice.partner_stays"), "\n",
                  FindText(language, account, change.find_url));
  return {.id = IdOf(notice),
          .to = {.name = account.customer.company_name, .address = account.customer.billing_email},
          .subject = std::move(subject),
          .text = std::move(text),
          .date = now};
}

mail::Message AnswerMessageOf(const Notice& notice, const BillingAccount& account, const PartnerRequest& request,
                              const std::string& find_url, absl::Time now) {
  const Language& language = LanguageOf(account.language);
  const std::string& partner = request.partner_display_name;
  const std::string& service = request.offer_title;
  std::string subject;
  std::string answer;
  if (request.effective.has_value()) {
    const std::string day = language.DateText(*request.effective), last = language.DateText(*request.effective - 1);
    subject = language.Format("notice.answer_accepted_subject", {{"partner", partner}, {"service", service}});
    answer = language.Format("notice.answer_accepted",
                             {{"partner", partner}, {"service", service}, {"seats", request.quantity}, {"date", day}});
    if (DateOf(now) < *request.effective) {
      absl::StrAppend(&answer, "\n\n",
                      language.Format("notice.partner_refuse", {{"partner", partner}, {"last", last}}));
    }
    absl::StrAppend(&answer, "\n\n", language.Text("notice.partner_stays"));
  } else {
    subject = language.Format("notice.answer_declined_subject", {{"partner", partner}, {"service", service}});
    answer = language.Format("notice.answer_declined", {{"partner", partner}, {"service", service}});
  }
  std::string text = absl::StrCat(subject, "\n", AccountText(language, account), "\n\n", answer, "\n",
                                  FindText(language, account, find_url));
  return {.id = IdOf(notice),
          .to = {.name = account.customer.company_name, .address = account.customer.billing_email},
          .subject = std::move(subject),
          .text = std::move(text),
          .date = now};
}

}  // namespace countersign::billing
