#include "common/events/owner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace countersign::events {
namespace {

using ::testing::StartsWith;

TEST(OwnerTest, NoTwoLivesOfAReplicaAreTheSameOwner) {
  const std::string owner = NewOwner("order-service@host/0.0.0.0:7102");
  EXPECT_THAT(owner, StartsWith("order-service@host/0.0.0.0:7102#"));
  EXPECT_NE(owner, NewOwner("order-service@host/0.0.0.0:7102"));
  EXPECT_EQ(ReplicaOf(owner), "order-service@host/0.0.0.0:7102");
}

TEST(OwnerTest, DefaultNamesDifferByHostAndPortAndFitTheColumn) {
  EXPECT_EQ(DefaultReplicaName("0.0.0.0:7102"), DefaultReplicaName("0.0.0.0:7102"));
  EXPECT_NE(DefaultReplicaName("0.0.0.0:7102"), DefaultReplicaName("0.0.0.0:7103"));
  EXPECT_NE(DefaultReplicaName("0.0.0.0:7102"), "/0.0.0.0:7102");
  EXPECT_TRUE(IsReplicaName(DefaultReplicaName(std::string(500, 'x'))));
  const std::string longest = NewOwner(absl::StrCat("partner-service@", std::string(kMaxReplicaName, 'x')));
  EXPECT_LE(longest.size(), 200);
}

TEST(OwnerTest, ANameIsPrintableShortAndWithoutTheSeparator) {
  EXPECT_TRUE(IsReplicaName("a"));
  EXPECT_TRUE(IsReplicaName("billing-0"));
  for (const std::string& name : {std::string(), std::string("a#b"), std::string("a b"), std::string("ä"),
                                  std::string(kMaxReplicaName + 1, 'x')}) {
    EXPECT_FALSE(IsReplicaName(name)) << name;
  }
}

}  // namespace
}  // namespace countersign::events
