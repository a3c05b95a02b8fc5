#include "billing-service/src/workers/notice_text.h"

#include <algorithm>
#include <cstddef>
#include <kainjow/mustache.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "billing-service/notices.h"
#include "billing-service/src/api/template_text.h"
#include "common/base/date.h"

namespace countersign::billing {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;

data ValuesOf(const BillingAccount& account, const Invoice& invoice) {
  data values;
  values.set("company_name", account.customer.company_name);
  values.set("account_number", account.number);
  values.set("invoice_number", invoice.number);
  values.set("issue_date", FormatDate(invoice.issue_date));
  values.set("due_date", FormatDate(invoice.due_date));
  values.set("net", invoice.net.ToDisplayString());
  values.set("tax", invoice.tax.ToDisplayString());
  values.set("total", invoice.total.ToDisplayString());
  values.set("amount_due", AmountDue(invoice).ToDisplayString());
  values.set("is_open", invoice.state == InvoiceState::kOpen);
  list lines;
  for (const InvoiceLine& line : invoice.lines) {
    data one;
    one.set("description", line.description);
    one.set("net", line.net.ToDisplayString());
    lines.push_back(std::move(one));
  }
  values.set("lines", data(lines));
  return values;
}

std::string StepText(DunningState state) {
  switch (state) {
    case DunningState::kSuspended:
      return "your services are suspended";
    case DunningState::kCancelled:
      return "your subscriptions are cancelled";
    case DunningState::kPastDue:
      return "your account is past due";
    default:
      return "another reminder";
  }
}

std::string DunningSubject(DunningState state, const std::string& number) {
  switch (state) {
    case DunningState::kSuspended:
      return absl::StrCat("Services suspended: invoice ", number, " is not paid");
    case DunningState::kCancelled:
      return absl::StrCat("Subscriptions cancelled: invoice ", number, " is not paid");
    case DunningState::kPastDue:
      return absl::StrCat("Past due: invoice ", number);
    default:
      return absl::StrCat("Reminder: invoice ", number);
  }
}

void SetNextStep(data& values, const Notice& notice, Date due_date, const std::vector<DunningLadder>& ladders,
                 absl::Time now) {
  const DunningLadder* ladder = LadderFor(ladders, due_date);
  const auto next = static_cast<size_t>(notice.dunning_rung);
  const bool has_next = ladder != nullptr && next < ladder->rungs.size();
  values.set("has_next", has_next);
  if (!has_next) return;
  const DunningRung& rung = ladder->rungs[next];
  values.set("next_date", FormatDate(std::max<Date>(due_date + rung.days, DateOf(now) + 1)));
  values.set("next_step", StepText(rung.state));
}

}  // namespace

mail::Message MessageOf(const Notice& notice, const BillingAccount& account, const Invoice& invoice,
                        const std::vector<DunningLadder>& ladders, absl::Time now) {
  data values = ValuesOf(account, invoice);
  mail::Message message = {.id = absl::StrCat("notice-", notice.id.ToString(), "-", notice.version),
                           .to = {.name = account.customer.company_name, .address = account.customer.billing_email},
                           .subject = absl::StrCat("Invoice ", invoice.number),
                           .text = "",
                           .date = now};
  if (notice.kind == NoticeKind::kInvoice) {
    message.text = Rendered(kNoticeTemplates, "invoice.mustache", values, Escaping::kNone);
    return message;
  }
  const DunningState state = notice.dunning_state;
  values.set("reminded", state == DunningState::kReminded);
  values.set("past_due", state == DunningState::kPastDue);
  values.set("suspended", state == DunningState::kSuspended);
  values.set("cancelled", state == DunningState::kCancelled);
  SetNextStep(values, notice, invoice.due_date, ladders, now);
  message.subject = DunningSubject(state, invoice.number);
  message.text = Rendered(kNoticeTemplates, "dunning.mustache", values, Escaping::kNone);
  return message;
}

mail::Message ContactMessageOf(const Notice& notice, const BillingAccount& account, const ContactChange& change,
                               absl::Time now) {
  const std::string& address = AddressOf(notice.kind, change);
  data values;
  values.set("company_name", account.customer.company_name);
  values.set("account_number", account.number);
  values.set("is_new", notice.kind == NoticeKind::kNewContact);
  values.set("gets_codes", address == change.code_email);
  values.set("codes_move_date", FormatDate(DateOf(change.time + kContactWait)));
  return {.id = absl::StrCat("notice-", notice.id.ToString(), "-", notice.version),
          .to = {.name = account.customer.company_name, .address = address},
          .subject = absl::StrCat("Another billing contact for account ", account.number),
          .text = Rendered(kNoticeTemplates, "contact.mustache", values, Escaping::kNone),
          .date = now};
}

}  // namespace countersign::billing
