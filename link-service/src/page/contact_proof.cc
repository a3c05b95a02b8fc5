#include "link-service/src/page/contact_proof.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/names.h"
#include "countersign/link/v1/evidence.pb.h"
#include "countersign/link/v1/receipt_act.pb.h"
#include "link-service/src/api/names.h"

namespace countersign::link {
namespace {

constexpr char kContactMailRead[] = "CONTACT_MAIL_READ";
constexpr char kActRecorded[] = "RECEIPT_ACT_RECORDED";
constexpr char kLinkConfirmed[] = "LINK_CONFIRMED";

struct Proof {
  std::string how;
  std::string address = {};  // Whose mail was read; empty: the contact's, whichever it is.
};

absl::StatusOr<v1::PressEvidence> ConfirmationOf(const ContactProofParts& parts, const Uuid& link_id,
                                                 absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::optional<KeptPress> kept,
                   parts.presses.FindDecisive(deadline, link_id, PressAct::kConfirm));
  v1::PressEvidence evidence;
  if (kept.has_value() && !evidence.ParseFromString(kept->press.evidence)) {
    return absl::DataLossError("A press's evidence does not parse.");
  }
  return evidence;
}

// The proof that the event gives; nullopt: none.
absl::StatusOr<std::optional<Proof>> ProofOf(const ContactProofParts& parts, const events::Event& event,
                                             const Uuid& link_id, absl::Time deadline) {
  if (event.type == kActRecorded) {
    v1::ReceiptActEvent act;
    if (!act.ParseFromString(event.payload)) return absl::DataLossError("The payload of the event is damaged.");
    // That code was mailed to whoever confirmed.
    if (act.act() == v1::ReceiptActPlan::ACT_CORRECT_CONTACT) return std::nullopt;
    return Proof{"A code from its mail was right on a receipt."};
  }
  ASSIGN_OR_RETURN(const v1::PressEvidence evidence, ConfirmationOf(parts, link_id, deadline));
  if (event.type == kLinkConfirmed) {
    if (evidence.code() == 0) return std::nullopt;
    return Proof{"A code from its mail confirmed an order."};
  }
  // The mail went to the address that was typed, which may have been corrected since.
  if (evidence.billing_email().empty()) return std::nullopt;
  return Proof{"A person opened the address that was mailed there alone.", evidence.billing_email()};
}

absl::Status TellBilling(const ContactProofParts& parts, const events::Event& event, absl::Time deadline) {
  // A link's own events have it as their aggregate, the others as their tenant.
  const Uuid& link_id = event.type == kLinkConfirmed ? event.aggregate : event.tenant;
  ASSIGN_OR_RETURN(const std::optional<Proof> proof, ProofOf(parts, event, link_id, deadline));
  if (!proof.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Link link, parts.links.Get(deadline, link_id));
  const rpc::Outgoing outgoing = rpc::WorkerOutgoing("link-service", deadline, event);
  const absl::StatusOr<billing::v1::BillingAccount> account = parts.receipts.PayerOf(outgoing, link);
  if (absl::IsNotFound(account.status())) return absl::OkStatus();
  RETURN_IF_ERROR(account.status());
  if (account->correctable_by_order().empty()) return absl::OkStatus();
  if (!proof->address.empty() && proof->address != account->billing_email()) return absl::OkStatus();
  billing::v1::VerifyBillingContactRequest request;
  request.set_name(account->name());
  request.set_reason(proof->how);
  request.set_etag(account->etag());
  request.set_request_id(
      Uuid::Derived({"contact proof", event.tenant.bytes(), event.aggregate.bytes(), account->etag()}).ToString());
  const absl::Status told = parts.billing.VerifyBillingContact(outgoing, request).status();
  return absl::IsFailedPrecondition(told) ? absl::OkStatus() : told;  // The account was erased.
}

bool ConcernsContact(const events::Event& event) {
  return event.type == kContactMailRead || event.type == kActRecorded || event.type == kLinkConfirmed;
}

}  // namespace

ContactMailRead ContactMailReadOf(const PressedPage& seen, absl::Time now) {
  const Uuid id = Uuid::Derived({"contact mail read", seen.link.link_id.bytes()});
  v1::ContactMailEvent payload;
  payload.set_link(rpc::FormatName(kLinkName, {seen.link.link_id}));
  const rpc::Call call = CallOfHolder(seen, "CONTACT_MAIL", id, now);
  return {id,
          {.events = {call.MakeEvent(
               {.aggregate = id, .version = 1, .type = kContactMailRead, .payload = payload, .resource = payload})},
           .reply = std::nullopt,
           .rows = {}}};
}

events::Consumer ContactProofConsumer(const ContactProofParts& parts) {
  return {.name = "contact_proof",
          .deliver =
              [parts](const events::Event& event, absl::Time deadline) {
                return ConcernsContact(event) ? TellBilling(parts, event, deadline) : absl::OkStatus();
              },
          .concerns = ConcernsContact};
}

}  // namespace countersign::link
