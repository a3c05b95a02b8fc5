#include "link-service/src/page/receipt_act_pages.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "link-service/src/domain/masked_address.h"
#include "link-service/src/web/order_forms.h"

namespace countersign::link {
namespace {

using web::ActPageState;
using web::HtmlResponse;
using web::HttpResponse;

// The act that the form is about, and its value in the form.
struct FormAct {
  ReceiptActKind kind;
  absl::string_view value;
};
constexpr FormAct kChangeContact = {ReceiptActKind::kChangeContact, "change_contact"};
constexpr FormAct kCorrectContact = {ReceiptActKind::kCorrectContact, "correct_contact"};
constexpr FormAct kFormActs[] = {{ReceiptActKind::kCancel, "cancel"},
                                 {ReceiptActKind::kDoNotRenew, "do_not_renew"},
                                 {ReceiptActKind::kTransferCode, "transfer_code"},
                                 {ReceiptActKind::kRemovePartner, "remove_partner"},
                                 {ReceiptActKind::kRefusePartner, "refuse_partner"},
                                 {ReceiptActKind::kAskPartner, "ask_partner"},
                                 kChangeContact,
                                 kCorrectContact};

std::optional<FormAct> FormActOf(absl::string_view value) {
  for (const FormAct& act : kFormActs) {
    if (act.value == value) return act;
  }
  return std::nullopt;
}

// Why nobody can be asked, as the message of that name; empty: no number was entered.
absl::string_view AskingErrorOf(const v1::ReceiptActPlan& plan) {
  const std::string& reason = plan.refusal_reason();
  if (reason.empty()) return "";
  if (reason == "ALREADY_PARTNER_OF_RECORD") return "act.ask_same";
  if (reason == "PARTNER_REQUEST_WAITS") return "act.ask_waits";
  if (reason == "PARTNER_CHANGE_PENDING") return "act.ask_pending";
  if (reason == "SUBSCRIPTION_STATE") return "act.nothing";
  return "act.ask_unknown";
}

absl::StatusOr<web::ActItemView> ItemViewOf(const v1::ReceiptActPlan::Item& item) {
  web::ActItemView view{.offer_title = item.offer_title(), .seats = item.quantity(), .now = item.now(), .end_date = {}};
  if (!item.has_end_date()) return view;
  ASSIGN_OR_RETURN(view.end_date, rpc::FromProto(item.end_date()));
  if (!item.has_credited()) return view;
  ASSIGN_OR_RETURN(const Money credited, rpc::FromProto(item.credited()));
  if (credited.micros() > 0) view.credited = credited;
  return view;
}

HttpResponse Rendered(const web::ActPageView& view, int status) {
  return HtmlResponse(status, web::RenderActPage(view));
}

}  // namespace

absl::StatusOr<std::optional<HttpResponse>> ReceiptActPages::Press(PressedPage pressed, const web::Form& form,
                                                                   const std::string& receipt_path) {
  const std::string& action = form.Get("action");
  const bool confirms = action == "act_confirm", asks_for_code = action == "act_code";
  const bool translates = action == web::kLanguageAction, continues = confirms || asks_for_code || translates;
  std::optional<FormAct> act = FormActOf(continues ? form.Get("act") : action);
  if (!act.has_value()) return std::nullopt;
  pressed.form_id = web::FormIdOf(form);
  bool first = pressed.form_id.is_nil() || !continues;
  if (confirms && !first) {
    ASSIGN_OR_RETURN(const bool done, acts_.WasRecorded(pressed, act->kind));
    if (done) return web::SeeOther(receipt_path);
  }
  std::string corrector;
  if (IsAboutContact(act->kind)) {
    ASSIGN_OR_RETURN(corrector, acts_.CorrectorOf(pressed));
    const FormAct& possible = corrector.empty() ? kChangeContact : kCorrectContact;
    first = first || possible.kind != act->kind;
    act = possible;
  }
  if (first) pressed.form_id = NewFormId();
  // The number that is typed is not that which the form showed, until its partner is shown.
  const bool asks = act->kind == ReceiptActKind::kAskPartner;
  const web::NumberSubmission number = web::ReadNumberForm(form);
  const std::string& asked = continues ? number.shown : number.typed;
  const bool too_many = asks && !asked.empty() && !MayLookUp(pressed.link);
  ASSIGN_OR_RETURN(const v1::ReceiptActPlan plan, acts_.Plan(pressed, act->kind, asks && !too_many ? asked : ""));
  web::ActPageView view{.language = pressed.page.language,
                        .vendor = vendor_,
                        .order_number = pressed.page.content.review().order_number(),
                        .act = std::string(act->value)};
  for (const v1::ReceiptActPlan::Item& item : plan.items()) {
    ASSIGN_OR_RETURN(web::ActItemView shown, ItemViewOf(item));
    view.items.push_back(std::move(shown));
  }
  view.form_id = pressed.form_id.ToString();
  view.plan_hash = absl::BytesToHexString(Sha256(rpc::DeterministicBytes(plan)));
  view.contact = plan.contact();
  view.corrector = MaskedAddress(corrector);
  if (asks) {
    view.partner_number = number.typed.empty() ? number.shown : number.typed;
    if (!plan.items().empty()) view.partner_name = plan.items(0).partner_display_name();
    const absl::string_view error = too_many ? "act.ask_too_many" : AskingErrorOf(plan);
    if (!error.empty()) view.partner_error = pressed.page.language->Text(error);
    if (!error.empty()) return Rendered(view, too_many ? 429 : 422);
  }
  if (first || (view.items.empty() && view.contact.empty())) return Rendered(view, 200);
  if (form.Get("plan_hash") != view.plan_hash) {
    view.state = ActPageState::kChanged;
    return Rendered(view, 409);
  }
  view.new_email = form.Get("new_email");
  view.code = form.Get("code");
  if (translates) return Rendered(view, 200);
  web::ContactSubmission contact;
  if (IsAboutContact(act->kind)) {
    ASSIGN_OR_RETURN(contact, ReadContact(pressed, form, plan));
    view.new_email = contact.typed;
    view.email_error = contact.error;
    if (!view.email_error.empty()) return Rendered(view, 422);
  }
  if (asks_for_code) return MailCode(pressed, act->kind, corrector, std::move(view));
  ASSIGN_OR_RETURN(std::optional<HttpResponse> refused, CheckCode(pressed, act->kind, form, view));
  if (refused.has_value()) return *std::move(refused);
  ASSIGN_OR_RETURN(const std::vector<std::string> codes, acts_.Do(pressed, act->kind, plan, contact.email));
  if (codes.empty()) return web::SeeOther(receipt_path);
  view.state = ActPageState::kCodesShown;
  for (size_t i = 0; i < codes.size(); ++i) view.items[i].transfer_code = codes[i];
  return Rendered(view, 200);
}

bool ReceiptActPages::MayLookUp(const Link& link) {
  const std::string id = link.link_id.ToString();
  const absl::Time now = absl::Now();
  if (!numbers_.MayTry(id, now)) return false;
  numbers_.CountWrong(id, now);
  return true;
}

absl::StatusOr<web::ContactSubmission> ReceiptActPages::ReadContact(const PressedPage& pressed, const web::Form& form,
                                                                    const v1::ReceiptActPlan& plan) const {
  const web::Language& language = *pressed.page.language;
  web::ContactSubmission contact = web::ReadContactForm(form, language);
  if (!contact.error.empty()) return contact;
  const absl::Status possible = acts_.CheckContact(pressed, plan, contact.email);
  const bool refused = absl::IsFailedPrecondition(possible) || absl::IsInvalidArgument(possible);
  if (!refused) RETURN_IF_ERROR(possible);
  if (!refused) return contact;
  const std::string reason = DetailsOf(possible).reason;
  absl::string_view error = "error.email";
  if (reason == "BILLING_CONTACT_UNCHANGED") error = "act.contact_same";
  if (reason == "PARTNERS_DOMAIN") error = "act.contact_partners";
  contact.error = language.Text(error);
  return contact;
}

HttpResponse ReceiptActPages::MailCode(const PressedPage& pressed, ReceiptActKind kind, const std::string& to,
                                       web::ActPageView view) {
  const absl::StatusOr<std::string> sent_to = codes_.Mail(pressed, PurposeOf(kind), to);
  if (sent_to.ok()) {
    view.state = ActPageState::kCodeMailed;
    view.code_sent_to = *sent_to;
    return Rendered(view, 200);
  }
  view.state = ActPageState::kCodeNotMailed;
  view.too_many_codes = DetailsOf(sent_to.status()).reason == "TOO_MANY_CODES";
  if (view.too_many_codes) return Rendered(view, 429);
  Log(Level::kError, "code not mailed",
      {{"trace_id", pressed.trace_id}, {"code", absl::StatusCodeToString(sent_to.status().code())}});
  return Rendered(view, 503);
}

absl::StatusOr<std::optional<HttpResponse>> ReceiptActPages::CheckCode(PressedPage& pressed, ReceiptActKind kind,
                                                                       const web::Form& form, web::ActPageView view) {
  ASSIGN_OR_RETURN(const Codes::Checked checked, codes_.Check(pressed, PurposeOf(kind), form.Get("code")));
  if (checked.verdict == Codes::Verdict::kRight) {
    pressed.code = checked.number;
    return std::nullopt;
  }
  view.state = ActPageState::kCodeWrong;
  view.code_sent_to = checked.sent_to;
  view.code_error = CodeErrorText(*pressed.page.language, checked);
  return Rendered(view, 422);
}

}  // namespace countersign::link
