#include "partner-service/src/domain/api_key.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/crypto.h"
#include "common/base/error.h"
#include "gtest/gtest.h"

namespace countersign::partner {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'243'846'800);

ApiKey NewKey(absl::string_view secret) {
  return {.partner_id = Uuid::V7(kNow),
          .api_key_id = Uuid::Derived({"key"}),
          .secret_sha256 = HashOfSecret(secret),
          .display_name = "billing script",
          .create_time = kNow,
          .update_time = kNow};
}

std::string NewSecret() { return absl::WebSafeBase64Escape(RandomBytes(kApiKeySecretBytes)); }

TEST(ApiKeyTest, WritesPartnerKeyIdAndSecretAndReadsThemBack) {
  for (int i = 0; i < 100; ++i) {
    const std::string secret = NewSecret();
    const ApiKey key = NewKey(secret);
    const std::string text = FormatApiKey(key, secret);
    EXPECT_EQ(text.size(), 96U);
    EXPECT_EQ(text, absl::StrCat(PrefixOf(key), "_", secret));
    const std::optional<PresentedApiKey> read = ParseApiKey(text);
    ASSERT_TRUE(read.has_value()) << text;
    EXPECT_EQ(read->partner_id, key.partner_id);
    EXPECT_EQ(read->key_id, KeyIdOf(key));
    EXPECT_EQ(read->secret, secret);
  }
}

TEST(ApiKeyTest, ReadsNothingThatIsNotWrittenExactlySo) {
  const std::string secret = NewSecret();
  const ApiKey key = NewKey(secret);
  const std::string text = FormatApiKey(key, secret);
  for (size_t length = 0; length < text.size(); ++length) EXPECT_FALSE(ParseApiKey(text.substr(0, length)).has_value());
  EXPECT_FALSE(ParseApiKey(absl::StrCat(text, "A")).has_value());
  EXPECT_FALSE(ParseApiKey(absl::StrCat(" ", text)).has_value());
  EXPECT_FALSE(ParseApiKey(absl::StrCat(text.substr(0, text.size() - 1), "+")).has_value());
  EXPECT_FALSE(ParseApiKey(absl::StrCat(absl::AsciiStrToUpper(PrefixOf(key)), "_", secret)).has_value());
  EXPECT_FALSE(ParseApiKey(absl::StrCat("cs_", std::string(32, 'g'), "_", std::string(16, '0'), "_", secret)));
  EXPECT_FALSE(ParseApiKey(key.partner_id.ToString()).has_value());
  EXPECT_FALSE(ParseApiKey(std::string(100'000, '_')).has_value());
}

TEST(ApiKeyTest, TakesNoSecretButItsOwn) {
  const std::string secret = NewSecret();
  const ApiKey key = NewKey(secret);
  EXPECT_TRUE(SecretMatches(key, secret));
  EXPECT_FALSE(SecretMatches(key, NewSecret()));
  EXPECT_FALSE(SecretMatches(key, ""));
  EXPECT_FALSE(SecretMatches(std::nullopt, secret));
  EXPECT_FALSE(SecretMatches(std::nullopt, ""));
}

TEST(ApiKeyTest, IsLiveUntilItExpiresOrIsRevoked) {
  ApiKey key = NewKey("secret");
  EXPECT_TRUE(IsLive(key, kNow + absl::Hours(100'000)));
  key.expire_time = kNow + absl::Hours(1);
  EXPECT_TRUE(IsLive(key, kNow + absl::Hours(1) - absl::Microseconds(1)));
  EXPECT_FALSE(IsLive(key, kNow + absl::Hours(1)));
  key.expire_time.reset();
  const ApiKey revoked = Revoke(key, kNow).value();
  EXPECT_FALSE(IsLive(revoked, kNow));
  EXPECT_EQ(revoked.version, 2);
  EXPECT_EQ(revoked.update_time, kNow);
  EXPECT_EQ(DetailsOf(Revoke(revoked, kNow).status()).reason, "API_KEY_REVOKED");
}

TEST(ApiKeyTest, RecordsAUseOnceAMinute) {
  ApiKey key = NewKey("secret");
  EXPECT_TRUE(ShouldRecordUse(key, kNow));
  key.last_use_time = kNow;
  EXPECT_FALSE(ShouldRecordUse(key, kNow + absl::Seconds(59)));
  EXPECT_TRUE(ShouldRecordUse(key, kNow + absl::Minutes(1)));
}

TEST(ApiKeyTest, AllowsTwoLiveKeys) {
  EXPECT_TRUE(CheckApiKeyLimit(1).ok());
  EXPECT_EQ(DetailsOf(CheckApiKeyLimit(2)).reason, "API_KEY_LIMIT");
}

}  // namespace
}  // namespace countersign::partner
