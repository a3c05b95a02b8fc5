// Keyset pages (AIP-158): an opaque token that only its caller can use, for the same method and filter.
#ifndef COUNTERSIGN_COMMON_RPC_PAGE_H_
#define COUNTERSIGN_COMMON_RPC_PAGE_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "common/mysql/page.h"
#include "common/rpc/call.h"
#include "common/rpc/filter.h"

namespace countersign::rpc {

inline constexpr int kDefaultPageSize = 50;
inline constexpr int kMaxPageSize = 1000;

// A page without a condition, from the fields page_size (0 = 50, above 1000 = 1000, negative refused) and page_token.
// `filter` is everything else that the list depends on (parent, filter, order). A token that was made for another
// caller, method or filter, or by nobody, is a violation of page_token. The keys are the call's (--reply_key_file), so
// every replica takes them.
mysql::PageQuery RequirePage(FieldViolations& violations, const Call& call, absl::string_view filter, int32_t page_size,
                             absl::string_view page_token);

// The token of the page that starts after `position`, the key of the last row given.
std::string NextPageToken(const Call& call, absl::string_view filter, absl::string_view position);

// A list call's question to its store.
struct Listing {
  mysql::PageQuery page;
  std::string scope;  // Binds its page tokens, beside caller and method.
};

// The scope of a request's page tokens: all of it but page_size and page_token.
template <typename Request>
std::string PageScopeOf(Request request) {
  request.clear_page_size();
  request.clear_page_token();
  return DeterministicBytes(request);
}

// From the request's fields filter (over `fields`), page_size and page_token. A token is good for a request that is
// alike in everything but page_size and page_token: parent, filter and whatever else the list depends on.
template <typename Request>
Listing RequireListing(FieldViolations& violations, const Call& call, const Request& request,
                       absl::Span<const mysql::FilterField> fields) {
  Listing listing;
  listing.scope = PageScopeOf(request);
  mysql::Condition condition = RequireFilter(violations, request.filter(), fields);
  listing.page = RequirePage(violations, call, listing.scope, request.page_size(), request.page_token());
  listing.page.condition = std::move(condition);
  return listing;
}

// The next_page_token of a reply: where the store's page ended. Empty on the list's last page, whose `next` is empty.
std::string NextPageToken(const Call& call, const Listing& listing, absl::string_view next);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_PAGE_H_
