#include "common/event_api/event_page.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/event_api/event_parent.h"
#include "common/events/change.h"
#include "common/mysql/connection.h"
#include "common/rpc/fields.h"

namespace countersign::event_api {
namespace {

constexpr double kPartForReading = 0.8;  // Of the time from the first step to the call's deadline.

// A page as it is being read.
class PageReader {
 public:
  using Add = absl::FunctionRef<size_t(const events::FeedEntry&, const events::FeedCursor&)>;

  PageReader(const EventPageQuery& query, Add add)
      : query_(query), add_(add), end_(query.cursor), begin_(absl::Now()) {}

  // True when the page has ended and more follows.
  absl::StatusOr<bool> Read(const rpc::Call& call, events::FeedScan& scan) {
    while (!scan.at_end()) {
      if (steps_++ == 0) {
        RETURN_IF_ERROR(call.CheckTimeLeft());
      } else if (absl::Now() > begin_ + kPartForReading * (call.deadline() - begin_)) {
        return true;  // Leave time to return what was found.
      }
      if (scan.examined() + events::kScanWindow > kMaxEventsExamined) return true;
      // One more than there is room for tells whether more follows.
      ASSIGN_OR_RETURN(const std::vector<events::FeedEntry> entries,
                       scan.Next(is_full() ? 1 : query_.page_size - count_ + 1));
      for (const events::FeedEntry& entry : entries) {
        if (is_full()) return true;
        end_.MoveTo(events::BucketOf(entry.event.tenant), entry.event.position, entry.event.seal);
        bytes_ += add_(entry, end_);
        ++count_;
      }
      end_ = scan.cursor();
    }
    return false;
  }

  // The position after the page.
  const events::FeedCursor& end() const { return end_; }

 private:
  bool is_full() const { return count_ == query_.page_size || bytes_ >= kMaxEventPageBytes; }

  const EventPageQuery& query_;
  const Add add_;
  events::FeedCursor end_;
  const absl::Time begin_;
  int steps_ = 0;
  int count_ = 0;
  size_t bytes_ = 0;
};

}  // namespace

const std::vector<mysql::FilterField>& EventFilterFields() {
  static const auto* const fields =
      new std::vector<mysql::FilterField>{{"type", "type", mysql::FilterType::kAscii},
                                          {"actor", "actor", mysql::FilterType::kAscii},
                                          {"on_behalf_of", "on_behalf_of", mysql::FilterType::kAscii},
                                          {"request_id", "request_id", mysql::FilterType::kAscii},
                                          {"create_time", "create_time", mysql::FilterType::kTime}};
  return *fields;
}

absl::StatusOr<EventPageQuery> MakeEventPageQuery(const rpc::Call& call, FieldViolations violations,
                                                  rpc::Listing listing, absl::string_view parent,
                                                  absl::string_view aggregate, absl::string_view position) {
  const std::optional<Uuid> tenant = RequireEventParent(violations, parent);
  EventPageQuery query{.cursor = RequireEventPosition(violations, tenant, position)};
  if (!aggregate.empty()) query.feed.aggregate = rpc::RequireUuid(violations, "aggregate", aggregate);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckEventParent(call, parent));
  query.feed.condition = std::move(listing.page.condition);
  // The token is authenticated, so what it holds is what ReadEventPage put there.
  const std::string& after = listing.page.after;
  if (!after.empty()) query.cursor = events::FeedCursor::FromToken(tenant, after).value_or(query.cursor);
  query.page_size = listing.page.size;
  query.scope = std::move(listing.scope);
  return query;
}

absl::StatusOr<std::string> ReadEventPage(
    mysql::Database& database, const rpc::Call& call, const EventPageQuery& query,
    absl::FunctionRef<size_t(const events::FeedEntry& entry, const events::FeedCursor& position)> add) {
  PageReader page(query, add);
  bool more = false;
  // Run again it would be only when the first statement failed, before anything was added.
  RETURN_IF_ERROR(database.Read(call.deadline(), [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const auto heads, events::ReadHeadPositions(reader));
    RETURN_IF_ERROR(events::CheckKnown(reader, query.cursor, heads));
    events::FeedScan scan(reader, query.feed, query.cursor, heads);
    ASSIGN_OR_RETURN(more, page.Read(call, scan));
    return absl::OkStatus();
  }));
  return more ? rpc::NextPageToken(call, query.scope, page.end().ToToken()) : std::string();
}

}  // namespace countersign::event_api
