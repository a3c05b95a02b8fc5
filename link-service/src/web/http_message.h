// HTTP requests and replies as plain values, so that neither handlers nor their tests know the HTTP library.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_HTTP_MESSAGE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_HTTP_MESSAGE_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace countersign::link::web {

// Header fields in the order they came or will be sent. Names compare without regard to case.
class HttpHeaders {
 public:
  void Add(absl::string_view name, absl::string_view value);
  // Replaces every field of that name.
  void Set(absl::string_view name, absl::string_view value);
  // Adds the field unless one of that name is there.
  void SetDefault(absl::string_view name, absl::string_view value);
  // The first value, or "" when there is none; the view lives as long as this object is unchanged.
  absl::string_view Get(absl::string_view name) const;
  bool Has(absl::string_view name) const;
  // All values of that name joined with ", ", as RFC 9110 reads a repeated list field.
  std::string GetList(absl::string_view name) const;

  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

enum class HttpMethod { kGet, kHead, kPost };

struct HttpRequest {
  HttpMethod method = HttpMethod::kGet;
  std::string path;   // As sent, not percent-decoded; begins with '/'.
  std::string query;  // Without the '?'.
  HttpHeaders headers;
  std::string body;          // At most HttpServerOptions::max_body_bytes.
  std::string peer_address;  // The client's IP address; behind a trusted proxy the one the proxy names.
  // 32 lower-case hexadecimal digits: the traceparent's, else new. Names the request's log lines.
  std::string trace_id;
  std::string parent_span_id;                    // The traceparent's, else empty.
  std::string span_id;                           // The request's own, 16 digits; calls to peers are made in it.
  absl::Time deadline = absl::InfiniteFuture();  // Real time. The handler passes it to whatever it waits for.
};

struct HttpResponse {
  int status = 200;
  HttpHeaders headers;
  std::string body;  // Sent with Content-Length; for HEAD only its length is sent.
};

// Answers one request. Runs on a worker thread and may block until request.deadline; called from several threads.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

// A page: Content-Type text/html in UTF-8.
HttpResponse HtmlResponse(int status, std::string html);

// 303 See Other to `path`: the browser fetches it with GET, so reloading never posts again.
HttpResponse SeeOther(absl::string_view path);

// "Not Found" for 404; "Status" for a code that the page does not use.
absl::string_view ReasonPhrase(int status);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_HTTP_MESSAGE_H_
