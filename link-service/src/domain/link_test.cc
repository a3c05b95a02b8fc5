#include "link-service/src/domain/link.h"

#include <optional>

#include "absl/time/civil_time.h"
#include "gtest/gtest.h"

namespace countersign::link {
namespace {

absl::Time At(int year, int month, int day, int hour = 0) {
  return absl::FromCivil(absl::CivilHour(year, month, day, hour), absl::UTCTimeZone());
}

const absl::Time kIssued = At(2009, 6, 1, 9);
const absl::Time kDecided = At(2009, 6, 3, 14);

Link ActiveLink() {
  Link link;
  link.link_id = Uuid::V7(kIssued);
  link.revision = 1;
  link.review = "review";
  link.expire_time = At(2009, 7, 1, 9);
  link.create_time = kIssued;
  link.update_time = kIssued;
  return link;
}

constexpr LinkState kFinalStates[] = {LinkState::kConfirmed, LinkState::kDeclined, LinkState::kExpired,
                                      LinkState::kRevoked, LinkState::kSuperseded};

TEST(LinkTest, LeavesActiveByEveryOutcome) {
  for (const LinkState state : kFinalStates) {
    const std::optional<Link> decided = Apply(ActiveLink(), {state, 3, kDecided}, kDecided + absl::Seconds(1));
    ASSERT_TRUE(decided.has_value()) << NameOf(state);
    EXPECT_EQ(decided->state, state);
    EXPECT_EQ(decided->order_version, 3);
    EXPECT_EQ(decided->decide_time, kDecided);
    EXPECT_EQ(decided->version, 2);
    EXPECT_EQ(decided->update_time, kDecided + absl::Seconds(1));
  }
}

TEST(LinkTest, NeverLeavesAFinalState) {
  for (const LinkState from : kFinalStates) {
    const Link link = *Apply(ActiveLink(), {from, 3, kDecided}, kDecided);
    for (const LinkState to : kFinalStates) {
      for (const int64_t version : {2, 3, 4}) EXPECT_FALSE(Apply(link, {to, version, kDecided}, kDecided).has_value());
    }
  }
}

TEST(LinkTest, NeverBecomesActiveAndIgnoresOldVersions) {
  EXPECT_FALSE(Apply(ActiveLink(), {LinkState::kActive, 3, kDecided}, kDecided).has_value());
  EXPECT_FALSE(Apply(ActiveLink(), {LinkState::kConfirmed, 0, kDecided}, kDecided).has_value());
}

TEST(LinkTest, GetsMoreTimeWhileItIsActiveAndNeverLess) {
  const absl::Time later = At(2009, 8, 1, 9);
  const std::optional<Link> extended = Extend(ActiveLink(), later, kDecided);
  ASSERT_TRUE(extended.has_value());
  EXPECT_EQ(extended->expire_time, later);
  EXPECT_EQ(extended->version, 2);
  EXPECT_EQ(extended->state, LinkState::kActive);
  EXPECT_FALSE(Extend(*extended, later, kDecided).has_value());
  EXPECT_FALSE(Extend(*extended, At(2009, 7, 15), kDecided).has_value());
  for (const LinkState state : kFinalStates) {
    EXPECT_FALSE(Extend(*Apply(ActiveLink(), {state, 3, kDecided}, kDecided), later, kDecided).has_value());
  }
}

TEST(LinkTest, StaysReadableForThirteenMonthsAfterTheDecision) {
  const Link link = *Apply(ActiveLink(), {LinkState::kConfirmed, 3, kDecided}, kDecided);
  EXPECT_TRUE(IsReadable(link, kDecided));
  EXPECT_TRUE(IsReadable(link, At(2010, 7, 2, 23)));
  EXPECT_FALSE(IsReadable(link, At(2010, 7, 3)));
}

TEST(LinkTest, StaysReadableForThirteenMonthsAfterExpiryWhenNobodyDecided) {
  EXPECT_TRUE(IsReadable(ActiveLink(), At(2010, 7, 31, 23)));
  EXPECT_FALSE(IsReadable(ActiveLink(), At(2010, 8, 1)));
}

TEST(LinkTest, NamesEveryState) {
  for (const LinkState state : kFinalStates) EXPECT_EQ(FindNamed(kLinkStates, NameOf(state)), state);
  EXPECT_EQ(FindNamed(kLinkStates, "ACTIVE"), LinkState::kActive);
  EXPECT_EQ(FindNamed(kLinkStates, "active"), std::nullopt);
  EXPECT_EQ(FindNamed(kLinkStates, ""), std::nullopt);
}

TEST(LinkTest, AnErasedLinkShowsNothingAndOpensNoMore) {
  Link link = ActiveLink();
  link.secret_hmac = std::string(32, 'h');
  EXPECT_FALSE(IsErased(link));
  const Link erased = Erased(link, kDecided);
  EXPECT_TRUE(IsErased(erased));
  EXPECT_FALSE(IsReadable(erased, kDecided));
  EXPECT_EQ(erased.secret_hmac, std::string(32, '\0'));
  EXPECT_EQ(erased.version, link.version + 1);
  EXPECT_EQ(erased.state, LinkState::kActive);
}

}  // namespace
}  // namespace countersign::link
