#include "integration-tests/simulate_facts.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace countersign::integration {

FactField TextField(absl::string_view name, absl::string_view value) {
  return {std::string(name), absl::StrCat("\"", value, "\"")};
}

FactField NumberField(absl::string_view name, int64_t value) { return {std::string(name), absl::StrCat(value)}; }

std::string HexOf(absl::string_view name) {
  const size_t slash = name.rfind('/');
  const absl::string_view id = slash == absl::string_view::npos ? name : name.substr(slash + 1);
  return absl::AsciiStrToUpper(absl::StrReplaceAll(id, {{"-", ""}}));
}

void FactWriter::Write(Date day, absl::string_view act, const std::vector<FactField>& fields) {
  std::string line = absl::StrCat("{\"day\":\"", FormatDate(day), "\",\"act\":\"", act, "\"");
  for (const auto& [name, value] : fields) absl::StrAppend(&line, ",\"", name, "\":", value);
  const absl::MutexLock lock(&mutex_);
  out_ << line << "}\n" << std::flush;
  ++count_;
}

}  // namespace countersign::integration
