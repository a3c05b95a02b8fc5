#include "billing-service/src/api/languages.h"

#include "billing-service/messages.h"

namespace countersign::billing {

const std::vector<const Language*>& Languages() {
  static const auto* const kAll = new std::vector<const Language*>(LanguagesIn(kMessageFiles));
  return *kAll;
}

const Language& LanguageOf(absl::string_view tag) {
  const Language* const found = FindLanguage(Languages(), tag.substr(0, tag.find('-')));
  return found == nullptr ? *Languages().front() : *found;
}

}  // namespace countersign::billing
