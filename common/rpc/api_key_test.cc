#include "common/rpc/api_key.h"

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/rpc/caller.h"
#include "common/testing/status_matchers.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

constexpr char kAddress[] = "192.0.2.1";

std::string KeyOf(int id) { return absl::StrFormat("cs_%032x_%016x_%s", 7, id, std::string(43, 'A')); }

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
  ASSERT_OK_AND_ASSIGN(const VerifiedKey first, cache.Verify(KeyOf(1), kAddress, Soon()));
  EXPECT_EQ(first.partner, partner_);
  now_ += std::chrono::milliseconds(2'999);
  EXPECT_OK(cache.Verify(KeyOf(1), kAddress, Soon()));
  EXPECT_EQ(questions_, 1);
  EXPECT_OK(cache.Verify(KeyOf(2), kAddress, Soon()));
  EXPECT_EQ(questions_, 2);
}

TEST_F(KeyCacheTest, KnowsWithinThreeSecondsThatAKeyWasRevoked) {
  KeyCache cache(Verifier(), Options());
  EXPECT_OK(cache.Verify(KeyOf(1), kAddress, Soon()));
  answer_ = NotFound("API_KEY_INVALID", "no such key");
  now_ += std::chrono::seconds(3);
  EXPECT_THAT(cache.Verify(KeyOf(1), kAddress, Soon()), HasReason("API_KEY_INVALID"));
}

TEST_F(KeyCacheTest, CountsTheThreeSecondsFromTheQuestionNotFromTheAnswer) {
  KeyCache cache(
      [this](absl::string_view, absl::Time) {
        ++questions_;
        now_ += std::chrono::seconds(2);  // A slow answer was true when it was asked for.
        return answer_;
      },
      Options());
  EXPECT_OK(cache.Verify(KeyOf(1), kAddress, Soon()));
  now_ += std::chrono::seconds(1);
  EXPECT_OK(cache.Verify(KeyOf(1), kAddress, Soon()));
  EXPECT_EQ(questions_, 2);
}

TEST_F(KeyCacheTest, RemembersThatAKeyIsNoGood) {
  answer_ = NotFound("API_KEY_INVALID", "no such key");
  KeyCache cache(Verifier(), Options());
  for (int i = 0; i < 3; ++i)
    EXPECT_THAT(cache.Verify(KeyOf(1), kAddress, Soon()), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(questions_, 1);
}

TEST_F(KeyCacheTest, RemembersABadKeyAlsoWhereAGoodOneIsAskedAboutEachTime) {
  KeyCacheOptions options = Options();
  options.ttl = {};
  KeyCache cache(Verifier(), options);
  for (int i = 0; i < 3; ++i) EXPECT_OK(cache.Verify(KeyOf(1), kAddress, Soon()));
  EXPECT_EQ(questions_, 3);
  answer_ = NotFound("API_KEY_INVALID", "revoked");
  for (int i = 0; i < 3; ++i) EXPECT_THAT(cache.Verify(KeyOf(1), kAddress, Soon()), HasReason("API_KEY_INVALID"));
  EXPECT_EQ(questions_, 4);
}

TEST_F(KeyCacheTest, AsksAgainAfterAFailureAndLetsNobodyInMeanwhile) {
  answer_ = absl::UnavailableError("down");
  KeyCache cache(Verifier(), Options());
  EXPECT_THAT(cache.Verify(KeyOf(1), kAddress, Soon()), StatusIs(absl::StatusCode::kUnavailable));
  answer_ = VerifiedKey{partner_, true};
  ASSERT_OK_AND_ASSIGN(const VerifiedKey verified, cache.Verify(KeyOf(1), kAddress, Soon()));
  EXPECT_TRUE(verified.suspended);
  EXPECT_EQ(questions_, 2);
}

TEST_F(KeyCacheTest, DoesNotLetAGoodKeyOutliveAFailure) {
  KeyCache cache(Verifier(), Options());
  EXPECT_OK(cache.Verify(KeyOf(1), kAddress, Soon()));
  answer_ = absl::UnavailableError("down");
  now_ += std::chrono::seconds(3);
  EXPECT_THAT(cache.Verify(KeyOf(1), kAddress, Soon()), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(KeyCacheTest, MadeUpKeysThatNobodyAnswersForHoldFewCallsAndTheOthersEndAtOnce) {
  constexpr int kKeys = 60;
  constexpr int kHeld = 16;  // A quarter of 64 calls.
  absl::Notification answer;
  KeyCache cache(
      [&](absl::string_view, absl::Time) {
        answer.WaitForNotification();
        return answer_;
      },
      Options());
  absl::Mutex mutex;
  int refused = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kKeys; ++i) {
    threads.emplace_back([&, i] {
      const absl::Status status = cache.Verify(KeyOf(i), kAddress, Soon()).status();
      absl::MutexLock lock(&mutex);
      if (!status.ok()) ++refused;
    });
  }
  {
    const auto all_others = [&] { return refused == kKeys - kHeld; };
    absl::MutexLock lock(&mutex);
    mutex.Await(absl::Condition(&all_others));
  }
  answer.Notify();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(refused, kKeys - kHeld);
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
  threads.emplace_back([&] { good += cache.Verify(KeyOf(1), kAddress, Soon()).ok(); });
  asked.WaitForNotification();
  // Who has no time left does not wait for the other's answer.
  EXPECT_THAT(cache.Verify(KeyOf(1), kAddress, absl::Now()), HasReason("KEY_NOT_VERIFIED"));
  for (int i = 0; i < 7; ++i) threads.emplace_back([&] { good += cache.Verify(KeyOf(1), kAddress, Soon()).ok(); });
  answer.Notify();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 8);
  EXPECT_EQ(questions_, 1);
}

TEST_F(KeyCacheTest, AsksItselfWhenTheOneWhoAskedFails) {
  absl::Notification asked;
  absl::Notification answer;
  KeyCache cache(
      [&](absl::string_view, absl::Time) -> absl::StatusOr<VerifiedKey> {
        if (++questions_ > 1) return answer_;
        asked.Notify();
        answer.WaitForNotification();
        return absl::DeadlineExceededError("too slow");
      },
      Options());
  std::thread first([&] { EXPECT_THAT(cache.Verify(KeyOf(1), kAddress, Soon()), HasReason("KEY_NOT_VERIFIED")); });
  asked.WaitForNotification();
  std::thread second([&] { EXPECT_OK(cache.Verify(KeyOf(1), kAddress, Soon())); });
  answer.Notify();
  first.join();
  second.join();
  EXPECT_EQ(questions_, 2);
}

TEST_F(KeyCacheTest, GivesAQuestionTwoSecondsWhateverItsAskerHas) {
  absl::Duration time;
  KeyCache cache(
      [&](absl::string_view, absl::Time deadline) {
        time = deadline - absl::Now();
        return answer_;
      },
      Options());
  for (const absl::Time deadline : {absl::Now(), absl::Now() + absl::Seconds(60)}) {
    EXPECT_OK(cache.Verify(KeyOf(1), kAddress, deadline));
    EXPECT_GT(time, absl::Seconds(1));
    EXPECT_LE(time, absl::Seconds(2));
    now_ += std::chrono::seconds(3);
  }
}

TEST_F(KeyCacheTest, AsksNobodyAboutWhatIsWrittenLikeNoKey) {
  KeyCache cache(Verifier(), Options());
  for (const std::string& text : {std::string(), std::string("cs_"), KeyOf(1) + "A", KeyOf(1).substr(1),
                                  "Bearer " + KeyOf(1), absl::StrCat(KeyOf(1).substr(0, KeyOf(1).size() - 1), "=")}) {
    EXPECT_THAT(cache.Verify(text, kAddress, Soon()), HasReason("API_KEY_INVALID")) << text;
  }
  EXPECT_EQ(questions_, 0);
}

TEST_F(KeyCacheTest, KeepsNoMoreKeysThanItMay) {
  KeyCacheOptions options = Options();
  options.max_keys = 10;
  KeyCache cache(Verifier(), options);
  for (int i = 0; i < 10; ++i) EXPECT_OK(cache.Verify(KeyOf(i), kAddress, Soon()));
  EXPECT_OK(cache.Verify(KeyOf(0), kAddress, Soon()));
  EXPECT_EQ(questions_, 10);
  EXPECT_OK(cache.Verify(KeyOf(10), kAddress, Soon()));  // One too many: all are forgotten.
  EXPECT_OK(cache.Verify(KeyOf(0), kAddress, Soon()));
  EXPECT_EQ(questions_, 12);
}

TEST_F(KeyCacheTest, BadKeysPushOutNoGoodOne) {
  KeyCacheOptions options = Options();
  options.max_keys = 10;
  KeyCache cache(Verifier(), options);
  EXPECT_OK(cache.Verify(KeyOf(0), kAddress, Soon()));
  answer_ = NotFound("API_KEY_INVALID", "no such key");
  for (int i = 1; i < 50; ++i) EXPECT_FALSE(cache.Verify(KeyOf(i), kAddress, Soon()).ok());
  EXPECT_EQ(questions_, 50);
  EXPECT_OK(cache.Verify(KeyOf(0), kAddress, Soon()));
  EXPECT_EQ(questions_, 50);
}

TEST_F(KeyCacheTest, LimitsHowManyBadKeysAnAddressMayHaveLookedUp) {
  KeyCacheOptions options = Options();
  options.wrong_keys = {.calls_per_second = 1, .burst = 5};
  KeyCache cache(Verifier(), options);
  for (int i = 100; i < 150; ++i) EXPECT_OK(cache.Verify(KeyOf(i), kAddress, Soon()));  // Good ones cost nothing.
  const absl::StatusOr<VerifiedKey> good = answer_;
  answer_ = NotFound("API_KEY_INVALID", "no such key");
  for (int i = 1; i <= 5; ++i) EXPECT_THAT(cache.Verify(KeyOf(i), kAddress, Soon()), HasReason("API_KEY_INVALID"));
  EXPECT_THAT(cache.Verify(KeyOf(5), kAddress, Soon()), HasReason("API_KEY_INVALID"));  // Known: nobody is asked.
  const int before = questions_;
  const auto refused = cache.Verify(KeyOf(6), kAddress, Soon());
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(refused, HasReason("QUOTA_EXCEEDED"));
  EXPECT_EQ(questions_, before);
  EXPECT_THAT(cache.Verify(KeyOf(6), "192.0.2.2", Soon()), HasReason("API_KEY_INVALID"));
  answer_ = good;
  now_ += std::chrono::milliseconds(999);
  EXPECT_THAT(cache.Verify(KeyOf(7), kAddress, Soon()), HasReason("QUOTA_EXCEEDED"));
  now_ += std::chrono::milliseconds(1);
  EXPECT_OK(cache.Verify(KeyOf(7), kAddress, Soon()));
}

TEST_F(KeyCacheTest, LetsAKeyThatWasGoodBeAskedAboutWhateverItsNeighboursDo) {
  KeyCacheOptions options = Options();
  options.ttl = std::chrono::milliseconds(10);
  options.wrong_keys = {.calls_per_second = 1, .burst = 1};
  KeyCache cache(Verifier(), options);
  EXPECT_OK(cache.Verify(KeyOf(0), kAddress, Soon()));
  const absl::StatusOr<VerifiedKey> good = answer_;
  answer_ = NotFound("API_KEY_INVALID", "no such key");
  EXPECT_THAT(cache.Verify(KeyOf(1), kAddress, Soon()), HasReason("API_KEY_INVALID"));
  EXPECT_THAT(cache.Verify(KeyOf(2), kAddress, Soon()), HasReason("QUOTA_EXCEEDED"));
  answer_ = good;
  now_ += std::chrono::milliseconds(10);
  EXPECT_OK(cache.Verify(KeyOf(0), kAddress, Soon()));
  EXPECT_EQ(questions_, 3);
}

TEST(AddressOfPeerTest, LeavesOutThePortAndWhatOneClientOwnsAnyway) {
  EXPECT_EQ(AddressOfPeer("ipv4:192.0.2.1:1234"), "192.0.2.1");
  EXPECT_EQ(AddressOfPeer("ipv4:192.0.2.1:1235"), AddressOfPeer("ipv4:192.0.2.1:1234"));
  EXPECT_NE(AddressOfPeer("ipv4:192.0.2.2:1234"), AddressOfPeer("ipv4:192.0.2.1:1234"));
  EXPECT_EQ(AddressOfPeer("ipv6:%5B2001:db8:0:1::1%5D:1234"), "20010db800000001");
  EXPECT_EQ(AddressOfPeer("ipv6:[2001:db8:0:1:ffff::2]:99"), "20010db800000001");
  EXPECT_EQ(AddressOfPeer("ipv6:%5Bfe80::1%25eth0%5D:1"), "fe80000000000000");
  EXPECT_EQ(AddressOfPeer("unix:"), "unix");
  EXPECT_EQ(AddressOfPeer(""), "");
}

}  // namespace
}  // namespace countersign::rpc
