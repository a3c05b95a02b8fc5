#include "link-service/src/page/page_controller.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/date.h"
#include "common/base/error.h"
#include "common/base/hex.h"
#include "common/base/log.h"
#include "common/base/span.h"
#include "common/base/status_macros.h"
#include "common/rpc/names.h"
#include "link-service/src/api/names.h"
#include "link-service/src/domain/link_token.h"
#include "link-service/src/domain/masked_address.h"
#include "link-service/src/domain/new_link_request.h"
#include "link-service/src/page/contact_proof.h"
#include "link-service/src/page/page_views.h"
#include "link-service/src/page/printed_invoice.h"
#include "link-service/src/page/receipt_invoices.h"
#include "link-service/src/store/page_view_store.h"
#include "link-service/src/web/agreements.h"
#include "link-service/src/web/find_page.h"
#include "link-service/src/web/language.h"
#include "link-service/src/web/language_choice.h"
#include "link-service/src/web/notice_page.h"
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

// A view by a person is a navigation that says so; mail scanners, link previews and prefetchers do not.
bool IsByPerson(const HttpRequest& request) {
  return request.headers.GetList("Sec-Fetch-Mode") == "navigate" && request.headers.GetList("Sec-Fetch-User") == "?1";
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
    return LogSparingly(Level::kInfo, "page", std::move(fields));
  }
  Log(response.status >= 500 ? Level::kWarning : Level::kInfo, "page", fields);
}

void RecordSpan(const HttpRequest& request, const HttpResponse& response, absl::Time start) {
  SpanSink* const spans = SpanSink::OfProcess();
  if (spans == nullptr) return;
  spans->Record({.trace_id = request.trace_id,
                 .span_id = request.span_id,
                 .parent_id = request.parent_span_id,
                 .kind = Span::Kind::kServer,
                 .name = request.method == HttpMethod::kPost ? "page POST" : "page GET",
                 .start = start,
                 .duration = absl::Now() - start,
                 .code = response.status >= 500 ? absl::StatusCode::kUnavailable : absl::StatusCode::kOk,
                 .reason = response.status >= 500 ? absl::StrCat("HTTP_", response.status) : ""});
}

}  // namespace

HttpResponse PageController::Handle(const HttpRequest& request) {
  const absl::Time start = absl::Now();
  HttpResponse response = Answer(request);
  LogRequest(request, response, absl::Now() - start);
  RecordSpan(request, response, start);
  return response;
}

HttpResponse PageController::Answer(const HttpRequest& request) {
  if (absl::StartsWith(request.path, web::kAgreementPath)) return Agreement(request);
  if (request.path == web::kFindPath || request.path == web::kFoundPath) return FindPage(request);
  if (!absl::StartsWith(request.path, kLinkPathPrefix) && !absl::StartsWith(request.path, kReceiptPathPrefix)) {
    return Refusal(404, request);
  }
  const absl::StatusOr<Opened> opened = Open(request);
  // Only wrong links count, and only they are refused: everybody behind one proxy or NAT has the same address.
  if (absl::IsNotFound(opened.status())) {
    const absl::Time now = absl::Now();
    if (!guesses_.MayTry(request.peer_address, now)) {
      HttpResponse response = HtmlResponse(429, web::RenderRateLimitedPage(vendor_, web::LanguageOf(request)));
      response.headers.Set("Retry-After", kRetryAfterSeconds);
      return response;
    }
    guesses_.CountWrong(request.peer_address, now);
    return HtmlResponse(404, web::RenderUnknownLinkPage(vendor_, web::LanguageOf(request)));
  }
  if (!opened.ok()) return ErrorPage(opened.status(), request);
  absl::StatusOr<web::Form> form = web::Form();
  if (request.method == HttpMethod::kPost) form = web::Form::Parse(request.headers.Get("Content-Type"), request.body);
  const absl::StatusOr<ShownPage> page = PageOf(request, form, opened->link);
  if (!page.ok()) return ErrorPage(page.status(), request);
  return Serve({request, form, opened->link, *page, opened->by_receipt, opened->by_contact});
}

absl::StatusOr<ShownPage> PageController::PageOf(const HttpRequest& request, const absl::StatusOr<web::Form>& form,
                                                 const Link& link) const {
  // The button says in its address which language it asks for.
  if (form.ok() && form->Get("action") == web::kLanguageAction) {
    return ShownPageOf(link, vendor_, web::LanguageOf(request));
  }
  const web::Language& chosen = form.ok() ? web::LanguageOf(request, *form) : web::LanguageOf(request);
  ASSIGN_OR_RETURN(ShownPage page, ShownPageOf(link, vendor_, chosen));
  const std::string confirmed = form.ok() ? HexToBytes(web::ContentHashOf(*form)) : "";
  if (confirmed.empty() || confirmed == page.sha256) return page;
  ASSIGN_OR_RETURN(std::optional<ShownPage> found, FindShown(link, confirmed));
  return found.has_value() ? *std::move(found) : std::move(page);
}

absl::StatusOr<std::optional<ShownPage>> PageController::FindShown(const Link& link, absl::string_view sha256) const {
  for (const web::Language* language : web::Languages()) {
    ASSIGN_OR_RETURN(ShownPage page, ShownPageOf(link, vendor_, *language));
    if (page.sha256 == sha256) return page;
  }
  return std::nullopt;
}

HttpResponse PageController::Serve(const Visit& visit) {
  if (visit.request.method == HttpMethod::kPost) {
    return visit.by_receipt ? PressOnReceipt(visit) : Press(visit);
  }
  if (const auto number = InvoiceNumberIn(visit.request.query); visit.by_receipt && number.has_value()) {
    return Print(visit, *number);
  }
  const absl::StatusOr<OrderPageState> state = StateOf(visit);
  if (!state.ok()) return ErrorPage(state.status(), visit.request);
  HttpResponse response = Show(visit, *state, 200);
  if (visit.request.method == HttpMethod::kGet && !visit.by_receipt) CountView(visit);
  if (visit.request.method == HttpMethod::kGet && visit.by_contact && IsByPerson(visit.request)) {
    ContactMailRead read = ContactMailReadOf(PressedOn(visit, Uuid()), parts_.clock.Now());
    parts_.views.Record(read.id, std::move(read.change));
  }
  return response;
}

void PageController::CountView(const Visit& visit) {
  const absl::Time now = parts_.clock.Now();
  const bool by_person = IsByPerson(visit.request);
  parts_.views.Count(visit.link.link_id, now, by_person);
  if (!by_person || visit.link.view_count >= kMaxRecordedViews) return;
  const PressedPage seen = PressedOn(visit, Uuid());
  const PageView view = PageViewOf(seen, now);
  const rpc::Call call = CallOfHolder(seen, "VIEW", view.view_id, now);
  parts_.views.Record(view.view_id,
                      {.events = {PageViewEventOf(call, view)}, .reply = std::nullopt, .rows = {PageViewRow(view)}});
}

absl::StatusOr<PageController::Opened> PageController::Open(const HttpRequest& request) {
  const bool by_receipt = absl::StartsWith(request.path, kReceiptPathPrefix);
  // A path that is not a token is looked up, too, so that the answer takes as long.
  const LinkToken token = (by_receipt ? ParseReceiptPath(request.path) : ParsePath(request.path)).value_or(LinkToken());
  ASSIGN_OR_RETURN(std::optional<Link> link, parts_.links.Find(request.deadline, token.link_id));
  bool opens = false, by_contact = false;
  if (by_receipt) {
    ASSIGN_OR_RETURN(const Uuid form, parts_.press_store.ConfirmForm(request.deadline, token.link_id));
    const bool confirmed = !form.is_nil() && link.has_value() && link->state == LinkState::kConfirmed;
    opens = confirmed && OpensReceipt(parts_.link_keys, token, form);
    by_contact = IsReceiptFor(ReceiptFor::kContact, parts_.link_keys, token, form);
  } else {
    opens = Opens(parts_.link_keys, token, link.has_value() ? &*link : nullptr);
  }
  if (!opens) return LinkNotFound(token.link_id);
  Opened opened{*std::move(link), by_receipt, by_contact};
  ASSIGN_OR_RETURN(const bool readable, IsStillReadable(request, opened));
  if (!readable) return LinkNotFound(token.link_id);
  return opened;
}

absl::StatusOr<bool> PageController::IsStillReadable(const HttpRequest& request, const Opened& opened) const {
  const absl::Time now = parts_.clock.Now();
  if (!opened.by_receipt) return IsReadable(opened.link, now);
  return parts_.receipts.IsReadable(OutgoingFor(request, opened.link), opened.link, now);
}

HttpResponse PageController::Agreement(const HttpRequest& request) {
  const absl::string_view version = absl::string_view(request.path).substr(web::kAgreementPath.size());
  const std::optional<absl::string_view> text = vendor_.agreements.Find(version);
  if (!text.has_value() || request.method == HttpMethod::kPost) {
    return Refusal(404, request);
  }
  const countersign::link::Agreement agreement = AgreementOf(*text);
  return HtmlResponse(200, web::RenderAgreement(vendor_,
                                                {.title = std::string(agreement.title),
                                                 .version = std::string(version),
                                                 .text = std::string(agreement.body)},
                                                web::LanguageOf(request)));
}

absl::StatusOr<OrderPageState> PageController::StateOf(const Visit& visit) {
  const OrderPageState state = PageStateOf(visit.link);
  if (visit.link.state != LinkState::kActive) return state;
  ASSIGN_OR_RETURN(const std::optional<PressStore::LastPress> press,
                   parts_.press_store.FindLast(visit.request.deadline, visit.link.link_id));
  if (!press.has_value() || !press->outcome.empty()) return state;
  return press->act == PressAct::kConfirm ? OrderPageState::kReceived : OrderPageState::kDeclineReceived;
}

absl::StatusOr<web::OrderPageView> PageController::ViewFor(const Visit& visit, OrderPageState state) {
  absl::StatusOr<web::OrderPageView> view = ViewOf(visit.link, visit.page, state, vendor_, parts_.clock.Now());
  if (view.ok()) view->form_id = NewFormId().ToString();
  return view;
}

HttpResponse PageController::Show(const Visit& visit, OrderPageState state, int status, web::LostPress lost) {
  absl::StatusOr<web::OrderPageView> view = ViewFor(visit, state);
  if (view.ok()) view->lost = lost;
  if (view.ok() && state == OrderPageState::kConfirmed) {
    view->is_receipt = visit.by_receipt;
    if (visit.by_receipt) view->printed_url = absl::StrCat(vendor_.public_url, web::kFindPath);
    view->shown_time = parts_.clock.Now();
    AddFromPeers(visit, *view);
    AddFromPress(visit, *view);
  }
  if (view.ok() && state == OrderPageState::kExpired) {
    const absl::StatusOr<bool> asked = parts_.new_links.WasAskedToday(visit.request.deadline, visit.link);
    view->new_link_asked = asked.ok() && *asked;  // Asked again, it is still one request.
    view->may_ask_for_new_link = MayAskForNewLink(visit.link);
  }
  return Render(std::move(view), status, visit);
}

HttpResponse PageController::Render(absl::StatusOr<web::OrderPageView> view, int status, const Visit& visit) {
  if (!view.ok()) return ErrorPage(view.status(), visit.request);
  if (view->shows_payer && view->bill_to.empty() && IsOpen(view->state)) AddPayer(visit, *view);
  return HtmlResponse(status, web::RenderOrderPage(*view));
}

bool PageController::IsPassing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) || absl::IsResourceExhausted(status) ||
         absl::IsAborted(status) || absl::IsCancelled(status);
}

HttpResponse PageController::ErrorPage(const absl::Status& error, const HttpRequest& request) {
  if (IsLinkNotFound(error)) {  // Erased since the request opened it.
    return HtmlResponse(404, web::RenderUnknownLinkPage(vendor_, web::LanguageOf(request)));
  }
  const int status = IsPassing(error) ? 503 : 500;
  // The message may be internal, so it is for the log only.
  Log(Level::kError, "page failed",
      {{"trace_id", request.trace_id}, {"error", error.ToString()}, {"reason", DetailsOf(error).reason}});
  return HtmlResponse(status, web::RenderErrorPage(vendor_, status, request.trace_id, web::LanguageOf(request)));
}

HttpResponse PageController::Refusal(int status, const HttpRequest& request) {
  return HtmlResponse(status, web::RenderErrorPage(vendor_, status, request.trace_id, web::LanguageOf(request)));
}

HttpResponse PageController::Redirect(const Visit& visit, absl::string_view path) {
  return web::SeeOther(web::InLanguage(path, visit.request, *visit.page.language));
}

HttpResponse PageController::Print(const Visit& visit, absl::string_view number) {
  absl::StatusOr<HttpResponse> printed =
      PrintInvoice(parts_.orders, parts_.billing, OutgoingFor(visit.request, visit.link), visit.link, number);
  if (printed.ok()) return *std::move(printed);
  if (DetailsOf(printed.status()).reason == "LEGAL_ENTITY_MISSING") {  // An operator has to name the seller first.
    return HtmlResponse(409, web::RenderInvoiceLaterPage(vendor_, *visit.page.language));
  }
  return absl::IsNotFound(printed.status()) ? Refusal(404, visit.request) : ErrorPage(printed.status(), visit.request);
}

rpc::Outgoing PageController::OutgoingFor(const HttpRequest& request, const Link& link) {
  return {.caller = "services/link-service",
          .on_behalf_of = rpc::FormatName(kLinkName, {link.link_id}),
          .trace_id = request.trace_id,
          .deadline = std::min(request.deadline, absl::Now() + kPeersTimeout),
          .span_id = request.span_id};
}

void PageController::AddPayer(const Visit& visit, web::OrderPageView& view) {
  const rpc::Outgoing outgoing = OutgoingFor(visit.request, visit.link);
  const absl::StatusOr<billing::v1::BillingAccount> payer = parts_.receipts.PayerOf(outgoing, visit.link);
  if (!payer.ok()) return;
  view.bill_to = payer->company_name();
  view.bill_to_email = MaskedAddress(payer->billing_email());
  const bool given = !visit.page.content.review().purchase_order_number().empty();  // By the partner.
  if (given || !payer->purchase_order_rules().po_required()) return;
  const absl::StatusOr<order::v1::Order> order = parts_.receipts.OrderOf(outgoing, visit.link);
  view.asks.needs_purchase_order = order.ok() && parts_.receipt_acts.acts().LacksPurchaseOrder(outgoing, *order);
}

void PageController::AddFromPeers(const Visit& visit, web::OrderPageView& view) {
  const rpc::Outgoing outgoing = OutgoingFor(visit.request, visit.link);
  const absl::StatusOr<order::v1::Order> order = parts_.receipts.OrderOf(outgoing, visit.link);
  view.order_unknown = !order.ok();
  if (!order.ok()) return;
  const Date today = DateOf(parts_.clock.Now());
  AddOrder(*order, visit.page.content.review(), today, view);
  if (view.state != OrderPageState::kCompleted || !visit.by_receipt) return;
  const auto invoices = InvoicesOf(parts_.billing, outgoing, *order);
  view.invoices_unknown = !invoices.ok();
  if (invoices.ok()) AddInvoices(*invoices, today, view);
  if (const std::optional<Money> amount = AmountToPay(view); amount.has_value()) {
    AddPayment(SellerOf(parts_.billing, outgoing, std::string(amount->currency()), today), *amount, view);
  }
  const auto subscriptions = parts_.receipt_acts.acts().SubscriptionsOf(outgoing, *order);
  view.services_unknown = !subscriptions.ok();
  if (subscriptions.ok()) AddServices(*subscriptions, today, view);
  const auto acts = parts_.receipt_acts.acts().ListOf(visit.request.deadline, visit.link);
  if (acts.ok()) AddActs(*acts, view);
}

void PageController::AddFromPress(const Visit& visit, web::OrderPageView& view) {
  if (!visit.by_receipt && !parts_.writes_mail) return;
  const absl::StatusOr<std::optional<KeptPress>> kept =
      parts_.press_store.FindDecisive(visit.request.deadline, visit.link.link_id, PressAct::kConfirm);
  v1::PressEvidence evidence;
  if (!kept.ok() || !kept->has_value() || !evidence.ParseFromString((*kept)->press.evidence)) return;
  if (!visit.by_receipt) {
    view.written_to =
        MaskedAddress(evidence.billing_email().empty() ? evidence.confirmer_email() : evidence.billing_email());
    return;
  }
  AddEntered(evidence, visit.page.content.review().purchase_order_number(), view);
}

}  // namespace countersign::link
