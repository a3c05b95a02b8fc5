// Pages made of templates and the messages of a language.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_TEMPLATE_TEXT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_TEMPLATE_TEXT_H_

#include <kainjow/mustache.hpp>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/embedded_file.h"
#include "common/language/language.h"

namespace countersign::billing {

// The template of that name among `files`, in the language. Empty when there is none.
inline std::string TemplateText(absl::Span<const EmbeddedFile> files, absl::string_view name,
                                const Language& language) {
  for (const EmbeddedFile& file : files) {
    if (absl::string_view(file.name.data(), file.name.size()) != name) continue;
    return WithMessages({file.contents.data(), file.contents.size()}, language.messages());
  }
  return "";
}

// The template of that name, in the language, with these values, which are escaped for HTML.
inline std::string Rendered(absl::Span<const EmbeddedFile> files, absl::string_view name, const Language& language,
                            const kainjow::mustache::data& values) {
  kainjow::mustache::mustache text{TemplateText(files, name, language)};
  return text.render(values);
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_TEMPLATE_TEXT_H_
