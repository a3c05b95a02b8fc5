#include "order-service/src/workers/withdrawal_task.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "order-service/src/workers/worker_change.h"

namespace countersign::order {
namespace {

constexpr int kPage = 100;  // Of orders, and of partners.

// OK also when somebody else decided the order meanwhile.
absl::Status WithdrawOne(OrderStore& orders, const OrderName& name, const Withdrawal& withdrawal, absl::Time now,
                         absl::Time deadline) {
  ASSIGN_OR_RETURN(const StoredOrder stored, orders.Get(deadline, name));
  const Order& waiting = stored.order;
  // It was revised, and may have been submitted again, since it was listed.
  if (waiting.state != OrderState::kAwaitingConfirmation) return absl::OkStatus();
  if (waiting.seller_version >= withdrawal.inactive_version) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Order cancelled, waiting.Cancel(withdrawal.reason, now));
  const absl::Status written =
      orders.Update(deadline, cancelled, WorkerChange("ORDER_CANCELLED", waiting, cancelled, withdrawal.reason));
  return IsLostRace(written) ? absl::OkStatus() : written;
}

// OK when none is left, or only what changed meanwhile. One order that fails holds back no other.
absl::Status WithdrawOrdersOf(WithdrawalStore& withdrawals, OrderStore& orders, const Uuid& partner, const Clock& clock,
                              absl::Time deadline) {
  ASSIGN_OR_RETURN(const Withdrawal withdrawal, withdrawals.Get(deadline, partner));
  absl::Status first_error;
  std::vector<OrderName> page;
  Uuid after;
  do {
    ASSIGN_OR_RETURN(page, withdrawals.ListOrders(deadline, partner, withdrawal, after, kPage));
    for (const OrderName& name : page) {
      first_error.Update(WithdrawOne(orders, name, withdrawal, clock.Now(), deadline));
      after = name.id;
    }
  } while (page.size() == kPage);
  RETURN_IF_ERROR(first_error);
  // From the first again: an order that lost its race to another link is waiting still, and has the next turn.
  ASSIGN_OR_RETURN(page, withdrawals.ListOrders(deadline, partner, withdrawal, Uuid(), 1));
  return page.empty() ? withdrawals.End(deadline, partner, withdrawal) : absl::OkStatus();
}

// Goes on until the bucket is done or the deadline passes.
absl::Status WithdrawBucket(WithdrawalStore& withdrawals, OrderStore& orders, int bucket, const Clock& clock,
                            absl::Time deadline) {
  absl::Status first_error;
  std::vector<Uuid> page;
  Uuid after;
  do {
    ASSIGN_OR_RETURN(page, withdrawals.ListPartners(deadline, bucket, after, kPage));
    for (const Uuid& partner : page) {
      first_error.Update(WithdrawOrdersOf(withdrawals, orders, partner, clock, deadline));
      after = partner;
    }
  } while (page.size() == kPage);
  return first_error;
}

}  // namespace

events::BucketTask WithdrawalTask(WithdrawalStore& withdrawals, OrderStore& orders, const Clock& clock) {
  return {.name = kWithdrawalTask, .interval = absl::Seconds(5), .run = [&](int bucket, absl::Time deadline) {
            return WithdrawBucket(withdrawals, orders, bucket, clock, deadline);
          }};
}

}  // namespace countersign::order
