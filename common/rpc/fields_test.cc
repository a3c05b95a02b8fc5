#include "common/rpc/fields.h"

#include <google/protobuf/type.pb.h>

#include <limits>
#include <string>
#include <vector>

#include "common/rpc/caller.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"
#include "common/testing/status_matchers.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::IsOk;

constexpr char kId[] = "01890a5d-ac96-774b-bcce-b302099a8057";

bool TextPasses(const std::string& text, int min_chars = 1, int max_chars = 5) {
  FieldViolations violations;
  RequireText(violations, "text", text, min_chars, max_chars);
  return violations.empty();
}

TEST(FieldsTest, CountsCharactersNotBytes) {
  EXPECT_TRUE(TextPasses("株式会社例"));
  EXPECT_FALSE(TextPasses("株式会社例示"));
  EXPECT_TRUE(TextPasses("", 0));
  EXPECT_FALSE(TextPasses(""));
}

TEST(FieldsTest, RefusesTextThatIsNotPlain) {
  for (const std::string text : {"a\nb", "a\tb", "\x7f", "  ", "\xc2\x85", "\xe2\x80\xae", "a\u202Eb", "\u200B", "\xff",
                                 "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x80"}) {
    EXPECT_FALSE(TextPasses(text)) << text;
  }
  EXPECT_FALSE(TextPasses(std::string("a\0b", 3)));
}

TEST(FieldsTest, KeepsTextWithoutWhatNobodySeesAtItsEnds) {
  FieldViolations violations;
  EXPECT_EQ(RequireText(violations, "text", "\u00A0PO 7\u200B\n", 1, 4), "PO 7");
  EXPECT_EQ(RequireText(violations, "text", "\u2800\u3164", 0, 4), "");
  EXPECT_EQ(RequireEmail(violations, "email", " anna@example.com\u200B"), "anna@example.com");
  EXPECT_TRUE(violations.empty());
}

TEST(FieldsTest, AllowsLinesWhereAsked) {
  FieldViolations violations;
  EXPECT_EQ(RequireLines(violations, "note", "one\n\ttwo\n", 1, 100), "one\n\ttwo");
  EXPECT_TRUE(violations.empty());
  RequireLines(violations, "note", "\n\n", 1, 100);
  EXPECT_FALSE(violations.empty());
}

TEST(FieldsTest, KnowsAMailbox) {
  const auto passes = [](const std::string& text) {
    FieldViolations violations;
    RequireEmail(violations, "email", text);
    return violations.empty();
  };
  EXPECT_TRUE(passes("anna@example.com"));
  for (const std::string text : {"", "anna", "@example.com", "anna@", "a b@example.com", "a@b@c", "a@.c", "<a@b.c>"}) {
    EXPECT_FALSE(passes(text)) << text;
  }
  EXPECT_FALSE(passes(std::string(260, 'a') + "@example.com"));
}

TEST(FieldsTest, BoundsQuantitiesAndAmounts) {
  FieldViolations violations;
  EXPECT_EQ(RequireQuantity(violations, "quantity", 25), 25);
  EXPECT_TRUE(violations.empty());
  RequireQuantity(violations, "a", 0);
  RequireQuantity(violations, "b", -5);
  RequireQuantity(violations, "c", std::numeric_limits<int64_t>::max());
  google::type::Money money;
  money.set_currency_code("USD");
  RequireMoney(violations, "zero", true, money);
  money.set_units(-1);
  RequireMoney(violations, "negative", true, money, Sign::kNotNegative);
  money.set_nanos(1000);
  RequireMoney(violations, "mixed signs", true, money, Sign::kAny);
  money.set_units(std::numeric_limits<int64_t>::max());
  RequireMoney(violations, "huge", true, money);
  money.set_units(1);
  money.set_nanos(0);
  money.set_currency_code("XQX");
  RequireMoney(violations, "currency", true, money);
  RequireMoney(violations, "missing", false, money);
  EXPECT_EQ(DetailsOf(violations.ToStatus()).violations.size(), 9u);
}

TEST(FieldsTest, GoesOnAfterABadNameWithAsManyIds) {
  FieldViolations violations;
  EXPECT_EQ(RequireName(violations, "name", "partners/{partner}/orders/{order}", "orders/1").size(), 2u);
  EXPECT_FALSE(violations.empty());
}

TEST(FieldsTest, ChecksEveryPartOfAnAddress) {
  google::type::PostalAddress good;
  good.set_region_code("JP");
  good.set_locality("港区");
  good.add_address_lines("1-2-3 例町");
  FieldViolations none;
  const PostalAddress address = RequireAddress(none, "address", true, good);
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(ToProto(address).SerializeAsString(), good.SerializeAsString());
  google::type::PostalAddress bad;
  bad.set_region_code("usa");
  bad.set_organization("a\x01");
  FieldViolations violations;
  RequireAddress(violations, "address", true, bad);
  EXPECT_EQ(DetailsOf(violations.ToStatus()).violations.size(), 3u);
}

TEST(FieldsTest, SaysWhichValuesAnEnumHas) {
  const auto refusal = [](int value) {
    FieldViolations violations;
    RequireEnum(violations, "form", value, google::protobuf::Field::Cardinality_descriptor());
    return violations.empty() ? "" : DetailsOf(violations.ToStatus()).violations[0].description;
  };
  EXPECT_EQ(refusal(google::protobuf::Field::CARDINALITY_OPTIONAL), "");
  EXPECT_EQ(refusal(0), "is required: one of CARDINALITY_OPTIONAL, CARDINALITY_REQUIRED, CARDINALITY_REPEATED");
  EXPECT_EQ(refusal(99), "has no value 99: one of CARDINALITY_OPTIONAL, CARDINALITY_REQUIRED, CARDINALITY_REPEATED");
}

TEST(FieldsTest, RefusesACodeThatIso3166HasNotAssigned) {
  FieldViolations none;
  EXPECT_EQ(RequireCountry(none, "region_code", "DE"), "DE");
  EXPECT_TRUE(none.empty());
  for (const char* code : {"", "de", "DEU", "UK", "ZZ"}) {
    FieldViolations violations;
    RequireCountry(violations, "region_code", code);
    EXPECT_EQ(DetailsOf(violations.ToStatus()).violations.size(), 1u) << code;
  }
}

TEST(NamesTest, ReadsAndWritesNames) {
  const std::string name = std::string("partners/") + kId + "/orders/" + kId;
  ASSERT_OK_AND_ASSIGN(const std::vector<Uuid> ids, ParseName("partners/{partner}/orders/{order}", name));
  ASSERT_EQ(ids.size(), 2u);
  EXPECT_EQ(FormatName("partners/{partner}/orders/{order}", {ids[0], ids[1]}), name);
}

TEST(NamesTest, RefusesEverythingElse) {
  const std::string id = kId;
  for (const std::string& name : {std::string(), "partners/" + id + "/", "/partners/" + id, "partner/" + id,
                                  "partners/" + id + "/orders", std::string("partners/-"), "partners/{partner}" + id,
                                  "partners/01890A5D-AC96-774B-BCCE-B302099A8057" + std::string()}) {
    EXPECT_THAT(ParseName("partners/{partner}", name), ::testing::Not(IsOk())) << name;
  }
}

TEST(CallerTest, KnowsThreeKinds) {
  ASSERT_OK_AND_ASSIGN(const Caller partner, ParseCaller(std::string("partners/") + kId));
  EXPECT_EQ(partner.role, Role::kPartner);
  EXPECT_EQ(partner.partner.ToString(), kId);
  EXPECT_EQ(ParseCaller("operators/anna")->role, Role::kOperator);
  EXPECT_EQ(ParseCaller("viewers/anna")->role, Role::kViewer);
  EXPECT_EQ(ParseCaller("services/order-service")->role, Role::kService);
  for (const std::string text : {"", "operators/", "operators/Anna", "operators/a b", "admins/x", "partners/x",
                                 "partners/00000000-0000-0000-0000-000000000000", "services/a/b"}) {
    EXPECT_THAT(ParseCaller(text), ::testing::Not(IsOk())) << text;
  }
}

TEST(ConvertTest, KeepsTimesAndAmounts) {
  for (const int64_t micros : {int64_t{0}, int64_t{-1}, int64_t{1'243'846'800'123'456}, int64_t{-1'000'000}}) {
    const absl::Time time = absl::FromUnixMicros(micros);
    EXPECT_EQ(*FromProto(ToProto(time)), time) << micros;
    EXPECT_GE(ToProto(time).nanos(), 0);
  }
  const Money money = *Money::FromMicros(-375'250'000, "USD");
  EXPECT_EQ(*FromProto(ToProto(money)), money);
  EXPECT_EQ(*FromProto(ToProto(Date(2009, 6, 1))), Date(2009, 6, 1));
  google::protobuf::Timestamp bad;
  bad.set_seconds(std::numeric_limits<int64_t>::max());
  EXPECT_THAT(FromProto(bad), ::testing::Not(IsOk()));
  google::type::Date date;
  date.set_year(2009);
  date.set_month(2);
  date.set_day(29);
  EXPECT_THAT(FromProto(date), ::testing::Not(IsOk()));
}

}  // namespace
}  // namespace countersign::rpc
