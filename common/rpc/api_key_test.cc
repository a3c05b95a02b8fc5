#include "common/rpc/api_key.h"

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/testing/status_matchers.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

class KeyCacheTest : public ::testing::Test {
 protected:
  KeyCacheOptions Options() {
    KeyCacheOptions options;
    options.now = [this] { return now_; };
    return options;
  }

  KeyVerifier Verifier() {
    return [this](absl::string_view, absl::Time) {
      ++questions_;
      return answer_;
    };
  }

  static absl::Time Soon() { return absl::Now() + absl::Seconds(30); }

  std::chrono::steady_clock::time_point now_;
  const Uuid partner_ = *Uuid::Parse("01890a5d-ac96-774b-bcce-b302099a8057");
  absl::StatusOr<VerifiedKey> answer_ = VerifiedKey{partner_, false};
  std::atomic<int> questions_{0};
};

TEST_F(KeyCacheTest, AsksOnceInThreeSeconds) {
  KeyCache cache(Verifier(), Options());
  ASSERT_OK_AND_ASSIGN(const VerifiedKey first, cache.Verify("cs_a", Soon()));
  EXPECT_EQ(first.partner, partner_);
  now_ += std::chrono::milliseconds(2'999);
  EXPECT_OK(cache.Verify("cs_a", Soon()));
  EXPECT_EQ(questions_, 1);
  EXPECT_OK(cache.Verify("cs_b", Soon()));
  EXPECT_EQ(questions_, 2);
}

TEST_F(KeyCacheTest, KnowsWithinThreeSecondsThatAKeyWasRevoked) {
  KeyCache cache(Verifier(), Options());
  EXPECT_OK(cache.Verify("cs_a", Soon()));
  answer_ = NotFound("API_KEY_INVALID", "no such key");
  now_ += std::chrono::seconds(3);
  EXPECT_THAT(cache.Verify("cs_a", Soon()), HasReason("API_KEY_INVALID"));
}

TEST_F(KeyCacheTest, CountsTheThreeSecondsFromTheQuestionNotFromTheAnswer) {
  KeyCache cache(
      [this](absl::string_view, absl::Time) {
        ++questions_;
        now_ += std::chrono::seconds(2);  // A slow answer was true when it was asked for.
        return answer_;
      },
      Options());
  EXPECT_OK(cache.Verify("cs_a", Soon()));
  now_ += std::chrono::seconds(1);
  EXPECT_OK(cache.Verify("cs_a", Soon()));
  EXPECT_EQ(questions_, 2);
}

TEST_F(KeyCacheTest, RemembersThatAKeyIsNoGood) {
  answer_ = NotFound("API_KEY_INVALID", "no such key");
  KeyCache cache(Verifier(), Options());
  for (int i = 0; i < 3; ++i) EXPECT_THAT(cache.Verify("cs_a", Soon()), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(questions_, 1);
}

TEST_F(KeyCacheTest, AsksAgainAfterAFailureAndLetsNobodyInMeanwhile) {
  answer_ = absl::UnavailableError("down");
  KeyCache cache(Verifier(), Options());
  EXPECT_THAT(cache.Verify("cs_a", Soon()), StatusIs(absl::StatusCode::kUnavailable));
  answer_ = VerifiedKey{partner_, true};
  ASSERT_OK_AND_ASSIGN(const VerifiedKey verified, cache.Verify("cs_a", Soon()));
  EXPECT_TRUE(verified.suspended);
  EXPECT_EQ(questions_, 2);
}

TEST_F(KeyCacheTest, DoesNotLetAGoodKeyOutliveAFailure) {
  KeyCache cache(Verifier(), Options());
  EXPECT_OK(cache.Verify("cs_a", Soon()));
  answer_ = absl::UnavailableError("down");
  now_ += std::chrono::seconds(3);
  EXPECT_THAT(cache.Verify("cs_a", Soon()), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(KeyCacheTest, AsksOnceForThoseWhoComeTogether) {
  absl::Notification asked;
  absl::Notification answer;
  KeyCache cache(
      [&](absl::string_view, absl::Time) {
        ++questions_;
        asked.Notify();
        answer.WaitForNotification();
        return answer_;
      },
      Options());
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  threads.emplace_back([&] { good += cache.Verify("cs_a", Soon()).ok(); });
  asked.WaitForNotification();
  // Who has no time left does not wait for the other's answer.
  EXPECT_THAT(cache.Verify("cs_a", absl::Now()), StatusIs(absl::StatusCode::kDeadlineExceeded));
  for (int i = 0; i < 7; ++i) threads.emplace_back([&] { good += cache.Verify("cs_a", Soon()).ok(); });
  answer.Notify();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 8);
  EXPECT_EQ(questions_, 1);
}

TEST_F(KeyCacheTest, KeepsNoMoreKeysThanItMay) {
  KeyCacheOptions options = Options();
  options.max_keys = 10;
  KeyCache cache(Verifier(), options);
  for (int i = 0; i < 10; ++i) EXPECT_OK(cache.Verify(absl::StrCat("cs_", i), Soon()));
  EXPECT_OK(cache.Verify("cs_0", Soon()));
  EXPECT_EQ(questions_, 10);
  EXPECT_OK(cache.Verify("cs_10", Soon()));  // One too many: all are forgotten.
  EXPECT_OK(cache.Verify("cs_0", Soon()));
  EXPECT_EQ(questions_, 12);
}

}  // namespace
}  // namespace countersign::rpc
