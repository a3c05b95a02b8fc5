// The languages of the customer's page: those of link-service/web/messages.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_LANGUAGE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_LANGUAGE_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "common/language/language.h"

namespace countersign::link::web {

using ::countersign::Choice;
using ::countersign::Language;
using ::countersign::MessageArgs;

// All languages in the order in which the page offers them; English is the first.
const std::vector<const Language*>& Languages();
const Language& English();

// Null for a code of no language of ours. Letter case does not matter.
const Language* FindLanguage(absl::string_view code);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_LANGUAGE_H_
