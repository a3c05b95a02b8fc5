#include "link-service/src/store/access_link_store.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::link {
namespace {

constexpr mysql::Table kAccessLinkRows = {
    .name = "access_links", .key = "link_id, number", .fixed = "asked_by, create_time"};

}  // namespace

mysql::RowWrite AccessLinkStore::Row(const AccessLink& access_link) {
  return mysql::Insert(kAccessLinkRows, {access_link.link_id, access_link.number, NameOf(access_link.asked_by),
                                         access_link.create_time});
}

absl::StatusOr<std::vector<AccessLink>> AccessLinkStore::Newest(absl::Time deadline, const Uuid& link_id) const {
  static const std::string kNewest = mysql::SelectFrom(
      kAccessLinkRows, absl::StrCat("WHERE link_id = ? ORDER BY number DESC LIMIT ", kMaxAccessLinksPerDay));
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, mysql::ReadRows(database_, deadline, kNewest, {link_id}));
  return mysql::ReadItems<AccessLink>(rows, [](mysql::RowReader& row) {
    AccessLink access_link;
    access_link.link_id = row.Id();
    access_link.number = row.Int();
    access_link.asked_by = row.Enumerated(kAccessLinkAskers);
    access_link.create_time = row.Time();
    return access_link;
  });
}

}  // namespace countersign::link
