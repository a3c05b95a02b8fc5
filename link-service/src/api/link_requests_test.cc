// Every field of every method: a clear INVALID_ARGUMENT that lists all violations, and nothing stored.
#include <functional>

#include "absl/strings/str_cat.h"
#include "countersign/link/v1/link.pb.h"
#include "countersign/link/v1/link_service.pb.h"
#include "link-service/src/api/api_test_base.h"

namespace countersign::link {
namespace {

using ::countersign::testing::StatusIs;

class LinkRequestsTest : public ApiTest {
 protected:
  // IssueLink with one thing wrong.
  void ExpectIssueRefused(const std::function<void(v1::IssueLinkRequest&)>& spoil, const std::string& field) {
    v1::IssueLinkRequest request = IssueRequest();
    spoil(request);
    ExpectViolations(Call(&Stub::IssueLink, request).status(), {field});
  }

  void TearDown() override {
    for (const char* table : {"links", "events", "stored_replies"}) EXPECT_EQ(CountRows(table), 0) << table;
  }
};

const std::string kId = "0190a5b2-7c3d-7e4f-8a6b-0123456789ab";
const std::vector<std::string> kBadNames = {"",
                                            "links/",
                                            "links/1",
                                            "links/0190A5B2-7C3D-7E4F-8A6B-0123456789AB",
                                            "orders/" + kId,
                                            "links/" + kId + "/",
                                            "links/' OR 1=1 --"};

TEST_F(LinkRequestsTest, NamesEveryMissingFieldOfIssueLink) {
  ExpectViolations(Call(&Stub::IssueLink, v1::IssueLinkRequest()).status(),
                   {"name", "order", "revision", "expire_time", "review", "request_id"});
  v1::IssueLinkRequest request = IssueRequest();
  *request.mutable_review() = v1::OrderReview();
  ExpectViolations(Call(&Stub::IssueLink, request).status(),
                   {"review.order_number", "review.partner_display_name", "review.partner_contact_email",
                    "review.customer_display_name", "review.total", "review.lines", "review.billing_period_months",
                    "review.term_months"});
  request.mutable_review()->add_lines();
  ExpectViolations(
      Call(&Stub::IssueLink, request).status(),
      {"review.order_number", "review.partner_display_name", "review.partner_contact_email",
       "review.customer_display_name", "review.total", "review.lines[0].offer_title", "review.lines[0].quantity",
       "review.lines[0].unit_price", "review.lines[0].amount", "review.billing_period_months", "review.term_months"});
}

TEST_F(LinkRequestsTest, NamesTheBadFieldOfIssueLink) {
  for (const std::string& name : kBadNames) ExpectIssueRefused([&](auto& r) { r.set_name(name); }, "name");
  for (const std::string& order : {std::string(), "partners/" + kId, "partners/" + kId + "/orders/1"}) {
    ExpectIssueRefused([&](auto& r) { r.set_order(order); }, "order");
  }
  for (const std::string& account : {"billingAccounts/1", "partners/x"}) {
    ExpectIssueRefused([&](auto& r) { r.set_billing_account(account); }, "billing_account");
  }
  for (const int64_t revision : {INT64_MIN, int64_t{-1}, int64_t{0}, int64_t{1'000'001}, INT64_MAX}) {
    ExpectIssueRefused([&](auto& r) { r.set_revision(revision); }, "revision");
  }
  ExpectIssueRefused([](auto& r) { r.mutable_expire_time()->set_nanos(-1); }, "expire_time");
  ExpectIssueRefused([](auto& r) { r.mutable_expire_time()->set_seconds(INT64_MAX); }, "expire_time");
  ExpectIssueRefused([](auto& r) { r.set_request_id("1"); }, "request_id");
}

TEST_F(LinkRequestsTest, NamesTheBadFieldOfTheReview) {
  ExpectIssueRefused([](auto& r) { r.mutable_review()->set_order_number(std::string(33, 'x')); },
                     "review.order_number");
  ExpectIssueRefused([](auto& r) { r.mutable_review()->set_partner_display_name("a\nb"); },
                     "review.partner_display_name");
  ExpectIssueRefused([](auto& r) { r.mutable_review()->set_partner_contact_email("nobody"); },
                     "review.partner_contact_email");
  ExpectIssueRefused([](auto& r) { r.mutable_review()->set_customer_display_name(std::string(500'000, 'x')); },
                     "review.customer_display_name");
  for (const int months : {-1, 0, 2, 13}) {
    ExpectIssueRefused([&](auto& r) { r.mutable_review()->set_billing_period_months(months); },
                       "review.billing_period_months");
  }
  ExpectIssueRefused([](auto& r) { r.mutable_review()->set_term_months(24); }, "review.term_months");
  ExpectIssueRefused([](auto& r) { r.mutable_review()->mutable_requested_start_date()->set_month(13); },
                     "review.requested_start_date");
}

TEST_F(LinkRequestsTest, NamesTheBadFieldOfALine) {
  const auto line = [](v1::IssueLinkRequest& r) { return r.mutable_review()->mutable_lines(0); };
  ExpectIssueRefused([&](auto& r) { line(r)->set_offer_title(""); }, "review.lines[0].offer_title");
  for (const int64_t quantity : {INT64_MIN, int64_t{0}, int64_t{1'000'001}, INT64_MAX}) {
    ExpectIssueRefused([&](auto& r) { line(r)->set_quantity(quantity); }, "review.lines[0].quantity");
  }
  ExpectIssueRefused([&](auto& r) { line(r)->mutable_unit_price()->set_units(-15); }, "review.lines[0].unit_price");
  ExpectIssueRefused([&](auto& r) { line(r)->mutable_unit_price()->set_currency_code("XXX"); },
                     "review.lines[0].unit_price");
  ExpectIssueRefused([&](auto& r) { line(r)->mutable_amount()->set_units(INT64_MAX); }, "review.lines[0].amount");
  ExpectIssueRefused([&](auto& r) { line(r)->mutable_amount()->set_nanos(1); }, "review.lines[0].amount");
  ExpectIssueRefused([](auto& r) { r.mutable_review()->mutable_total()->set_units(374); }, "review.total");
  ExpectIssueRefused([](auto& r) { r.mutable_review()->mutable_total()->set_currency_code("EUR"); }, "review.total");
  ExpectIssueRefused(
      [&](auto& r) {
        for (int i = 0; i < 20; ++i) *r.mutable_review()->add_lines() = *line(r);
      },
      "review.lines");
}

TEST_F(LinkRequestsTest, NamesEveryBadFieldOfGetLinkAndApplyOrderOutcome) {
  for (const std::string& name : kBadNames) {
    ExpectViolations(GetLink(name).status(), {"name"});
    v1::ApplyOrderOutcomeRequest request;
    request.set_name(name);
    ExpectViolations(Call(&Stub::ApplyOrderOutcome, request).status(),
                     {"name", "state", "order_version", "decide_time", "request_id"});
  }
  for (const int state : {0, 1, 7, -1, 1000}) {
    auto request = OutcomeRequest("links/" + kId, static_cast<v1::Link::State>(state));
    ExpectViolations(Call(&Stub::ApplyOrderOutcome, request).status(), {"state"});
  }
  v1::ApplyOrderOutcomeRequest pressed = OutcomeRequest("links/" + kId, v1::Link::STATE_EXPIRED);
  pressed.mutable_press_time()->set_seconds(1);
  ExpectViolations(Call(&Stub::ApplyOrderOutcome, pressed).status(), {"press_time"});
  ExpectViolations(Call(&Stub::ApplyOrderOutcome, OutcomeRequest("links/" + kId, v1::Link::STATE_REVOKED, -3)).status(),
                   {"order_version"});
}

TEST_F(LinkRequestsTest, RefusesTextThatIsNotUtf8AndARequestOfMoreThanAMebibyte) {
  v1::IssueLinkRequest request = IssueRequest();
  request.mutable_review()->set_customer_display_name("Fabrikam \xff\xfe");
  EXPECT_THAT(Call(&Stub::IssueLink, request), StatusIs(absl::StatusCode::kInvalidArgument));
  request.mutable_review()->set_customer_display_name(std::string(1 << 20, 'x'));
  EXPECT_THAT(Call(&Stub::IssueLink, request), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(LinkRequestsTest, RefusesACallerThatSaysNotWhoItIs) {
  for (const char* caller : {"nobody", "services/", "root"}) {
    EXPECT_THAT(Call(&Stub::IssueLink, IssueRequest(), caller), StatusIs(absl::StatusCode::kUnauthenticated));
  }
}

}  // namespace
}  // namespace countersign::link
