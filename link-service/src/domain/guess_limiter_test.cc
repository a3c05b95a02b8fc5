#include "link-service/src/domain/guess_limiter.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace countersign::link {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'243'846'800);

void GuessWrong(GuessLimiter& limiter, absl::string_view address, int times) {
  for (int i = 0; i < times; ++i) limiter.CountWrong(address, kNow);
}

TEST(GuessLimiterTest, LimitsOneAddressAndNoOther) {
  GuessLimiter limiter;
  GuessWrong(limiter, "192.0.2.1", 59);
  EXPECT_TRUE(limiter.MayTry("192.0.2.1", kNow));
  GuessWrong(limiter, "192.0.2.1", 1);
  EXPECT_FALSE(limiter.MayTry("192.0.2.1", kNow));
  EXPECT_TRUE(limiter.MayTry("192.0.2.2", kNow));
}

TEST(GuessLimiterTest, AllowsOneMoreForEachSecond) {
  GuessLimiter limiter;
  GuessWrong(limiter, "192.0.2.1", 100);
  EXPECT_FALSE(limiter.MayTry("192.0.2.1", kNow + absl::Milliseconds(900)));
  EXPECT_TRUE(limiter.MayTry("192.0.2.1", kNow + absl::Milliseconds(1100)));
  limiter.CountWrong("192.0.2.1", kNow + absl::Milliseconds(1100));
  EXPECT_FALSE(limiter.MayTry("192.0.2.1", kNow + absl::Milliseconds(1200)));
  EXPECT_TRUE(limiter.MayTry("192.0.2.1", kNow + absl::Hours(1)));
}

TEST(GuessLimiterTest, CountsAnIpv6NetworkAsOneClient) {
  GuessLimiter limiter;
  GuessWrong(limiter, "2001:db8:1:2::1", 60);
  EXPECT_FALSE(limiter.MayTry("2001:db8:1:2:ffff::9", kNow));
  EXPECT_TRUE(limiter.MayTry("2001:db8:1:3::1", kNow));
}

TEST(GuessLimiterTest, SurvivesMoreAddressesThanItRemembers) {
  GuessLimiter limiter;
  for (size_t i = 0; i < GuessLimiter::kMaxAddresses + 10; ++i) {
    limiter.CountWrong(absl::StrCat("10.", i / 65536, ".", i / 256 % 256, ".", i % 256), kNow);
  }
  GuessWrong(limiter, "192.0.2.1", 60);
  EXPECT_FALSE(limiter.MayTry("192.0.2.1", kNow));
}

}  // namespace
}  // namespace countersign::link
