#include "common/events/change.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/crypto.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/events/write.h"
#include "common/mysql/read.h"
#include "common/mysql/row_reader.h"

namespace countersign::events {
namespace {

constexpr absl::string_view kSelectLastVersion =
    "SELECT MAX(version) FROM events WHERE tenant_id = ? AND aggregate_id = ?";

constexpr absl::string_view kSelectOrigin =
    "SELECT actor, request_id, create_time FROM events WHERE tenant_id = ? AND aggregate_id = ? AND version = ?";

constexpr absl::string_view kReplyAlreadyStored = "REPLY_ALREADY_STORED";
constexpr absl::string_view kChangeTooLarge = "CHANGE_TOO_LARGE";

StoredReply ReplyOf(mysql::RowReader& row) {
  return {.key = {.tenant = row.Id(),
                  .caller = row.Text(),
                  .method = row.Text(),
                  .request_id = row.Text(),
                  .request_hash = row.Text()},
          .reply = row.Text(),
          .sealed = row.Bool(),
          .create_time = row.Time()};
}

EventOrigin OriginOf(mysql::RowReader& row) {
  return {.actor = row.Text(), .request_id = row.Text(), .create_time = row.Time()};
}

// The length first, so that no two lists of columns give the same bytes.
void AppendColumn(absl::string_view column, std::string& bytes) { absl::StrAppend(&bytes, column.size(), ":", column); }

}  // namespace

int BucketOf(const Uuid& tenant) { return static_cast<uint8_t>(Sha256(tenant.bytes())[0]) % kBuckets; }

std::string DigestOf(const Event& event) {
  std::string bytes;
  bytes.reserve(256 + event.payload.size());
  AppendColumn(event.tenant.bytes(), bytes);
  AppendColumn(event.aggregate.bytes(), bytes);
  AppendColumn(absl::StrCat(event.version), bytes);
  AppendColumn(absl::StrCat(BucketOf(event.tenant)), bytes);
  AppendColumn(event.type, bytes);
  AppendColumn(event.actor, bytes);
  AppendColumn(event.on_behalf_of, bytes);
  AppendColumn(event.reason, bytes);
  AppendColumn(event.request_id, bytes);
  AppendColumn(absl::StrCat(absl::ToUnixMicros(event.create_time)), bytes);
  AppendColumn(event.payload, bytes);
  if (!event.payload_type.empty()) {
    AppendColumn(event.payload_type, bytes);
    AppendColumn(event.resource_digest, bytes);
  }
  return Sha256(bytes);
}

absl::Status ReplyAlreadyStored() {
  static const auto* const stored = new absl::Status(  // Made once: each reply to be stored carries one.
      Error(absl::StatusCode::kAborted, kReplyAlreadyStored, "Another call with this request_id committed first."));
  return *stored;
}

bool IsReplyAlreadyStored(const absl::Status& status) {
  return absl::IsAborted(status) && DetailsOf(status).reason == kReplyAlreadyStored;
}

absl::Status ChangeTooLarge(size_t rows) {
  return FailedPrecondition(kChangeTooLarge,
                            absl::StrCat("This would change ", rows, " rows at once, and at most ", kMaxRowsOfChange,
                                         " can be. Ask for less in one call."),
                            {{"rows", absl::StrCat(rows)}});
}

bool IsChangeTooLarge(const absl::Status& status) {
  return absl::IsFailedPrecondition(status) && DetailsOf(status).reason == kChangeTooLarge;
}

absl::Status CheckChange(const Change& change) {
  if (change.events.empty()) return absl::InternalError("A change without an event.");
  for (const Event& event : change.events) {
    if (event.tenant != change.events.front().tenant) return absl::InternalError("A change of more than one tenant.");
  }
  if (change.rows.size() > kMaxRowsOfChange) return ChangeTooLarge(change.rows.size());
  if (change.reply.has_value() && change.reply->reply.size() > kMaxReplyBytes) {
    return Error(absl::StatusCode::kInvalidArgument, "REPLY_TOO_LARGE",
                 "The reply would be larger than 64 KiB. Ask for less in one call.");
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> LastVersion(mysql::Reader& reader, const Uuid& tenant, const Uuid& aggregate) {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, reader.QueryOne(kSelectLastVersion, {tenant, aggregate}));
  return row.has_value() && !row->IsNull(0) ? row->Int(0) : 0;
}

absl::StatusOr<std::optional<EventOrigin>> FindOrigin(mysql::Database& database, absl::Time deadline,
                                                      const EventKey& key) {
  return mysql::FindBy<EventOrigin>(database, deadline, kSelectOrigin, {key.tenant, key.aggregate, key.version},
                                    OriginOf);
}

absl::StatusOr<std::optional<StoredReply>> FindReply(mysql::Database& database, absl::Time deadline,
                                                     const RequestKey& key) {
  return mysql::FindOne<StoredReply>(database, deadline, kStoredReplies,
                                     {key.tenant, key.caller, key.method, key.request_id}, ReplyOf);
}

}  // namespace countersign::events
