// Command line, flag file and environment, in that order of precedence, on Abseil flags.
#ifndef COUNTERSIGN_COMMON_BASE_FLAGS_H_
#define COUNTERSIGN_COMMON_BASE_FLAGS_H_

#include <vector>

#include "absl/strings/string_view.h"

namespace countersign {

// Parses the flags of this program: --name=value, --flagfile=PATH (one flag a line) and, for every flag defined under
// the program's own sources, the environment variable FLAGS_<name>. --help prints them with `usage` and exits; a bad
// flag exits with an error. Call it once, at the start of main.
// Returns the arguments that are not flags, without the program's name.
std::vector<char*> ParseFlags(int argc, char** argv, absl::string_view usage);

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_FLAGS_H_
