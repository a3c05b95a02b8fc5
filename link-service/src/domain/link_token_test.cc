#include "link-service/src/domain/link_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace countersign::link {
namespace {

KeyRing Keys(absl::string_view current, absl::string_view older = "") {
  std::string text = absl::StrCat(current, ":", std::string(64, current[0] == 'a' ? '1' : '2'), "\n");
  if (!older.empty()) absl::StrAppend(&text, older, ":", std::string(64, older[0] == 'a' ? '1' : '2'), "\n");
  return KeyRing::Parse(text).value();
}

LinkToken NewToken() { return {Uuid::V7(absl::UnixEpoch()), RandomBytes(kSecretBytes)}; }

Link LinkWith(const KeyRing& keys, const LinkToken& token) {
  const KeptSecret kept = Keep(keys, token);
  Link link;
  link.link_id = token.link_id;
  link.key_id = kept.key_id;
  link.secret_hmac = kept.hmac;
  return link;
}

TEST(LinkTokenTest, ReadsThePathThatItWrote) {
  const LinkToken token = NewToken();
  const std::string path = PathOf(token);
  EXPECT_THAT(path, ::testing::MatchesRegex("/c/[0-9a-f-]{36}\\.[A-Za-z0-9_-]{43}"));
  const std::optional<LinkToken> read = ParsePath(path);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->link_id, token.link_id);
  EXPECT_EQ(read->secret, token.secret);
}

TEST(LinkTokenTest, ReadsALinkAsItIsCopiedOutOfASentence) {
  const LinkToken token = NewToken();
  const std::string path = PathOf(token);
  const std::string id = path.substr(3, 36);
  for (const std::string& given :
       {path + ".", path + ",", path + ")", path + ">", path + ").", path + "%3E", path + "%20", path + "%0D%0A",
        path + "。", path + "%E3%80%82", path + "\u201d", path + "%C2%A0", "/c/" + id + "%2E" + path.substr(40),
        "/c/" + id + "%2e" + path.substr(40), "/c/" + absl::AsciiStrToUpper(id) + path.substr(39),
        absl::StrReplaceAll(path, {{"-", "%2D"}, {"_", "%5F"}})}) {
    const std::optional<LinkToken> read = ParsePath(given);
    ASSERT_TRUE(read.has_value()) << given;
    EXPECT_EQ(read->link_id, token.link_id) << given;
    EXPECT_EQ(read->secret, token.secret) << given;
  }
}

TEST(LinkTokenTest, RefusesEveryOtherSpelling) {
  const std::string path = PathOf({Uuid::V7(absl::UnixEpoch()), std::string(kSecretBytes, '\xFF')});
  std::string spare_bits = path;
  ASSERT_EQ(spare_bits.back(), '8');  // 11 1100: the last two bits say nothing.
  spare_bits.back() = '9';
  std::string plain_base64 = path;
  for (char& c : plain_base64) c = c == '_' ? '/' : c;
  for (const std::string& wrong : {std::string(),
                                   std::string("/"),
                                   std::string("/c/"),
                                   std::string("/c/x.y"),
                                   path + "=",
                                   path + "/",
                                   path + "a",
                                   path + "-",
                                   path + ".a",
                                   path + "%",
                                   path + "%4",
                                   path + "%zz",
                                   path + "%61",
                                   path + "%00",
                                   path + std::string(400, '.'),
                                   path.substr(0, path.size() - 1),
                                   "/" + path,
                                   path.substr(1),
                                   absl::AsciiStrToUpper(path),
                                   spare_bits,
                                   plain_base64,
                                   "/d" + path.substr(2),
                                   path + std::string(1000, 'A'),
                                   path.substr(0, 39) + "%252E" + path.substr(40),
                                   path.substr(0, 40) + "\n" + path.substr(41)}) {
    EXPECT_FALSE(ParsePath(wrong).has_value()) << wrong;
  }
}

TEST(LinkTokenTest, OpensItsOwnLinkOnly) {
  const KeyRing keys = Keys("a");
  const LinkToken token = NewToken();
  const Link link = LinkWith(keys, token);
  EXPECT_TRUE(Opens(keys, token, &link));
  EXPECT_FALSE(Opens(keys, {token.link_id, RandomBytes(kSecretBytes)}, &link));
  EXPECT_FALSE(Opens(keys, {Uuid::V7(absl::UnixEpoch()), token.secret}, &link));
  EXPECT_FALSE(Opens(keys, {token.link_id, ""}, &link));
  EXPECT_FALSE(Opens(keys, token, nullptr));
}

TEST(LinkTokenTest, KeepsNothingOfTheSecret) {
  const LinkToken token = NewToken();
  const KeptSecret kept = Keep(Keys("a"), token);
  EXPECT_EQ(kept.key_id, "a");
  EXPECT_EQ(kept.hmac.size(), 32u);
  EXPECT_NE(kept.hmac, token.secret);
}

TEST(LinkTokenTest, OpensLinksOfAnOlderKeyUntilItIsRetired) {
  const LinkToken token = NewToken();
  const Link link = LinkWith(Keys("a"), token);
  EXPECT_TRUE(Opens(Keys("b", "a"), token, &link));
  EXPECT_FALSE(Opens(Keys("b"), token, &link));
}

}  // namespace
}  // namespace countersign::link
