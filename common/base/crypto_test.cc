#include "common/base/crypto.h"

#include <cstdio>
#include <fstream>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/hex.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kOldKey(64, 'a');
const std::string kNewKey(64, '7');

KeyRing Ring(const std::string& text) { return *KeyRing::Parse(text); }

// Figures: FIPS 180-4 example "abc"; RFC 4231 test case 2.
TEST(CryptoTest, MatchesPublishedVectors) {
  EXPECT_EQ(absl::BytesToHexString(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(absl::BytesToHexString(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(HmacSha256({}, "x"), HmacSha256("", "x"));
}

TEST(CryptoTest, ComparesAndDraws) {
  EXPECT_TRUE(ConstantTimeEquals("same", "same"));
  EXPECT_FALSE(ConstantTimeEquals("same", "sama"));
  EXPECT_FALSE(ConstantTimeEquals("same", "sam"));
  EXPECT_TRUE(ConstantTimeEquals("", ""));
  EXPECT_EQ(RandomBytes(32).size(), 32u);
  EXPECT_NE(RandomBytes(32), RandomBytes(32));
}

TEST(KeyRingTest, OpensWhatWasSealedBeforeARotation) {
  const std::string sealed = Ring("old:" + kOldKey).Seal("secret", "tenant");
  EXPECT_THAT(sealed, Not(HasSubstr("secret")));
  const KeyRing rotated = Ring(absl::StrCat("# keys\n\nnew:", kNewKey, "\r\nold:", kOldKey, "\n"));
  EXPECT_EQ(rotated.current_id(), "new");
  EXPECT_EQ(*rotated.Open(sealed, "tenant"), "secret");
  EXPECT_EQ(*rotated.Hmac("old", "x"), HmacSha256(HexToBytes(kOldKey), "x"));
  EXPECT_TRUE(absl::IsNotFound(Ring("new:" + kNewKey).Open(sealed, "tenant").status()));
  EXPECT_TRUE(absl::IsNotFound(Ring("new:" + kNewKey).Hmac("old", "x").status()));
}

// The figure: RFC 5869 by another implementation, then HMAC of "x".
TEST(KeyRingTest, DerivesAKeyForEachUse) {
  const KeyRing ring = Ring("old:" + kOldKey);
  EXPECT_EQ(absl::BytesToHexString(ring.ForUse("use").CurrentHmac("x")),
            "c205e4313f758a74983afccb237c39cc89b0adab4f897eeb41e9bc92a2058e5b");
  EXPECT_NE(ring.ForUse("use").CurrentHmac("x"), ring.ForUse("another").CurrentHmac("x"));
  EXPECT_TRUE(absl::IsInvalidArgument(ring.ForUse("another").Open(ring.ForUse("use").Seal("s", ""), "").status()));
}

TEST(KeyRingTest, SealsTheSameTextAlike) {
  const KeyRing ring = Ring("old:" + kOldKey);
  EXPECT_EQ(ring.SealAlike("text", "a"), ring.SealAlike("text", "a"));
  EXPECT_NE(ring.SealAlike("text", "a"), ring.SealAlike("text", "b"));
  EXPECT_NE(ring.SealAlike("bc", "a").substr(4, 12), ring.SealAlike("c", "ab").substr(4, 12));
  EXPECT_EQ(*ring.Open(ring.SealAlike("text", "a"), "a"), "text");
  EXPECT_FALSE(ring.Open(ring.SealAlike("text", "a"), "b").ok());
}

TEST(KeyRingTest, KnowsAnHmacOfAnyOfItsKeys) {
  const std::string mac = Ring("old:" + kOldKey).CurrentHmac("x");
  EXPECT_EQ(mac, HmacSha256(HexToBytes(kOldKey), "x"));
  const KeyRing rotated = Ring(absl::StrCat("new:", kNewKey, "\nold:", kOldKey));
  EXPECT_NE(rotated.CurrentHmac("x"), mac);
  EXPECT_TRUE(rotated.AnyHmacIs(rotated.CurrentHmac("x"), "x"));
  EXPECT_TRUE(rotated.AnyHmacIs(mac, "x"));
  EXPECT_FALSE(rotated.AnyHmacIs(mac, "y"));
  EXPECT_FALSE(Ring("new:" + kNewKey).AnyHmacIs(mac, "x"));
}

TEST(KeyRingTest, RefusesEveryChangedByteAndAnotherContext) {
  const KeyRing ring = Ring("k:" + kOldKey);
  const std::string sealed = ring.Seal("secret", "tenant");
  EXPECT_TRUE(absl::IsInvalidArgument(ring.Open(sealed, "other").status()));
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string damaged = sealed;
    damaged[i] ^= 1;
    EXPECT_FALSE(ring.Open(damaged, "tenant").ok()) << i;
    EXPECT_FALSE(ring.Open(sealed.substr(0, i), "tenant").ok()) << i;
  }
}

TEST(KeyRingTest, SealsNothingWithinNoContextAndNeverTheSameWay) {
  const KeyRing ring = Ring("k:" + kOldKey);
  EXPECT_EQ(*ring.Open(ring.Seal("", ""), ""), "");
  EXPECT_NE(ring.Seal("x", "c"), ring.Seal("x", "c"));
}

TEST(KeyRingTest, NamesTheBadLineButNeverItsKey) {
  const std::string key(63, 'c');
  const absl::Status status = KeyRing::Parse(absl::StrCat("a:", kOldKey, "\nb:", key)).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("line 2"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr(key)));
  EXPECT_FALSE(KeyRing::Parse("").ok());
  EXPECT_FALSE(KeyRing::Parse(":" + kOldKey).ok());
  EXPECT_FALSE(KeyRing::Parse("a b:" + kOldKey).ok());
  EXPECT_FALSE(KeyRing::Parse("a:" + std::string(64, 'x')).ok());
  EXPECT_FALSE(KeyRing::Parse(absl::StrCat("a:", kOldKey, "\na:", kNewKey)).ok());
}

TEST(KeyRingTest, ReadsAFile) {
  const std::string path = ::testing::TempDir() + "/countersign_key_ring_test";
  std::ofstream(path) << "k:" << kOldKey << "\n";
  EXPECT_EQ(KeyRing::ReadFile(path)->current_id(), "k");
  std::remove(path.c_str());
  EXPECT_TRUE(absl::IsNotFound(KeyRing::ReadFile(path).status()));
}

}  // namespace
}  // namespace countersign
