#include "link-service/src/page/access_link_mail.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "countersign/link/v1/evidence.pb.h"
#include "link-service/src/api/link_messages.h"
#include "link-service/src/domain/link_token.h"
#include "link-service/src/page/confirmed_page.h"
#include "link-service/src/page/shown_page.h"
#include "link-service/src/web/language.h"

namespace countersign::link {
namespace {

std::string AccessLinkText(const AccessLinkMailParts& parts, const ShownPage& page, const LinkToken& receipt) {
  const web::Language& language = *page.language;
  const v1::OrderReview& review = page.content.review();
  const std::string& contact = parts.vendor.contact;
  return absl::StrCat(
      language.Format("mail.access", {{"order", review.order_number()},
                                      {"partner", review.partner_display_name()},
                                      {"customer", review.customer_display_name()}}),
      "\n", parts.vendor.public_url, ReceiptPathOf(receipt), "\n\n", language.Text("mail.access_shows"), "\n\n",
      language.Text("mail.access_unasked"),
      contact.empty() ? "" : absl::StrCat(" ", language.Format("mail.questions", {{"contact", contact}})), "\n\n",
      parts.vendor.seller(), "\n");
}

absl::Status SendAccessLinkMail(const AccessLinkMailParts& parts, const events::Event& event, absl::Time deadline) {
  v1::AccessLinkEvent asked;
  if (!asked.ParseFromString(event.payload)) return absl::DataLossError("The payload of the event is damaged.");
  ASSIGN_OR_RETURN(const Link link, parts.links.Get(deadline, event.tenant));
  const rpc::Outgoing outgoing = rpc::WorkerOutgoing("link-service", deadline, event);
  ASSIGN_OR_RETURN(const bool readable, parts.receipts.IsReadable(outgoing, link, parts.clock.Now()));
  if (!readable) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<KeptPress> kept,
                   parts.presses.FindDecisive(deadline, link.link_id, PressAct::kConfirm));
  if (!kept.has_value()) return absl::OkStatus();  // Confirmed by another way than the page: it has no receipt.
  ASSIGN_OR_RETURN(const std::string contact, parts.receipts.ContactOf(outgoing, link));
  if (contact.empty()) return absl::OkStatus();  // Nobody to write to yet.
  ASSIGN_OR_RETURN(const ShownPage page, PageAsConfirmed(deadline, link, *kept, parts.presses, parts.vendor));
  const LinkToken receipt = ReceiptOf(parts.link_keys, ReceiptFor::kContact, link.link_id, kept->press.form_id);
  return parts.mailer->Send(
      {.id = absl::StrCat("access-", link.link_id.ToString(), "-", asked.number()),
       .to = {.name = {}, .address = contact},
       .subject = page.language->Format("mail.access_subject", {{"order", page.content.review().order_number()}}),
       .text = AccessLinkText(parts, page, receipt),
       .date = event.create_time},
      deadline);
}

}  // namespace

events::Consumer AccessLinkMailConsumer(const AccessLinkMailParts& parts) {
  const auto concerns = [parts](const events::Event& event) {
    return parts.mailer != nullptr && event.type == kAccessLinkRequested;
  };
  return {.name = "access_link_mail",
          .deliver =
              [parts, concerns](const events::Event& event, absl::Time deadline) {
                return concerns(event) ? SendAccessLinkMail(parts, event, deadline) : absl::OkStatus();
              },
          .concerns = concerns};
}

}  // namespace countersign::link
