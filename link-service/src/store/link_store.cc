#include "link-service/src/store/link_store.h"

#include <utility>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::link {
namespace {

// The views count as fixed: only CountViews changes them.
constexpr mysql::Table kLinks = {
    .name = "links",
    .key = "link_id",
    .fixed =
        "partner_id, order_id, revision, key_id, secret_hmac, expire_time, review, view_count, "
        "automated_view_count, last_view_time, create_time",
    .changing = "state, order_version, decide_time, version, update_time"};

constexpr absl::string_view kCountViews =
    "UPDATE links SET last_view_time = IF(view_count < ?, COALESCE(?, last_view_time), last_view_time), "
    "view_count = LEAST(view_count + ?, ?), automated_view_count = LEAST(automated_view_count + ?, ?) "
    "WHERE link_id = ? AND (view_count < ? OR automated_view_count < ?)";

Link LinkOf(mysql::RowReader& row) {
  return {.link_id = row.Id(),
          .partner_id = row.Id(),
          .order_id = row.Id(),
          .revision = row.Int(),
          .key_id = row.Text(),
          .secret_hmac = row.Text(),
          .expire_time = row.Time(),
          .review = row.Text(),
          .view_count = row.Int(),
          .automated_view_count = row.Int(),
          .last_view_time = row.OptionalTime(),
          .create_time = row.Time(),
          .state = row.Enumerated(kLinkStates),
          .order_version = row.Int(),
          .decide_time = row.OptionalTime(),
          .version = row.Int(),
          .update_time = row.Time()};
}

}  // namespace

absl::Status LinkNotFound(const Uuid& link_id) {
  return NotFound("LINK_NOT_FOUND", "There is no such link.", {{"link", link_id.ToString()}});
}

absl::StatusOr<std::optional<Link>> LinkStore::Find(absl::Time deadline, const Uuid& link_id) const {
  return mysql::FindOne<Link>(database_, deadline, kLinks, {link_id}, LinkOf);
}

absl::StatusOr<Link> LinkStore::Get(absl::Time deadline, const Uuid& link_id) const {
  ASSIGN_OR_RETURN(std::optional<Link> found, Find(deadline, link_id));
  if (found.has_value()) return *std::move(found);
  return LinkNotFound(link_id);
}

mysql::RowWrite LinkStore::Row(const Link& link) {
  return mysql::Put(kLinks, {link.link_id, link.partner_id, link.order_id, link.revision, link.key_id, link.secret_hmac,
                             link.expire_time, link.review, link.view_count, link.automated_view_count,
                             link.last_view_time, link.create_time, NameOf(link.state), link.order_version,
                             link.decide_time, link.version, link.update_time});
}

absl::Status LinkStore::CountViews(absl::Time deadline, const Uuid& link_id, const Views& views) const {
  return database_.Autocommit(deadline, [&](mysql::Connection& connection) {
    return connection
        .Execute(kCountViews, {kMaxCountedViews, views.last_by_people, views.by_people, kMaxCountedViews,
                               views.automated, kMaxCountedViews, link_id, kMaxCountedViews, kMaxCountedViews})
        .status();
  });
}

}  // namespace countersign::link
