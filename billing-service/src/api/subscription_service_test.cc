#include <algorithm>
#include <string>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

class SubscriptionServiceTest : public ApiTest {
 protected:
  v1::ListSubscriptionsRequest Request(const std::string& filter = "") const {
    v1::ListSubscriptionsRequest request;
    request.set_parent(account_);
    request.set_filter(filter);
    return request;
  }

  std::vector<std::string> Names(const v1::ListSubscriptionsRequest& request) {
    std::vector<std::string> names;
    const absl::StatusOr<v1::ListSubscriptionsResponse> page =
        Call(&v1::SubscriptionService::Stub::ListSubscriptions, request);
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

TEST_F(SubscriptionServiceTest, OrderServiceIsToldThatAWaitingChangeIsOutdated) {
  const std::string name = Started()[0];
  Drain();
  EXPECT_THAT(orders_.expired_changes, IsEmpty()) << "its start outdates nothing";
  v1::SuspendSubscriptionRequest request;
  request.set_name(name);
  request.set_suspension_reason(v1::Subscription::SUSPENSION_REASON_OPERATOR);
  request.set_reason("a test");
  request.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::SubscriptionService::Stub::SuspendSubscription, request));
  Drain();
  ASSERT_EQ(orders_.expired_changes.size(), 1u);
  EXPECT_EQ(orders_.expired_changes[0].partner(), partner_);
  EXPECT_EQ(orders_.expired_changes[0].subscription(), name);
  EXPECT_EQ(orders_.expired_changes[0].reason(), "The subscription was suspended.");
}

TEST_F(SubscriptionServiceTest, ListsThemAsTheyAre) {
  const std::vector<std::string> started = Started();
  ASSERT_OK_AND_ASSIGN(const v1::ListSubscriptionsResponse page,
                       Call(&v1::SubscriptionService::Stub::ListSubscriptions, Request()));
  EXPECT_THAT(Names(Request()), ElementsAreArray(started));
  for (const v1::Subscription& subscription : page.subscriptions()) {
    v1::GetSubscriptionRequest get;
    get.set_name(subscription.name());
    ASSERT_OK_AND_ASSIGN(const v1::Subscription got, Call(&v1::SubscriptionService::Stub::GetSubscription, get));
    EXPECT_EQ(subscription.SerializeAsString(), got.SerializeAsString());
  }
}

TEST_F(SubscriptionServiceTest, PagesAndBindsItsTokens) {
  const std::vector<std::string> started = Started();
  v1::ListSubscriptionsRequest request = Request();
  request.set_page_size(2);
  ASSERT_OK_AND_ASSIGN(const v1::ListSubscriptionsResponse first,
                       Call(&v1::SubscriptionService::Stub::ListSubscriptions, request));
  request.set_page_token(first.next_page_token());
  EXPECT_THAT(Names(request), ElementsAre(started[2]));
  request.set_filter("state = ACTIVE");
  EXPECT_THAT(Call(&v1::SubscriptionService::Stub::ListSubscriptions, request), HasReason("INVALID_FIELD"));
}

TEST_F(SubscriptionServiceTest, FiltersByEveryFieldItNames) {
  const std::vector<std::string> started = Started();
  EXPECT_THAT(Names(Request("state = ACTIVE AND start_date = 2009-06-01")), ElementsAreArray(started));
  EXPECT_THAT(Names(Request("state = CANCELLED")), IsEmpty());
  EXPECT_THAT(Names(Request("offer = \"offers/bpos-standard-suite\"")), ElementsAreArray(started));
  EXPECT_THAT(Names(Request("offer != \"offers/bpos-standard-suite\"")), IsEmpty());
  EXPECT_THAT(Names(Request("start_date > \"2009-06-01\"")), IsEmpty());
  EXPECT_THAT(Names(Request("create_time < \"2009-05-31T00:00:00Z\"")), IsEmpty());
  EXPECT_EQ(Names(Request(absl::StrCat("order = \"", OrderRequest("second").order(), "\""))).size(), 1U);
}

TEST_F(SubscriptionServiceTest, IsNotForPartners) {
  EXPECT_THAT(Call(&v1::SubscriptionService::Stub::ListSubscriptions, Request(), partner_),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(SubscriptionServiceTest, UnknownNameIsNotFound) {
  v1::GetSubscriptionRequest request;
  request.set_name(absl::StrCat(account_, "/subscriptions/", Uuid::Derived({"unknown"}).ToString()));
  EXPECT_THAT(Call(&v1::SubscriptionService::Stub::GetSubscription, request), HasReason("SUBSCRIPTION_NOT_FOUND"));
}

TEST_F(SubscriptionServiceTest, NamesTheBadFields) {
  for (const std::string& name : BadNames()) {
    v1::GetSubscriptionRequest request;
    request.set_name(name);
    ExpectViolations(Call(&v1::SubscriptionService::Stub::GetSubscription, request).status(), {"name"});
  }
  v1::ListSubscriptionsRequest list;
  list.set_page_size(-1);
  list.set_page_token("forged");
  list.set_filter("state = RUNNING");
  ExpectViolations(Call(&v1::SubscriptionService::Stub::ListSubscriptions, list).status(),
                   {"parent", "filter", "page_size", "page_token"});
}

}  // namespace
}  // namespace countersign::billing
