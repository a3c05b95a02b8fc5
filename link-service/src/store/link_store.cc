#include "link-service/src/store/link_store.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::link {
namespace {

// Only keys, for the worker goes on from there one link at a time.
constexpr absl::string_view kActiveBefore =
    "SELECT link_id FROM links WHERE state = 'ACTIVE' AND expire_time < ? ORDER BY expire_time LIMIT ?";

constexpr absl::string_view kLinkNotFound = "LINK_NOT_FOUND";

constexpr size_t kMaxLinksAtOnce = 64;

// Of `links` links in one statement.
std::string CountViewsOf(int links) {
  std::string when;
  std::string when_seen;
  std::string which = "?";
  for (int i = 0; i < links; ++i) when += " WHEN ? THEN ?";
  for (int i = 0; i < links; ++i) when_seen += " WHEN ? THEN COALESCE(?, last_view_time)";
  for (int i = 1; i < links; ++i) which += ", ?";
  // The time first: it holds still once view_count has reached its end, and columns are set from left to right.
  return absl::StrCat("UPDATE links SET last_view_time = IF(view_count < ?, CASE link_id", when_seen,
                      " END, last_view_time), view_count = LEAST(view_count + CASE link_id", when,
                      " END, ?), automated_view_count = LEAST(automated_view_count + CASE link_id", when,
                      " END, ?) WHERE link_id IN (", which, ") AND (view_count < ? OR automated_view_count < ?)");
}

Link LinkOf(mysql::RowReader& row) {
  return {.link_id = row.Id(),
          .partner_id = row.Id(),
          .order_id = row.Id(),
          .revision = row.Int(),
          .key_id = row.Text(),
          .secret_hmac = row.Text(),
          .review = row.Text(),
          .view_count = row.Int(),
          .automated_view_count = row.Int(),
          .last_view_time = row.OptionalTime(),
          .create_time = row.Time(),
          .billing_account = row.OptionalId(),
          .expire_time = row.Time(),
          .state = row.Enumerated(kLinkStates),
          .order_version = row.Int(),
          .decide_time = row.OptionalTime(),
          .version = row.Int(),
          .update_time = row.Time()};
}

}  // namespace

absl::Status LinkNotFound(const Uuid& link_id) {
  return NotFound(kLinkNotFound, "There is no such link.", {{"link", link_id.ToString()}});
}

bool IsLinkNotFound(const absl::Status& status) { return DetailsOf(status).reason == kLinkNotFound; }

absl::StatusOr<std::optional<Link>> LinkStore::Find(absl::Time deadline, const Uuid& link_id) const {
  return mysql::FindOne<Link>(database_, deadline, kLinks, {link_id}, LinkOf);
}

std::vector<mysql::FilterField> LinkFilterFields() {
  using enum mysql::FilterType;
  return {{"order", "order_id", kName, {"partners/{partner}/orders/{order}"}},
          {"state", "state", kEnum, NamesIn(kLinkStates)},
          {"revision", "revision", kInt},
          {"view_count", "view_count", kInt},
          {"automated_view_count", "automated_view_count", kInt},
          {"expire_time", "expire_time", kTime},
          {"create_time", "create_time", kTime},
          {"update_time", "update_time", kTime}};
}

absl::StatusOr<mysql::Page<Link>> LinkStore::List(absl::Time deadline, const std::optional<Uuid>& partner,
                                                  const mysql::PageQuery& query) const {
  std::vector<mysql::Parameter> start;
  if (partner.has_value()) start.emplace_back(*partner);
  start.emplace_back(mysql::IdPosition(query.after));
  const std::string select =
      mysql::SelectFrom(kLinks, partner.has_value() ? "WHERE partner_id = ? AND link_id > ?" : "WHERE link_id > ?");
  return mysql::ListPage<Link>(database_, deadline,
                               mysql::StatementOf(select, std::move(start), query, " ORDER BY link_id LIMIT ?"), LinkOf,
                               [](const Link& link) { return link.link_id.ToString(); });
}

absl::StatusOr<std::vector<Uuid>> LinkStore::ListActive(absl::Time deadline, absl::Time before, int limit) const {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows,
                   mysql::ReadRows(database_, deadline, kActiveBefore, {before, limit}));
  std::vector<Uuid> ids;
  for (const mysql::Row& row : rows) ids.push_back(row.Id(0));
  return ids;
}

absl::StatusOr<Link> LinkStore::Get(absl::Time deadline, const Uuid& link_id) const {
  ASSIGN_OR_RETURN(std::optional<Link> found, Find(deadline, link_id));
  if (found.has_value()) return *std::move(found);
  return LinkNotFound(link_id);
}

mysql::RowWrite LinkStore::Row(const Link& link) {
  return mysql::Put(kLinks, {link.link_id, link.partner_id, link.order_id, link.revision, link.key_id, link.secret_hmac,
                             link.review, link.view_count, link.automated_view_count, link.last_view_time,
                             link.create_time, link.billing_account, link.expire_time, NameOf(link.state),
                             link.order_version, link.decide_time, link.version, link.update_time});
}

absl::Status LinkStore::CountViews(absl::Time deadline, absl::Span<const LinkViews> views) const {
  while (!views.empty()) {
    const absl::Span<const LinkViews> some =
        views.first(mysql::RowsPerStatement(std::min(views.size(), kMaxLinksAtOnce)));
    views.remove_prefix(some.size());
    std::vector<mysql::Parameter> parameters;
    parameters.emplace_back(kMaxCountedViews);
    for (const LinkViews& of : some) parameters.insert(parameters.end(), {of.link_id, of.last_by_people});
    for (const LinkViews& of : some) parameters.insert(parameters.end(), {of.link_id, of.by_people});
    parameters.emplace_back(kMaxCountedViews);
    for (const LinkViews& of : some) parameters.insert(parameters.end(), {of.link_id, of.automated});
    parameters.emplace_back(kMaxCountedViews);
    for (const LinkViews& of : some) parameters.emplace_back(of.link_id);
    parameters.insert(parameters.end(), {kMaxCountedViews, kMaxCountedViews});
    const std::string sql = CountViewsOf(static_cast<int>(some.size()));
    RETURN_IF_ERROR(database_.Autocommit(
        deadline, [&](mysql::Connection& connection) { return connection.Execute(sql, parameters).status(); }));
  }
  return absl::OkStatus();
}

}  // namespace countersign::link
