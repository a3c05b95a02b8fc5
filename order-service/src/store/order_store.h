// Orders, their acceptances, the customers' billing accounts and the copies of the partners' states: everything of one
// partner, which is the tenant.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_STORE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_STORE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/events/change.h"
#include "common/mysql/database.h"
#include "order-service/src/domain/acceptance.h"
#include "order-service/src/domain/order.h"
#include "order-service/src/domain/partner_state.h"

namespace countersign::order {

// An order with what is decided together with it.
struct StoredOrder {
  Order order;
  PartnerState partner;        // Version 0 where nothing is known.
  bool account_known = false;  // The customer has its billing account in the order's currency.
};

// A confirmed order with what the customer said.
struct ConfirmedOrder {
  Order order;
  Acceptance acceptance;
};

// Every write takes the order as it is to be, commits it with `change`, and fails with LostRace() unless the stored
// version is the one before. Other errors of every method: those of mysql::Database and events::Commit.
// Thread-safe.
class OrderStore {
 public:
  explicit OrderStore(mysql::Database& database) : database_(database) {}

  // A waiting order of unknown seller_version comes with PartnerState::AssumedSellerVersion.
  // Error: NOT_FOUND ORDER_NOT_FOUND.
  absl::StatusOr<StoredOrder> Get(absl::Time deadline, const OrderName& name);

  // Error: NOT_FOUND ORDER_NOT_FOUND, also for an order that nobody confirmed.
  absl::StatusOr<ConfirmedOrder> GetConfirmed(absl::Time deadline, const OrderName& name);

  // The names of waiting orders of the bucket with expire_time <= now, the oldest first, at most `limit`.
  absl::StatusOr<std::vector<OrderName>> ListOverdue(absl::Time deadline, int bucket, absl::Time now, int limit);

  // A new order. LostRace() also when the id is taken.
  absl::Status Create(absl::Time deadline, const Order& order, const events::Change& change);

  // Everything but a submit, a revision or a confirmation: state, reason, link, subscriptions.
  absl::Status Update(absl::Time deadline, const Order& order, const events::Change& change);

  // A submitted order; also writes what `before` did not know yet: the customer's account and a newer partner state.
  // LostRace() also when the partner does not stand behind order.seller_version at that instant: as for Confirm.
  absl::Status Submit(absl::Time deadline, const StoredOrder& before, const Order& order, const PartnerState& partner,
                      const events::Change& change);

  // A revised order; keeps the revision that it replaces when a customer was given it.
  absl::Status Revise(absl::Time deadline, const Order& before, const Order& order, const events::Change& change);

  // A confirmed order with its acceptance. LostRace() also when the partner does not stand behind order.seller_version
  // at that instant (PartnerState): the guard holds a share lock on the partner's state until the commit, so a
  // suspension is applied either before it, and nothing is confirmed, or after, and the confirmation stands.
  absl::Status Confirm(absl::Time deadline, const Order& order, const Acceptance& acceptance,
                       const events::Change& change);

  absl::StatusOr<PartnerState> GetPartnerState(absl::Time deadline, const Uuid& partner);

  // Takes over what is new of a partner's state. One that is not active has its waiting orders withdrawn
  // (withdrawal_store.h), which will give `withdraw_reason`; empty keeps the reason of before. A state whose event is
  // there already is taken over without `change`.
  absl::Status ApplyPartnerState(absl::Time deadline, const Uuid& partner, const PartnerState& state,
                                 absl::string_view withdraw_reason, const events::Change& change);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_STORE_H_
