// Files of messages, one per language: messages/<language>.txt of a service. See README.md beside them.
#ifndef COUNTERSIGN_COMMON_LANGUAGE_MESSAGE_FILE_H_
#define COUNTERSIGN_COMMON_LANGUAGE_MESSAGE_FILE_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace countersign {

// Messages by key.
using Messages = std::map<std::string, std::string, std::less<>>;

// Reads lines of "key = text". Empty lines and lines that begin with # are left out. Error: INVALID_ARGUMENT, naming
// the line, for anything else, a key that is there twice or a message without text.
absl::StatusOr<Messages> ParseMessages(absl::string_view file);

// The keys that a template names as [[key]], in its order.
std::vector<std::string> KeysIn(absl::string_view text);

// The template's text with each [[key]] replaced by its message, in which {name} becomes the template's {{name}}.
std::string WithMessages(absl::string_view text, const Messages& messages);

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_LANGUAGE_MESSAGE_FILE_H_
