// Refuses a request's head that can be read in more than one way. A front that reads it differently would see other
// requests in the same bytes and give one client another's answer (request smuggling, RFC 9112, section 11.2).
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_HTTP_HEAD_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_HTTP_HEAD_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace countersign::link::web {

enum class HeadResult : uint8_t { kIncomplete, kGood, kRefused };

// Reads one head, however it comes in pieces, and looks at each byte once. Refuses, beside what is no request at all:
//   400: a line that does not end in CRLF; white space before a colon; a folded line (obs-fold); a control character in
//        a value; no Host, more than one, or one that is no authority; a Content-Length that is not one number; both
//        Content-Length and Transfer-Encoding; a fragment in the target; Transfer-Encoding in HTTP/1.0;
//   501: a Transfer-Encoding that is not `chunked`, once;
//   431: a head of more than `max_bytes`.
class HeadReader {
 public:
  explicit HeadReader(int64_t max_bytes) : max_bytes_(static_cast<size_t>(max_bytes)) {}

  // `bytes` is all that has come since the request's beginning: each time what it was before, and more.
  HeadResult Read(absl::string_view bytes);

  int status() const { return status_; }  // Of the refusal.

 private:
  HeadResult Refuse(int status);
  // 0, or the status to refuse the line with.
  int CheckLine(absl::string_view line);
  int CheckField(absl::string_view line);

  const size_t max_bytes_;
  size_t line_at_ = 0;  // Start of the first unchecked line.
  size_t searched_ = 0;
  int status_ = 0;
  bool is_old_ = false;  // HTTP/1.0
  int hosts_ = 0;        // How often these fields came.
  int lengths_ = 0;
  int encodings_ = 0;
};

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_HTTP_HEAD_H_
