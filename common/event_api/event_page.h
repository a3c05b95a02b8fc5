// The common part of ListEvents and ListAuditRecords: their query, and a page of the log at a bounded cost.
#ifndef COUNTERSIGN_COMMON_EVENT_API_EVENT_PAGE_H_
#define COUNTERSIGN_COMMON_EVENT_API_EVENT_PAGE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/events/event_feed.h"
#include "common/events/feed_scan.h"
#include "common/mysql/database.h"
#include "common/rpc/call.h"
#include "common/rpc/filter.h"
#include "common/rpc/page.h"

namespace countersign::event_api {

// A page ends before it is full, with a token, rather than cost more. gRPC's clients take 4 MiB unless they are told
// otherwise, and 1,000 events may be 16 MiB.
inline constexpr size_t kMaxEventPageBytes = 2 << 20;  // Passed by one message at most.
inline constexpr int64_t kMaxEventsExamined = 20'000;

// The query of either.
struct EventPageQuery {
  events::FeedCursor cursor;
  events::FeedQuery feed = {};
  int page_size = rpc::kDefaultPageSize;
  std::string scope = {};  // Binds the page tokens, beside caller and method.
};

// The fields that a filter may name. The caller sees all of them in the messages anyway.
const std::vector<mysql::FilterField>& EventFilterFields();

// `listing` with the rest of a request; `position`: where the first page starts, or empty.
// Errors: INVALID_ARGUMENT with all violations; NOT_FOUND RESOURCE_NOT_FOUND for a partner that asks for another parent
// than itself.
absl::StatusOr<EventPageQuery> MakeEventPageQuery(const rpc::Call& call, FieldViolations violations,
                                                  rpc::Listing listing, absl::string_view parent,
                                                  absl::string_view aggregate, absl::string_view position);

// The parse of either request.
template <typename Request>
absl::StatusOr<EventPageQuery> ParseEventPage(const rpc::Call& call, const Request& request,
                                              absl::string_view position = "") {
  FieldViolations violations;
  rpc::Listing listing = rpc::RequireListing(violations, call, request, EventFilterFields());
  return MakeEventPageQuery(call, std::move(violations), std::move(listing), request.parent(), request.aggregate(),
                            position);
}

// Gives the entries of the page to `add`, each with the feed's position after it. `add` returns how many bytes the
// reply has grown by. The result is the token of the next page; empty: the log ends here. The page may be short, or
// even empty, where there is a token: it also ends when a fifth of the call's time is left, rather than be lost. `add`
// may be called before an error. Errors: FAILED_PRECONDITION POSITION_UNKNOWN (events::CheckKnown); DEADLINE_EXCEEDED
// when there was no time even to begin; those of Database::Read.
absl::StatusOr<std::string> ReadEventPage(
    mysql::Database& database, const rpc::Call& call, const EventPageQuery& query,
    absl::FunctionRef<size_t(const events::FeedEntry& entry, const events::FeedCursor& position)> add);

}  // namespace countersign::event_api

#endif  // COUNTERSIGN_COMMON_EVENT_API_EVENT_PAGE_H_
