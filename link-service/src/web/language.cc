#include "link-service/src/web/language.h"

#include "link-service/web_files.h"

namespace countersign::link::web {

const std::vector<const Language*>& Languages() {
  static const auto* const kAll = new std::vector<const Language*>(LanguagesIn(kWebFiles));
  return *kAll;
}

const Language& English() { return *Languages().front(); }

const Language* FindLanguage(absl::string_view code) { return countersign::FindLanguage(Languages(), code); }

}  // namespace countersign::link::web
