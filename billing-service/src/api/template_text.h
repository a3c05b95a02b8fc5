// Texts made of templates: mails and documents.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_TEMPLATE_TEXT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_TEMPLATE_TEXT_H_

#include <kainjow/mustache.hpp>
#include <string>

#include "absl/strings/string_view.h"

namespace countersign::billing {

enum class Escaping { kNone, kHtml };

// The template of that name among `files`, which countersign_embed made. Empty when there is none.
template <typename Files>
std::string TemplateText(const Files& files, absl::string_view name) {
  for (const auto& file : files) {
    if (absl::string_view(file.name.data(), file.name.size()) != name) continue;
    return std::string(file.contents.data(), file.contents.size());
  }
  return "";
}

// The template of that name with these values.
template <typename Files>
std::string Rendered(const Files& files, absl::string_view name, const kainjow::mustache::data& values,
                     Escaping escaping) {
  kainjow::mustache::mustache text{TemplateText(files, name)};
  if (escaping == Escaping::kNone) text.set_custom_escape([](const std::string& value) { return value; });
  return text.render(values);
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_TEMPLATE_TEXT_H_
