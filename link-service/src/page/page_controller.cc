#include "link-service/src/page/page_controller.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/date.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/rpc/names.h"
#include "link-service/src/api/names.h"
#include "link-service/src/domain/link_token.h"
#include "link-service/src/page/page_views.h"
#include "link-service/src/web/order_forms.h"

namespace countersign::link {
namespace {

using web::HtmlResponse;
using web::HttpMethod;
using web::HttpRequest;
using web::HttpResponse;
using web::OrderPageState;

// How long the page waits for both peers together; it can be shown without them.
constexpr absl::Duration kPeersTimeout = absl::Seconds(1);
constexpr char kRetryAfterSeconds[] = "60";

// Errors that pass on their own. After a press it is then not known what order-service did.
bool IsPassing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) || absl::IsResourceExhausted(status) ||
         absl::IsAborted(status) || absl::IsCancelled(status);
}

// The path is a secret and the form is personal: neither is logged. Nor is a customer's address, but where a request
// opened no link it is a stranger's.
void LogRequest(const HttpRequest& request, const HttpResponse& response, absl::Duration duration) {
  LogFields fields = {{"method", request.method == HttpMethod::kPost ? "POST" : "GET"},
                      {"status", absl::StrCat(response.status)},
                      {"duration_ms", absl::StrCat(absl::ToInt64Milliseconds(duration))},
                      {"trace_id", request.trace_id}};
  if (response.status == 404 || response.status == 429) {
    fields.emplace_back("peer", request.peer_address);
    return LogOfStranger(Level::kInfo, "page", std::move(fields));
  }
  Log(response.status >= 500 ? Level::kWarning : Level::kInfo, "page", fields);
}

}  // namespace

HttpResponse PageController::Handle(const HttpRequest& request) {
  const absl::Time start = absl::Now();
  HttpResponse response = Answer(request);
  LogRequest(request, response, absl::Now() - start);
  return response;
}

HttpResponse PageController::Answer(const HttpRequest& request) {
  if (!absl::StartsWith(request.path, kLinkPathPrefix)) {
    return HtmlResponse(404, web::RenderErrorPage(vendor_.name, 404, request.trace_id));
  }
  const absl::StatusOr<Link> link = Open(request);
  // Only wrong links count, and only they are refused: everybody behind one proxy or NAT has the same address.
  if (absl::IsNotFound(link.status())) {
    const absl::Time now = absl::Now();
    if (!guesses_.MayTry(request.peer_address, now)) {
      HttpResponse response = HtmlResponse(429, web::RenderRateLimitedPage(vendor_.name));
      response.headers.Set("Retry-After", kRetryAfterSeconds);
      return response;
    }
    guesses_.CountWrong(request.peer_address, now);
    return HtmlResponse(404, web::RenderUnknownLinkPage(vendor_.name));
  }
  if (!link.ok()) return ErrorPage(link.status(), request);
  const absl::StatusOr<ShownPage> page = ShownPageOf(*link, vendor_.name);
  if (!page.ok()) return ErrorPage(page.status(), request);

  const Visit visit{request, *link, *page};
  if (request.method == HttpMethod::kPost) return Press(visit);
  HttpResponse response = Show(visit, PageStateOf(*link, parts_.clock.Now()), 200);
  if (request.method == HttpMethod::kGet) parts_.views.Count(link->link_id, parts_.clock.Now());
  return response;
}

absl::StatusOr<Link> PageController::Open(const HttpRequest& request) {
  // A path that is not a token is looked up, too, so that the answer takes as long.
  const LinkToken token = ParsePath(request.path).value_or(LinkToken());
  ASSIGN_OR_RETURN(std::optional<Link> link, parts_.links.Find(request.deadline, token.link_id));
  const bool opens = Opens(parts_.link_keys, token, link.has_value() ? &*link : nullptr);
  if (!opens || !IsReadable(*link, parts_.clock.Now())) return LinkNotFound(token.link_id);
  return *std::move(link);
}

HttpResponse PageController::Show(const Visit& visit, OrderPageState state, int status) {
  absl::StatusOr<web::OrderPageView> view = ViewOf(visit.link, visit.page, state);
  if (view.ok()) view->vendor_contact = vendor_.contact;
  if (view.ok() && state == OrderPageState::kConfirmed) AddFromPeers(visit, *view);
  return Render(view, status, visit.request);
}

HttpResponse PageController::Render(const absl::StatusOr<web::OrderPageView>& view, int status,
                                    const HttpRequest& request) {
  if (!view.ok()) return ErrorPage(view.status(), request);
  return HtmlResponse(status, web::RenderOrderPage(*view));
}

HttpResponse PageController::ErrorPage(const absl::Status& error, const HttpRequest& request) {
  const int status = IsPassing(error) ? 503 : 500;
  // The message may be internal, so it is for the log only.
  Log(Level::kError, "page failed",
      {{"trace_id", request.trace_id}, {"error", error.ToString()}, {"reason", DetailsOf(error).reason}});
  return HtmlResponse(status, web::RenderErrorPage(vendor_.name, status, request.trace_id));
}

HttpResponse PageController::Press(const Visit& visit) {
  const absl::StatusOr<web::Form> form =
      web::Form::Parse(visit.request.headers.Get("Content-Type"), visit.request.body);
  const absl::StatusOr<web::OrderAction> action = form.ok() ? web::ActionOf(*form) : form.status();
  if (!action.ok()) {
    return HtmlResponse(400, web::RenderErrorPage(vendor_.name, 400, visit.request.trace_id));
  }
  // The same answer as the first time, whatever the form says now.
  if (visit.link.state == LinkState::kConfirmed) return web::SeeOther(visit.request.path);
  const bool declined_again = visit.link.state == LinkState::kDeclined && *action == web::OrderAction::kDecline;
  if (declined_again) return web::SeeOther(visit.request.path);
  if (visit.link.state != LinkState::kActive) {
    return Show(visit, PageStateOf(visit.link, parts_.clock.Now()), 409);
  }
  return *action == web::OrderAction::kConfirm ? Confirm(visit, *form) : Decline(visit, *form);
}

PressedPage PageController::PressedOn(const Visit& visit) {
  return {.link = visit.link,
          .page = visit.page,
          .ip_address = visit.request.peer_address,
          .user_agent = std::string(visit.request.headers.Get("User-Agent")),
          .trace_id = visit.request.trace_id,
          .deadline = visit.request.deadline};
}

HttpResponse PageController::Confirm(const Visit& visit, const web::Form& form) {
  const web::ConfirmSubmission submission = web::ReadConfirmForm(form);
  absl::StatusOr<web::OrderPageView> view = ViewOf(visit.link, visit.page, OrderPageState::kReview);
  if (!view.ok()) return ErrorPage(view.status(), visit.request);
  view->form = submission.typed;
  if (submission.revision != visit.link.revision || submission.content_hash != view->content_hash) {
    // The customer agreed to something other than what is shown now, so the tick does not count either.
    view->state = OrderPageState::kReviewChanged;
    view->form.agreement_accepted = false;
    return Render(view, 409, visit.request);
  }
  if (!submission.ok()) {
    view->errors = submission.errors;
    return Render(view, 422, visit.request);
  }
  return AfterPress(visit, parts_.presses.Confirm(PressedOn(visit), submission.form),
                    [&](web::OrderPageView& not_known) {
                      not_known.state = OrderPageState::kReceived;
                      not_known.form = submission.typed;
                    });
}

HttpResponse PageController::Decline(const Visit& visit, const web::Form& form) {
  const web::DeclineSubmission submission = web::ReadDeclineForm(form);
  if (!submission.ok()) {
    absl::StatusOr<web::OrderPageView> view = ViewOf(visit.link, visit.page, OrderPageState::kReview);
    if (view.ok()) view->decline_reason = submission.typed_reason;
    if (view.ok()) view->errors = submission.errors;
    return Render(view, 422, visit.request);
  }
  return AfterPress(
      visit, parts_.presses.Decline(PressedOn(visit), submission.reason), [&](web::OrderPageView& not_known) {
        not_known.decline_reason = submission.typed_reason;
        not_known.errors = {{"reason", "The order could not be declined in time. Please press “Decline order” again."}};
      });
}

HttpResponse PageController::AfterPress(const Visit& visit, const absl::StatusOr<Presses::Decided>& result,
                                        absl::FunctionRef<void(web::OrderPageView&)> not_known) {
  if (result.ok() && result->stored) return web::SeeOther(visit.request.path);
  if (result.ok()) {
    // Decided, but our own copy is late: a redirect would show the form again.
    return Show({visit.request, result->link, visit.page}, PageStateOf(result->link, parts_.clock.Now()), 200);
  }
  if (absl::IsFailedPrecondition(result.status())) {
    return Show(visit, PageStateOfRefusal(result.status()), 409);
  }
  if (!IsPassing(result.status())) return ErrorPage(result.status(), visit.request);
  absl::StatusOr<web::OrderPageView> view = ViewOf(visit.link, visit.page, OrderPageState::kReview);
  if (view.ok()) not_known(*view);
  return Render(view, 503, visit.request);
}

void PageController::AddFromPeers(const Visit& visit, web::OrderPageView& view) {
  const rpc::Outgoing outgoing{.caller = "services/link-service",
                               .on_behalf_of = rpc::FormatName(kLinkName, {visit.link.link_id}),
                               .trace_id = visit.request.trace_id,
                               .deadline = std::min(visit.request.deadline, absl::Now() + kPeersTimeout)};
  order::v1::GetOrderRequest get_order;
  get_order.set_name(rpc::FormatName(kOrderName, {visit.link.partner_id, visit.link.order_id}));
  const absl::StatusOr<order::v1::Order> order = parts_.orders.GetOrder(outgoing, get_order);
  if (!order.ok()) return;
  AddOrder(*order, view);
  if (view.state != OrderPageState::kCompleted) return;
  billing::v1::ListInvoicesRequest list_invoices;
  list_invoices.set_parent(order->billing_account());
  list_invoices.set_order(order->name());
  const absl::StatusOr<billing::v1::ListInvoicesResponse> invoices =
      parts_.billing.ListInvoices(outgoing, list_invoices);
  if (invoices.ok()) AddInvoices(*invoices, DateOf(parts_.clock.Now()), view);
}

}  // namespace countersign::link
