#include "common/rpc/event_page.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/mysql/change.h"
#include "common/mysql/connection.h"
#include "common/rpc/event_parent.h"
#include "common/rpc/fields.h"

namespace countersign::rpc {
namespace {

constexpr double kPartForReading = 0.8;  // Of the time from the first step to the call's deadline.

// A page as it is being read.
class PageReader {
 public:
  using Add = absl::FunctionRef<size_t(const mysql::FeedEntry&, const mysql::FeedCursor&)>;

  PageReader(const EventPageQuery& query, Add add)
      : query_(query), add_(add), end_(query.cursor), begin_(absl::Now()) {}

  // True when the page has ended and more follows.
  absl::StatusOr<bool> Read(const Call& call, mysql::FeedScan& scan) {
    while (!scan.at_end()) {
      if (steps_++ == 0) {
        RETURN_IF_ERROR(call.CheckTimeLeft());
      } else if (absl::Now() > begin_ + kPartForReading * (call.deadline() - begin_)) {
        return true;  // What there is must still reach the caller.
      }
      if (scan.examined() + mysql::kScanWindow > kMaxEventsExamined) return true;
      // One more than there is room for tells whether more follows.
      ASSIGN_OR_RETURN(const std::vector<mysql::FeedEntry> entries,
                       scan.Next(is_full() ? 1 : query_.page_size - count_ + 1));
      for (const mysql::FeedEntry& entry : entries) {
        if (is_full()) return true;
        end_.MoveTo(mysql::BucketOf(entry.event.tenant), entry.event.position);
        bytes_ += add_(entry, end_);
        ++count_;
      }
      end_ = scan.cursor();
    }
    return false;
  }

  // Where the page has ended.
  const mysql::FeedCursor& end() const { return end_; }

 private:
  bool is_full() const { return count_ == query_.page_size || bytes_ >= kMaxEventPageBytes; }

  const EventPageQuery& query_;
  const Add add_;
  mysql::FeedCursor end_;
  const absl::Time begin_;
  int steps_ = 0;
  int count_ = 0;
  size_t bytes_ = 0;
};

}  // namespace

const std::vector<FilterField>& EventFilterFields() {
  static const auto* const fields = new std::vector<FilterField>{{"type", "type", FilterType::kAscii},
                                                                 {"actor", "actor", FilterType::kAscii},
                                                                 {"on_behalf_of", "on_behalf_of", FilterType::kAscii},
                                                                 {"request_id", "request_id", FilterType::kAscii},
                                                                 {"create_time", "create_time", FilterType::kTime}};
  return *fields;
}

absl::StatusOr<EventPageQuery> MakeEventPageQuery(const Call& call, FieldViolations violations, Listing listing,
                                                  absl::string_view parent, absl::string_view aggregate,
                                                  absl::string_view position) {
  const std::optional<Uuid> tenant = RequireEventParent(violations, parent);
  EventPageQuery query{.cursor = RequireEventPosition(violations, tenant, position)};
  if (!aggregate.empty()) query.feed.aggregate = RequireUuid(violations, "aggregate", aggregate);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckEventParent(call, parent));
  query.feed.condition = std::move(listing.page.condition);
  // The token is authenticated, so what it holds is what ReadEventPage put there.
  const std::string& after = listing.page.after;
  if (!after.empty()) query.cursor = mysql::FeedCursor::FromToken(tenant, after).value_or(query.cursor);
  query.page_size = listing.page.size;
  query.scope = std::move(listing.scope);
  return query;
}

absl::StatusOr<std::string> ReadEventPage(
    mysql::Database& database, const Call& call, const EventPageQuery& query,
    absl::FunctionRef<size_t(const mysql::FeedEntry& entry, const mysql::FeedCursor& position)> add) {
  PageReader page(query, add);
  bool more = false;
  // Run again it would be only when the first statement failed, before anything was added.
  RETURN_IF_ERROR(database.Read(call.deadline(), [&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto heads, mysql::ReadHeadPositions(connection));
    RETURN_IF_ERROR(mysql::CheckKnown(query.cursor, heads));
    mysql::FeedScan scan(connection, query.feed, query.cursor, heads);
    ASSIGN_OR_RETURN(more, page.Read(call, scan));
    return absl::OkStatus();
  }));
  return more ? NextPageToken(call, query.scope, page.end().ToToken()) : std::string();
}

}  // namespace countersign::rpc
