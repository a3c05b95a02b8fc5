// Links, found by primary key.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_STORE_LINK_STORE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_STORE_LINK_STORE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"
#include "link-service/src/domain/link.h"

namespace countersign::link {

// The views count as fixed: only CountViews changes them.
inline constexpr mysql::Table kLinks = {
    .name = "links",
    .key = "link_id",
    .fixed =
        "partner_id, order_id, revision, key_id, secret_hmac, review, view_count, "
        "automated_view_count, last_view_time, create_time, billing_account_id",
    .changing = "expire_time, state, order_version, decide_time, version, update_time"};

// NOT_FOUND LINK_NOT_FOUND.
absl::Status LinkNotFound(const Uuid& link_id);
bool IsLinkNotFound(const absl::Status& status);

// Views of a link that are to be counted.
struct LinkViews {
  Uuid link_id;
  int64_t by_people = 0;
  int64_t automated = 0;
  std::optional<absl::Time> last_by_people = std::nullopt;
};

std::vector<mysql::FilterField> LinkFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class LinkStore {
 public:
  explicit LinkStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // nullopt when there is no such link.
  absl::StatusOr<std::optional<Link>> Find(absl::Time deadline, const Uuid& link_id) const;

  // Error: LinkNotFound().
  absl::StatusOr<Link> Get(absl::Time deadline, const Uuid& link_id) const;

  // A partner's links, or everybody's, in the order of their names. Across tenants: no press waits for it.
  absl::StatusOr<mysql::Page<Link>> List(absl::Time deadline, const std::optional<Uuid>& partner,
                                         const mysql::PageQuery& query) const;

  // ACTIVE links whose expire_time is before `before`, the longest ago first, at most `limit`. Across tenants.
  absl::StatusOr<std::vector<Uuid>> ListActive(absl::Time deadline, absl::Time before, int limit) const;

  // This version of the link, for a change with its event. The views of a link that exists stay as they were counted.
  static mysql::RowWrite Row(const Link& link);

  // Of an erased link, for Change::also: what it shows and its secret, and all presses, acts, contents and codes on it.
  static std::function<absl::Status(mysql::Connection&)> EraseWords(const Link& erased);

  // Of a change that adds to a link what was typed or shown there: LostRace() once the link is erased. An erasure that
  // comes later finds what was added.
  static events::RowGuard IsNotErased(const Uuid& link_id);

  // Counts more views of these links, each named once, each kind up to kMaxCountedViews of a link in all. A link that
  // does not exist is no error. Makes no new version and no event. One statement for 64 links.
  absl::Status CountViews(absl::Time deadline, absl::Span<const LinkViews> views) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_STORE_LINK_STORE_H_
