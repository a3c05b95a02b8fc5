#include "link-service/src/page/page_views.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "link-service/src/page/page_sentences.h"
#include "link-service/src/page/receipt_acts.h"
#include "link-service/src/web/agreements.h"

namespace countersign::link {
namespace {

using web::OrderPageState;

// Seats of the next term, whose price is not known before the renewal.
bool IsPricedLater(const v1::OrderReview& review) {
  return review.kind() == "CHANGE_SEATS" && review.lines_size() == 1 && review.lines(0).at_renewal();
}

// The name of a message.
absl::string_view KindText(const v1::OrderReview& review) {
  if (review.kind() == "RENEW") return "kind.renewal";
  if (ChangesPartner(review)) return "kind.change_partner";
  if (review.kind() != "CHANGE_SEATS") return "kind.new";
  return IsPricedLater(review) ? "kind.seats_at_renewal" : "kind.more_seats";
}

absl::StatusOr<web::OrderLineView> LineOf(const web::Language& language, const v1::OrderReview& review,
                                          const v1::OrderReview::Line& line) {
  web::OrderLineView view;
  view.offer_name = line.offer_title();
  view.description = line.offer_description();
  view.seats = line.quantity();
  ASSIGN_OR_RETURN(view.unit_price, rpc::FromProto(line.unit_price()));
  ASSIGN_OR_RETURN(view.amount, rpc::FromProto(line.amount()));
  view.priced_later = IsPricedLater(review);
  view.promotion = line.promotion_title();
  if (line.has_list_unit_price()) {
    ASSIGN_OR_RETURN(const Money list_price, rpc::FromProto(line.list_unit_price()));
    const bool lower = list_price.micros() != view.unit_price.micros();
    if (lower) {
      view.promotion = language.Format(
          "lines.promotion_later", {{"promotion", line.promotion_title()}, {"price", language.MoneyText(list_price)}});
    }
  }
  if (IsChange(review)) {
    view.change = language.Format("lines.change",
                                  {{"before", int64_t{line.seats_before()}}, {"after", int64_t{line.seats_after()}}});
  }
  return view;
}

absl::Status AddLines(const v1::OrderReview& review, web::OrderPageView& view) {
  for (const v1::OrderReview::Line& line : review.lines()) {
    ASSIGN_OR_RETURN(web::OrderLineView shown, LineOf(*view.language, review, line));
    view.lines.push_back(std::move(shown));
  }
  if (ChangesPartner(review)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Money total, rpc::FromProto(review.total()));
  const web::Choice period = PeriodOf(review);
  view.amount_heading = view.language->Format("period.heading", {{"period", period}});
  if (IsPricedLater(review)) return absl::OkStatus();
  const bool adds = review.kind() == "CHANGE_SEATS";
  view.totals.push_back(
      {adds ? view.language->Format("period.heading_more", {{"period", period}}) : view.amount_heading, total,
       review.billing_period_months()});
  return absl::OkStatus();
}

// The first invoice's amount and the start of its term, after free days. Of lines with different free days, the
// earliest count.
struct FirstTerm {
  Date start;
  Money amount;
};

absl::StatusOr<FirstTerm> FirstTermOf(const v1::OrderReview& review, Date confirmed_start) {
  int64_t free_days = review.lines(0).trial_days();
  for (const v1::OrderReview::Line& line : review.lines()) free_days = std::min(free_days, line.trial_days());
  FirstTerm first{confirmed_start + static_cast<int>(free_days), Money()};
  ASSIGN_OR_RETURN(first.amount, Money::Zero(review.total().currency_code()));
  for (const v1::OrderReview::Line& line : review.lines()) {
    if (line.trial_days() != free_days) continue;
    ASSIGN_OR_RETURN(const Money amount, rpc::FromProto(line.amount()));
    ASSIGN_OR_RETURN(first.amount, first.amount.Plus(amount));
  }
  return first;
}

// The dates if the order were confirmed now.
absl::Status SetBox(const web::Language& language, const v1::OrderReview& review, Date today, web::PriceBoxView& box) {
  if (ChangesPartner(review)) return absl::OkStatus();  // It has no price.
  ASSIGN_OR_RETURN(const Money total, rpc::FromProto(review.total()));
  ASSIGN_OR_RETURN(box.commitment, CommitmentOf(review));
  const int periods = review.term_months() / std::max(1, review.billing_period_months());
  box.commitment_label = absl::StrCat(periods, " × ", language.MoneyText(total));
  box.first_invoice = total;
  Date start = std::max(today, RequestedStartOf(review).value_or(today));
  box.has_term = review.kind() != "CHANGE_SEATS";
  if (IsChange(review)) {
    ASSIGN_OR_RETURN(const Date renewal, rpc::FromProto(review.lines(0).renewal_date()));
    box.renew_date = renewal;
    if (!box.has_term) {
      box.free_until = (IsPricedLater(review) ? renewal : today) + (kFreeCancelDays - 1);
      return absl::OkStatus();
    }
    start = renewal;
  }
  if (!IsChange(review)) {
    ASSIGN_OR_RETURN(const FirstTerm first, FirstTermOf(review, start));
    start = first.start;
    box.first_invoice = first.amount;
  }
  box.term_start = start;
  if (review.has_list_total()) {
    ASSIGN_OR_RETURN(box.list_total, rpc::FromProto(review.list_total()));
  }
  box.first_invoice_date = start;
  box.due_date = start + kPaymentTermDays;
  box.free_until = start + (kFreeCancelDays - 1);
  box.renew_date = AddMonths(start, review.term_months());
  return absl::OkStatus();
}

// A confirmed order has dates instead of rules for them.
bool IsReplacedByDates(absl::string_view name) {
  return name == kStartSentence || name == kFirstInvoiceSentence || name == kCancellingSentence;
}

void AddTerms(const v1::PageContent& content, web::OrderPageView& view) {
  for (const v1::PageContent::Sentence& sentence : content.sentences()) {
    if (sentence.name() == kAcceptanceSentence || sentence.name() == kObligationSentence) continue;
    if (!IsOpen(view.state) && IsReplacedByDates(sentence.name())) continue;
    view.terms.push_back({LabelOf(*view.language, sentence.name()), sentence.text()});
  }
  view.acceptance = std::string(SentenceOf(content, kAcceptanceSentence));
  view.obligation = std::string(SentenceOf(content, kObligationSentence));
}

// The state as the customer reads it: the name of a message.
absl::string_view InvoiceStateText(const billing::v1::Invoice& invoice, Date due, Date today) {
  switch (invoice.state()) {
    case billing::v1::Invoice::STATE_PAID:
      return "invoices.paid";
    case billing::v1::Invoice::STATE_VOID:
      return "invoices.withdrawn";
    default:
      return due < today ? "invoices.overdue" : "invoices.to_pay";
  }
}

absl::StatusOr<web::InvoiceView> InvoiceViewOf(const web::Language& language, const billing::v1::Invoice& invoice,
                                               Date today) {
  web::InvoiceView view;
  view.number = invoice.invoice_number();
  ASSIGN_OR_RETURN(view.due_date, rpc::FromProto(invoice.due_date()));
  view.state = language.Text(InvoiceStateText(invoice, view.due_date, today));
  ASSIGN_OR_RETURN(view.amount, rpc::FromProto(invoice.total()));
  ASSIGN_OR_RETURN(view.due, rpc::FromProto(invoice.amount_due()));
  ASSIGN_OR_RETURN(view.net, rpc::FromProto(invoice.net()));
  ASSIGN_OR_RETURN(view.tax, rpc::FromProto(invoice.tax()));
  for (const billing::v1::Invoice::Line& line : invoice.lines()) {
    ASSIGN_OR_RETURN(const Date start, rpc::FromProto(line.service_start_date()));
    ASSIGN_OR_RETURN(const Date end, rpc::FromProto(line.service_end_date()));
    ASSIGN_OR_RETURN(const Money net, rpc::FromProto(line.net()));
    view.lines.push_back({.description = line.description(), .from = start, .until = end - 1, .net = net});
  }
  return view;
}

// When it will be, as far as the order tells: added seats are on the next one of their subscription.
void AddFirstInvoice(const v1::OrderReview& review, Date confirmed_start, web::OrderPageView& view) {
  std::optional<Date> date;
  if (IsChange(review)) {
    const absl::StatusOr<Date> renewal = rpc::FromProto(review.lines(0).renewal_date());
    if (review.kind() == "RENEW" && renewal.ok()) date = *renewal;
  } else if (const absl::StatusOr<FirstTerm> first = FirstTermOf(review, confirmed_start); first.ok()) {
    date = first->start;
  }
  if (!date.has_value()) return;
  view.first_invoice_date = *date;
  view.first_invoice_due = *date + kPaymentTermDays;
}

}  // namespace

bool IsOpen(OrderPageState state) {
  return state == OrderPageState::kReview || state == OrderPageState::kChecked ||
         state == OrderPageState::kReviewChanged || state == OrderPageState::kReceived ||
         state == OrderPageState::kCodeMailed || state == OrderPageState::kCodeNotMailed ||
         state == OrderPageState::kDeclineReceived;
}

web::FormParts FormPartsOf(const v1::OrderReview& review) {
  return {.who_pays = !IsPayerOnFile(review), .purchase_order = !ChangesPartner(review)};
}

OrderPageState PageStateOf(const Link& link) {
  switch (link.state) {
    case LinkState::kActive:
      return OrderPageState::kReview;
    case LinkState::kConfirmed:
      return OrderPageState::kConfirmed;
    case LinkState::kDeclined:
      return OrderPageState::kDeclined;
    case LinkState::kExpired:
      return OrderPageState::kExpired;
    case LinkState::kRevoked:
      return OrderPageState::kRevoked;
    case LinkState::kSuperseded:
      return OrderPageState::kSuperseded;
  }
  return OrderPageState::kRevoked;
}

OrderPageState PageStateOfRefusal(const absl::Status& refusal) {
  const ErrorDetails details = DetailsOf(refusal);
  if (details.reason == "ORDER_EXPIRED") return OrderPageState::kExpired;
  if (details.reason == "LINK_NOT_CURRENT" || details.reason == "REVISION_NOT_CURRENT") {
    return OrderPageState::kSuperseded;
  }
  // The worker is about to withdraw the order; then its link will say so.
  if (details.reason == "PARTNER_NOT_ACTIVE") return OrderPageState::kRevoked;
  if (details.reason == "ORDER_STATE") {
    for (const auto& [key, state] : details.metadata) {
      if (key != "state") continue;
      if (state == "DECLINED") return OrderPageState::kDeclined;
      if (state == "CANCELLED") return OrderPageState::kCancelled;
      if (state == "CONFIRMED" || state == "COMPLETED") return OrderPageState::kConfirmed;
    }
  }
  return OrderPageState::kNotPossible;
}

absl::StatusOr<web::OrderPageView> ViewOf(const Link& link, const ShownPage& page, OrderPageState state,
                                          const Vendor& vendor, absl::Time now) {
  const v1::PageContent& content = page.content;
  const v1::OrderReview& review = content.review();
  const Agreement agreement = AgreementOf(content.agreement_text());
  web::OrderPageView view;
  view.state = state;
  view.language = page.language;
  view.vendor = vendor;
  view.partner_name = review.partner_display_name();
  view.partner_contact = review.partner_contact_email();
  view.partner_learns.assign(content.partner_learns().begin(), content.partner_learns().end());
  view.partner_never_learns.assign(content.partner_never_learns().begin(), content.partner_never_learns().end());
  view.order_number = review.order_number();
  view.kind = view.language->Text(KindText(review));
  view.customer_name = review.customer_display_name();
  view.changes_partner = ChangesPartner(review);
  view.needs_code = IsChange(review);  // It changes what somebody pays already.
  view.asks = FormPartsOf(review);
  view.shows_payer = IsPayerOnFile(review) && !ChangesPartner(review);
  view.customer_note = review.customer_note();
  RETURN_IF_ERROR(AddLines(review, view));
  RETURN_IF_ERROR(SetBox(*view.language, review, DateOf(now), view.box));
  AddTerms(content, view);
  // A change expires before its time when its subscription changes.
  const bool expired_early = link.state == LinkState::kExpired && link.decide_time.has_value();
  view.expire_time = expired_early ? std::min(link.expire_time, *link.decide_time) : link.expire_time;
  view.days_left = static_cast<int>(absl::ToInt64Hours(std::max(link.expire_time - now, absl::ZeroDuration())) / 24);
  view.agreement_title = std::string(agreement.title);
  view.agreement_version = review.agreement_version();
  view.agreement_text = std::string(agreement.body);
  view.form.company_name = review.customer_display_name();
  view.form.purchase_order_number = review.purchase_order_number();
  view.form.country = review.region_code();
  view.revision = link.revision;
  view.content_hash = absl::BytesToHexString(page.sha256);
  if (link.state == LinkState::kConfirmed) view.confirm_time = link.decide_time;
  return view;
}

void AddOrder(const order::v1::Order& order, const v1::OrderReview& review, Date today, web::OrderPageView& view) {
  if (order.state() == order::v1::Order::STATE_COMPLETED) view.state = OrderPageState::kCompleted;
  if (order.state() == order::v1::Order::STATE_CANCELLED) view.state = OrderPageState::kCancelled;
  if (const absl::StatusOr<absl::Time> time = rpc::FromProto(order.confirm_time());
      order.has_confirm_time() && time.ok()) {
    view.confirm_time = *time;
  }
  const absl::StatusOr<Date> start = rpc::FromProto(order.start_date());
  if (!order.has_start_date() || !start.ok() || view.changes_partner) return;
  view.start_date = *start;
  view.starts_later = *start > today;
  AddFirstInvoice(review, *start, view);
  view.free_cancel_date = FreeCancelDateOf(review, *start);
}

void AddEntered(const v1::PressEvidence& evidence, const std::string& offered_purchase_order,
                web::OrderPageView& view) {
  const google::type::PostalAddress& address = evidence.billing_address();
  std::vector<std::string> lines(address.address_lines().begin(), address.address_lines().end());
  for (const std::string& part :
       {address.locality(), address.administrative_area(), address.postal_code(), address.region_code()}) {
    if (!part.empty()) lines.push_back(part);
  }
  view.purchase_order_number = evidence.purchase_order_number();
  if (view.purchase_order_number.empty()) view.purchase_order_number = offered_purchase_order;
  const auto add = [&](absl::string_view label, std::string text) {
    if (!text.empty()) view.entered.push_back({view.language->Text(label), std::move(text)});
  };
  add("entered.confirmed_by",
      absl::StrJoin({evidence.confirmer_name(), evidence.confirmer_title(), evidence.confirmer_email()}, ", "));
  add("entered.company", evidence.company_name());
  add("entered.address", absl::StrJoin(lines, ", "));
  add("form.contact_email", evidence.billing_email());
  add("form.purchase_order_number", evidence.purchase_order_number());
  add("form.tax_id", evidence.tax_id());
}

void AddInvoices(const std::vector<billing::v1::Invoice>& invoices, Date today, web::OrderPageView& view) {
  for (const billing::v1::Invoice& invoice : invoices) {
    absl::StatusOr<web::InvoiceView> shown = InvoiceViewOf(*view.language, invoice, today);
    if (shown.ok()) view.invoices.push_back(*std::move(shown));
  }
  if (invoices.empty()) return;
  const absl::StatusOr<Date> issued = rpc::FromProto(invoices.back().issue_date());
  const absl::StatusOr<Date> due = rpc::FromProto(invoices.back().due_date());
  if (!issued.ok() || !due.ok()) return;
  view.first_invoice_date = *issued;
  view.first_invoice_due = *due;
}

std::optional<Money> AmountToPay(const web::OrderPageView& view) {
  std::optional<Money> sum;
  for (const web::InvoiceView& invoice : view.invoices) {
    if (invoice.due.micros() <= 0) continue;
    const absl::StatusOr<Money> more = sum.has_value() ? sum->Plus(invoice.due) : invoice.due;
    if (!more.ok()) return std::nullopt;  // Each invoice says what it is.
    sum = *more;
  }
  return sum;
}

void AddPayment(const std::optional<billing::v1::LegalEntity>& seller, const Money& amount, web::OrderPageView& view) {
  web::PaymentView payment{.amount = amount};
  for (const web::InvoiceView& invoice : view.invoices) {
    if (invoice.due.micros() <= 0) continue;
    payment.by = payment.references.empty() ? invoice.due_date : std::min(payment.by, invoice.due_date);
    payment.references.insert(payment.references.begin(), invoice.number);
  }
  if (seller.has_value()) {
    payment.payee = seller->legal_name();
    payment.bank_name = seller->bank_name();
    payment.bank_account = seller->bank_account();
    payment.bank_code = seller->bank_code();
  }
  view.to_pay = std::move(payment);
}

void AddServices(const std::vector<billing::v1::Subscription>& subscriptions, Date today, web::OrderPageView& view) {
  using Fate = web::ServiceView::Fate;
  for (const billing::v1::Subscription& subscription : subscriptions) {
    web::ServiceView service{.offer_title = subscription.offer_title(), .seats = subscription.quantity(), .date = {}};
    const bool ended = !IsRunning(subscription);
    service.fate = ended ? Fate::kEnded : subscription.renewal().auto_renew() ? Fate::kRenews : Fate::kEnds;
    const absl::StatusOr<Date> date = rpc::FromProto(ended ? subscription.end_date() : subscription.term_end_date());
    if (!date.ok()) continue;
    service.date = *date;
    if (!ended) service.new_partner_date = NewPartnerDate(subscription, today);
    view.services.push_back(std::move(service));
  }
}

void AddActs(const std::vector<ReceiptAct>& acts, web::OrderPageView& view) {
  using Stands = web::DoneActView::Stands;
  for (const ReceiptAct& act : acts) {
    web::DoneActView shown{.cancelled = act.kind == ReceiptActKind::kCancel, .time = act.press_time, .credited = {}};
    if (act.kind == ReceiptActKind::kTransferCode) shown.other = "services.did_make_code";
    if (IsAboutContact(act.kind)) shown.other = "services.did_change_contact";
    if (act.kind == ReceiptActKind::kRemovePartner) shown.other = "services.did_remove_partner";
    if (act.kind == ReceiptActKind::kRefusePartner) shown.other = "services.did_refuse_partner";
    if (act.kind == ReceiptActKind::kAskPartner) shown.other = "services.did_ask_partner";
    if (!act.outcome.empty()) shown.stands = act.outcome == kActDone ? Stands::kDone : Stands::kRefused;
    v1::ReceiptActPlan plan;
    if (!plan.ParseFromString(act.plan)) continue;
    for (const v1::ReceiptActPlan::Item& item : plan.items()) {
      if (!item.has_credited()) continue;
      const absl::StatusOr<Money> credited = rpc::FromProto(item.credited());
      if (!credited.ok() || credited->micros() == 0) continue;
      const absl::StatusOr<Money> sum = shown.credited.has_value() ? shown.credited->Plus(*credited) : credited;
      if (sum.ok()) shown.credited = *sum;
    }
    view.acts.push_back(std::move(shown));
  }
}

}  // namespace countersign::link
