#include "link-service/src/store/link_store.h"

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"
#include "common/mysql/read.h"

namespace countersign::link {
namespace {

constexpr absl::string_view kSelectLink =
    "SELECT partner_id, order_id, revision, state, order_version, decide_time, key_id, secret_hmac, expire_time, "
    "review, view_count, last_view_time, version, create_time, update_time FROM links WHERE link_id = ?";

constexpr absl::string_view kInsertLink =
    "INSERT INTO links (link_id, partner_id, order_id, revision, state, order_version, decide_time, key_id, "
    "secret_hmac, expire_time, review, view_count, last_view_time, version, create_time, update_time) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

// Everything else is fixed when the link is issued. The guard is the version that the decision was made on.
constexpr absl::string_view kUpdateLink =
    "UPDATE links SET state = ?, order_version = ?, decide_time = ?, version = ?, update_time = ? "
    "WHERE link_id = ? AND version = ?";

constexpr absl::string_view kUpdateOutcome = "UPDATE presses SET outcome = ? WHERE link_id = ? AND press_id = ?";

constexpr absl::string_view kCountViews =
    "UPDATE links SET view_count = LEAST(view_count + ?, ?), last_view_time = ? WHERE link_id = ? AND view_count < ?";

absl::StatusOr<Link> LinkOf(const Uuid& link_id, const mysql::Row& row) {
  Link link;
  link.link_id = link_id;
  link.partner_id = row.Id(0);
  link.order_id = row.Id(1);
  link.revision = row.Int(2);
  ASSIGN_OR_RETURN(link.state, ParseLinkState(row.Bytes(3)));
  link.order_version = row.Int(4);
  if (!row.IsNull(5)) link.decide_time = row.Time(5);
  link.key_id = row.Bytes(6);
  link.secret_hmac = row.Bytes(7);
  link.expire_time = row.Time(8);
  link.review = row.Bytes(9);
  link.view_count = row.Int(10);
  if (!row.IsNull(11)) link.last_view_time = row.Time(11);
  link.version = row.Int(12);
  link.create_time = row.Time(13);
  link.update_time = row.Time(14);
  return link;
}

}  // namespace

absl::StatusOr<Link> LinkStore::Find(absl::Time deadline, const Uuid& link_id) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, mysql::ReadOne(database_, deadline, kSelectLink, {link_id}));
  if (!row.has_value()) {
    return NotFound("LINK_NOT_FOUND", "There is no such link.", {{"link", link_id.ToString()}});
  }
  return LinkOf(link_id, *row);
}

absl::Status LinkStore::Insert(absl::Time deadline, const Link& link, const events::Change& change) {
  return events::Commit(database_, deadline, change, [&](mysql::Connection& connection) {
    const absl::Status inserted =
        connection
            .Execute(kInsertLink, {link.link_id, link.partner_id, link.order_id, link.revision, ToString(link.state),
                                   link.order_version, link.decide_time, link.key_id, link.secret_hmac,
                                   link.expire_time, link.review, link.view_count, link.last_view_time, link.version,
                                   link.create_time, link.update_time})
            .status();
    if (!mysql::IsDuplicateKey(inserted)) return inserted;
    return AlreadyExists("LINK_EXISTS", "The link is there already, issued by another request.",
                         {{"link", link.link_id.ToString()}});
  });
}

absl::Status LinkStore::Update(absl::Time deadline, const Link& link, const std::optional<Uuid>& press_id,
                               const events::Change& change) {
  return events::Commit(database_, deadline, change, [&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(
        connection.ExecuteGuarded(kUpdateLink, {ToString(link.state), link.order_version, link.decide_time,
                                                link.version, link.update_time, link.link_id, link.version - 1}));
    if (!press_id.has_value()) return absl::OkStatus();
    return connection.Execute(kUpdateOutcome, {ToString(link.state), link.link_id, *press_id}).status();
  });
}

absl::Status LinkStore::CountViews(absl::Time deadline, const Uuid& link_id, int64_t views, absl::Time last_view_time) {
  // One statement, which commits itself.
  return database_.Autocommit(deadline, [&](mysql::Connection& connection) {
    return connection.Execute(kCountViews, {views, kMaxCountedViews, last_view_time, link_id, kMaxCountedViews})
        .status();
  });
}

}  // namespace countersign::link
