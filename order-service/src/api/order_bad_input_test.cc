// Every field of every method of OrderService: a clear INVALID_ARGUMENT that lists all violations, and nothing stored.
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "common/rpc/convert.h"
#include "common/rpc/fields.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"

namespace countersign::order {
namespace {

using Fields = std::vector<std::string>;

const std::string kId = "0190a5b2-7c3d-7e4f-8a6b-0123456789ab";
const std::vector<std::string> kBadNames = {"",
                                            "orders/" + kId,
                                            "partners/" + kId,
                                            "partners/" + kId + "/orders/1",
                                            "partners/" + kId + "/orders/",
                                            "partners/" + kId + "/orders/0190A5B2-7C3D-7E4F-8A6B-0123456789AB",
                                            "partners/" + kId + "/orders/" + kId + "/revisions/1",
                                            "partners/-/orders/' OR 1=1 --",
                                            std::string(500'000, 'x')};
const std::vector<std::string> kBadRequestIds = {"", "1", "0190A5B2-7C3D-7E4F-8A6B-0123456789AB",
                                                 std::string(1000, 'x')};

class OrderBadInputTest : public ApiTest {
 protected:
  // A well-formed order that does not exist: what is wrong with the request must be found before.
  v1::Order AnOrder() const {
    v1::Order order = CreateRequest().order();
    order.set_name(partner_ + "/orders/" + kId);
    order.set_link("links/" + kId);
    order.set_revision(1);
    return order;
  }

  // One bad value of one field of an order's terms, and what is said of it.
  struct BadTerm {
    std::function<void(v1::Order&)> spoil;
    Fields fields;
  };
  std::vector<BadTerm> BadTerms() const;

  void TearDown() override {
    for (const char* table : {"orders", "order_revisions", "acceptances", "customer_accounts", "partner_states",
                              "events", "stored_replies"}) {
      EXPECT_EQ(CountRows(table), 0) << table;
    }
    EXPECT_TRUE(links_.requests.empty());
  }
};

std::vector<OrderBadInputTest::BadTerm> OrderBadInputTest::BadTerms() const {
  std::vector<BadTerm> terms;
  for (const int64_t quantity : {int64_t{0}, int64_t{-1}, int64_t{-25}, int64_t{4}, int64_t{1'000'001},
                                 std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()}) {
    terms.push_back(
        {[=](v1::Order& order) { order.mutable_lines(0)->set_quantity(quantity); }, {"order.lines[0].quantity"}});
  }
  for (const std::string& currency : {std::string(), std::string("XXX"), std::string("usd"), std::string("US"),
                                      std::string("EURO"), std::string(100'000, 'A')}) {
    terms.push_back({[=](v1::Order& order) { order.set_currency_code(currency); }, {"order.currency_code"}});
  }
  for (const std::string& offer :
       {std::string(), std::string("bpos-standard-suite"), std::string("offers/"), std::string("offers/no-such-offer"),
        std::string("offers/BPOS"), std::string("offers/a/b"), "offers/" + std::string(64, 'x')}) {
    terms.push_back({[=](v1::Order& order) { order.mutable_lines(0)->set_offer(offer); }, {"order.lines[0].offer"}});
  }
  for (const std::string& reference :
       {std::string(65, 'x'), std::string("a\u200Bb"), std::string("a\nb"), std::string("a\0b", 3)}) {
    terms.push_back({[=](v1::Order& order) { order.set_partner_reference(reference); }, {"order.partner_reference"}});
  }
  for (const Date date : {Date(2009, 5, 31), Date(2009, 8, 31), Date(2199, 1, 1)}) {
    terms.push_back({[=](v1::Order& order) { *order.mutable_requested_start_date() = rpc::ToProto(date); },
                     {"order.requested_start_date"}});
  }
  terms.push_back(
      {[](v1::Order& order) { order.mutable_requested_start_date()->set_day(32); }, {"order.requested_start_date"}});
  terms.push_back({[](v1::Order& order) { order.clear_lines(); }, {"order.lines"}});
  terms.push_back({[](v1::Order& order) {
                     while (order.lines_size() < 21) *order.add_lines() = order.lines(0);
                   },
                   {"order.lines"}});
  terms.push_back({[](v1::Order& order) { *order.add_lines() = order.lines(0); }, {"order.lines[1].offer"}});
  terms.push_back({[](v1::Order& order) { order.set_currency_code("KWD"); }, {"order.lines[0].offer"}});
  for (const int kind : {5, 99, -1}) {
    terms.push_back({[=](v1::Order& order) { order.set_kind(static_cast<v1::Order::Kind>(kind)); }, {"order.kind"}});
  }
  for (const int period : {3, 99, -1}) {
    terms.push_back({[=](v1::Order& order) { order.set_billing_period(static_cast<v1::Order::BillingPeriod>(period)); },
                     {"order.billing_period"}});
  }
  return terms;
}

TEST_F(OrderBadInputTest, NamesEveryBadTermOfCreateOrder) {
  for (const BadTerm& term : BadTerms()) {
    v1::CreateOrderRequest request = CreateRequest();
    term.spoil(*request.mutable_order());
    ExpectViolations(Call(&Stub::CreateOrder, request).status(), term.fields);
  }
}

TEST_F(OrderBadInputTest, NamesEveryBadTermOfReviseOrderAndChangesNothing) {
  const v1::Order order = CreateOrder();
  for (const BadTerm& term : BadTerms()) {
    v1::ReviseOrderRequest request = ReviseRequest(order);
    term.spoil(*request.mutable_order());
    ExpectViolations(Call(&Stub::ReviseOrder, request).status(), term.fields);
  }
  EXPECT_EQ(Read(order).SerializeAsString(), order.SerializeAsString());
  EXPECT_EQ(CountRows("events"), 1);
  database_->Clear({"offers", "prices", "price_tiers"});  // The order was there on purpose.
}

TEST_F(OrderBadInputTest, NamesAllBadFieldsOfCreateOrderAtOnce) {
  ExpectViolations(
      Call(&Stub::CreateOrder, v1::CreateOrderRequest(), kOperator).status(),
      {"parent", "order.customer", "order.partner_of_record", "order.currency_code", "order.lines", "request_id"});
  v1::CreateOrderRequest request = CreateRequest();
  request.mutable_order()->set_currency_code("XXX");
  request.mutable_order()->mutable_lines(0)->set_quantity(-3);
  request.mutable_order()->mutable_lines(0)->set_offer("suite");
  request.clear_request_id();
  ExpectViolations(Call(&Stub::CreateOrder, request).status(),
                   {"order.currency_code", "order.lines[0].offer", "order.lines[0].quantity", "request_id"});
}

TEST_F(OrderBadInputTest, RefusesAPartnerOfRecordOrCustomerOfSomebodyElse) {
  const std::string other = "partners/0190a5b2-7c3d-7e4f-8a6b-ffffffffffff";
  v1::CreateOrderRequest request = CreateRequest();
  request.mutable_order()->set_partner_of_record(other);
  ExpectViolations(Call(&Stub::CreateOrder, request).status(), {"order.partner_of_record"});
  request = CreateRequest();
  request.mutable_order()->set_customer(other + "/customers/" + kId);
  ExpectViolations(Call(&Stub::CreateOrder, request).status(), {"order.customer"});
}

TEST_F(OrderBadInputTest, NamesABadNameAndRequestIdOfEveryMethod) {
  const auto expect = [&](const std::string& name, const std::string& request_id, const Fields& order_name,
                          const Fields& plain_name) {
    v1::Order order = AnOrder();
    order.set_name(name);
    const auto with_id = [&](auto request) {
      request.set_request_id(request_id);
      return request;
    };
    ExpectViolations(Call(&Stub::SubmitOrder, with_id(SubmitRequest(order)), kOperator).status(), plain_name);
    ExpectViolations(Call(&Stub::ReissueLink, with_id(ReissueRequest(order)), kOperator).status(), plain_name);
    ExpectViolations(Call(&Stub::CancelOrder, with_id(CancelRequest(order)), kOperator).status(), plain_name);
    ExpectViolations(Call(&Stub::ConfirmOrder, with_id(ConfirmRequest(order)), kLinkService).status(), plain_name);
    ExpectViolations(Call(&Stub::DeclineOrder, with_id(DeclineRequest(order)), kLinkService).status(), plain_name);
    ExpectViolations(Call(&Stub::ReviseOrder, with_id(ReviseRequest(order)), kOperator).status(), order_name);
  };
  for (const std::string& name : kBadNames) {
    expect(name, NewRequestId(), {"order.name"}, {"name"});
    v1::GetOrderRequest get;
    get.set_name(name);
    ExpectViolations(Call(&Stub::GetOrder, get).status(), {"name"});
  }
  for (const std::string& id : kBadRequestIds) expect(AnOrder().name(), id, {"request_id"}, {"request_id"});
  expect("", "", {"order.name", "request_id"}, {"name", "request_id"});
}

TEST_F(OrderBadInputTest, NamesEveryBadTextOfCancelAndDecline) {
  for (const std::string& reason : {std::string(), std::string(501, 'x'), std::string("a\x01"), std::string("  ")}) {
    v1::CancelOrderRequest cancel = CancelRequest(AnOrder());
    cancel.set_reason(reason);
    ExpectViolations(Call(&Stub::CancelOrder, cancel).status(), {"reason"});
  }
  for (const std::string& reason : {std::string(501, 'x'), std::string("a\x01")}) {
    v1::DeclineOrderRequest decline = DeclineRequest(AnOrder());
    decline.set_reason(reason);
    ExpectViolations(Call(&Stub::DeclineOrder, decline, kLinkService).status(), {"reason"});
  }
}

TEST_F(OrderBadInputTest, NamesEveryBadFieldOfAPress) {
  struct BadPress {
    std::function<void(v1::ConfirmOrderRequest&)> spoil;
    Fields fields;
  };
  const auto acceptance = [](const auto& change) {
    return [=](v1::ConfirmOrderRequest& request) { change(*request.mutable_acceptance()); };
  };
  const std::string big(500'000, 'x');
  const std::vector<BadPress> presses = {
      {[](auto& request) { request.set_link("links/1"); }, {"link"}},
      {[](auto& request) { request.clear_link(); }, {"link"}},
      {[](auto& request) { request.set_revision(0); }, {"revision"}},
      {[](auto& request) { request.set_revision(rpc::kMaxRevision + 1); }, {"revision"}},
      {[](auto& request) { request.set_revision(std::numeric_limits<int64_t>::min()); }, {"revision"}},
      {[](auto& request) { request.clear_acceptance(); },
       {"acceptance.agreement_version", "acceptance.content_sha256", "acceptance.press_time",
        "acceptance.confirmer_name", "acceptance.confirmer_title", "acceptance.confirmer_email"}},
      {acceptance([](auto& a) { a.set_purchase_order_number(std::string(65, 'x')); }),
       {"acceptance.purchase_order_number"}},
      {acceptance([](auto& a) { a.set_company_name(""); }), {"acceptance.company_name"}},
      {acceptance([](auto& a) { a.clear_billing_address(); }), {"acceptance.billing_address"}},
      {acceptance([=](auto& a) { a.set_company_name(big); }), {"acceptance.company_name"}},
      {acceptance([](auto& a) { a.set_billing_email("nobody"); }), {"acceptance.billing_email"}},
      {acceptance([](auto& a) { a.set_confirmer_name(" "); }), {"acceptance.confirmer_name"}},
      {acceptance([](auto& a) { a.set_confirmer_title(std::string(101, 'x')); }), {"acceptance.confirmer_title"}},
      {acceptance([](auto& a) { a.set_confirmer_email("nobody"); }), {"acceptance.confirmer_email"}},
      {acceptance([](auto& a) { a.set_tax_id(std::string(33, '1')); }), {"acceptance.tax_id"}},
      {acceptance([](auto& a) { a.set_tax_id("Ü"); }), {"acceptance.tax_id"}},
      {acceptance([](auto& a) { a.set_language_code(std::string(36, 'd')); }), {"acceptance.language_code"}},
      {acceptance([](auto& a) { a.mutable_billing_address()->set_region_code("usa"); }),
       {"acceptance.billing_address.region_code"}},
      {acceptance([=](auto& a) { a.mutable_billing_address()->set_address_lines(0, big); }),
       {"acceptance.billing_address.address_lines[0]"}},
      {acceptance([](auto& a) { a.set_agreement_version(""); }), {"acceptance.agreement_version"}},
      {acceptance([](auto& a) { a.set_agreement_version("条項"); }), {"acceptance.agreement_version"}},
      {acceptance([](auto& a) { a.set_content_sha256("short"); }), {"acceptance.content_sha256"}},
      {acceptance([](auto& a) { a.set_ip_address("住所"); }), {"acceptance.ip_address"}},
      {acceptance([](auto& a) { a.set_ip_address(std::string(46, '1')); }), {"acceptance.ip_address"}},
      {acceptance([](auto& a) { a.set_user_agent(std::string(501, 'x')); }), {"acceptance.user_agent"}},
      {acceptance([](auto& a) { a.mutable_press_time()->set_nanos(-1); }), {"acceptance.press_time"}},
      {acceptance([](auto& a) { a.mutable_press_time()->set_seconds(-62'135'596'800); }), {"acceptance.press_time"}},
      {acceptance([](auto& a) { a.mutable_press_time()->set_seconds(std::numeric_limits<int64_t>::max()); }),
       {"acceptance.press_time"}},
  };
  for (const BadPress& press : presses) {
    v1::ConfirmOrderRequest request = ConfirmRequest(AnOrder());
    press.spoil(request);
    ExpectViolations(Call(&Stub::ConfirmOrder, request, kLinkService).status(), press.fields);
  }
  v1::DeclineOrderRequest decline = DeclineRequest(AnOrder());
  decline.set_link("");
  decline.set_revision(-7);
  ExpectViolations(Call(&Stub::DeclineOrder, decline, kLinkService).status(), {"link", "revision"});
}

TEST_F(OrderBadInputTest, RefusesARequestOfMoreThanAMebibyte) {
  v1::CreateOrderRequest request = CreateRequest();
  request.mutable_order()->set_partner_reference(std::string(1 << 20, 'x'));
  const absl::StatusCode code = Call(&Stub::CreateOrder, request).status().code();
  EXPECT_TRUE(code == absl::StatusCode::kInvalidArgument || code == absl::StatusCode::kResourceExhausted) << code;
}

}  // namespace
}  // namespace countersign::order
