#include "common/base/uuid.h"

#include <string>

#include "absl/container/flat_hash_set.h"
#include "gtest/gtest.h"

namespace countersign {
namespace {

TEST(UuidTest, OrdersVersion7ByTime) {
  const absl::Time time = absl::FromUnixMillis(0x0123456789ab);
  const Uuid id = Uuid::V7(time);
  EXPECT_EQ(id.ToString().substr(0, 15), "01234567-89ab-7");
  EXPECT_NE(std::string("89ab").find(id.ToString()[19]), std::string::npos);
  EXPECT_LT(id, Uuid::V7(time + absl::Milliseconds(1)));
  EXPECT_NE(id, Uuid::V7(time));
}

TEST(UuidTest, DerivesTheSameIdFromTheSamePartsOnly) {
  const Uuid id = Uuid::Derived({"caller", "method", "request"});
  EXPECT_EQ(id, Uuid::Derived({"caller", "method", "request"}));
  EXPECT_NE(id, Uuid::Derived({"callerm", "ethod", "request"}));
  EXPECT_NE(id, Uuid::Derived({"caller", "method", "request", ""}));
  EXPECT_EQ(id.ToString()[14], '8');
  EXPECT_NE(std::string("89ab").find(id.ToString()[19]), std::string::npos);
}

// Derived ids are stored: the derivation may never change. Figure: sha256 of the two lengths and parts.
TEST(UuidTest, KeepsItsDerivationForever) {
  EXPECT_EQ(Uuid::Derived({"a", "bc"}).ToString(), "3fafa1cf-2f19-87c1-929b-eb20cf0983f7");
}

TEST(UuidTest, ReadsOnlyCanonicalText) {
  const std::string text = "01890a5d-ac96-774b-bcce-b302099a8057";
  EXPECT_EQ(Uuid::Parse(text)->ToString(), text);
  EXPECT_EQ(*Uuid::FromBytes(Uuid::Parse(text)->bytes()), *Uuid::Parse(text));
  for (const char* bad : {"", "01890A5D-ac96-774b-bcce-b302099a8057", "{01890a5d-ac96-774b-bcce-b302099a8057}",
                          "01890a5dac96774bbcceb302099a8057", "01890a5d-ac96-774b-bcce-b302099a805",
                          "01890a5d-ac96-774b-bcce-b302099a8057 ", "01890a5d-ac96-774b-bcceb-302099a8057",
                          "g1890a5d-ac96-774b-bcce-b302099a8057"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Uuid::Parse(bad).status())) << bad;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(Uuid::FromBytes("short").status()));
}

TEST(UuidTest, IsNilUntilSet) {
  EXPECT_TRUE(Uuid().is_nil());
  EXPECT_FALSE(Uuid::V7(absl::UnixEpoch()).is_nil());
  EXPECT_EQ((absl::flat_hash_set<Uuid>{Uuid(), Uuid()}).size(), 1u);
}

}  // namespace
}  // namespace countersign
