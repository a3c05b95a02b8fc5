#include "common/mysql/sql_script.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace countersign::mysql {
namespace {

// The length of the comment at the beginning of `text`, 0 when there is none.
size_t CommentLength(absl::string_view text) {
  if (absl::StartsWith(text, "--") && (text.size() == 2 || absl::ascii_isspace(static_cast<unsigned char>(text[2])))) {
    return std::min(text.find('\n'), text.size());
  }
  if (absl::StartsWith(text, "/*")) {
    const size_t end = text.find("*/", 2);
    return end == absl::string_view::npos ? text.size() : end + 2;
  }
  return 0;
}

// The length of the quoted text at the beginning of `text`, 0 when there is none. A doubled quote reads as two texts.
size_t QuotedLength(absl::string_view text) {
  const char quote = text.front();
  if (quote != '\'' && quote != '"' && quote != '`') return 0;
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\' && quote != '`') {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return text.size();
}

}  // namespace

std::vector<std::string> SplitStatements(absl::string_view script) {
  std::vector<std::string> statements;
  std::string statement;
  const auto finish = [&] {
    const absl::string_view stripped = absl::StripAsciiWhitespace(statement);
    if (!stripped.empty()) statements.emplace_back(stripped);
    statement.clear();
  };
  while (!script.empty()) {
    if (const size_t comment = CommentLength(script); comment > 0) {
      script.remove_prefix(comment);
      statement.push_back(' ');
    } else if (const size_t quoted = QuotedLength(script); quoted > 0) {
      absl::StrAppend(&statement, script.substr(0, quoted));
      script.remove_prefix(quoted);
    } else {
      if (script.front() == ';') {
        finish();
      } else {
        statement.push_back(script.front());
      }
      script.remove_prefix(1);
    }
  }
  finish();
  return statements;
}

}  // namespace countersign::mysql
