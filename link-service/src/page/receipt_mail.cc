#include "link-service/src/page/receipt_mail.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/convert.h"
#include "countersign/link/v1/evidence.pb.h"
#include "link-service/src/domain/link_token.h"
#include "link-service/src/page/confirmed_page.h"
#include "link-service/src/page/page_sentences.h"
#include "link-service/src/page/shown_page.h"
#include "link-service/src/web/language.h"

namespace countersign::link {
namespace {

using web::Language;

std::string LinesText(const Language& language, const v1::OrderReview& review) {
  std::string text;
  for (const v1::OrderReview::Line& line : review.lines()) {
    const absl::StatusOr<Money> amount = rpc::FromProto(line.amount());
    const std::string each = language.Format(
        "period.amount",
        {{"period", PeriodOf(review)}, {"amount", amount.ok() ? language.MoneyText(*amount) : std::string()}});
    absl::StrAppend(
        &text, "  ",
        language.Format("mail.line",
                        {{"seats", int64_t{line.quantity()}}, {"offer", line.offer_title()}, {"amount", each}}),
        "\n");
  }
  return text;
}

// The date beside the rule.
std::string FreeUntilText(const Language& language, const v1::OrderReview& review, absl::Time confirm_time) {
  const std::optional<Date> until = FreeCancelDateOf(review, DateOf(confirm_time));
  if (!until.has_value()) return "";
  return absl::StrCat("\n", language.Format("mail.free_until", {{"date", language.DateText(*until)}}));
}

std::string WhatText(const Language& language, const v1::PageContent& content, absl::Time confirm_time) {
  const auto sentence = [&](absl::string_view name) { return std::string(SentenceOf(content, name)); };
  if (ChangesPartner(content.review())) {
    return absl::StrCat(sentence(kChangeSentence), "\n",
                        language.Format("mail.from", {{"start", sentence(kStartSentence)}}), "\n",
                        sentence(kTermSentence));
  }
  return absl::StrCat(language.Format("mail.ordered_from", {{"seller", content.vendor_legal_entity()}}), "\n",
                      LinesText(language, content.review()), "\n", sentence(kTermSentence), "\n",
                      sentence(kRenewalSentence), "\n",
                      language.Format("mail.cancelling", {{"rule", sentence(kCancellingSentence)}}),
                      FreeUntilText(language, content.review(), confirm_time));
}

std::string TextOf(const ReceiptMailParts& parts, const ShownPage& page, const v1::PressEvidence& evidence,
                   const Press& press, absl::Time confirm_time, ReceiptFor reader) {
  const Language& language = *page.language;
  const v1::OrderReview& review = page.content.review();
  const std::string& company = evidence.company_name();
  const LinkToken receipt = ReceiptOf(parts.link_keys, reader, press.link_id, press.form_id);
  const std::string unexpected = parts.vendor.contact.empty()
                                     ? language.Text("mail.unexpected")
                                     : language.Format("mail.unexpected_at", {{"contact", parts.vendor.contact}});
  return absl::StrCat(
      language.Format("mail.confirmed", {{"order", review.order_number()}}), "\n\n",
      language.Format("mail.confirmed_by", {{"name", evidence.confirmer_name()},
                                            {"title", evidence.confirmer_title()},
                                            {"company", company.empty() ? review.customer_display_name() : company},
                                            {"time", language.TimeText(press.press_time)}}),
      "\n\n", WhatText(language, page.content, confirm_time), "\n\n", language.Text("mail.receipt"), "\n",
      parts.vendor.public_url, ReceiptPathOf(receipt), "\n\n",
      language.Format("mail.partner",
                      {{"partner", review.partner_display_name()}, {"contact", review.partner_contact_email()}}),
      "\n", unexpected, "\n");
}

// Of a change nobody typed where invoices go, and whoever reads them there was sent the code. A new subscription needs
// no code, so the contact on file is told.
absl::StatusOr<std::string> InvoicesGoTo(const ReceiptMailParts& parts, const events::Event& event, const Link& link,
                                         const v1::OrderReview& review, const v1::PressEvidence& evidence,
                                         absl::Time deadline) {
  if (!evidence.billing_email().empty() || IsChange(review)) return evidence.billing_email();
  return parts.receipts.ContactOf(rpc::WorkerOutgoing("link-service", deadline, event), link);
}

absl::Status Send(const ReceiptMailParts& parts, const events::Event& event, absl::Time deadline) {
  const Uuid& link_id = event.aggregate;
  ASSIGN_OR_RETURN(const Link link, parts.links.Get(deadline, link_id));
  ASSIGN_OR_RETURN(const std::optional<KeptPress> kept,
                   parts.presses.FindDecisive(deadline, link_id, PressAct::kConfirm));
  v1::PressEvidence evidence;
  // Confirmed by another way than the page, or erased since: there is nobody to write to.
  if (!kept.has_value() || !evidence.ParseFromString(kept->press.evidence) || evidence.confirmer_email().empty()) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const ShownPage page, PageAsConfirmed(deadline, link, *kept, parts.presses, parts.vendor));
  ASSIGN_OR_RETURN(const std::string invoices_to,
                   InvoicesGoTo(parts, event, link, page.content.review(), evidence, deadline));
  const absl::Time confirm_time = link.decide_time.value_or(kept->press.press_time);
  mail::Message message = {
      .id = absl::StrCat("receipt-", link_id.ToString(), "-billing"),
      .to = {.name = evidence.company_name(), .address = invoices_to},
      .subject = page.language->Format("mail.receipt_subject", {{"order", page.content.review().order_number()}}),
      .text = TextOf(parts, page, evidence, kept->press, confirm_time, ReceiptFor::kContact),
      .date = kept->press.press_time};
  absl::Status sent = invoices_to.empty() ? absl::OkStatus() : parts.mailer->Send(message, deadline);
  // A delivery that will be tried again sends both then. One that is refused for good is parked, which must not keep
  // the receipt from whoever confirmed.
  const bool later = !sent.ok() && !absl::IsFailedPrecondition(sent);
  if (later || evidence.confirmer_email() == invoices_to) return sent;
  message.id = absl::StrCat("receipt-", link_id.ToString(), "-confirmer");
  message.to = {.name = evidence.confirmer_name(), .address = evidence.confirmer_email()};
  message.text = TextOf(parts, page, evidence, kept->press, confirm_time, ReceiptFor::kMail);
  sent.Update(parts.mailer->Send(message, deadline));
  return sent;
}

}  // namespace

events::Consumer ReceiptMailConsumer(const ReceiptMailParts& parts) {
  const auto concerns = [parts](const events::Event& event) {
    return parts.mailer != nullptr && event.type == "LINK_CONFIRMED";
  };
  return {.name = "receipt_mail",
          .deliver =
              [parts, concerns](const events::Event& event, absl::Time deadline) {
                return concerns(event) ? Send(parts, event, deadline) : absl::OkStatus();
              },
          .concerns = concerns};
}

}  // namespace countersign::link
