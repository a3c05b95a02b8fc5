#include "partner-service/src/domain/agreement.h"

#include "common/base/error.h"
#include "gtest/gtest.h"

namespace countersign::partner {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'243'846'800);

TEST(AgreementTest, TakesEffectNowOrLater) {
  Agreement agreement;
  agreement.effective_time = kNow;
  EXPECT_TRUE(CheckNewAgreement(agreement, kNow).ok());
  const absl::Status refused = CheckNewAgreement(agreement, kNow + absl::Microseconds(1));
  EXPECT_EQ(DetailsOf(refused).violations.at(0).field, "agreement.effective_time");
}

TEST(AgreementTest, HasAnAggregateOfItsOwnUnderOneTenant) {
  EXPECT_NE(AgreementAggregate("2009-06"), AgreementAggregate("2010-01"));
  EXPECT_NE(AgreementAggregate("2009-06"), AgreementTenant());
}

}  // namespace
}  // namespace countersign::partner
