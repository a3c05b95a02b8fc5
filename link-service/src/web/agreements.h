// The vendor's agreements with its customers, a text for each version. The text of a version never changes, because
// customers have accepted it; a new text is a new version.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_AGREEMENTS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_AGREEMENTS_H_

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace countersign::link {

struct Agreement {
  absl::string_view title;  // The text's first line.
  absl::string_view body;   // Paragraphs separated by an empty line.
};

// The title and body of a text.
Agreement AgreementOf(absl::string_view text);

class Agreements {
 public:
  // The one that is compiled in, 2009-06, made up for sandboxes.
  Agreements();

  // Those of a directory: files VERSION.txt, a version being 1 to 64 letters, digits, "." and "-". Without any, the one
  // that is compiled in. Errors: NOT_FOUND (the directory cannot be read), INVALID_ARGUMENT (a file's name or text),
  // naming the file.
  static absl::StatusOr<Agreements> Load(const std::string& directory);

  // Whether it is the one that is compiled in.
  bool are_made_up() const { return are_made_up_; }

  // The version that new links ask to accept: the greatest, compared as text.
  const std::string& current() const { return texts_.rbegin()->first; }

  // The full text of a version; nullopt when there is none. Lives as long as the object. The one that is compiled in is
  // found always: it may have been accepted before there was a directory.
  std::optional<absl::string_view> Find(absl::string_view version) const;

 private:
  using Texts = std::map<std::string, std::string, std::less<>>;  // By version.

  Texts texts_;
  Texts made_up_;  // Beside those of a directory.
  bool are_made_up_ = true;
};

// SHA-256 over all templates and messages of the page, 64 hexadecimal digits: tells which of them showed something.
const std::string& TemplateVersion();

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_AGREEMENTS_H_
