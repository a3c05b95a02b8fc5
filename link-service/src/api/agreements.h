// The customer agreements that the page can show: web/agreements/<version>.txt, compiled into the program. The text of
// a version never changes; a new text is a new version.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_API_AGREEMENTS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_API_AGREEMENTS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace countersign::link {

struct Agreement {
  absl::string_view title;  // The text's first line.
  absl::string_view body;   // Paragraphs separated by an empty line.
};

// The full text of a version such as "2009-06"; nullopt when there is none. Lives as long as the program.
std::optional<absl::string_view> AgreementText(absl::string_view version);

// The title and body of a text.
Agreement AgreementOf(absl::string_view text);

// SHA-256 over all templates and messages of the page, 64 hexadecimal digits: tells which of them showed something.
const std::string& TemplateVersion();

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_API_AGREEMENTS_H_
