#include "common/rpc/page.h"

#include <string>

#include "countersign/event/v1/audit_service.pb.h"
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
  const mysql::PageQuery page = RequirePage(violations, call, "f", 0, NextPageToken(call, "f", position));
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

Listing ListingOf(FieldViolations& violations, const Call& call, const event::v1::ListAuditRecordsRequest& request) {
  return RequireListing(violations, call, request, {{"actor", "actor"}});
}

TEST(PageTest, AListsTokenIsGoodForARequestThatIsAlikeOnly) {
  const Call call = CallOf("operators/ann", "S/List");
  event::v1::ListAuditRecordsRequest request;
  request.set_parent("-");
  request.set_filter("actor = \"operators/bob\"");
  request.set_page_size(7);
  FieldViolations violations;
  const Listing first = ListingOf(violations, call, request);
  EXPECT_EQ(first.page.condition.sql, " AND actor = ?");
  EXPECT_EQ(first.page.size, 7);
  EXPECT_EQ(first.page.after, "");
  EXPECT_EQ(NextPageToken(call, first, ""), "");
  request.set_page_token(NextPageToken(call, first, "p"));
  request.set_page_size(9);
  EXPECT_EQ(ListingOf(violations, call, request).page.after, "p");
  EXPECT_TRUE(violations.empty());
  for (const char* field : {"parent", "aggregate", "filter"}) {
    event::v1::ListAuditRecordsRequest other = request;
    other.GetReflection()->SetString(&other, other.GetDescriptor()->FindFieldByName(field), "");
    if (field == absl::string_view("aggregate")) other.set_aggregate("x");
    FieldViolations refused;
    ListingOf(refused, call, other);
    EXPECT_FALSE(refused.empty()) << field;
  }
}

}  // namespace
}  // namespace countersign::rpc
