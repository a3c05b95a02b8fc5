// Orders with their revisions and acceptances, and the customers' billing accounts: everything of one partner, which
// is the tenant.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_STORE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_STORE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"
#include "order-service/src/domain/acceptance.h"
#include "order-service/src/domain/order.h"
#include "order-service/src/domain/partner_state.h"

namespace countersign::order {

// An order with what is decided together with it.
struct StoredOrder {
  Order order;
  PartnerState partner;              // Version 0 where nothing is known.
  std::optional<Uuid> account = {};  // That is reserved for the customer in the order's currency.
};

// A confirmed order with what the customer said.
struct ConfirmedOrder {
  Order order;
  Acceptance acceptance;
};

// The fields that orders may be filtered by.
std::vector<mysql::FilterField> OrderFilterFields();
std::vector<mysql::FilterField> OrderRevisionFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED) and DATA_LOSS
// for a row that this service did not write.
class OrderStore {
 public:
  explicit OrderStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // A waiting order of unknown seller_version comes with PartnerState::AssumedSellerVersion, and keeps it when it is
  // written next.
  // Error: NOT_FOUND ORDER_NOT_FOUND.
  absl::StatusOr<StoredOrder> Get(absl::Time deadline, const OrderName& name) const;

  // Error: NOT_FOUND ORDER_NOT_FOUND, also for an order that nobody confirmed.
  absl::StatusOr<ConfirmedOrder> GetConfirmed(absl::Time deadline, const OrderName& name) const;

  // The partner's orders in the order of their ids; without a partner everybody's, bucket by bucket, each by an index.
  absl::StatusOr<mysql::Page<Order>> List(absl::Time deadline, const std::optional<Uuid>& partner,
                                          const mysql::PageQuery& query) const;

  // The order's revisions that a customer was given, and the current one, oldest first. Empty where there is no such
  // order. A condition is on columns of order_revisions.
  absl::StatusOr<mysql::Page<OrderRevision>> ListRevisions(absl::Time deadline, const OrderName& name,
                                                           const mysql::PageQuery& query) const;

  // Error: NOT_FOUND ORDER_NOT_FOUND, REVISION_NOT_FOUND.
  absl::StatusOr<OrderRevision> GetRevision(absl::Time deadline, const OrderName& name, int64_t revision) const;

  // The orders, of one partner or of all, that have exactly this order number, partner_reference, purchase-order number
  // or, where it is given, billing account: at most `limit`.
  absl::StatusOr<std::vector<Order>> Search(absl::Time deadline, const std::optional<Uuid>& partner,
                                            const std::string& text, const std::optional<Uuid>& account,
                                            int limit) const;

  // The account that is reserved for the partner's customer in the currency; nullopt: none yet.
  absl::StatusOr<std::optional<Uuid>> FindAccount(absl::Time deadline, const CustomerName& customer,
                                                  const std::string& currency) const;

  // Whether the account came to the partner, for this customer of its own, by a completed change of partner.
  absl::StatusOr<bool> CameByPartnerChange(absl::Time deadline, const CustomerName& customer,
                                           const Uuid& account) const;

  // Whether the partner has an order that is billed to the account for another customer of its own.
  absl::StatusOr<bool> IsBilledForAnother(absl::Time deadline, const CustomerName& customer, const Uuid& account) const;

  // The partner's order that was the last to wait for a change of this subscription; nullopt: none ever did.
  absl::StatusOr<std::optional<OrderName>> FindWaitingChange(absl::Time deadline, const Uuid& partner,
                                                             const Uuid& subscription) const;

  // The names of waiting orders of the bucket with expire_time <= now, the oldest first, at most `limit`.
  absl::StatusOr<std::vector<OrderName>> ListOverdue(absl::Time deadline, int bucket, absl::Time now, int limit) const;

  // The buckets that have any.
  absl::StatusOr<std::vector<int>> ListOverdueBuckets(absl::Time deadline, absl::Time now) const;

  // The names of drafts of the bucket that nobody has changed since `before`, at most `limit`, in no order.
  absl::StatusOr<std::vector<OrderName>> ListIdleDrafts(absl::Time deadline, int bucket, absl::Time before,
                                                        int limit) const;

  // The buckets that have any.
  absl::StatusOr<std::vector<int>> ListIdleDraftBuckets(absl::Time deadline, absl::Time before) const;

  // All orders of the partner's customer, erased or not, in the order of their ids. An operator's act asks for them, so
  // it reads the partner's orders along their key rather than have an index that every order would pay for.
  absl::StatusOr<std::vector<Order>> ListOfCustomer(absl::Time deadline, const CustomerName& customer) const;

  // How often the customer was erased here: it is nothing but these events.
  absl::StatusOr<int64_t> CountErasures(absl::Time deadline, const CustomerName& customer) const;

  // Of an erased order (order_erasure.h), for Change::also: empties what its acceptances, its earlier revisions and the
  // salts of its log say of the customer.
  static std::function<absl::Status(mysql::Connection&)> EraseWords(const Order& erased);

  // The row that a change of an order writes, beside an event of the order's version.
  static mysql::RowWrite Row(const Order& order);
  // Of a submitted order: its customer's account is reserved as well, where `before` has none.
  static std::vector<mysql::RowWrite> RowsOfSubmitted(const StoredOrder& before, const Order& order);
  // Of a completed order that changes a subscription: the account that came along is reserved as well, where the
  // customer has none in the currency. LostRace() when another order reserved one meanwhile.
  static std::vector<mysql::RowWrite> RowsOfCompleted(const StoredOrder& before, const Order& order);
  // Of a revised order: the revision that it replaces as well, where a customer was given it.
  static std::vector<mysql::RowWrite> RowsOfRevised(const Order& before, const Order& order);
  // Of a confirmed order with its acceptance.
  static std::vector<mysql::RowWrite> RowsOfConfirmed(const Order& order, const Acceptance& acceptance);

 private:
  absl::StatusOr<mysql::Page<Order>> ListAll(absl::Time deadline, const mysql::PageQuery& query) const;

  mysql::Database& database_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_ORDER_STORE_H_
