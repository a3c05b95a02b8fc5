// The customer agreements that the page can show: web/agreements/<version>.txt, compiled into the program. A version's
// text never changes; another text is another version.
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

// The whole text of a version such as "2009-06"; nullopt when there is none. Lives as long as the program.
std::optional<absl::string_view> AgreementText(absl::string_view version);

// Title and body of a text.
Agreement AgreementOf(absl::string_view text);

// SHA-256 over all templates of the page, 64 hexadecimal digits: names what they were when something was shown.
const std::string& TemplateVersion();

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_API_AGREEMENTS_H_
