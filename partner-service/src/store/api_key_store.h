// The keys of the partners' programs.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_API_KEY_STORE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_API_KEY_STORE_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/database.h"
#include "common/mysql/page.h"
#include "partner-service/src/domain/api_key.h"

namespace countersign::partner {

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class ApiKeyStore {
 public:
  explicit ApiKeyStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND API_KEY_NOT_FOUND, also when the key is another partner's.
  absl::StatusOr<ApiKey> Find(absl::Time deadline, const Uuid& partner_id, const Uuid& api_key_id) const;

  // By the 8 bytes that stand in the key itself; nullopt when the partner has no such key.
  absl::StatusOr<std::optional<ApiKey>> FindByKeyId(absl::Time deadline, const Uuid& partner_id,
                                                    absl::string_view key_id) const;

  // The partner's keys, oldest first. A condition is on columns of api_keys.
  absl::StatusOr<mysql::Page<ApiKey>> List(absl::Time deadline, const Uuid& partner_id,
                                           const mysql::PageQuery& query) const;

  // How many of the partner's keys are live at `now`.
  absl::StatusOr<int> CountLive(absl::Time deadline, const Uuid& partner_id, absl::Time now) const;

  // Writes a new key, made at its create_time. However many try at once, no more than kMaxLiveApiKeys are live. Errors:
  // FAILED_PRECONDITION API_KEY_LIMIT; LostRace() when its id is there already; those of events::Commit.
  absl::Status Insert(absl::Time deadline, const ApiKey& key, const events::Change& change);

  // Writes the next version of a key: that it was revoked. Errors: LostRace() when the row is not at the version
  // before, those of events::Commit.
  absl::Status Update(absl::Time deadline, const ApiKey& key, const events::Change& change);

  // Writes that the key was used at `now`, unless a use within the last minute is written already. No event: a use is
  // no change.
  absl::Status RecordUse(absl::Time deadline, const ApiKey& key, absl::Time now);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_API_KEY_STORE_H_
