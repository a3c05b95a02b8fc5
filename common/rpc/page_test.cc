#include "common/rpc/page.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::rpc {
namespace {

const KeyRing& Keys() {
  static const auto* keys = new KeyRing(*KeyRing::Parse("k1:" + std::string(64, 'a')));
  return *keys;
}

Call CallOf(const std::string& caller, const std::string& method) {
  CallParts parts;
  parts.caller.name = caller;
  parts.method = method;
  parts.reply_keys = &Keys();
  return Call(parts);
}

bool Accepts(const Call& call, const std::string& filter, const std::string& token) {
  FieldViolations violations;
  RequirePage(violations, call, filter, 0, token);
  return violations.empty();
}

TEST(PageTest, TokenCarriesThePositionBackToItsOwnCaller) {
  const Call call = CallOf("operators/ann", "S/List");
  const std::string position("\x00\xff key", 6);
  FieldViolations violations;
  const Page page = RequirePage(violations, call, "f", 0, NextPageToken(call, "f", position));
  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(page.after, position);
}

TEST(PageTest, RefusesTheTokenOfAnotherCallerMethodOrFilter) {
  const std::string token = NextPageToken(CallOf("operators/ann", "S/List"), "f", "p");
  EXPECT_TRUE(Accepts(CallOf("operators/ann", "S/List"), "f", token));
  EXPECT_FALSE(Accepts(CallOf("operators/bob", "S/List"), "f", token));
  EXPECT_FALSE(Accepts(CallOf("operators/ann", "S/ListOther"), "f", token));
  EXPECT_FALSE(Accepts(CallOf("operators/ann", "S/List"), "g", token));
}

TEST(PageTest, RefusesAForgedToken) {
  std::string token = NextPageToken(CallOf("operators/ann", "S/List"), "f", "p");
  token[token.size() / 2] = token[token.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(Accepts(CallOf("operators/ann", "S/List"), "f", token));
  EXPECT_FALSE(Accepts(CallOf("operators/ann", "S/List"), "f", "!"));
}

TEST(PageTest, TakesTheSizeWithinItsLimits) {
  const Call call = CallOf("operators/ann", "S/List");
  FieldViolations violations;
  EXPECT_EQ(RequirePage(violations, call, "", 0, "").size, 50);
  EXPECT_EQ(RequirePage(violations, call, "", 7, "").size, 7);
  EXPECT_EQ(RequirePage(violations, call, "", 5000, "").size, 1000);
  EXPECT_TRUE(violations.empty());
  RequirePage(violations, call, "", -1, "");
  EXPECT_FALSE(violations.empty());
}

}  // namespace
}  // namespace countersign::rpc
