#include "common/rpc/filter.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/slug.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck.h"
#include "rapidcheck/gtest.h"

namespace countersign::rpc {
namespace {

using ::testing::HasSubstr;

constexpr char kPartner[] = "partners/0191b3a0-0000-7000-8000-000000000001";

const std::vector<mysql::FilterField>& Fields() {
  static const auto* fields = new std::vector<mysql::FilterField>{
      {"state", "state", mysql::FilterType::kEnum, {"ACTIVE", "SUSPENDED"}},
      {"display_name", "display_name"},
      {"number", "o.number", mysql::FilterType::kAscii},
      {"revision", "o.revision", mysql::FilterType::kInt},
      {"retired", "retired", mysql::FilterType::kBool},
      {"create_time", "create_time", mysql::FilterType::kTime},
      {"due_date", "due_date", mysql::FilterType::kDate},
      {"partner", "partner_id", mysql::FilterType::kName, {"partners/{partner}"}},
      {"product", "product", mysql::FilterType::kSlug, {"offers/"}},
      {"tenant", "tenant_id", mysql::FilterType::kUuid},
  };
  return *fields;
}

mysql::Condition Understood(const std::string& text) {
  FieldViolations violations;
  mysql::Condition condition = RequireFilter(violations, text, Fields());
  EXPECT_TRUE(violations.empty()) << text << ": " << violations.ToStatus();
  return condition;
}

std::string ProblemOf(const std::string& text) {
  FieldViolations violations;
  const mysql::Condition condition = RequireFilter(violations, text, Fields());
  EXPECT_EQ(condition.sql, "");
  EXPECT_TRUE(condition.parameters.empty());
  const std::vector<FieldViolation> all = DetailsOf(violations.ToStatus()).violations;
  return all.size() == 1 && all[0].field == "filter" ? all[0].description : "";
}

std::string TextOf(const mysql::Parameter& parameter) {
  if (const int64_t* number = parameter.number()) return absl::StrCat(*number);
  return std::string(parameter.bytes().value_or("NULL"));
}

TEST(FilterTest, AnEmptyFilterMakesNoCondition) {
  EXPECT_EQ(Understood("").sql, "");
  EXPECT_EQ(Understood("  \n").sql, "");
}

TEST(FilterTest, OrBindsTighterThanAnd) {
  const mysql::Condition condition =
      Understood("state = ACTIVE OR state = SUSPENDED AND create_time > \"2009-06-01T00:00:00Z\"");
  EXPECT_EQ(condition.sql, " AND (state = ? OR state = ?) AND create_time > ?");
  ASSERT_EQ(condition.parameters.size(), 3u);
  EXPECT_EQ(TextOf(condition.parameters[0]), "ACTIVE");
  EXPECT_EQ(TextOf(condition.parameters[1]), "SUSPENDED");
  EXPECT_EQ(TextOf(condition.parameters[2]), "2009-06-01 00:00:00.000000");
}

TEST(FilterTest, ADateIsADay) {
  const mysql::Condition condition = Understood("due_date < 2009-08-01 AND due_date != \"2009-07-04\"");
  EXPECT_EQ(condition.sql, " AND due_date < ? AND due_date <> ?");
  EXPECT_EQ(TextOf(condition.parameters[0]), "2009-08-01");
  for (const char* value : {"2009-02-30", "today", "2009-08-01T00:00:00Z"}) {
    EXPECT_THAT(ProblemOf(absl::StrCat("due_date = \"", value, "\"")), HasSubstr("a date like 2009-06-01"));
  }
}

TEST(FilterTest, ParenthesesStandRoundAlternatives) {
  EXPECT_EQ(Understood("(state = ACTIVE OR (retired = true OR revision != 1)) AND (revision>=2)").sql,
            " AND (state = ? OR (retired = ? OR o.revision <> ?)) AND o.revision >= ?");
}

TEST(FilterTest, TakesEveryKindOfValue) {
  const mysql::Condition condition = Understood(absl::StrCat(
      R"(display_name = "Kepler \"&\" Söhne" AND display_name<'z' AND retired=false AND revision = -3 AND partner = )",
      kPartner, " AND create_time <= 2009-06-01T02:00:00+02:00"));
  ASSERT_EQ(condition.parameters.size(), 6u);
  EXPECT_EQ(TextOf(condition.parameters[0]), "Kepler \"&\" Söhne");
  EXPECT_EQ(TextOf(condition.parameters[2]), "0");
  EXPECT_EQ(TextOf(condition.parameters[3]), "-3");
  EXPECT_EQ(TextOf(condition.parameters[4]), Uuid::Parse("0191b3a0-0000-7000-8000-000000000001")->bytes());
  EXPECT_EQ(TextOf(condition.parameters[5]), "2009-06-01 00:00:00.000000");
}

TEST(FilterTest, ANameWithoutUuidsIsComparedByItsSlug) {
  const mysql::Condition condition = Understood("product = offers/suite-2 AND product != \"offers/-\"");
  EXPECT_EQ(condition.sql, " AND product = ? AND product <> ?");
  EXPECT_EQ(TextOf(condition.parameters[0]), "suite-2");
  EXPECT_EQ(TextOf(condition.parameters[1]), "-");
  for (const std::string value : {"suite-2", "offers/", "offers/A", "offers/a/b", "prices/a"}) {
    EXPECT_THAT(ProblemOf(absl::StrCat("product = \"", value, "\"")), HasSubstr("expects \"offers/\" and an id"));
  }
  EXPECT_EQ(Understood("product = offers/" + std::string(kMaxSlugBytes, 'a')).parameters.size(), 1U);
  EXPECT_THAT(ProblemOf("product = offers/" + std::string(kMaxSlugBytes + 1, 'a')), HasSubstr("and an id"));
  EXPECT_EQ(ProblemOf("product > offers/a"), "expects = or != at byte 8");
}

TEST(FilterTest, AsciiTextIsComparedWithAsciiTextOnly) {
  const mysql::Condition condition = Understood("number >= \"CS-7 ~\" AND number != ''");
  EXPECT_EQ(condition.sql, " AND o.number >= ? AND o.number <> ?");
  EXPECT_EQ(TextOf(condition.parameters[0]), "CS-7 ~");
  EXPECT_EQ(ProblemOf("number = \"ä\""), "expects ASCII text for number at byte 9");
  EXPECT_EQ(ProblemOf("state = ACTIVE OR number < CS\u2011"
                      "7"),
            "expects ASCII text for number at byte 27");
  EXPECT_EQ(Understood("display_name = \"ä\"").sql, " AND display_name = ?");
}

TEST(FilterTest, AUuidIsComparedAsTheColumnKeepsIt) {
  const mysql::Condition condition = Understood("tenant = \"0191b3a0-0000-7000-8000-000000000001\"");
  EXPECT_EQ(condition.sql, " AND tenant_id = ?");
  EXPECT_EQ(TextOf(condition.parameters[0]), Uuid::Parse("0191b3a0-0000-7000-8000-000000000001")->bytes());
  EXPECT_EQ(ProblemOf("tenant = 0191B3A0-0000-7000-8000-000000000001"), "expects a lower-case UUID at byte 9");
  EXPECT_EQ(ProblemOf("tenant > 0191b3a0-0000-7000-8000-000000000001"), "expects = or != at byte 7");
}

TEST(FilterTest, ACallersTextIsOnlyEverBound) {
  const mysql::Condition condition = Understood("display_name = \"' OR 1=1 -- \"");
  EXPECT_EQ(condition.sql, " AND display_name = ?");
  EXPECT_EQ(TextOf(condition.parameters[0]), "' OR 1=1 -- ");
}

TEST(FilterTest, SaysWhatItExpectsAndWhere) {
  EXPECT_EQ(ProblemOf("secret = 1"),
            "expects one of the fields state, display_name, number, revision, retired, create_time, due_date, partner, "
            "product, tenant at byte 0");
  EXPECT_EQ(ProblemOf("state = GONE"), "expects one of ACTIVE, SUSPENDED at byte 8");
  EXPECT_EQ(ProblemOf("state < ACTIVE"), "expects = or != at byte 6");
  EXPECT_EQ(ProblemOf("revision = two"), "expects a whole number at byte 11");
  EXPECT_THAT(ProblemOf("create_time > infinite-past"), HasSubstr("expects a time like"));
  EXPECT_THAT(ProblemOf("partner = partners/x"), HasSubstr("expects a name like"));
  EXPECT_EQ(ProblemOf("state = ACTIVE retired = true"), "expects AND, OR or the end at byte 15");
  EXPECT_EQ(ProblemOf("(state = ACTIVE AND retired = true)"),
            "expects OR or \")\" (only OR stands in parentheses) at byte 16");
}

TEST(FilterTest, RefusesWhatIsNotAFilter) {
  for (const char* text :
       {"state", "state =", "=", "AND", "state = ACTIVE AND", "NOT state = ACTIVE", "-state = ACTIVE",
        "(state = ACTIVE", "state = ACTIVE)", "()", "display_name = \"open", "display_name = 'a\\n'",
        "display_name ! \"a\"", "state : ACTIVE", "state = ACTIVE or state = SUSPENDED", "display_name = \"\xff\"",
        "display_name = \"a\x01\"", "state = (ACTIVE)"}) {
    EXPECT_NE(ProblemOf(text), "") << text;
  }
}

TEST(FilterTest, BoundsLengthTermsAndDepth) {
  EXPECT_THAT(ProblemOf("display_name = \"" + std::string(1000, 'x') + "\""), HasSubstr("at most 1000 bytes"));
  std::string terms = "revision=1";
  for (int i = 1; i < kMaxFilterTerms; ++i) terms += " OR revision=1";
  EXPECT_EQ(Understood(terms).parameters.size(), 50u);
  EXPECT_THAT(ProblemOf(terms + " OR revision=1"), HasSubstr("at most 50 restrictions"));
  const auto nested = [](int depth) { return std::string(depth, '(') + "revision=1" + std::string(depth, ')'); };
  EXPECT_EQ(Understood(nested(kMaxFilterDepth)).sql, " AND o.revision = ?");
  EXPECT_THAT(ProblemOf(nested(kMaxFilterDepth + 1)), HasSubstr("at most 8 nested parentheses"));
}

// Either a violation and nothing else, or a condition with a parameter for every ?, made of nothing but the columns.
void ExpectSound(const std::string& text) {
  FieldViolations violations;
  const mysql::Condition condition = RequireFilter(violations, text, Fields());
  const auto marks = std::count(condition.sql.begin(), condition.sql.end(), '?');
  ASSERT_EQ(marks, static_cast<int64_t>(condition.parameters.size())) << text;
  ASSERT_LE(marks, kMaxFilterTerms) << text;
  if (!violations.empty()) {
    ASSERT_EQ(condition.sql, "") << text;
  }
  ASSERT_EQ(condition.sql.find_first_not_of("ANDOR ()=<>?abcdefghijklmnopqrstuvwxyz_."), std::string::npos) << text;
}

RC_GTEST_PROP(FilterTest, AnyBytesAreAViolationOrASoundCondition, (const std::string& text)) { ExpectSound(text); }

RC_GTEST_PROP(FilterTest, AnyTokensAreAViolationOrASoundCondition, ()) {
  static const std::vector<std::string> kTokens = {"state",       "display_name",
                                                   "revision",    "retired",
                                                   "create_time", "partner",
                                                   "=",           "!=",
                                                   "<",           "<=",
                                                   ">",           ">=",
                                                   "ACTIVE",      "SUSPENDED",
                                                   "1",           "true",
                                                   "AND",         "OR",
                                                   "(",           ")",
                                                   "\"",          "'",
                                                   "\\",          "\"x\"",
                                                   kPartner,      " ",
                                                   "\n",          "?",
                                                   "NULL",        "2009-06-01T00:00:00Z"};
  const auto tokens = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kTokens));
  std::string text;
  for (const std::string& token : tokens) absl::StrAppend(&text, token, *rc::gen::inRange(0, 3) == 0 ? "" : " ");
  ExpectSound(text);
}

// What a fuzzer would do, from a fixed seed: good filters with bytes changed, cut out, doubled and put together.
TEST(FilterTest, MutatedFiltersAreAViolationOrASoundCondition) {
  const std::vector<std::string> corpus = {
      "state = ACTIVE OR state = SUSPENDED AND create_time > \"2009-06-01T00:00:00Z\"",
      "(state = ACTIVE OR (retired = true OR revision != 1)) AND (revision>=2)",
      absl::StrCat("partner = \"", kPartner, "\" AND display_name = 'it\\'s'"),
      "((((((((revision<1))))))))",
  };
  std::mt19937 random(20090601);  // NOLINT(cert-msc51-cpp): the same every time.
  const auto below = [&](size_t bound) { return bound == 0 ? 0 : random() % bound; };
  for (int round = 0; round < 50'000; ++round) {
    std::string text = corpus[below(corpus.size())];
    for (size_t changes = 1 + below(4); changes > 0; --changes) {
      const size_t at = below(text.size());
      const std::string& other = corpus[below(corpus.size())];
      switch (below(5)) {
        case 0:
          if (!text.empty()) text[at] = static_cast<char>(random());
          break;
        case 1:
          text.erase(at, 1 + below(10));
          break;
        case 2:
          text.insert(at, 1 + below(3), "()=<>!\"'\\ AO"[below(12)]);
          break;
        case 3:
          text.insert(at, other.substr(below(other.size()), below(20)));
          break;
        default:
          text += " AND " + other;
      }
    }
    ASSERT_NO_FATAL_FAILURE(ExpectSound(text));
  }
}

}  // namespace
}  // namespace countersign::rpc
