// The languages in which customers are written to: those of billing-service/messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_LANGUAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_LANGUAGES_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "common/language/language.h"

namespace countersign::billing {

// All; English is the first.
const std::vector<const Language*>& Languages();

// The language of a BCP 47 tag: German for "de" and "de-CH". English for one that we do not have, or none.
const Language& LanguageOf(absl::string_view tag);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_LANGUAGES_H_
