// Checks of the message files of every service.
#ifndef COUNTERSIGN_COMMON_TESTING_MESSAGES_H_
#define COUNTERSIGN_COMMON_TESTING_MESSAGES_H_

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "common/base/embedded_file.h"
#include "common/language/language.h"

namespace countersign::testing {

// All matches of the regular expression's first group in the text.
std::multiset<std::string> MatchesOf(const std::string& text, const char* pattern);

// The keys that the templates (*.mustache) among `files` name as [[key]].
std::set<std::string> KeysOfTemplates(absl::Span<const EmbeddedFile> files);

// Every string of the sources in `folders` that looks like a key of a section that `messages` have: "code.expired".
// Tests and samples are left out.
std::set<std::string> KeysOfSources(const std::vector<std::filesystem::path>& folders, const Messages& messages);

// Of the five languages, each has the keys of the first, English.
void ExpectTheSameKeys(absl::Span<const Language* const> languages);

// Each message has the placeholders and tags of the English one.
void ExpectTheSamePlaceholders(absl::Span<const Language* const> languages, const std::set<std::string>& of_templates);

// ICU reads every message but those of templates, which are no patterns: they have plain placeholders only.
void ExpectReadable(absl::Span<const Language* const> languages, const std::set<std::string>& of_templates);

}  // namespace countersign::testing

#endif  // COUNTERSIGN_COMMON_TESTING_MESSAGES_H_
