// Handles the buttons of the order's page.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/base/hex.h"
#include "common/base/log.h"
#include "common/base/uuid.h"
#include "link-service/src/domain/link_token.h"
#include "link-service/src/domain/new_link_request.h"
#include "link-service/src/page/page_changes.h"
#include "link-service/src/page/page_controller.h"
#include "link-service/src/page/page_views.h"
#include "link-service/src/web/language.h"
#include "link-service/src/web/language_choice.h"
#include "link-service/src/web/order_forms.h"

namespace countersign::link {
namespace {

using web::HttpResponse;
using web::OrderPageState;

}  // namespace

HttpResponse PageController::Press(const Visit& visit) {
  const absl::StatusOr<web::Form>& form = visit.form;
  const absl::StatusOr<web::OrderAction> action = form.ok() ? web::ActionOf(*form) : form.status();
  if (!action.ok()) return Refusal(400, visit.request);
  if (*action == web::OrderAction::kAskForNewLink) return AskForNewLink(visit);
  const bool open = visit.link.state == LinkState::kActive;
  if (*action == web::OrderAction::kLanguage) {
    return open ? ChangeLanguage(visit, *form) : Redirect(visit, visit.request.path);
  }
  if (!open) return PressTooLate(visit, *action, web::FormIdOf(*form));
  if (*action == web::OrderAction::kDecline) return Decline(visit, *form);
  if (*action == web::OrderAction::kSendCode) return SendCode(visit, *form);
  return Confirm(visit, *form, *action);
}

HttpResponse PageController::PressTooLate(const Visit& visit, web::OrderAction action, const Uuid& form_id) {
  const bool confirmed = visit.link.state == LinkState::kConfirmed, declined = visit.link.state == LinkState::kDeclined;
  const OrderPageState state = PageStateOf(visit.link);
  if (confirmed && action == web::OrderAction::kDecline) return Show(visit, state, 409, web::LostPress::kDecline);
  if (declined && action == web::OrderAction::kConfirm) return Show(visit, state, 409, web::LostPress::kConfirm);
  // The same answer as the first time, whatever the form says now.
  if (confirmed && !form_id.is_nil()) {
    const absl::StatusOr<Uuid> form = parts_.press_store.ConfirmForm(visit.request.deadline, visit.link.link_id);
    if (form.ok() && *form == form_id) return Redirect(visit, ReceiptPath(visit.link, form_id));
  }
  return confirmed || declined ? Redirect(visit, visit.request.path) : Show(visit, state, 409);
}

HttpResponse PageController::PressOnReceipt(const Visit& visit) {
  if (!visit.form.ok()) return Refusal(400, visit.request);
  absl::StatusOr<std::optional<HttpResponse>> answer = parts_.receipt_acts.Press(
      PressedOn(visit, Uuid()), *visit.form, web::InLanguage(visit.request.path, visit.request, *visit.page.language));
  if (!answer.ok()) return ErrorPage(answer.status(), visit.request);
  if (!answer->has_value()) return Refusal(400, visit.request);
  return **std::move(answer);
}

HttpResponse PageController::AskForNewLink(const Visit& visit) {
  // From an old tab: the page says how the order stands now.
  if (!MayAskForNewLink(visit.link)) return Redirect(visit, visit.request.path);
  const absl::Status asked = parts_.new_links.Ask(PressedOn(visit, Uuid()));
  return asked.ok() ? Redirect(visit, visit.request.path) : ErrorPage(asked, visit.request);
}

std::string PageController::ReceiptPath(const Link& link, const Uuid& form_id) const {
  return ReceiptPathOf(ReceiptOf(parts_.link_keys, ReceiptFor::kBrowser, link.link_id, form_id));
}

PressedPage PageController::PressedOn(const Visit& visit, const Uuid& form_id) {
  return {.link = visit.link,
          .page = visit.page,
          .ip_address = visit.request.peer_address,
          .user_agent = std::string(visit.request.headers.Get("User-Agent")),
          .trace_id = visit.request.trace_id,
          .span_id = visit.request.span_id,
          .deadline = visit.request.deadline,
          .form_id = form_id};
}

std::vector<std::string> PageController::ChangesSince(const Visit& visit, const std::string& content_hash) {
  const absl::StatusOr<std::optional<std::string>> kept =
      parts_.press_store.FindContent(visit.request.deadline, visit.link.link_id, HexToBytes(content_hash));
  if (!kept.ok() || !kept->has_value()) return {};
  const absl::StatusOr<std::string> bytes = Uncompressed(**kept);
  v1::PageContent before;
  if (!bytes.ok() || !before.ParseFromString(*bytes)) return {};
  return ChangesBetween(before, visit.page.content, *visit.page.language);
}

web::ConfirmSubmission PageController::ReadForm(const Visit& visit, const web::Form& form) {
  return web::ReadConfirmForm(form, *visit.page.language, FormPartsOf(visit.page.content.review()));
}

bool PageController::IsShownNow(const Visit& visit, const std::string& content_hash) const {
  const std::string sha256 = HexToBytes(content_hash);
  if (sha256 == visit.page.sha256) return true;
  const absl::StatusOr<std::optional<ShownPage>> found = FindShown(visit.link, sha256);
  return found.ok() && found->has_value();
}

absl::StatusOr<web::OrderPageView> PageController::Filled(const Visit& visit, const web::Form& form,
                                                          const web::ConfirmSubmission& submission) {
  absl::StatusOr<web::OrderPageView> view = ViewFor(visit, OrderPageState::kReview);
  if (!view.ok()) return view;
  view->form = submission.typed;
  view->form_kept = true;
  view->decline_reason = web::ReadDeclineForm(form, *visit.page.language).typed_reason;
  if (!submission.form_id.is_nil()) view->form_id = submission.form_id.ToString();
  if (submission.content_hash != view->content_hash) view->form.agreement_accepted = false;  // Of other words.
  if (submission.revision != visit.link.revision || !IsShownNow(visit, submission.content_hash)) {
    // The customer agreed to something other than what is shown now, so the tick does not count either.
    view->state = OrderPageState::kReviewChanged;
    view->form.agreement_accepted = false;
    view->changes = ChangesSince(visit, submission.content_hash);
  }
  return view;
}

HttpResponse PageController::Confirm(const Visit& visit, const web::Form& form, web::OrderAction action) {
  const web::ConfirmSubmission submission = ReadForm(visit, form);
  absl::StatusOr<web::OrderPageView> view = Filled(visit, form, submission);
  if (!view.ok()) return ErrorPage(view.status(), visit.request);
  if (view->state == OrderPageState::kReviewChanged) return Render(std::move(view), 409, visit);
  view->errors = submission.errors;
  const web::Language& language = *visit.page.language;
  // Its offers are sold in some regions only, so order-service would refuse another.
  const std::string& region = visit.page.content.review().region_code();
  if (submission.ok() && view->asks.who_pays && !region.empty() && submission.form.country != region) {
    view->errors = {{"country", language.Format("error.other_country", {{"country", language.CountryText(region)}})}};
  }
  if (view->shows_payer && submission.form.purchase_order_number.empty()) {
    AddPayer(visit, *view);
    if (view->asks.needs_purchase_order) {
      view->errors.insert(view->errors.begin(),
                          {"purchase_order_number", language.Text("error.purchase_order_number")});
    }
  }
  if (!view->errors.empty()) return Render(std::move(view), 422, visit);
  if (action == web::OrderAction::kCheck) {
    view->state = OrderPageState::kChecked;
    return Render(std::move(view), 200, visit);
  }
  const Uuid form_id = Uuid::Parse(view->form_id).value_or(Uuid());
  PressedPage pressed = PressedOn(visit, form_id);
  if (view->needs_code) {
    if (std::optional<HttpResponse> refused = CheckCode(pressed, *view, visit)) return *std::move(refused);
  }
  return AfterPress(visit, parts_.presses.Confirm(pressed, submission.form),
                    {action, submission.typed, view->decline_reason, form_id});
}

HttpResponse PageController::ChangeLanguage(const Visit& visit, const web::Form& form) {
  const web::ConfirmSubmission submission = ReadForm(visit, form);
  absl::StatusOr<web::OrderPageView> view = ViewFor(visit, OrderPageState::kReview);
  if (!view.ok()) return ErrorPage(view.status(), visit.request);
  // Nothing was typed, so the page can be opened anew, under an address that can be kept.
  if (submission.typed == view->form && form.Get("reason").empty()) return Redirect(visit, visit.request.path);
  view = Filled(visit, form, submission);
  if (!view.ok()) return ErrorPage(view.status(), visit.request);
  if (view->state == OrderPageState::kReviewChanged) return Render(std::move(view), 409, visit);
  const absl::StatusOr<OrderPageState> state = StateOf(visit);
  if (!state.ok()) return ErrorPage(state.status(), visit.request);
  view->state = *state;
  return Render(std::move(view), 200, visit);
}

HttpResponse PageController::SendCode(const Visit& visit, const web::Form& form) {
  const web::ConfirmSubmission submission = ReadForm(visit, form);
  absl::StatusOr<web::OrderPageView> view = Filled(visit, form, submission);
  if (!view.ok()) return ErrorPage(view.status(), visit.request);
  if (view->state == OrderPageState::kReviewChanged) return Render(std::move(view), 409, visit);
  if (!view->needs_code) return Refusal(400, visit.request);
  view->form.code.clear();
  const absl::StatusOr<std::string> sent_to =
      parts_.codes.Mail(PressedOn(visit, submission.form_id), CodePurpose::kConfirmOrder);
  if (sent_to.ok()) {
    view->state = OrderPageState::kCodeMailed;
    view->code_sent_to = *sent_to;
    return Render(std::move(view), 200, visit);
  }
  view->state = OrderPageState::kCodeNotMailed;
  view->too_many_codes = DetailsOf(sent_to.status()).reason == "TOO_MANY_CODES";
  if (view->too_many_codes) return Render(std::move(view), 429, visit);
  Log(Level::kError, "code not mailed",
      {{"trace_id", visit.request.trace_id}, {"code", absl::StatusCodeToString(sent_to.status().code())}});
  return Render(std::move(view), 503, visit);
}

std::optional<HttpResponse> PageController::CheckCode(PressedPage& pressed, web::OrderPageView& view,
                                                      const Visit& visit) {
  const absl::StatusOr<Codes::Checked> checked =
      parts_.codes.Check(pressed, CodePurpose::kConfirmOrder, view.form.code);
  if (!checked.ok()) {
    view.errors = {{"code", view.language->Text("code.not_checked")}};
    return Render(view, 503, visit);
  }
  view.code_sent_to = checked->sent_to;
  if (checked->verdict == Codes::Verdict::kRight) {
    pressed.code = checked->number;
    return std::nullopt;
  }
  view.errors = {{"code", CodeErrorText(*view.language, *checked)}};
  view.form.code.clear();
  return Render(view, 422, visit);
}

HttpResponse PageController::Decline(const Visit& visit, const web::Form& form) {
  const web::DeclineSubmission submission = web::ReadDeclineForm(form, *visit.page.language);
  const Typed typed = {web::OrderAction::kDecline, ReadForm(visit, form).typed, submission.typed_reason,
                       web::FormIdOf(form)};
  if (!submission.ok()) {
    absl::StatusOr<web::OrderPageView> view = ViewFor(visit, OrderPageState::kReview);
    if (view.ok()) {
      view->form = typed.form;
      view->form_kept = true;
      view->decline_reason = submission.typed_reason;
      view->errors = submission.errors;
    }
    return Render(std::move(view), 422, visit);
  }
  return AfterPress(visit, parts_.presses.Decline(PressedOn(visit, Uuid()), submission.reason), typed);
}

HttpResponse PageController::AfterPress(const Visit& visit, const absl::StatusOr<Presses::Decided>& result,
                                        const Typed& typed) {
  const bool declined = typed.action == web::OrderAction::kDecline;
  const auto lost = [&](OrderPageState state) {
    if (state == OrderPageState::kConfirmed && declined) return web::LostPress::kDecline;
    return state == OrderPageState::kDeclined && !declined ? web::LostPress::kConfirm : web::LostPress::kNone;
  };
  if (result.ok()) {
    const OrderPageState state = PageStateOf(result->link);
    const Visit now = {visit.request, visit.form, result->link, visit.page};
    if (result->stored && lost(state) == web::LostPress::kNone) {
      if (result->by_another) return PressTooLate(now, typed.action, typed.form_id);
      return Redirect(visit, declined ? visit.request.path : ReceiptPath(result->link, typed.form_id));
    }
    // If our own copy is late, a redirect would show the form again.
    return Show(now, state, result->stored ? 409 : 200, lost(state));
  }
  if (absl::IsFailedPrecondition(result.status())) {
    const OrderPageState state = PageStateOfRefusal(result.status());
    return Show(visit, state, 409, lost(state));
  }
  // Also after a COMMIT whose fate nobody knows it is not known what order-service did.
  const absl::Status& why = result.status();
  const bool in_doubt = IsPassing(why) || absl::IsUnknown(why) || absl::IsInternal(why) || absl::IsDataLoss(why);
  if (!in_doubt) return ErrorPage(result.status(), visit.request);
  absl::StatusOr<web::OrderPageView> view =
      ViewFor(visit, declined ? OrderPageState::kDeclineReceived : OrderPageState::kReceived);
  if (view.ok()) {
    view->form = typed.form;
    view->form_kept = true;
    view->decline_reason = typed.decline_reason;
    if (!typed.form_id.is_nil()) view->form_id = typed.form_id.ToString();
  }
  return Render(std::move(view), 503, visit);
}

}  // namespace countersign::link
