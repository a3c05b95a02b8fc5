// Every field of ActivateOrder: a clear INVALID_ARGUMENT that lists all violations, and nothing stored.
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"

namespace countersign::billing {
namespace {

using ActivationRequestsTest = ApiTest;

using SpoilOrder = std::pair<std::string, std::function<void(v1::ActivateOrderRequest&)>>;

google::type::Money* Price(v1::ActivateOrderRequest& request) { return request.mutable_lines(0)->mutable_unit_price(); }

TEST_F(ActivationRequestsTest, NamesEveryMissingField) {
  ExpectViolations(Activate(v1::ActivateOrderRequest()).status(),
                   {"billing_account", "order", "revision", "partner_of_record", "currency_code", "lines",
                    "billing_period_months", "term_months", "start_date", "confirm_time", "request_id"});
  ExpectNothingWritten();
}

TEST_F(ActivationRequestsTest, NamesTheBadField) {
  const std::vector<SpoilOrder> cases = {
      {"billing_account", [](auto& r) { r.set_billing_account("billingAccounts/-"); }},
      {"billing_account", [](auto& r) { r.set_billing_account("billingAccounts/' OR 1=1 --"); }},
      {"order", [](auto& r) { r.set_order("orders/" + kId); }},
      {"revision", [](auto& r) { r.set_revision(0); }},
      {"revision", [](auto& r) { r.set_revision(std::numeric_limits<int64_t>::min()); }},
      {"revision", [](auto& r) { r.set_revision(1'000'001); }},
      {"partner_of_record", [](auto& r) { r.set_partner_of_record("partners/1"); }},
      {"lines[0].offer", [](auto& r) { r.mutable_lines(0)->set_offer("bpos"); }},
      {"lines[0].offer", [](auto& r) { r.mutable_lines(0)->set_offer("offers/"); }},
      {"lines[0].offer", [](auto& r) { r.mutable_lines(0)->set_offer("offers/" + std::string(64, 'a')); }},
      {"lines[0].offer_title", [](auto& r) { r.mutable_lines(0)->set_offer_title(std::string(201, 'x')); }},
      {"lines[0].quantity", [](auto& r) { r.mutable_lines(0)->set_quantity(0); }},
      {"lines[0].quantity", [](auto& r) { r.mutable_lines(0)->set_quantity(-25); }},
      {"lines[0].quantity", [](auto& r) { r.mutable_lines(0)->set_quantity(std::numeric_limits<int64_t>::max()); }},
      {"lines[0].unit_price", [](auto& r) { r.mutable_lines(0)->clear_unit_price(); }},
      {"lines[0].unit_price", [](auto& r) { Price(r)->set_units(-15); }},
      {"lines[0].unit_price", [](auto& r) { Price(r)->set_units(0); }},
      {"lines[0].unit_price", [](auto& r) { Price(r)->set_units(std::numeric_limits<int64_t>::max()); }},
      {"lines[0].unit_price", [](auto& r) { Price(r)->set_nanos(-1'000); }},
      {"lines[0].unit_price", [](auto& r) { Price(r)->set_nanos(1); }},
      {"lines[0].unit_price", [](auto& r) { Price(r)->set_currency_code("EUR"); }},
      {"lines[0].unit_price", [](auto& r) { Price(r)->set_currency_code("XXX"); }},
      {"lines", [](auto& r) { r.clear_lines(); }},
      {"lines",
       [](auto& r) {
         for (int i = 0; i < 20; ++i) *r.add_lines() = r.lines(0);
       }},
      {"billing_period_months", [](auto& r) { r.set_billing_period_months(3); }},
      {"term_months", [](auto& r) { r.set_term_months(-12); }},
      {"start_date", [](auto& r) { r.mutable_start_date()->set_day(31); }},
      {"start_date", [](auto& r) { *r.mutable_start_date() = rpc::ToProto(Date(2009, 5, 31)); }},
      {"confirm_time", [](auto& r) { r.mutable_confirm_time()->set_nanos(-1); }},
      {"company_name", [](auto& r) { r.set_company_name("a\nb"); }},
      {"billing_email", [](auto& r) { r.set_billing_email("nobody"); }},
      {"purchase_order_number", [](auto& r) { r.set_purchase_order_number(std::string(65, '1')); }},
      {"tax_id", [](auto& r) { r.set_tax_id(std::string(33, '1')); }},
      {"tax_id", [](auto& r) { r.set_tax_id("Ü"); }},
      {"kind", [](auto& r) { r.set_kind(static_cast<v1::ActivateOrderRequest::Kind>(99)); }},
      {"confirmer.email", [](auto& r) { r.mutable_confirmer()->set_name("Ann"); }},
      {"lines[0].price", [](auto& r) { r.mutable_lines(0)->set_price("offers/a"); }},
      {"lines[0].tier_min_quantity", [](auto& r) { r.mutable_lines(0)->set_tier_min_quantity(5); }},
      {"lines[0].trial_days", [](auto& r) { r.mutable_lines(0)->set_trial_days(366); }},
      {"lines[0].subscription", [](auto& r) { r.mutable_lines(0)->set_subscription("x"); }},
      {"lines[0].seats_to_add", [](auto& r) { r.mutable_lines(0)->set_seats_to_add(10); }},
      {"lines[0].renewal_quantity", [](auto& r) { r.mutable_lines(0)->set_renewal_quantity(0); }},
      {"request_id", [](auto& r) { r.set_request_id("1"); }}};
  for (const auto& [field, spoil] : cases) {
    SCOPED_TRACE(field);
    v1::ActivateOrderRequest request = OrderRequest();
    spoil(request);
    ExpectViolations(Activate(request).status(), {field});
  }
  ExpectNothingWritten();
}

TEST_F(ActivationRequestsTest, UnknownCurrencyIsNamed) {
  for (const char* currency : {"", "usd", "XXX", "US", "USDX"}) {
    v1::ActivateOrderRequest request = OrderRequest();
    request.set_currency_code(currency);
    ExpectViolations(Activate(request).status(), {"currency_code", "lines[0].unit_price"});
  }
  ExpectNothingWritten();
}

TEST_F(ActivationRequestsTest, PromotionIsLowerAndHasAWindow) {
  v1::ActivateOrderRequest request = OrderRequest();
  v1::ActivateOrderRequest::Promotion& promotion = *request.mutable_lines(0)->mutable_promotion();
  ExpectViolations(Activate(request).status(), {"lines[0].promotion.unit_price", "lines[0].promotion.window_start_date",
                                                "lines[0].promotion.window_end_date"});
  *promotion.mutable_unit_price() = request.lines(0).unit_price();
  *promotion.mutable_window_start_date() = rpc::ToProto(Date(2009, 6, 1));
  *promotion.mutable_window_end_date() = rpc::ToProto(Date(2009, 6, 1));
  ExpectViolations(Activate(request).status(), {"lines[0].promotion.unit_price", "lines[0].promotion.window_end_date"});
  ExpectNothingWritten();
}

TEST_F(ActivationRequestsTest, EachKindNamesWhatItNeedsAndRefusesTheRest) {
  v1::ActivateOrderRequest request = OrderRequest();
  request.set_kind(v1::ActivateOrderRequest::KIND_CHANGE_SEATS);
  request.mutable_lines(0)->set_transfer_code(account_ + "/transferCodes/" + kId);
  ExpectViolations(
      Activate(request).status(),
      {"billing_period_months", "term_months", "lines[0].offer_title", "lines[0].quantity", "lines[0].subscription",
       "lines[0].renewal_quantity", "lines[0].transfer_code", "lines[0].unit_price"});
  request.mutable_lines(0)->clear_transfer_code();
  request.clear_billing_period_months();
  request.clear_term_months();
  v1::ActivateOrderRequest::Line& line = *request.mutable_lines(0);
  line.clear_offer_title();
  line.clear_quantity();
  line.set_subscription("billingAccounts/" + kId + "/subscriptions/" + kId);
  line.set_seats_to_add(10);
  ExpectViolations(Activate(request).status(), {"lines[0].subscription"});
  line.set_subscription(account_ + "/subscriptions/" + kId);
  request.set_kind(v1::ActivateOrderRequest::KIND_RENEW);
  ExpectViolations(Activate(request).status(), {"lines[0].seats_to_add", "lines[0].renewal_quantity"});
  request.set_kind(v1::ActivateOrderRequest::KIND_CHANGE_PARTNER);
  line.clear_seats_to_add();
  ExpectViolations(Activate(request).status(), {"lines[0].transfer_code", "lines[0].unit_price"});
  line.set_transfer_code("billingAccounts/" + kId + "/transferCodes/" + kId);
  ExpectViolations(Activate(request).status(), {"lines[0].transfer_code", "lines[0].unit_price"});
  *request.add_lines() = line;
  ExpectViolations(Activate(request).status(), {"lines"});
  ExpectNothingWritten();
}

}  // namespace
}  // namespace countersign::billing
