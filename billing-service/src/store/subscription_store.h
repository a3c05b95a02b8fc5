// Subscriptions with their tranches and partners of record.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SUBSCRIPTION_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SUBSCRIPTION_STORE_H_

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/subscription.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "common/mysql/condition.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which subscriptions may be filtered.
std::vector<mysql::FilterField> SubscriptionFilterFields();

// Those by which a partner's own may be filtered.
std::vector<mysql::FilterField> PartnerSubscriptionFilterFields();

// NOT_FOUND SUBSCRIPTION_NOT_FOUND.
absl::Status SubscriptionNotFound(const Uuid& account, const Uuid& subscription);

// A place in the order of accounts, then of subscriptions; by default before the first.
struct SubscriptionPosition {
  Uuid account = {};
  Uuid subscription = {};
};

// Leaves out the subscriptions that are CANCELLED or EXPIRED.
void HideEnded(mysql::Condition& condition);

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class SubscriptionStore {
 public:
  explicit SubscriptionStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND SUBSCRIPTION_NOT_FOUND.
  absl::StatusOr<Subscription> Get(absl::Time deadline, const Uuid& account, const Uuid& subscription) const;

  // Each of these, by account and id; one statement for all. Errors of one: as Get, DATA_LOSS.
  absl::StatusOr<std::vector<absl::StatusOr<Subscription>>> GetEach(
      absl::Time deadline, const std::vector<std::pair<Uuid, Uuid>>& subscriptions) const;

  // The account's subscriptions in the order of their ids, or (nullopt) those of all accounts, oldest first.
  absl::StatusOr<mysql::Page<Subscription>> List(absl::Time deadline, const std::optional<Uuid>& account,
                                                 const mysql::PageQuery& query) const;

  // The statement of such a page of all accounts.
  static mysql::PageStatement ListOfAll(const mysql::PageQuery& query);

  // The subscriptions of all accounts of which the partner is of record on `today`, by the index of partners.
  absl::StatusOr<mysql::Page<Subscription>> ListOfPartner(absl::Time deadline, const Uuid& partner, Date today,
                                                          const mysql::PageQuery& query) const;

  // Those that have not ended, of which the partner is of record on `today` or will be; `count` after `after`.
  absl::StatusOr<mysql::Page<Subscription>> ListRunningOfPartner(absl::Time deadline, const Uuid& partner, Date today,
                                                                 const SubscriptionPosition& after, int count) const;

  // The account's subscriptions to start or with a line due on or before `date`, oldest first.
  absl::StatusOr<std::vector<Subscription>> ListDue(absl::Time deadline, const Uuid& account, Date date) const;

  // The same of each of these accounts, in their order; one statement for all. Error of an account: DATA_LOSS.
  absl::StatusOr<std::vector<absl::StatusOr<std::vector<Subscription>>>> ListDueOfEach(
      absl::Time deadline, const std::vector<Uuid>& accounts, Date date) const;

  // The account's subscriptions that have not ended, in the order of their ids.
  absl::StatusOr<std::vector<Subscription>> ListLiving(absl::Time deadline, const Uuid& account) const;

  // This version of the subscription, its tranches and partners, for a change with its event.
  static std::vector<mysql::RowWrite> Rows(const Subscription& subscription);

  // The same without its partners, which billing never changes.
  static std::vector<mysql::RowWrite> BilledRows(const Subscription& subscription);

  // The same without the tranches that are as they were `before`.
  static std::vector<mysql::RowWrite> BilledRows(const Subscription& before, const Subscription& after);

 private:
  // A page after `after` of those with an assignment of the partner that has begun by `begun` and lasts beyond `today`.
  absl::StatusOr<mysql::Page<Subscription>> ListAssigned(absl::Time deadline, const Uuid& partner, Date begun,
                                                         Date today, const SubscriptionPosition& after,
                                                         const mysql::PageQuery& query) const;

  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SUBSCRIPTION_STORE_H_
