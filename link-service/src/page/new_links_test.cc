// "Ask your partner for a new link".
#include <string>
#include <thread>
#include <vector>

#include "countersign/link/v1/link.pb.h"
#include "countersign/link/v1/new_link_request.pb.h"
#include "countersign/link/v1/new_link_request_service.grpc.pb.h"
#include "link-service/src/page/page_test_base.h"

namespace countersign::link {
namespace {

using ::countersign::testing::HttpGet;
using ::countersign::testing::HttpPost;
using ::testing::HasSubstr;
using ::testing::Not;

class NewLinksTest : public PageTest {
 protected:
  std::string Partner() const { return issued_.link().order().substr(0, issued_.link().order().find("/orders/")); }

  absl::StatusOr<v1::ListNewLinkRequestsResponse> List(absl::string_view caller, const std::string& filter = "") {
    v1::ListNewLinkRequestsRequest request;
    request.set_parent(Partner());
    request.set_filter(filter);
    return ApiTestFrame::Call(&v1::NewLinkRequestService::Stub::ListNewLinkRequests, request, caller);
  }

  testing::HttpReply Ask() const { return HttpPost(url_, {{"action", "new_link"}}); }
};

TEST_F(NewLinksTest, AnExpiredLinkOffersItAndTheirPartnerIsTold) {
  clock_.Advance(absl::Hours(30 * 24));
  Decide(v1::Link::STATE_EXPIRED);
  EXPECT_THAT(HttpGet(url_).body, HasSubstr("for a new link</button>"));
  EXPECT_EQ(Ask().status, 303);
  const std::string after = HttpGet(url_).body;
  EXPECT_THAT(after, HasSubstr("today that you ask for a new link"));
  EXPECT_THAT(after, Not(HasSubstr("for a new link</button>")));
  ASSERT_OK_AND_ASSIGN(const v1::ListNewLinkRequestsResponse listed, List(Partner()));
  ASSERT_EQ(listed.new_link_requests_size(), 1);
  const v1::NewLinkRequest& asked = listed.new_link_requests(0);
  EXPECT_EQ(asked.link(), issued_.link().name());
  EXPECT_EQ(asked.order(), issued_.link().order());
  EXPECT_EQ(asked.order_number(), "CS-7K3M-Q9XT-2PBD");
  EXPECT_EQ(asked.request_date().month(), 7);
  // The partner watches its own log; nothing in it says who asked.
  const auto rows =
      database_->Query("SELECT LOWER(HEX(tenant_id)), payload FROM events WHERE type = 'NEW_LINK_REQUESTED'");
  ASSERT_EQ(rows.size(), 1u);
  std::string partner_hex;
  for (const char c : Partner().substr(9)) {
    if (c != '-') partner_hex.push_back(c);
  }
  EXPECT_EQ(rows[0].Bytes(0), partner_hex);
  v1::NewLinkRequestEvent event;
  ASSERT_TRUE(event.ParseFromString(rows[0].Bytes(1)));
  EXPECT_EQ(event.link(), issued_.link().name());
  EXPECT_EQ(event.new_link_request(), asked.name());
}

TEST_F(NewLinksTest, IsOneRequestADayHoweverOftenItIsPressed) {
  Decide(v1::Link::STATE_EXPIRED);
  std::vector<std::thread> presses;
  for (int i = 0; i < 4; ++i) presses.emplace_back([this] { EXPECT_EQ(Ask().status, 303); });
  for (std::thread& press : presses) press.join();
  EXPECT_EQ(CountRows("new_link_requests"), 1);
  EXPECT_EQ(CountRows("events WHERE type = 'NEW_LINK_REQUESTED'"), 1);
  clock_.Advance(absl::Hours(24));
  EXPECT_THAT(HttpGet(url_).body, HasSubstr("for a new link</button>"));
  EXPECT_EQ(Ask().status, 303);
  EXPECT_EQ(CountRows("new_link_requests"), 2);
  ASSERT_OK_AND_ASSIGN(const v1::ListNewLinkRequestsResponse first, List(kOperator, "request_date = 2009-06-01"));
  EXPECT_EQ(first.new_link_requests_size(), 1);
  v1::ListNewLinkRequestsRequest request;
  request.set_parent(Partner());
  request.set_page_size(1);
  for (int day = 1; day <= 2; ++day) {
    ASSERT_OK_AND_ASSIGN(const v1::ListNewLinkRequestsResponse page,
                         ApiTestFrame::Call(&v1::NewLinkRequestService::Stub::ListNewLinkRequests, request, Partner()));
    ASSERT_EQ(page.new_link_requests_size(), 1);
    EXPECT_EQ(page.new_link_requests(0).request_date().day(), day);
    request.set_page_token(page.next_page_token());
  }
  EXPECT_EQ(request.page_token(), "");
}

TEST_F(NewLinksTest, NoOtherStateTakesIt) {
  EXPECT_THAT(HttpGet(url_).body, Not(HasSubstr("new_link")));
  EXPECT_EQ(Ask().status, 303);  // To the page as it is.
  for (const v1::Link::State state :
       {v1::Link::STATE_CONFIRMED, v1::Link::STATE_DECLINED, v1::Link::STATE_REVOKED, v1::Link::STATE_SUPERSEDED}) {
    issued_ = Issue();
    url_ = Local(issued_.url());
    Decide(state);
    EXPECT_THAT(HttpGet(url_).body, Not(HasSubstr("new_link")));
    EXPECT_EQ(Ask().status, 303);
  }
  EXPECT_EQ(CountRows("new_link_requests"), 0);
  EXPECT_TRUE(orders_.confirms().empty());
}

TEST_F(NewLinksTest, OpeningThePageAsksForNothing) {
  Decide(v1::Link::STATE_EXPIRED);
  for (int i = 0; i < 3; ++i) HttpGet(url_ + "?action=new_link");
  EXPECT_EQ(CountRows("new_link_requests"), 0);
}

TEST_F(NewLinksTest, NoPartnerSeesAnothersRequests) {
  EXPECT_THAT(List("partners/" + NewRequestId()), testing::StatusIs(absl::StatusCode::kNotFound));
  v1::ListNewLinkRequestsRequest request;
  request.set_parent("partners/-");
  request.set_filter("ip = 1");
  request.set_page_size(-1);
  request.set_page_token("x");
  ExpectViolations(
      ApiTestFrame::Call(&v1::NewLinkRequestService::Stub::ListNewLinkRequests, request, kOperator).status(),
      {"parent", "filter", "page_size", "page_token"});
}

}  // namespace
}  // namespace countersign::link
