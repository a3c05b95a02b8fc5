#include "partner-service/src/domain/authorization.h"

#include <optional>

#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromUnixSeconds(1'243'846'800);

TEST(AuthorizationTest, NamesTheOffersThatNothingCovers) {
  EXPECT_THAT(UnauthorizedOffers({"suite", "deskless", "suite"}, {"deskless"}), ElementsAre("suite", "suite"));
  EXPECT_THAT(UnauthorizedOffers({"suite", "deskless"}, {}), ElementsAre("suite", "deskless"));
  EXPECT_THAT(UnauthorizedOffers({"suite", "deskless"}, {"deskless", "suite"}), IsEmpty());
  EXPECT_THAT(UnauthorizedOffers({"suite", "deskless"}, {kAllOffers}), IsEmpty());
  EXPECT_THAT(UnauthorizedOffers({}, {}), IsEmpty());
}

TEST(AuthorizationTest, StartsNowOrLaterAndDoesNotEndBeforeItStarts) {
  Authorization authorization;
  authorization.start_time = kNow;
  EXPECT_TRUE(CheckNewAuthorization(authorization, kNow).ok());
  authorization.end_time = kNow;
  EXPECT_TRUE(CheckNewAuthorization(authorization, kNow).ok());
  authorization.end_time = kNow - absl::Microseconds(1);
  EXPECT_EQ(DetailsOf(CheckNewAuthorization(authorization, kNow)).violations.at(0).field, "authorization.end_time");
  authorization.start_time = kNow - absl::Microseconds(1);
  EXPECT_EQ(DetailsOf(CheckNewAuthorization(authorization, kNow)).violations.at(0).field, "authorization.start_time");
}

TEST(AuthorizationTest, MayEndAtAnyTimeThatIsNotBeforeItsStart) {
  Authorization authorization;
  authorization.start_time = kNow;
  authorization.end_time = kNow + absl::Hours(24);
  const Authorization ended = WithEnd(authorization, kNow, kNow + absl::Hours(1)).value();
  EXPECT_EQ(ended.end_time, kNow);
  EXPECT_EQ(ended.version, 2);
  EXPECT_EQ(ended.update_time, kNow + absl::Hours(1));
  EXPECT_EQ(WithEnd(authorization, std::nullopt, kNow).value().end_time, std::nullopt);
  const auto refused = WithEnd(authorization, kNow - absl::Microseconds(1), kNow);
  EXPECT_EQ(DetailsOf(refused.status()).violations.at(0).field, "authorization.end_time");
}

TEST(AuthorizationTest, RefusesToMoveAnEndThatHasPassed) {
  Authorization authorization;
  authorization.start_time = kNow;
  authorization.end_time = kNow + absl::Hours(24);
  EXPECT_TRUE(WithEnd(authorization, std::nullopt, *authorization.end_time - absl::Microseconds(1)).ok());
  for (const std::optional<absl::Time> end : {std::optional<absl::Time>(), std::optional(kNow + absl::Hours(48))}) {
    EXPECT_EQ(DetailsOf(WithEnd(authorization, end, *authorization.end_time).status()).reason, "AUTHORIZATION_ENDED");
  }
}

}  // namespace
}  // namespace countersign::partner
