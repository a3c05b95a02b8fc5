#include "link-service/src/web/http_message.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace countersign::link::web {

void HttpHeaders::Add(absl::string_view name, absl::string_view value) {
  fields_.emplace_back(std::string(name), std::string(value));
}

void HttpHeaders::Set(absl::string_view name, absl::string_view value) {
  std::erase_if(fields_, [&](const auto& field) { return absl::EqualsIgnoreCase(field.first, name); });
  Add(name, value);
}

void HttpHeaders::SetDefault(absl::string_view name, absl::string_view value) {
  if (!Has(name)) Add(name, value);
}

absl::string_view HttpHeaders::Get(absl::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (absl::EqualsIgnoreCase(key, name)) return value;
  }
  return "";
}

bool HttpHeaders::Has(absl::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (absl::EqualsIgnoreCase(key, name)) return true;
  }
  return false;
}

std::string HttpHeaders::GetList(absl::string_view name) const {
  std::string list;
  for (const auto& [key, value] : fields_) {
    if (absl::EqualsIgnoreCase(key, name)) absl::StrAppend(&list, list.empty() ? "" : ", ", value);
  }
  return list;
}

HttpResponse HtmlResponse(int status, std::string html) {
  HttpResponse response;
  response.status = status;
  response.headers.Set("Content-Type", "text/html; charset=utf-8");
  response.body = std::move(html);
  return response;
}

HttpResponse SeeOther(absl::string_view path) {
  HttpResponse response;
  response.status = 303;
  response.headers.Set("Location", path);
  return response;
}

absl::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 303:
      return "See Other";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

}  // namespace countersign::link::web
