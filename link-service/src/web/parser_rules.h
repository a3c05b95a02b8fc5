// Invariants of the parsers that strangers reach first, for every input: the head of a request, a form, a link's path.
// For the tests that mutate inputs at random and for libFuzzer (fuzz/).
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_PARSER_RULES_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_PARSER_RULES_H_

#include <string>

#include "absl/strings/string_view.h"

namespace countersign::link::web {

// Each answers what the input breaks, or nothing.

// A head reads the same in pieces as whole, and is refused with a status that says so.
std::string BrokenByHead(absl::string_view input);

// A form that is taken is UTF-8 and reads the same again.
std::string BrokenByForm(absl::string_view body);

// A path that is a link's is written the same way again, and is no receipt's.
std::string BrokenByPath(absl::string_view path);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_PARSER_RULES_H_
