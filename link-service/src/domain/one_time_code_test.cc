#include "link-service/src/domain/one_time_code.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace countersign::link {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'243'850'000);

OneTimeCode CodeAt(absl::Time time) { return {.link_id = Uuid::V7(kNow), .number = 1, .create_time = time}; }

TEST(OneTimeCodeTest, EveryCodeIsAsLikelyAsAnother) {
  EXPECT_EQ(CodeOf(0), "000000");
  EXPECT_EQ(CodeOf(1'000'042), "000042");
  EXPECT_EQ(CodeOf(4'293'999'999), "999999");
  EXPECT_EQ(CodeOf(4'294'000'000), std::nullopt);
}

TEST(OneTimeCodeTest, ForgivesSpacesAndHyphensOnly) {
  EXPECT_EQ(TypedCode(" 012 345 "), "012345");
  EXPECT_EQ(TypedCode("012-345"), "012345");
  for (const char* wrong : {"", "12345", "1234567", "12345a", "１２３４５６"})
    EXPECT_EQ(TypedCode(wrong), std::nullopt);
}

TEST(OneTimeCodeTest, ADigestIsOfOneLinkOneNumberAndOneCode) {
  const KeyRing keys = KeyRing::Parse("a:" + std::string(64, '1')).value();
  OneTimeCode code = CodeAt(kNow);
  code.digest = DigestOfCode(keys, code.link_id, 1, "012345");
  EXPECT_TRUE(IsCode(keys, code, "012345"));
  EXPECT_FALSE(IsCode(keys, code, "012346"));
  code.number = 2;
  EXPECT_FALSE(IsCode(keys, code, "012345"));
}

TEST(OneTimeCodeTest, IsGoodForTenMinutes) {
  EXPECT_FALSE(IsExpired(CodeAt(kNow), kNow + absl::Minutes(10) - absl::Microseconds(1)));
  EXPECT_TRUE(IsExpired(CodeAt(kNow), kNow + absl::Minutes(10)));
}

TEST(OneTimeCodeTest, IsMailedOnceAMinuteAndTenTimesADay) {
  EXPECT_EQ(MayMailCode({}, CodePurpose::kConfirmOrder, kNow), CodeMailing::kAllowed);
  const std::vector<OneTimeCode> one = {CodeAt(kNow)};
  EXPECT_EQ(MayMailCode(one, CodePurpose::kConfirmOrder, kNow + absl::Seconds(59)), CodeMailing::kMailedJustNow);
  EXPECT_EQ(MayMailCode(one, CodePurpose::kConfirmOrder, kNow + absl::Seconds(60)), CodeMailing::kAllowed);
  std::vector<OneTimeCode> ten;
  for (int i = 0; i < kMaxCodesPerDay; ++i) ten.push_back(CodeAt(kNow - absl::Minutes(2 + i)));
  EXPECT_EQ(MayMailCode(ten, CodePurpose::kConfirmOrder, kNow), CodeMailing::kTooMany);
  EXPECT_EQ(MayMailCode(ten, CodePurpose::kConfirmOrder, ten.back().create_time + absl::Hours(24)),
            CodeMailing::kAllowed);
}

}  // namespace
}  // namespace countersign::link
