#include "link-service/src/store/link_record_store.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/mysql/read.h"

namespace countersign::link {
namespace {

// A press is the aggregate of its event, and so is a view.
constexpr absl::string_view kRecords =
    "SELECT e.position, e.type, e.create_time, e.version, v.view_id, v.content_sha256, v.evidence, v.salt, p.press_id, "
    "p.act, p.revision, p.evidence, p.salt, "
    "p.press_time, p.content_sha256, p.outcome FROM events e LEFT JOIN presses p ON p.link_id = e.tenant_id AND "
    "p.press_id = e.aggregate_id LEFT JOIN page_views v ON v.link_id = e.tenant_id AND v.view_id = e.aggregate_id "
    "WHERE e.tenant_id = ? AND e.position > ?";

constexpr int kViewColumns = 4;

LinkRecord RecordOf(mysql::RowReader& row) {
  LinkRecord record;
  record.position = row.Int();
  record.type = row.Text();
  record.create_time = row.Time();
  record.version = row.Int();
  if (const std::optional<Uuid> view_id = row.OptionalId(); view_id.has_value()) {
    PageView view;
    view.view_id = *view_id;
    view.content_sha256 = row.Text();
    view.evidence = row.Text();
    view.salt = row.Text();
    record.view = std::move(view);
    return record;
  }
  row.Skip(kViewColumns - 1);
  const std::optional<Uuid> press_id = row.OptionalId();
  if (!press_id.has_value()) return record;
  Press press;
  press.press_id = *press_id;
  press.act = row.Enumerated(kPressActs);
  press.revision = row.Int();
  press.evidence = row.Text();
  press.salt = row.Text();
  press.press_time = row.Time();
  record.press = press;
  record.content_sha256 = row.Text();
  record.outcome = row.Text();
  return record;
}

}  // namespace

std::vector<mysql::FilterField> LinkRecordFilterFields() {
  return {{"type", "e.type", mysql::FilterType::kAscii}, {"create_time", "e.create_time", mysql::FilterType::kTime}};
}

absl::StatusOr<mysql::Page<LinkRecord>> LinkRecordStore::List(absl::Time deadline, const Uuid& link_id,
                                                              const mysql::PageQuery& query) const {
  int64_t after = 0;
  if (!absl::SimpleAtoi(query.after, &after)) after = 0;
  return mysql::ListPage<LinkRecord>(
      database_, deadline, mysql::StatementOf(kRecords, {link_id, after}, query, " ORDER BY e.position LIMIT ?"),
      RecordOf, [](const LinkRecord& record) { return absl::StrCat(record.position); });
}

}  // namespace countersign::link
