#include "link-service/src/web/parser_rules.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/base/text.h"
#include "link-service/src/domain/link_token.h"
#include "link-service/src/web/form.h"
#include "link-service/src/web/http_head.h"
#include "link-service/src/web/order_forms.h"

namespace countersign::link::web {
namespace {

constexpr int kMaxHead = 2'000;
constexpr char kFormType[] = "application/x-www-form-urlencoded";

std::string Encoded(absl::string_view text) {
  std::string encoded;
  for (const char c : text) absl::StrAppend(&encoded, "%", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
  return encoded;
}

}  // namespace

std::string BrokenByHead(absl::string_view input) {
  HeadReader whole(kMaxHead);
  const HeadResult result = whole.Read(input);
  HeadReader pieces(kMaxHead);
  HeadResult last = HeadResult::kIncomplete;
  for (size_t end = 0, step = input.size(); end < input.size() && last == HeadResult::kIncomplete;) {
    step = (step * 7 + 3) % 9 + 1;
    end = std::min(input.size(), end + step);
    last = pieces.Read(input.substr(0, end));
  }
  if (!input.empty() && last != result) return "in pieces it reads otherwise";
  const int status = whole.status();
  const bool says_refused = status == 400 || status == 501 || status == 431;
  return (result == HeadResult::kRefused) == says_refused ? "" : absl::StrCat("status ", status);
}

std::string BrokenByForm(absl::string_view body) {
  const absl::StatusOr<Form> form = Form::Parse(kFormType, body);
  if (!form.ok()) return "";
  const ConfirmSubmission submission = ReadConfirmForm(*form);
  if (submission.ok() && submission.form.company_name.empty()) return "a confirmation without a company";
  (void)ReadDeclineForm(*form);
  for (const char* name : {"company_name", "reason", "address", "confirmer_name"}) {
    const std::string& value = form->Get(name);
    if (CheckText(value, TextShape::kLines).fault == TextFault::kNotUtf8) return absl::StrCat(name, " is not UTF-8");
    const absl::StatusOr<Form> again = Form::Parse(kFormType, absl::StrCat(name, "=", Encoded(value)));
    if (!again.ok() || again->Get(name) != value) return absl::StrCat(name, " reads otherwise the second time");
  }
  return "";
}

std::string BrokenByPath(absl::string_view path) {
  const std::optional<LinkToken> read = ParsePath(path);
  if (!read.has_value()) return "";
  if (read->secret.size() != static_cast<size_t>(kSecretBytes)) return "a secret of another length";
  const std::optional<LinkToken> again = ParsePath(PathOf(*read));
  if (!again.has_value() || again->link_id != read->link_id || again->secret != read->secret) {
    return "it is written otherwise";
  }
  return ParseReceiptPath(path).has_value() ? "a link is no receipt" : "";
}

}  // namespace countersign::link::web
