#include "link-service/src/page/press_handlers.h"

#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/crypto.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/names.h"
#include "countersign/link/v1/evidence.pb.h"
#include "link-service/src/api/link_messages.h"
#include "link-service/src/api/names.h"

namespace countersign::link {
namespace {

constexpr size_t kMaxUserAgent = 500;
constexpr int kSaltBytes = 16;

// Header bytes come from anybody: only printable ASCII is kept.
std::string CleanUserAgent(const std::string& sent) {
  std::string clean;
  for (const char c : sent) {
    if (absl::ascii_isprint(static_cast<unsigned char>(c)) && clean.size() < kMaxUserAgent) clean.push_back(c);
  }
  return std::string(absl::StripAsciiWhitespace(clean));
}

v1::PressEvidence EvidenceOf(const PressedPage& pressed) {
  v1::PressEvidence evidence;
  evidence.set_ip_address(pressed.ip_address);
  evidence.set_user_agent(CleanUserAgent(pressed.user_agent));
  return evidence;
}

v1::PressEvidence EvidenceOf(const PressedPage& pressed, const web::ConfirmForm& form) {
  v1::PressEvidence evidence = EvidenceOf(pressed);
  evidence.set_purchase_order_number(form.purchase_order_number);
  evidence.set_company_name(form.company_name);
  evidence.set_billing_email(form.contact_email);
  google::type::PostalAddress& address = *evidence.mutable_billing_address();
  address.set_region_code(form.country);
  address.set_postal_code(form.postal_code);
  address.set_administrative_area(form.region);
  address.set_locality(form.city);
  address.mutable_address_lines()->Add(form.address_lines.begin(), form.address_lines.end());
  address.set_organization(form.company_name);
  evidence.set_agreement_version(pressed.page.content.review().agreement_version());
  return evidence;
}

Press NewPress(const PressedPage& pressed, PressAct act, const v1::PressEvidence& evidence, absl::Time now) {
  return {.link_id = pressed.link.link_id,
          .press_id = Uuid::V7(now),
          .act = act,
          .revision = pressed.link.revision,
          .evidence = rpc::DeterministicBytes(evidence),
          .salt = RandomBytes(kSaltBytes),
          .press_time = now};
}

order::v1::Acceptance AcceptanceOf(const v1::PressEvidence& evidence, const PressedPage& pressed, const Press& press) {
  order::v1::Acceptance acceptance;
  acceptance.set_purchase_order_number(evidence.purchase_order_number());
  acceptance.set_company_name(evidence.company_name());
  acceptance.set_billing_email(evidence.billing_email());
  *acceptance.mutable_billing_address() = evidence.billing_address();
  acceptance.set_agreement_version(evidence.agreement_version());
  acceptance.set_content_sha256(pressed.page.sha256);
  acceptance.set_ip_address(evidence.ip_address());
  acceptance.set_user_agent(evidence.user_agent());
  *acceptance.mutable_press_time() = rpc::ToProto(press.press_time);
  return acceptance;
}

// What ConfirmOrder and DeclineOrder have in common.
template <typename Request>
Request RequestOf(const PressedPage& pressed, const Press& press) {
  Request request;
  request.set_name(rpc::FormatName(kOrderName, {pressed.link.partner_id, pressed.link.order_id}));
  request.set_link(rpc::FormatName(kLinkName, {pressed.link.link_id}));
  request.set_revision(pressed.link.revision);
  request.set_request_id(press.press_id.ToString());
  return request;
}

// What an order that answered a press means to its link. The etag is the order's version as text.
OrderOutcome OutcomeOf(const order::v1::Order& order, PressAct act, absl::Time now) {
  OrderOutcome outcome{act == PressAct::kConfirm ? LinkState::kConfirmed : LinkState::kDeclined, 1, now};
  if (int64_t version = 0; absl::SimpleAtoi(order.etag(), &version) && version > 0) outcome.order_version = version;
  const bool confirmed = act == PressAct::kConfirm && order.has_confirm_time();
  const absl::StatusOr<absl::Time> time = rpc::FromProto(confirmed ? order.confirm_time() : order.update_time());
  if ((confirmed || order.has_update_time()) && time.ok()) outcome.decide_time = *time;
  return outcome;
}

}  // namespace

absl::StatusOr<PressHandlers::Decided> PressHandlers::Confirm(const PressedPage& pressed,
                                                              const web::ConfirmForm& form) {
  const v1::PressEvidence evidence = EvidenceOf(pressed, form);
  const Press press = NewPress(pressed, PressAct::kConfirm, evidence, clock_.Now());
  const rpc::Call call = CallOf(pressed, press);
  RETURN_IF_ERROR(Record(call, press, pressed.page));
  auto request = RequestOf<order::v1::ConfirmOrderRequest>(pressed, press);
  *request.mutable_acceptance() = AcceptanceOf(evidence, pressed, press);
  return Conclude(call, pressed, press, orders_.ConfirmOrder(call.outgoing(), request));
}

absl::StatusOr<PressHandlers::Decided> PressHandlers::Decline(const PressedPage& pressed, const std::string& reason) {
  v1::PressEvidence evidence = EvidenceOf(pressed);
  evidence.set_decline_reason(reason);
  const Press press = NewPress(pressed, PressAct::kDecline, evidence, clock_.Now());
  const rpc::Call call = CallOf(pressed, press);
  RETURN_IF_ERROR(Record(call, press, pressed.page));
  auto request = RequestOf<order::v1::DeclineOrderRequest>(pressed, press);
  request.set_reason(reason);
  return Conclude(call, pressed, press, orders_.DeclineOrder(call.outgoing(), request));
}

// The customer has no name here but the link that it holds; peers know the call as ours.
rpc::Call PressHandlers::CallOf(const PressedPage& pressed, const Press& press) const {
  const std::string holder = rpc::FormatName(kLinkName, {pressed.link.link_id});
  return rpc::Call({.caller = {.role = rpc::Role::kService, .name = holder, .partner = {}},
                    .on_behalf_of = holder,
                    .service = "link-service",
                    .method = absl::StrCat("page/", ToString(press.act)),
                    .trace_id = pressed.trace_id,
                    .request_id = press.press_id.ToString(),
                    .tenant = pressed.link.link_id,
                    .deadline = pressed.deadline,
                    .now = press.press_time});
}

absl::Status PressHandlers::Record(const rpc::Call& call, const Press& press, const ShownPage& page) {
  const ShownContent shown = ToBeKept(page);
  events::Change change;
  change.events.push_back(PressEventOf(call, press, shown));
  return presses_.Insert(call.deadline(), press, shown, change);
}

absl::StatusOr<PressHandlers::Decided> PressHandlers::Conclude(const rpc::Call& call, const PressedPage& pressed,
                                                               const Press& press,
                                                               const absl::StatusOr<order::v1::Order>& answer) {
  if (absl::IsFailedPrecondition(answer.status())) {
    // A note beside the evidence; the refusal stands without it.
    (void)presses_.NoteOutcome(call.deadline(), press.link_id, press.press_id, DetailsOf(answer.status()).reason);
  }
  if (!answer.ok()) return answer.status();
  Decided decided{.link = pressed.link};
  decided.stored = Copy(call, press, OutcomeOf(*answer, press.act, call.now()), decided.link);
  return decided;
}

bool PressHandlers::Copy(const rpc::Call& call, const Press& press, const OrderOutcome& outcome, Link& link) {
  absl::Status stored = absl::OkStatus();
  for (int attempt = 0; attempt < events::kMaxAttempts; ++attempt) {
    const std::optional<Link> decided = Apply(link, outcome, call.now());
    if (!decided.has_value()) {  // The relay, or another press, was faster.
      (void)presses_.NoteOutcome(call.deadline(), press.link_id, press.press_id, ToString(outcome.state));
      return true;
    }
    events::Change change;
    change.events.push_back(LinkEventOf(call, *decided));
    stored = links_.Update(call.deadline(), *decided, press.press_id, change);
    if (!IsLostRace(stored)) {
      link = *decided;
      break;
    }
    absl::StatusOr<Link> found = links_.Find(call.deadline(), link.link_id);
    if (found.ok()) link = *std::move(found);
  }
  if (!stored.ok()) {
    Log(Level::kWarning, "outcome not stored yet",
        {{"trace_id", call.trace_id()}, {"link", link.link_id.ToString()}, {"reason", DetailsOf(stored).reason}});
  }
  return stored.ok();
}

}  // namespace countersign::link
