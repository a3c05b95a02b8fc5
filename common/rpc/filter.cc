#include "common/rpc/filter.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/slug.h"
#include "common/rpc/fields.h"
#include "common/rpc/names.h"

namespace countersign::rpc {
namespace {

enum class TokenType : uint8_t { kEnd, kWord, kQuoted, kOperator, kOpen, kClose, kBroken };

struct Token {
  TokenType type = TokenType::kEnd;
  std::string text = {};
  size_t position = 0;
};

bool IsSymbol(char c) { return absl::StrContains("()=<>!\"'", c); }

class Lexer {
 public:
  explicit Lexer(absl::string_view text) : text_(text) {}

  Token Next() {
    while (at_ < text_.size() && absl::ascii_isspace(text_[at_])) ++at_;
    Token token{.position = at_};
    if (at_ == text_.size()) return token;
    const char first = text_[at_];
    if (first == '(' || first == ')') return Symbol(first == '(' ? TokenType::kOpen : TokenType::kClose, 1);
    if (first == '"' || first == '\'') return Quoted(first);
    if (first == '=') return Symbol(TokenType::kOperator, 1);
    const bool equals = at_ + 1 < text_.size() && text_[at_ + 1] == '=';
    if (first == '<' || first == '>') return Symbol(TokenType::kOperator, equals ? 2 : 1);
    if (first == '!') return Symbol(equals ? TokenType::kOperator : TokenType::kBroken, equals ? 2 : 1);
    size_t end = at_;
    while (end < text_.size() && !absl::ascii_isspace(text_[end]) && !IsSymbol(text_[end])) ++end;
    return Symbol(TokenType::kWord, end - at_);
  }

 private:
  Token Symbol(TokenType type, size_t size) {
    Token token{.type = type, .text = std::string(text_.substr(at_, size)), .position = at_};
    at_ += size;
    return token;
  }

  Token Quoted(char quote) {
    Token token{.type = TokenType::kBroken, .position = at_};
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == quote) {
        ++at_;
        token.type = TokenType::kQuoted;
        return token;
      }
      if (text_[at_] == '\\') {
        ++at_;
        const bool known = at_ < text_.size() && (text_[at_] == '\\' || text_[at_] == '"' || text_[at_] == '\'');
        if (!known) return token;
      }
      token.text += text_[at_];
    }
    return token;  // Not closed.
  }

  const absl::string_view text_;
  size_t at_ = 0;
};

bool OnlyEquals(mysql::FilterType type) {
  return type == mysql::FilterType::kBool || type == mysql::FilterType::kEnum || type == mysql::FilterType::kUuid ||
         type == mysql::FilterType::kName || type == mysql::FilterType::kSlug;
}

// Describes the field's values, to tell the caller.
std::string Expected(const mysql::FilterField& field) {
  switch (field.type) {
    case mysql::FilterType::kText:
      return "text";
    case mysql::FilterType::kAscii:
      return absl::StrCat("ASCII text for ", field.name);
    case mysql::FilterType::kInt:
      return "a whole number";
    case mysql::FilterType::kBool:
      return "true or false";
    case mysql::FilterType::kDate:
      return "a date like 2009-06-01";
    case mysql::FilterType::kTime:
      return "a time like \"2009-06-01T00:00:00Z\"";
    case mysql::FilterType::kEnum:
      return absl::StrCat("one of ", absl::StrJoin(field.words, ", "));
    case mysql::FilterType::kUuid:
      return "a lower-case UUID";
    case mysql::FilterType::kName:
      return absl::StrCat("a name like \"", field.words.front(), "\"");
    case mysql::FilterType::kSlug:
      return absl::StrCat("\"", field.words.front(), "\" and an id");
  }
  return "";
}

std::optional<mysql::Parameter> ParseTime(const std::string& text) {
  absl::Time time;
  std::string error;
  // The years that DATETIME has; ParseTime would also take "infinite-past".
  const bool understood = absl::ParseTime(absl::RFC3339_full, text, &time, &error) && time != absl::InfinitePast() &&
                          time != absl::InfiniteFuture();
  if (!understood) return std::nullopt;
  const absl::CivilYear year(absl::ToCivilSecond(time, absl::UTCTimeZone()));
  if (year.year() < 1 || year.year() > 9999) return std::nullopt;
  return mysql::Parameter(time);
}

std::optional<mysql::Parameter> ParseSlug(absl::string_view prefix, absl::string_view text) {
  if (!absl::ConsumePrefix(&text, prefix) || !countersign::IsSlug(text)) return std::nullopt;
  return mysql::Parameter(text);
}

std::optional<mysql::Parameter> ParseValue(const mysql::FilterField& field, const std::string& text) {
  switch (field.type) {
    case mysql::FilterType::kText:
      return mysql::Parameter(text);
    case mysql::FilterType::kAscii:
      if (!absl::c_all_of(text, absl::ascii_isascii)) return std::nullopt;
      return mysql::Parameter(text);
    case mysql::FilterType::kInt: {
      int64_t number = 0;
      if (!absl::SimpleAtoi(text, &number)) return std::nullopt;
      return mysql::Parameter(number);
    }
    case mysql::FilterType::kBool:
      if (text != "true" && text != "false") return std::nullopt;
      return mysql::Parameter(text == "true");
    case mysql::FilterType::kDate: {
      const absl::StatusOr<Date> date = ParseDate(text);
      if (!date.ok() || date->year() < 1 || date->year() > 9999) return std::nullopt;
      return mysql::Parameter(*date);
    }
    case mysql::FilterType::kTime:
      return ParseTime(text);
    case mysql::FilterType::kEnum:
      if (std::find(field.words.begin(), field.words.end(), text) == field.words.end()) return std::nullopt;
      return mysql::Parameter(text);
    case mysql::FilterType::kUuid: {
      const absl::StatusOr<Uuid> id = Uuid::Parse(text);
      if (!id.ok()) return std::nullopt;
      return mysql::Parameter(*id);
    }
    case mysql::FilterType::kName: {
      const absl::StatusOr<std::vector<Uuid>> ids = ParseName(field.words.front(), text);
      if (!ids.ok() || ids->empty()) return std::nullopt;
      return mysql::Parameter(ids->back());
    }
    case mysql::FilterType::kSlug:
      return ParseSlug(field.words.front(), text);
  }
  return std::nullopt;
}

// Recursive descent; the first problem ends it.
class Parser {
 public:
  Parser(absl::string_view text, absl::Span<const mysql::FilterField> fields) : lexer_(text), fields_(fields) {
    Advance();
  }

  // The condition, or nullopt and then problem() says why.
  std::optional<mysql::Condition> Parse() {
    do {
      std::string group;
      if (!Group(group)) return std::nullopt;
      absl::StrAppend(&condition_.sql, " AND ", group);
    } while (Take("AND"));
    if (token_.type != TokenType::kEnd) return Fail("AND, OR or the end"), std::nullopt;
    return std::move(condition_);
  }

  const std::string& problem() const { return problem_; }

 private:
  void Advance() { token_ = lexer_.Next(); }

  bool Take(absl::string_view keyword) {
    if (token_.type != TokenType::kWord || token_.text != keyword) return false;
    Advance();
    return true;
  }

  bool Fail(absl::string_view expected) {
    if (problem_.empty()) problem_ = absl::StrCat("expects ", expected, " at byte ", token_.position);
    return false;
  }

  // Alternatives, in SQL parentheses when there is more than one.
  bool Group(std::string& sql) {
    int alternatives = 0;
    do {
      if (alternatives > 0) sql += " OR ";
      if (!Alternative(sql)) return false;
      ++alternatives;
    } while (Take("OR"));
    if (alternatives > 1) sql = absl::StrCat("(", sql, ")");
    return true;
  }

  bool Alternative(std::string& sql) {
    if (token_.type != TokenType::kOpen) return Restriction(sql);
    if (++depth_ > kMaxFilterDepth) return Fail(absl::StrCat("at most ", kMaxFilterDepth, " nested parentheses"));
    Advance();
    std::string inner;
    if (!Group(inner)) return false;
    if (token_.type != TokenType::kClose) return Fail("OR or \")\" (only OR stands in parentheses)");
    --depth_;
    Advance();
    sql += inner;
    return true;
  }

  bool Restriction(std::string& sql) {
    if (++terms_ > kMaxFilterTerms) return Fail(absl::StrCat("at most ", kMaxFilterTerms, " restrictions"));
    const auto field = std::find_if(fields_.begin(), fields_.end(), [&](const mysql::FilterField& candidate) {
      return token_.type == TokenType::kWord && token_.text == candidate.name;
    });
    if (field == fields_.end()) {
      return Fail(absl::StrCat("one of the fields ", absl::StrJoin(fields_, ", ", [](std::string* out, const auto& f) {
                                 absl::StrAppend(out, f.name);
                               })));
    }
    Advance();
    const bool fits =
        token_.type == TokenType::kOperator && (!OnlyEquals(field->type) || token_.text == "=" || token_.text == "!=");
    if (!fits) return Fail(OnlyEquals(field->type) ? "= or !=" : "one of = != < <= > >=");
    const std::string comparison = token_.text == "!=" ? "<>" : token_.text;
    Advance();
    const bool is_value = token_.type == TokenType::kWord || token_.type == TokenType::kQuoted;
    std::optional<mysql::Parameter> value = is_value ? ParseValue(*field, token_.text) : std::nullopt;
    if (!value.has_value()) return Fail(Expected(*field));
    Advance();
    absl::StrAppend(&sql, field->column, " ", comparison, " ?");
    condition_.parameters.push_back(*std::move(value));
    return true;
  }

  Lexer lexer_;
  const absl::Span<const mysql::FilterField> fields_;
  Token token_;
  int depth_ = 0;
  int terms_ = 0;
  mysql::Condition condition_;
  std::string problem_;
};

}  // namespace

mysql::Condition RequireFilter(FieldViolations& violations, absl::string_view text,
                               absl::Span<const mysql::FilterField> fields) {
  if (text.size() > kMaxFilterBytes) {
    violations.Add("filter", absl::StrCat("must have at most ", kMaxFilterBytes, " bytes"));
    return {};
  }
  text = absl::StripAsciiWhitespace(text);
  if (text.empty()) return {};
  FieldViolations of_text;
  RequireLines(of_text, "filter", text, 1, kMaxFilterBytes);
  if (!of_text.empty()) {
    violations.Add("filter", "must be UTF-8 text without control and invisible characters");
    return {};
  }
  Parser parser(text, fields);
  std::optional<mysql::Condition> condition = parser.Parse();
  if (condition.has_value()) return *std::move(condition);
  violations.Add("filter", parser.problem());
  return {};
}

}  // namespace countersign::rpc
