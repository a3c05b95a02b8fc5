#include "billing-service/src/api/subscription_handlers.h"

#include <algorithm>
#include <string>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

class SubscriptionListTest : public ApiTest {
 protected:
  v1::ListSubscriptionsRequest Request(const std::string& filter = "") const {
    v1::ListSubscriptionsRequest request;
    request.set_parent(account_);
    request.set_filter(filter);
    return request;
  }

  std::vector<std::string> Names(const v1::ListSubscriptionsRequest& request) {
    std::vector<std::string> names;
    const absl::StatusOr<v1::ListSubscriptionsResponse> page = Call(&Stub::ListSubscriptions, request);
    EXPECT_OK(page);
    if (page.ok()) {
      for (const v1::Subscription& subscription : page->subscriptions()) names.push_back(subscription.name());
    }
    return names;
  }

  // Of three orders, in the order of a list.
  std::vector<std::string> Started() {
    std::vector<std::string> names;
    for (const char* order : {"first", "second", "third"}) {
      const absl::StatusOr<v1::ActivateOrderResponse> activated = Activate(OrderRequest(order));
      EXPECT_OK(activated);
      if (activated.ok()) names.push_back(activated->subscriptions(0));
    }
    std::sort(names.begin(), names.end());
    return names;
  }
};

TEST_F(SubscriptionListTest, ListsThemAsTheyAre) {
  const std::vector<std::string> started = Started();
  ASSERT_OK_AND_ASSIGN(const v1::ListSubscriptionsResponse page, Call(&Stub::ListSubscriptions, Request()));
  EXPECT_THAT(Names(Request()), ElementsAreArray(started));
  for (const v1::Subscription& subscription : page.subscriptions()) {
    v1::GetSubscriptionRequest get;
    get.set_name(subscription.name());
    ASSERT_OK_AND_ASSIGN(const v1::Subscription got, Call(&Stub::GetSubscription, get));
    EXPECT_EQ(subscription.SerializeAsString(), got.SerializeAsString());
  }
}

TEST_F(SubscriptionListTest, PagesAndBindsItsTokens) {
  const std::vector<std::string> started = Started();
  v1::ListSubscriptionsRequest request = Request();
  request.set_page_size(2);
  ASSERT_OK_AND_ASSIGN(const v1::ListSubscriptionsResponse first, Call(&Stub::ListSubscriptions, request));
  request.set_page_token(first.next_page_token());
  EXPECT_THAT(Names(request), ElementsAre(started[2]));
  request.set_filter("state = ACTIVE");
  EXPECT_THAT(Call(&Stub::ListSubscriptions, request), HasReason("INVALID_FIELD"));
}

TEST_F(SubscriptionListTest, FiltersByEveryFieldItNames) {
  const std::vector<std::string> started = Started();
  EXPECT_THAT(Names(Request("state = ACTIVE AND start_date = 2009-06-01")), ElementsAreArray(started));
  EXPECT_THAT(Names(Request("state = CANCELLED")), IsEmpty());
  EXPECT_THAT(Names(Request("offer = \"offers/bpos-standard-suite\"")), ElementsAreArray(started));
  EXPECT_THAT(Names(Request("offer != \"offers/bpos-standard-suite\"")), IsEmpty());
  EXPECT_THAT(Names(Request("start_date > \"2009-06-01\"")), IsEmpty());
  EXPECT_THAT(Names(Request("create_time < \"2009-05-31T00:00:00Z\"")), IsEmpty());
  EXPECT_EQ(Names(Request(absl::StrCat("order = \"", OrderRequest("second").order(), "\""))).size(), 1U);
}

TEST_F(SubscriptionListTest, IsNotForPartners) {
  EXPECT_THAT(Call(&Stub::ListSubscriptions, Request(), partner_), StatusIs(absl::StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace countersign::billing
