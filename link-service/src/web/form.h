// Bodies of type application/x-www-form-urlencoded, read strictly: what is not exactly such a form is refused whole.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_FORM_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_FORM_H_

#include <functional>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace countersign::link::web {

// Decoded fields by name; every value is valid UTF-8.
class Form {
 public:
  static constexpr int kMaxFields = 64;
  static constexpr int kMaxNameBytes = 64;
  static constexpr int kMaxValueBytes = 64 * 1024;

  // Errors: INVALID_ARGUMENT for another content type or charset, a field without a name, a repeated name, a broken
  // percent escape, a value that is not UTF-8 or holds NUL, and anything over the limits above.
  static absl::StatusOr<Form> Parse(absl::string_view content_type, absl::string_view body);

  // The value, or "" where the form has no such field.
  const std::string& Get(absl::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> fields_;
};

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_FORM_H_
