#include "link-service/src/api/api_test_base.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/rpc/convert.h"
#include "countersign/link/v1/link.pb.h"
#include "countersign/link/v1/link_service.pb.h"

namespace countersign::link {
namespace {

google::type::Money Dollars(int64_t units) {
  google::type::Money money;
  money.set_currency_code("USD");
  money.set_units(units);
  return money;
}

}  // namespace

v1::OrderReview TestReview() {
  v1::OrderReview review;
  review.set_order_number("CS-7K3M-Q9XT-2PBD");
  review.set_partner_display_name("Contoso Consulting");
  review.set_partner_contact_email("sales@contoso.example");
  review.set_customer_display_name("Fabrikam <Inc.> ☕");
  v1::OrderReview::Line& line = *review.add_lines();
  line.set_offer_title("BPOS Standard Suite");
  line.set_quantity(25);
  *line.mutable_unit_price() = Dollars(15);
  *line.mutable_amount() = Dollars(375);
  *review.mutable_total() = Dollars(375);
  review.set_billing_period_months(1);
  review.set_term_months(12);
  review.set_agreement_version("2009-06");
  return review;
}

void ApiTest::SetUp() {
  ApiTestFrame::SetUp();
  ASSERT_OK(link_.StartPage({}));
}

v1::IssueLinkRequest ApiTest::IssueRequest() {
  v1::IssueLinkRequest request;
  request.set_name(absl::StrCat("links/", NewRequestId()));
  request.set_order(absl::StrCat("partners/", NewRequestId(), "/orders/", NewRequestId()));
  request.set_revision(1);
  *request.mutable_expire_time() = rpc::ToProto(clock_.Now() + absl::Hours(30 * 24));
  *request.mutable_review() = TestReview();
  request.set_request_id(NewRequestId());
  return request;
}

v1::IssueLinkResponse ApiTest::Issue() {
  const absl::StatusOr<v1::IssueLinkResponse> reply = Call(&Stub::IssueLink, IssueRequest());
  EXPECT_OK(reply);
  return reply.value_or(v1::IssueLinkResponse());
}

v1::ApplyOrderOutcomeRequest ApiTest::OutcomeRequest(const std::string& link, v1::Link::State state, int64_t version) {
  v1::ApplyOrderOutcomeRequest request;
  request.set_name(link);
  request.set_state(state);
  request.set_order_version(version);
  *request.mutable_decide_time() = rpc::ToProto(clock_.Now());
  request.set_request_id(NewRequestId());
  return request;
}

absl::StatusOr<v1::Link> ApiTest::GetLink(const std::string& name, absl::string_view caller) {
  v1::GetLinkRequest request;
  request.set_name(name);
  return Call(&Stub::GetLink, request, caller);
}

std::string ApiTest::Local(const std::string& url) const {
  return absl::StrCat("http://127.0.0.1:", link_.page_port(), absl::StripPrefix(url, kPublicUrl));
}

absl::Status ApiTest::DeliverConfirmed(const std::string& link) {
  events::Event event;
  event.aggregate = Uuid::Parse(absl::StripPrefix(link, "links/")).value_or(Uuid());
  event.type = "LINK_CONFIRMED";
  return link_.consumers().at(0).deliver(event, testing::TestDeadline());
}

absl::Status ApiTest::DeliverAccessLink() {
  const std::vector<mysql::Row> rows = database_->Query(
      "SELECT tenant_id, payload FROM events WHERE type = 'ACCESS_LINK_REQUESTED' ORDER BY create_time DESC LIMIT 1");
  events::Event event;
  event.tenant = rows.at(0).Id(0);
  event.payload = rows.at(0).Bytes(1);
  event.type = "ACCESS_LINK_REQUESTED";
  event.create_time = clock_.Now();
  return link_.consumers().at(2).deliver(event, testing::TestDeadline());
}

absl::Status ApiTest::DeliverContactProofs() {
  const std::vector<mysql::Row> rows =
      database_->Query("SELECT tenant_id, aggregate_id, type, payload FROM events ORDER BY create_time, version, type");
  const events::Consumer proofs = link_.consumers().at(3);
  for (const mysql::Row& row : rows) {
    events::Event event;
    event.tenant = row.Id(0);
    event.aggregate = row.Id(1);
    event.type = row.Bytes(2);
    event.payload = row.Bytes(3);
    const absl::Status delivered = proofs.deliver(event, testing::TestDeadline());
    if (!delivered.ok()) return delivered;
  }
  return absl::OkStatus();
}

absl::Status ApiTest::DeliverReceiptAct() {
  const mysql::Row row = database_->Query("SELECT link_id, act_id FROM receipt_acts").at(0);
  events::Event event;
  event.tenant = row.Id(0);
  event.aggregate = row.Id(1);
  event.type = "RECEIPT_ACT_RECORDED";
  return link_.consumers().at(1).deliver(event, testing::TestDeadline());
}

std::vector<std::string> ApiTest::EventTypes() {
  std::vector<std::string> types;
  for (const mysql::Row& row : database_->Query("SELECT type FROM events ORDER BY create_time, version, type")) {
    types.push_back(row.Bytes(0));
  }
  return types;
}

}  // namespace countersign::link
