// The keys of the partners' programs.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_API_KEY_STORE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_API_KEY_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"
#include "partner-service/src/domain/api_key.h"

namespace countersign::partner {

// An unset expire_time or revoke_time is later than any time; the last_use_time of an unused key is earlier than any.
std::vector<mysql::FilterField> ApiKeyFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class ApiKeyStore {
 public:
  explicit ApiKeyStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND API_KEY_NOT_FOUND, also when the key is another partner's.
  absl::StatusOr<ApiKey> Get(absl::Time deadline, const Uuid& partner_id, const Uuid& api_key_id) const;

  // By the 8 bytes that stand in the key itself; nullopt when the partner has no such key.
  absl::StatusOr<std::optional<ApiKey>> FindByKeyId(absl::Time deadline, const Uuid& partner_id,
                                                    absl::string_view key_id) const;

  // The partner's keys, oldest first.
  absl::StatusOr<mysql::Page<ApiKey>> List(absl::Time deadline, const Uuid& partner_id,
                                           const mysql::PageQuery& query) const;

  // OK while the partner may have one more live key at `now`. Error: FAILED_PRECONDITION API_KEY_LIMIT.
  absl::Status CheckLimit(absl::Time deadline, const Uuid& partner_id, absl::Time now) const;

  // Writes a new key, for a change with its event: locks the partner's row and counts, so that of many such changes at
  // once, also of those that are committed together, no more succeed than may. Errors: as CheckLimit; LostRace().
  static absl::Status InsertWithinLimit(mysql::Connection& connection, const ApiKey& key);

  // This version of the key, for a change with its event. Its last_use_time is written with the first version only.
  static mysql::RowWrite Row(const ApiKey& key);

  // Records that the key was used at `now`, unless a use within kLastUseResolution is recorded. A use is not a change,
  // so there is no event.
  absl::Status RecordUse(absl::Time deadline, const ApiKey& key, absl::Time now) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_API_KEY_STORE_H_
