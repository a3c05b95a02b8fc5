#include "link-service/src/web/sample_pages.h"

#include <utility>

#include "absl/time/civil_time.h"

namespace countersign::link::web {
namespace {

constexpr char kVendor[] = "Business Productivity Online";
constexpr char kAgreement[] =
    "This agreement is between your company and the provider of the online services named in the order. It takes "
    "effect when your order is confirmed.\n\n"
    "Services. The provider makes each service available to the number of users ordered, for the term of the order. "
    "Each user needs a seat of their own; a seat may be given to another person when its user leaves.\n\n"
    "Fees. Fees are invoiced monthly in advance and are due within 30 days. Prices hold for the term of the order. "
    "Taxes are added where the law asks for them.\n\n"
    "Renewal. A subscription renews for the same term at the price then in force, unless you switch renewal off before "
    "the last day of the term. The provider announces the price at least 30 days before.\n\n"
    "Partner of record. The partner named in the order advises you. The partner cannot change your order, your price "
    "or your payment details.\n\n"
    "Cancellation. You may cancel free of charge during the first seven days of a term. Later cancellations take "
    "effect at the end of the term.";

Money Dollars(int64_t micros) { return Money::FromMicros(micros, "USD").value_or(Money()); }

absl::Time At(int year, int month, int day, int hour, int minute) {
  return absl::FromCivil(absl::CivilSecond(year, month, day, hour, minute, 0), absl::UTCTimeZone());
}

ConfirmFormText TypedForm() {
  ConfirmFormText form;
  form.purchase_order_number = "PO-2009-0417";
  form.company_name = "Fabrikam, Inc.";
  form.contact_email = "accounts@fabrikam.example";
  form.address = "1201 Harbour Road\nSuite 400";
  form.city = "Seattle";
  form.region = "WA";
  form.postal_code = "98101";
  form.country = "US";
  return form;
}

OrderPageView WithErrors() {
  OrderPageView view = SampleOrderPage(OrderPageState::kReview);
  view.form = TypedForm();
  view.form.contact_email = "accounts at fabrikam";
  view.form.city = "";
  view.errors = {{"contact_email", "Enter an e-mail address such as name@example.com."},
                 {"city", "Enter the city."},
                 {"agreement", "Accept the agreement to confirm the order."}};
  return view;
}

}  // namespace

OrderPageView SampleOrderPage(OrderPageState state) {
  OrderPageView view;
  view.state = state;
  view.vendor_name = kVendor;
  view.vendor_contact = "help@bpos.example";
  view.partner_name = "Contoso Consulting";
  view.partner_contact = "sales@contoso.example";
  view.partner_learns = {"That you confirmed or declined this order, and when", "Your purchase order number",
                         "The state of your subscriptions and their seats",
                         "Whether an invoice of this order is paid, never how"};
  view.order_number = "CS-2009-000142";
  view.kind = "New subscription";
  view.customer_name = "Fabrikam, Inc.";
  view.lines = {{"BPOS Standard Suite", 25, Dollars(15'000'000), Dollars(375'000'000)},
                {"Exchange Online Deskless", 1200, Dollars(2'000'000), Dollars(2'400'000'000)}};
  view.totals = {{"Total each month", Dollars(2'775'000'000)}};
  view.term_text = "12 months, billed monthly in advance, prices in USD, taxes not included";
  view.start_text = "The day you confirm; the first month is prorated from that day";
  view.expire_time = At(2009, 7, 1, 0, 0);
  view.cancel_policy = "Free of charge during the first 7 days of the term; after that, at the end of the term";
  view.agreement_title = "Online Services Agreement";
  view.agreement_version = "2009-05";
  view.agreement_text = kAgreement;
  view.revision = 1;
  view.content_hash = std::string(64, 'a');
  const bool confirmed = state == OrderPageState::kConfirmed || state == OrderPageState::kCompleted;
  if (confirmed) {
    view.confirm_time = At(2009, 6, 1, 14, 3);
    view.purchase_order_number = "PO-2009-0417";
    view.start_date = Date(2009, 6, 1);
    view.free_cancel_date = Date(2009, 6, 7);
  }
  if (state == OrderPageState::kCompleted) {
    view.invoices = {{"A-100042-1", "Paid", Dollars(2'775'000'000), Date(2009, 7, 1)},
                     {"A-100042-2", "Due", Dollars(2'775'000'000), Date(2009, 7, 31)}};
  }
  if (state == OrderPageState::kReceived || state == OrderPageState::kReviewChanged) view.form = TypedForm();
  return view;
}

std::vector<SamplePage> SamplePages() {
  const std::vector<std::pair<std::string, OrderPageState>> states = {
      {"review", OrderPageState::kReview},
      {"review_changed", OrderPageState::kReviewChanged},
      {"received", OrderPageState::kReceived},
      {"confirmed", OrderPageState::kConfirmed},
      {"completed", OrderPageState::kCompleted},
      {"declined", OrderPageState::kDeclined},
      {"expired", OrderPageState::kExpired},
      {"superseded", OrderPageState::kSuperseded},
      {"revoked", OrderPageState::kRevoked},
      {"cancelled", OrderPageState::kCancelled},
      {"not_possible", OrderPageState::kNotPossible},
  };
  std::vector<SamplePage> pages;
  for (const auto& [name, state] : states) pages.push_back({name, RenderOrderPage(SampleOrderPage(state))});
  pages.push_back({"review_errors", RenderOrderPage(WithErrors())});
  pages.push_back({"unknown", RenderUnknownLinkPage(kVendor)});
  pages.push_back({"rate_limited", RenderRateLimitedPage(kVendor)});
  pages.push_back({"error", RenderErrorPage(kVendor, 500, "0123456789abcdef0123456789abcdef")});
  return pages;
}

}  // namespace countersign::link::web
