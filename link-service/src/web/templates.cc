#include "link-service/src/web/templates.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/cleanup/cleanup.h"
#include "absl/container/node_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"
#include "common/base/country.h"
#include "common/base/crypto.h"
#include "link-service/src/web/compress.h"
#include "link-service/src/web/order_forms.h"
#include "link-service/web_files.h"

namespace countersign::link::web {
namespace {

using kainjow::mustache::mustache;

constexpr absl::string_view kStylesheetName = "page.css";
constexpr int kStylesheetHashBytes = 8;

constexpr absl::string_view kPartial = "{{> ";

// Constants of ours, so they may become part of a template: rendering 249 values for each page would cost more than
// all the rest of it.
std::string CountryOptions(const Language& language) {
  std::string options;
  for (const auto& [code, name] : language.SortedCountries(Countries())) {
    absl::StrAppend(&options, "<option value=\"", code, "\">", name, "</option>");
  }
  return options;
}

// Links to the same page in every other language. Each is named in itself.
std::string LanguageLinks(const Language& language) {
  std::string links;
  for (const Language* other : Languages()) {
    if (other == &language) {
      absl::StrAppend(&links, "<span aria-current=\"true\">", other->name(), "</span>\n");
      continue;
    }
    absl::StrAppend(&links, "<a href=\"?lang=", other->code(), "\" lang=\"", other->code(), "\" hreflang=\"",
                    other->code(), "\" dir=\"", other->direction(), "\">", other->name(), "</a>\n");
  }
  return links;
}

// The same as buttons of the form, which keep what was typed.
std::string LanguageButtons(const Language& language) {
  std::string buttons;
  for (const Language* other : Languages()) {
    if (other == &language) {
      absl::StrAppend(&buttons, "<span aria-current=\"true\">", other->name(), "</span>\n");
      continue;
    }
    absl::StrAppend(&buttons, "<button form=\"order\" formaction=\"?lang=", other->code(),
                    "\" name=\"action\" value=\"", kLanguageAction, "\" lang=\"", other->code(), "\" dir=\"",
                    other->direction(), "\">", other->name(), "</button>\n");
  }
  return buttons;
}

std::string LoadTemplate(absl::string_view name, const Language& language);

std::string LoadPartial(absl::string_view name, const Language& language) {
  if (name == "countries") return CountryOptions(language);
  if (name == "languages") return LanguageLinks(language);
  if (name == "language_buttons") return LanguageButtons(language);
  return LoadTemplate(absl::StrCat(name, ".mustache"), language);
}

// The template in `language` with its partials `{{> name}}` filled in and without indentation, so that it is parsed
// once and short.
std::string LoadTemplate(absl::string_view name, const Language& language) {
  std::string lines;
  for (absl::string_view line : absl::StrSplit(WebFile(name), '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (!line.empty()) absl::StrAppend(&lines, line, "\n");
  }
  std::string text;
  const std::string filled = WithMessages(lines, language.messages());
  absl::string_view rest = filled;
  for (size_t at = rest.find(kPartial); at != absl::string_view::npos; at = rest.find(kPartial)) {
    const size_t end = rest.find("}}", at);
    const std::string partial = LoadPartial(rest.substr(at + kPartial.size(), end - at - kPartial.size()), language);
    absl::StrAppend(&text, rest.substr(0, at), absl::StripSuffix(partial, "\n"));
    rest.remove_prefix(end + 2);
  }
  return absl::StrCat(text, rest);
}

// Parsed templates. Parsing costs far more than rendering, but rendering writes to the parsed template, so each is lent
// to one renderer at a time. A parsed page takes half a megabyte, and rendering waits for nothing but a processor: so
// there are few of one name and language, and who finds none waits.
class ParsedTemplates {
 public:
  std::string Render(absl::string_view name, const Language& language, const kainjow::mustache::data& values) {
    std::unique_ptr<mustache> parsed;
    Copies* copies = nullptr;
    {
      const absl::MutexLock lock(&mutex_);
      copies = &copies_[{&language, std::string(name)}];
      const auto has_room = [copies] { return copies->lent < kMostCopies; };
      mutex_.Await(absl::Condition(&has_room));
      ++copies->lent;
      if (!copies->idle.empty()) {
        parsed = std::move(copies->idle.back());
        copies->idle.pop_back();
      }
    }
    const auto give_back = absl::MakeCleanup([&] {
      const absl::MutexLock lock(&mutex_);
      --copies->lent;
      if (parsed != nullptr) copies->idle.push_back(std::move(parsed));
    });
    if (parsed == nullptr) parsed = std::make_unique<mustache>(LoadTemplate(name, language));
    return parsed->render(values);
  }

 private:
  static constexpr int kMostCopies = 4;

  struct Copies {
    std::vector<std::unique_ptr<mustache>> idle;
    int lent = 0;
  };

  absl::Mutex mutex_;
  absl::node_hash_map<std::pair<const Language*, std::string>, Copies> copies_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::string_view WebFile(absl::string_view name) {
  for (const EmbeddedFile& file : kWebFiles) {
    if (absl::string_view(file.name.data(), file.name.size()) == name) {
      return absl::string_view(file.contents.data(), file.contents.size());
    }
  }
  return "";
}

std::string RenderTemplate(absl::string_view name, const Language& language, const kainjow::mustache::data& values) {
  static auto* const kParsed = new ParsedTemplates();
  return kParsed->Render(name, language, values);
}

const Stylesheet& StylesheetOf(const Vendor& vendor) {
  static absl::Mutex mutex(absl::kConstInit);
  static auto* const kMade = new std::map<std::pair<std::string, std::string>, Stylesheet>();
  const absl::MutexLock lock(&mutex);
  Stylesheet& sheet = (*kMade)[{vendor.accent, vendor.accent_dark}];
  if (sheet.path.empty()) {
    sheet.text = std::string(WebFile(kStylesheetName));
    if (!vendor.accent.empty()) absl::StrAppend(&sheet.text, ":root{--accent:", vendor.accent, "}\n");
    if (!vendor.accent_dark.empty()) {
      absl::StrAppend(&sheet.text, "@media (prefers-color-scheme:dark){:root{--accent:", vendor.accent_dark, "}}\n");
    }
    sheet.gzip = Gzip(sheet.text);
    sheet.path =
        absl::StrCat("/assets/", absl::BytesToHexString(Sha256(sheet.text).substr(0, kStylesheetHashBytes)), ".css");
  }
  return sheet;
}

}  // namespace countersign::link::web
