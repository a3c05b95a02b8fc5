#include "common/testing/http_client.h"

#include <curl/curl.h>

#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace countersign::testing {
namespace {

// Longer than any deadline inside the services, so that what a test sees is their answer.
constexpr long kTimeoutSeconds = 40;  // NOLINT(google-runtime-int): libcurl's type

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

size_t AppendBody(char* data, size_t size, size_t count, void* body) {
  static_cast<std::string*>(body)->append(data, size * count);
  return size * count;
}

size_t AddHeader(char* data, size_t size, size_t count, void* headers) {
  const absl::string_view line(data, size * count);
  const size_t colon = line.find(':');
  if (colon != absl::string_view::npos) {
    static_cast<std::map<std::string, std::string>*>(headers)->insert_or_assign(
        absl::AsciiStrToLower(line.substr(0, colon)), std::string(absl::StripAsciiWhitespace(line.substr(colon + 1))));
  }
  return size * count;
}

HttpReply Perform(CURL* curl, const std::string& url) {
  HttpReply reply;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, kTimeoutSeconds);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &AppendBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply.body);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &AddHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &reply.headers);
  if (curl_easy_perform(curl) != CURLE_OK) return HttpReply();
  long status = 0;  // NOLINT(google-runtime-int): libcurl's type
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  reply.status = static_cast<int>(status);
  return reply;
}

Curl NewCurl() { return Curl(curl_easy_init(), &curl_easy_cleanup); }

HttpReply PerformAs(Curl curl, const std::string& url, const std::vector<std::string>& headers,
                    const std::string& from) {
  curl_slist* list = nullptr;
  for (const std::string& header : headers) list = curl_slist_append(list, header.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, list);
  if (!from.empty()) curl_easy_setopt(curl.get(), CURLOPT_INTERFACE, absl::StrCat("host!", from).c_str());
  HttpReply reply = Perform(curl.get(), url);
  curl_slist_free_all(list);
  return reply;
}

// What html escaping put into an attribute's value, back to text.
std::string Unescape(absl::string_view html) {
  static constexpr std::pair<absl::string_view, char> kEntities[] = {
      {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&#39;", '\''}};
  std::string text;
  while (!html.empty()) {
    bool entity = false;
    for (const auto& [name, character] : kEntities) {
      if (absl::ConsumePrefix(&html, name)) {
        text.push_back(character);
        entity = true;
        break;
      }
    }
    if (entity) continue;
    text.push_back(html.front());
    html.remove_prefix(1);
  }
  return text;
}

}  // namespace

HttpReply HttpGet(const std::string& url, const std::vector<std::string>& headers, const std::string& from) {
  return PerformAs(NewCurl(), url, headers, from);
}

HttpReply HttpHead(const std::string& url) {
  const Curl curl = NewCurl();
  curl_easy_setopt(curl.get(), CURLOPT_NOBODY, 1L);
  return Perform(curl.get(), url);
}

HttpReply HttpPost(const std::string& url, const FormFields& fields, const std::vector<std::string>& headers,
                   const std::string& from) {
  Curl curl = NewCurl();
  std::string form;
  for (const auto& [name, value] : fields) {
    const std::unique_ptr<char, decltype(&curl_free)> encoded(
        curl_easy_escape(curl.get(), value.data(), static_cast<int>(value.size())), &curl_free);
    absl::StrAppend(&form, form.empty() ? "" : "&", name, "=", encoded.get());
  }
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(form.size()));  // NOLINT(google-runtime-int)
  curl_easy_setopt(curl.get(), CURLOPT_COPYPOSTFIELDS, form.c_str());
  return PerformAs(std::move(curl), url, headers, from);
}

std::string InputValue(const std::string& html, const std::string& name) {
  const size_t at = html.find(absl::StrCat("name=\"", name, "\""));
  if (at == std::string::npos) return "";
  const size_t start = html.rfind('<', at);
  const absl::string_view tag = absl::string_view(html).substr(start, html.find('>', at) - start);
  const size_t value = tag.find("value=\"");
  if (value == absl::string_view::npos) return "";
  const absl::string_view rest = tag.substr(value + 7);
  return Unescape(rest.substr(0, rest.find('"')));
}

}  // namespace countersign::testing
