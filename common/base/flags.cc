#include "common/base/flags.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/commandlineflag.h"
#include "absl/flags/parse.h"
#include "absl/flags/reflection.h"
#include "absl/flags/usage.h"
#include "absl/flags/usage_config.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace countersign {
namespace {

// The directory that holds all our sources, as the compiler was given it; libraries keep their flags elsewhere.
absl::string_view SourceRoot() { return absl::StripSuffix(__FILE__, "common/base/flags.cc"); }

// Where a flag of ours is defined, from the source root: "order-service/src/config.cc".
std::string NormalizeFilename(absl::string_view file) { return std::string(absl::StripPrefix(file, SourceRoot())); }

// `file` is normalized. The second test matters where the sources were compiled by relative paths (an empty root).
bool IsOurs(absl::string_view file) { return !absl::StartsWith(file, "/") && !absl::StrContains(file, "absl/"); }

void ConfigureHelp(absl::string_view usage) {
  absl::FlagsUsageConfig config;
  config.contains_help_flags = IsOurs;
  config.contains_helpshort_flags = IsOurs;
  config.contains_helppackage_flags = IsOurs;
  config.normalize_filename = NormalizeFilename;
  absl::SetFlagsUsageConfig(std::move(config));
  absl::SetProgramUsageMessage(usage);
}

// --tryfromenv for every flag of ours: an unset variable is no error.
std::string FromEnvironment() {
  std::vector<std::string> names;
  for (const auto& [name, flag] : absl::GetAllFlags()) {
    if (!flag->IsRetired() && IsOurs(flag->Filename())) names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return absl::StrCat("--tryfromenv=", absl::StrJoin(names, ","));
}

bool IsFlagFile(const char* argument) {
  return absl::StartsWith(argument, "--flagfile=") || absl::StartsWith(argument, "-flagfile=");
}

}  // namespace

std::vector<char*> ParseFlags(int argc, char** argv, absl::string_view usage) {
  ConfigureHelp(usage);
  std::string from_environment = FromEnvironment();
  std::vector<char*> arguments(argv, argv + argc);
  // Abseil lets the later setting win, so the flag files go first and the environment before them.
  const auto end = std::find(arguments.begin() + 1, arguments.end(), absl::string_view("--"));
  std::stable_partition(arguments.begin() + 1, end, IsFlagFile);
  arguments.insert(arguments.begin() + 1, from_environment.data());
  std::vector<char*> rest = absl::ParseCommandLine(static_cast<int>(arguments.size()), arguments.data());
  rest.erase(rest.begin());
  return rest;
}

}  // namespace countersign
