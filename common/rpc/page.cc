#include "common/rpc/page.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace countersign::rpc {
namespace {

// Sealing authenticates as well as it hides, so one token needs no MAC of its own.
std::string ContextOf(const Call& call, absl::string_view filter) {
  return absl::StrCat("page_token\n", call.caller().name, "\n", call.method(), "\n", filter);
}

}  // namespace

mysql::PageQuery RequirePage(FieldViolations& violations, const Call& call, absl::string_view filter, int32_t page_size,
                             absl::string_view page_token) {
  mysql::PageQuery page{.size = kDefaultPageSize};
  if (page_size < 0) {
    violations.Add("page_size", "must not be negative; 0 means 50, more than 1000 is taken as 1000");
  } else if (page_size > 0) {
    page.size = std::min<int>(page_size, kMaxPageSize);
  }
  if (page_token.empty()) return page;
  std::string sealed;
  if (absl::WebSafeBase64Unescape(page_token, &sealed)) {
    absl::StatusOr<std::string> position = call.keys().Open(sealed, ContextOf(call, filter));
    if (position.ok()) {
      page.after = *std::move(position);
      return page;
    }
  }
  violations.Add("page_token",
                 "must be the next_page_token of the page before, from the same caller, method and filter");
  return page;
}

std::string NextPageToken(const Call& call, absl::string_view filter, absl::string_view position) {
  return absl::WebSafeBase64Escape(call.keys().Seal(position, ContextOf(call, filter)));
}

std::string NextPageToken(const Call& call, const Listing& listing, absl::string_view next) {
  return next.empty() ? "" : NextPageToken(call, listing.scope, next);
}

}  // namespace countersign::rpc
