// Entitlements as they are watched, through the real server and database: each change comes, and after a break the
// rest.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "billing-service/src/api/api_test_base.h"
#include "common/base/error.h"
#include "common/rpc/status.h"
#include "countersign/billing/v1/entitlement_service.grpc.pb.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::SizeIs;

constexpr char kEveryAccount[] = "billingAccounts/-";
constexpr char kProvisioning[] = "services/provisioning-service";

class EntitlementServiceTest : public ApiTest {
 protected:
  // One stream, read by the calling thread.
  class Stream {
   public:
    Stream(const std::shared_ptr<grpc::Channel>& channel, const std::string& parent, const std::string& position = "",
           absl::string_view caller = kProvisioning)
        : stub_(v1::EntitlementService::NewStub(channel)) {
      testing::SetCaller(context_, caller);
      v1::WatchEntitlementsRequest request;
      request.set_parent(parent);
      request.set_position(position);
      reader_ = stub_->WatchEntitlements(&context_, request);
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream() {
      if (reader_ == nullptr) return;
      context_.TryCancel();
      v1::EntitlementChange ignored;
      while (reader_->Read(&ignored)) {
      }
      reader_->Finish().IgnoreError();
    }
    v1::EntitlementChange Next() {
      v1::EntitlementChange change;
      if (!reader_->Read(&change)) ADD_FAILURE() << "the stream ended: " << Finish();
      return change;
    }
    // Changes until one of the subscription in this version or a newer one.
    v1::EntitlementChange NextOf(const std::string& subscription, int64_t version) {
      for (;;) {
        v1::EntitlementChange change = Next();
        const v1::Entitlement& entitlement = change.entitlement();
        if (reader_ == nullptr) return change;
        if (entitlement.subscription() == subscription && entitlement.version() >= version) return change;
      }
    }
    absl::Status Finish() {
      const absl::Status status = rpc::FromGrpc(reader_->Finish());
      reader_ = nullptr;
      return status;
    }
    // That it is refused.
    absl::Status Refusal() {
      v1::EntitlementChange change;
      EXPECT_FALSE(reader_->Read(&change));
      return Finish();
    }

   private:
    const std::unique_ptr<v1::EntitlementService::Stub> stub_;
    grpc::ClientContext context_;
    std::unique_ptr<grpc::ClientReader<v1::EntitlementChange>> reader_;
  };

  // An order whose events are sealed; its subscription.
  std::string Start(const std::string& order = "order") {
    const absl::StatusOr<v1::ActivateOrderResponse> activated = Activate(OrderRequest(order));
    EXPECT_OK(activated);
    Drain();
    return activated.ok() ? activated->subscriptions(0) : "";
  }
  int64_t Suspend(const std::string& subscription) {
    v1::SuspendSubscriptionRequest request;
    request.set_name(subscription);
    request.set_suspension_reason(v1::Subscription::SUSPENSION_REASON_OPERATOR);
    request.set_reason("asked for");
    request.set_request_id(NewRequestId());
    return Changed(Call(&v1::SubscriptionService::Stub::SuspendSubscription, request));
  }
  int64_t Resume(const std::string& subscription) {
    v1::ResumeSubscriptionRequest request;
    request.set_name(subscription);
    request.set_suspension_reason(v1::Subscription::SUSPENSION_REASON_OPERATOR);
    request.set_reason("asked for");
    request.set_request_id(NewRequestId());
    return Changed(Call(&v1::SubscriptionService::Stub::ResumeSubscription, request));
  }
  // The version that the change made.
  int64_t Changed(const absl::StatusOr<v1::Subscription>& subscription) {
    EXPECT_OK(subscription);
    Drain();
    if (!subscription.ok()) return 0;
    return database_->Query("SELECT MAX(version) FROM events WHERE type LIKE 'SUBSCRIPTION_%'").at(0).Int(0);
  }
};

TEST_F(EntitlementServiceTest, AWatcherSeesWhatIsThereAndThenEachChange) {
  const std::string subscription = Start();
  Stream all(channel(), kEveryAccount);
  Stream own(channel(), account_);
  for (Stream* stream : {&all, &own}) {
    const v1::Entitlement first = stream->NextOf(subscription, 1).entitlement();
    EXPECT_EQ(first.state(), v1::Subscription::STATE_ACTIVE);
    EXPECT_EQ(first.seats(), 25);
    EXPECT_THAT(first.provided_offers(), ::testing::Not(SizeIs(0)));
    EXPECT_EQ(first.serve_until_date().month(), 7);
  }
  const int64_t suspended = Suspend(subscription);
  for (Stream* stream : {&all, &own}) {
    const v1::Entitlement now = stream->NextOf(subscription, suspended).entitlement();
    EXPECT_EQ(now.state(), v1::Subscription::STATE_SUSPENDED);
    EXPECT_FALSE(now.has_serve_until_date());
    EXPECT_THAT(now.suspension_reasons(), SizeIs(1));
  }
}

TEST_F(EntitlementServiceTest, AWatchThatIsResumedMissesNothing) {
  const std::string subscription = Start();
  std::string position;
  {
    Stream before(channel(), kEveryAccount);
    position = before.NextOf(subscription, 1).position();
  }
  const int64_t suspended = Suspend(subscription);
  const int64_t resumed = Resume(subscription);
  ASSERT_EQ(resumed, suspended + 1);
  const std::string other = Start("another");
  Stream after(channel(), kEveryAccount, position);
  EXPECT_EQ(after.NextOf(subscription, resumed).entitlement().state(), v1::Subscription::STATE_ACTIVE);
  EXPECT_EQ(after.NextOf(other, 1).entitlement().seats(), 25);
}

TEST_F(EntitlementServiceTest, AnAccountsWatcherSeesNothingOfOthers) {
  Start("of the account");
  v1::ActivateOrderRequest request = OrderRequest("of another");
  const std::string elsewhere = absl::StrCat("billingAccounts/", Uuid::Derived({"elsewhere"}).ToString());
  request.set_billing_account(elsewhere);
  ASSERT_OK(Activate(request));
  Drain();
  Stream own(channel(), elsewhere);
  EXPECT_TRUE(absl::StartsWith(own.Next().entitlement().subscription(), elsewhere));
}

TEST_F(EntitlementServiceTest, WatchingIsRefusedLikeAnyCall) {
  EXPECT_THAT(Stream(channel(), kEveryAccount, "", partner_).Refusal(), HasReason("METHOD_NOT_ALLOWED"));
  EXPECT_THAT(Stream(channel(), kEveryAccount, "", "nobody").Refusal(), StatusIs(absl::StatusCode::kUnauthenticated));
  ExpectViolations(Stream(channel(), "partners/x", "made up").Refusal(), {"parent", "position"});
}

TEST_F(EntitlementServiceTest, AStreamEndsWhereTheCatalogueIsAwayAndMissesNothingAfterwards) {
  const std::string subscription = Start();
  orders_.failure = absl::UnavailableError("order-service is away");
  EXPECT_THAT(Stream(channel(), kEveryAccount).Refusal(), StatusIs(absl::StatusCode::kUnavailable));
  orders_.failure = absl::OkStatus();
  EXPECT_EQ(Stream(channel(), kEveryAccount).NextOf(subscription, 1).entitlement().seats(), 25);
}

}  // namespace
}  // namespace countersign::billing
