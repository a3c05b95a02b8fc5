// Settings of which every version is kept and none is ever changed: small tables, read as a whole.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_VERSION_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_VERSION_STORE_H_

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/store/remembered.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/page.h"
#include "common/mysql/read.h"
#include "common/mysql/row_reader.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// How a store describes its setting. A version has an `id`, which is its table's key, and a `create_time`; its row also
// an effective_date.
template <typename Version>
struct VersionedSetting {
  mysql::Table table;
  absl::string_view kind = "";  // The column by which versions are kept apart, a currency or a region. Empty: none.
  Version (*version_of)(mysql::RowReader& row);
  absl::Status (*not_found)(const Uuid& id);
};

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
template <typename Version>
class VersionStore {
 public:
  // Error: the setting's NOT_FOUND.
  absl::StatusOr<Version> Get(absl::Time deadline, const Uuid& id) const {
    ASSIGN_OR_RETURN(std::optional<Version> found,
                     mysql::FindOne<Version>(database_, deadline, setting_.table, {id}, setting_.version_of));
    if (!found.has_value()) return setting_.not_found(id);
    return *std::move(found);
  }

  // All, oldest first.
  absl::StatusOr<mysql::Page<Version>> List(absl::Time deadline, const mysql::PageQuery& query) const {
    return mysql::ListByTime<Version>(
        database_, deadline, {.table = setting_.table, .id = setting_.table.key}, {}, query, setting_.version_of,
        [](const Version& version) { return mysql::TimePosition{version.create_time, version.id}; });
  }

  // All as they are now, in the order of their kinds and days.
  absl::StatusOr<std::vector<Version>> ReadAll(absl::Time deadline) const {
    const absl::string_view comma = setting_.kind.empty() ? "" : ", ";
    return Select(deadline, absl::StrCat("WHERE 1 = 1 ORDER BY ", setting_.kind, comma, "effective_date"), {});
  }

  // Those of one kind, of a setting that has kinds, as they are now, in the order of their days.
  absl::StatusOr<std::vector<Version>> ReadOf(absl::Time deadline, absl::string_view kind) const {
    return Select(deadline, absl::StrCat("WHERE ", setting_.kind, " = ? ORDER BY effective_date"), {kind});
  }

  // The same as they were at most kRemembered ago. That is soon enough: a version begins tomorrow at the earliest, the
  // first of its kind apart.
  absl::StatusOr<std::shared_ptr<const std::vector<Version>>> Recall(absl::Time deadline) const {
    return remembered_.Get([&] { return ReadAll(deadline); });
  }

  // The next Recall reads again.
  void Forget() const { remembered_.Forget(); }

 protected:
  // The database must outlive the store.
  VersionStore(mysql::Database& database, const VersionedSetting<Version>& setting)
      : database_(database), setting_(setting) {}

 private:
  absl::StatusOr<std::vector<Version>> Select(absl::Time deadline, absl::string_view rest,
                                              const std::vector<mysql::Parameter>& parameters) const {
    return mysql::ListBy<Version>(database_, deadline, mysql::SelectFrom(setting_.table, rest), parameters,
                                  setting_.version_of);
  }

  mysql::Database& database_;
  const VersionedSetting<Version> setting_;
  mutable Remembered<Version> remembered_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_VERSION_STORE_H_
