// A browser's side of HTTP for tests, on libcurl: one request, no redirects followed, no state kept.
#ifndef COUNTERSIGN_COMMON_TESTING_HTTP_CLIENT_H_
#define COUNTERSIGN_COMMON_TESTING_HTTP_CLIENT_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace countersign::testing {

struct HttpReply {
  int status = 0;                              // 0: no answer at all (refused, cut off, timed out).
  std::map<std::string, std::string> headers;  // Names in lower case.
  std::string body;
};

// Fields of a form, in order; encoded as application/x-www-form-urlencoded.
using FormFields = std::vector<std::pair<std::string, std::string>>;

// `headers`: whole lines, "Name: value". `from`: the address of this machine that the connection comes from, any where
// it is empty.
HttpReply HttpGet(const std::string& url, const std::vector<std::string>& headers = {}, const std::string& from = "");
HttpReply HttpHead(const std::string& url);
HttpReply HttpPost(const std::string& url, const FormFields& fields, const std::vector<std::string>& headers = {},
                   const std::string& from = "");

// The value of the (hidden) input `name` in a page, empty when the page has none.
std::string InputValue(const std::string& html, const std::string& name);

}  // namespace countersign::testing

#endif  // COUNTERSIGN_COMMON_TESTING_HTTP_CLIENT_H_
