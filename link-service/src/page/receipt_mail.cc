#include "link-service/src/page/receipt_mail.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "countersign/link/v1/evidence.pb.h"
#include "link-service/src/domain/link_token.h"
#include "link-service/src/page/page_sentences.h"
#include "link-service/src/page/shown_page.h"

namespace countersign::link {
namespace {

std::string LinesText(const v1::OrderReview& review) {
  std::string text;
  for (const v1::OrderReview::Line& line : review.lines()) {
    const absl::StatusOr<Money> amount = rpc::FromProto(line.amount());
    absl::StrAppend(&text, "  ", line.quantity(), " x ", line.offer_title(), ": ",
                    amount.ok() ? amount->ToDisplayString() : "",
                    review.billing_period_months() == 1 ? " each month" : " each year", "\n");
  }
  return text;
}

std::string TextOf(const ReceiptMailParts& parts, const v1::PageContent& content, const v1::PressEvidence& evidence,
                   const Press& press) {
  const v1::OrderReview& review = content.review();
  const std::string what =
      ChangesPartner(review)
          ? absl::StrCat(SentenceOf(content, kChangeSentence), "\nFrom: ", SentenceOf(content, kStartSentence), "\n",
                         SentenceOf(content, kTermSentence))
          : absl::StrCat("Ordered from ", content.vendor_legal_entity(), ", plus tax:\n", LinesText(review), "\n",
                         SentenceOf(content, kTermSentence), "\n", SentenceOf(content, kRenewalSentence),
                         "\nCancelling: ", SentenceOf(content, kCancellingSentence));
  const LinkToken receipt = ReceiptOf(parts.link_keys, ReceiptFor::kMail, press.link_id, press.form_id);
  return absl::StrCat("Order ", review.order_number(), " is confirmed.\n\nConfirmed by ", evidence.confirmer_name(),
                      ", ", evidence.confirmer_title(), ", for ",
                      evidence.company_name().empty() ? review.customer_display_name() : evidence.company_name(),
                      ", on ", absl::FormatTime("%-d %B %Y, %H:%M UTC", press.press_time, absl::UTCTimeZone()), ".\n\n",
                      what, "\n\nYour receipt, with invoices as they come. Keep this address to yourself:\n",
                      parts.vendor.public_url, ReceiptPathOf(receipt),
                      "\n\nYour partner: ", review.partner_display_name(), ", ", review.partner_contact_email(),
                      "\nIf you did not expect this order, tell us at once",
                      parts.vendor.contact.empty() ? "" : absl::StrCat(": ", parts.vendor.contact), ".\n");
}

absl::Status Send(const ReceiptMailParts& parts, const Uuid& link_id, absl::Time deadline) {
  ASSIGN_OR_RETURN(const Link link, parts.links.Get(deadline, link_id));
  ASSIGN_OR_RETURN(const std::optional<KeptPress> kept,
                   parts.presses.FindDecisive(deadline, link_id, PressAct::kConfirm));
  v1::PressEvidence evidence;
  // Confirmed by another way than the page, or erased since: there is nobody to write to.
  if (!kept.has_value() || !evidence.ParseFromString(kept->press.evidence) || evidence.confirmer_email().empty()) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const ShownPage page, ShownPageOf(link, parts.vendor));
  mail::Message message = {.id = absl::StrCat("receipt-", link_id.ToString(), "-billing"),
                           .to = {.name = evidence.company_name(), .address = evidence.billing_email()},
                           .subject = absl::StrCat("Order ", page.content.review().order_number(), " is confirmed"),
                           .text = TextOf(parts, page.content, evidence, kept->press),
                           .date = kept->press.press_time};
  // Of a change nobody typed where invoices go; whoever reads them there was sent the code.
  if (!evidence.billing_email().empty()) RETURN_IF_ERROR(parts.mailer->Send(message, deadline));
  if (evidence.confirmer_email() == evidence.billing_email()) return absl::OkStatus();
  message.id = absl::StrCat("receipt-", link_id.ToString(), "-confirmer");
  message.to = {.name = evidence.confirmer_name(), .address = evidence.confirmer_email()};
  return parts.mailer->Send(message, deadline);
}

}  // namespace

events::Consumer ReceiptMailConsumer(const ReceiptMailParts& parts) {
  return {.name = "receipt_mail", .deliver = [parts](const events::Event& event, absl::Time deadline) {
            if (parts.mailer == nullptr || event.type != "LINK_CONFIRMED") return absl::OkStatus();
            return Send(parts, event.aggregate, deadline);
          }};
}

}  // namespace countersign::link
