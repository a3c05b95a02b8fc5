// Customers' requests to their partners for a new link.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_STORE_NEW_LINK_REQUEST_STORE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_STORE_NEW_LINK_REQUEST_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"
#include "link-service/src/domain/new_link_request.h"

namespace countersign::link {

std::vector<mysql::FilterField> NewLinkRequestFilterFields();

// Thread-safe. Errors: those of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class NewLinkRequestStore {
 public:
  explicit NewLinkRequestStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // A new request, for a change with its event.
  static mysql::RowWrite Row(const NewLinkRequest& request);

  // nullopt when there is none.
  absl::StatusOr<std::optional<NewLinkRequest>> Find(absl::Time deadline, const Uuid& partner_id,
                                                     const Uuid& request_id) const;

  // The partner's, oldest first.
  absl::StatusOr<mysql::Page<NewLinkRequest>> List(absl::Time deadline, const Uuid& partner_id,
                                                   const mysql::PageQuery& query) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_STORE_NEW_LINK_REQUEST_STORE_H_
