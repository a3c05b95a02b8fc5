#include "order-service/src/api/api_test_base.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.pb.h"
#include "countersign/order/v1/partner_state_service.pb.h"

namespace countersign::order {

void ApiTest::SetUp() {
  database_->Clear({"offers", "prices", "price_tiers"});
  partners_.partner.set_name(partner_);
}

v1::CreateOrderRequest ApiTest::CreateRequest() const {
  v1::CreateOrderRequest request;
  request.set_parent(partner_);
  v1::Order& order = *request.mutable_order();
  order.set_customer(customer_);
  order.set_partner_of_record(partner_);
  order.set_currency_code("USD");
  v1::Order::Line& line = *order.add_lines();
  line.set_offer("offers/bpos-standard-suite");
  line.set_quantity(25);
  request.set_request_id(NewRequestId());
  return request;
}

v1::Order ApiTest::CreateOrder() {
  const absl::StatusOr<v1::Order> order = Call(&Stub::CreateOrder, CreateRequest());
  EXPECT_OK(order);
  return order.value_or(v1::Order());
}

v1::SubmitOrderRequest ApiTest::SubmitRequest(const v1::Order& order) const {
  v1::SubmitOrderRequest request;
  request.set_name(order.name());
  request.set_request_id(NewRequestId());
  return request;
}

v1::SubmitOrderResponse ApiTest::SubmitOrder(const v1::Order& order) {
  const absl::StatusOr<v1::SubmitOrderResponse> reply = Call(&Stub::SubmitOrder, SubmitRequest(order));
  EXPECT_OK(reply);
  return reply.value_or(v1::SubmitOrderResponse());
}

v1::Order ApiTest::ConfirmedOrder() {
  const auto order = Call(&Stub::ConfirmOrder, ConfirmRequest(WaitingOrder().order()), kLinkService);
  EXPECT_OK(order);
  return order.value_or(v1::Order());
}

v1::ReissueLinkRequest ApiTest::ReissueRequest(const v1::Order& order) const {
  v1::ReissueLinkRequest request;
  request.set_name(order.name());
  request.set_request_id(NewRequestId());
  return request;
}

v1::ExtendExpiryRequest ApiTest::ExtendRequest(const v1::Order& order, absl::Duration valid) const {
  v1::ExtendExpiryRequest request;
  request.set_name(order.name());
  const absl::Time submitted =
      order.has_submit_time() ? absl::FromUnixSeconds(order.submit_time().seconds()) : clock_.Now();
  request.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(submitted + valid));
  request.set_request_id(NewRequestId());
  return request;
}

v1::ReviseOrderRequest ApiTest::ReviseRequest(const v1::Order& order) const {
  v1::ReviseOrderRequest request;
  *request.mutable_order() = order;
  request.set_request_id(NewRequestId());
  return request;
}

v1::CancelOrderRequest ApiTest::CancelRequest(const v1::Order& order) const {
  v1::CancelOrderRequest request;
  request.set_name(order.name());
  request.set_reason("because of the test");
  request.set_request_id(NewRequestId());
  return request;
}

v1::ConfirmOrderRequest ApiTest::ConfirmRequest(const v1::Order& order) const {
  v1::ConfirmOrderRequest request;
  request.set_name(order.name());
  request.set_link(order.link());
  request.set_revision(order.revision());
  v1::Acceptance& acceptance = *request.mutable_acceptance();
  acceptance.set_purchase_order_number("PO-17");
  acceptance.set_company_name("Fabrikam, Inc.");
  acceptance.set_billing_email("billing@fabrikam.example");
  acceptance.mutable_billing_address()->set_region_code("US");
  acceptance.mutable_billing_address()->set_locality("Redmond");
  acceptance.mutable_billing_address()->add_address_lines("1 Fabrikam Way");
  acceptance.set_agreement_version("2009-06");
  acceptance.set_content_sha256(std::string(32, '\x5a'));
  acceptance.set_ip_address("192.0.2.7");
  acceptance.set_user_agent("Mozilla/5.0");
  acceptance.set_confirmer_name("Ann Buyer");
  acceptance.set_confirmer_title("Head of Purchasing");
  acceptance.set_confirmer_email("ann@fabrikam.example");
  acceptance.set_tax_id("91-1144442");
  acceptance.set_language_code("de");
  *acceptance.mutable_press_time() = rpc::ToProto(clock_.Now());
  request.set_request_id(NewRequestId());
  return request;
}

v1::DeclineOrderRequest ApiTest::DeclineRequest(const v1::Order& order) const {
  v1::DeclineOrderRequest request;
  request.set_name(order.name());
  request.set_link(order.link());
  request.set_revision(order.revision());
  request.set_reason("too dear");
  request.set_request_id(NewRequestId());
  return request;
}

v1::ApplyPartnerStateRequest ApiTest::PartnerStateRequest(int64_t version, bool active) const {
  v1::ApplyPartnerStateRequest request;
  request.set_partner(partner_);
  request.set_version(version);
  request.set_active(active);
  request.set_request_id(NewRequestId());
  return request;
}

void ApiTest::ApplyPartnerState(int64_t version, bool active) {
  EXPECT_OK(Call(&PartnerStateStub::ApplyPartnerState, PartnerStateRequest(version, active), kPartnerService));
}

v1::Order ApiTest::Read(const v1::Order& order) {
  v1::GetOrderRequest request;
  request.set_name(order.name());
  const absl::StatusOr<v1::Order> read = Call(&Stub::GetOrder, request);
  EXPECT_OK(read);
  return read.value_or(v1::Order());
}

std::vector<std::string> ApiTest::EventTypes() {
  std::vector<std::string> types;
  for (const mysql::Row& row :
       database_->Query("SELECT type FROM events WHERE type NOT LIKE 'PARTNER%' ORDER BY version")) {
    types.push_back(row.Bytes(0));
  }
  return types;
}

}  // namespace countersign::order
