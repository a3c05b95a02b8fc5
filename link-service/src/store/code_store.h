// The one-time codes that were mailed for a link.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_STORE_CODE_STORE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_STORE_CODE_STORE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/table.h"
#include "link-service/src/domain/one_time_code.h"

namespace countersign::link {

// Thread-safe. Errors: those of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class CodeStore {
 public:
  explicit CodeStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // A new code, for a change with its event. LostRace() where the link has one of this number.
  static mysql::RowWrite Row(const OneTimeCode& code);

  // The link's newest codes, the newest first, at most kMaxCodesPerDay.
  absl::StatusOr<std::vector<OneTimeCode>> Newest(absl::Time deadline, const Uuid& link_id) const;

  // Counts a guess before it is compared; false when the code has no attempt left. However many guess at once, so many
  // get true as there were attempts.
  absl::StatusOr<bool> TakeAttempt(absl::Time deadline, const OneTimeCode& code) const;

  // Binds a code that was right to the form on which it was; false when another form was first.
  absl::StatusOr<bool> Bind(absl::Time deadline, const OneTimeCode& code, const Uuid& form_id) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_STORE_CODE_STORE_H_
