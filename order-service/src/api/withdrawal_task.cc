#include "order-service/src/api/withdrawal_task.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "order-service/src/api/worker_change.h"

namespace countersign::order {
namespace {

constexpr int kPartners = 20;  // Per turn, as the number below for each; the rest comes with the next turn.
constexpr int kOrders = 200;

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

absl::Status WithdrawOrdersOf(WithdrawalStore& withdrawals, OrderStore& orders, const Uuid& partner, absl::Time now,
                              absl::Time deadline) {
  ASSIGN_OR_RETURN(const Withdrawal withdrawal, withdrawals.Get(deadline, partner));
  ASSIGN_OR_RETURN(const std::vector<OrderName> waiting,
                   withdrawals.ListOrders(deadline, partner, withdrawal, kOrders));
  if (waiting.empty()) return withdrawals.End(deadline, partner, withdrawal);
  absl::Status first_error;  // One order that fails holds back no other.
  for (const OrderName& name : waiting) first_error.Update(WithdrawOne(orders, name, withdrawal, now, deadline));
  return first_error;
}

absl::Status WithdrawBucket(WithdrawalStore& withdrawals, OrderStore& orders, int bucket, absl::Time now,
                            absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::vector<Uuid> partners, withdrawals.ListPartners(deadline, bucket, kPartners));
  absl::Status first_error;
  for (const Uuid& partner : partners) {
    first_error.Update(WithdrawOrdersOf(withdrawals, orders, partner, now, deadline));
  }
  return first_error;
}

}  // namespace

mysql::BucketTask WithdrawalTask(WithdrawalStore& withdrawals, OrderStore& orders, const Clock& clock) {
  return {.name = kWithdrawalTask, .interval = absl::Seconds(5), .run = [&](int bucket, absl::Time deadline) {
            return WithdrawBucket(withdrawals, orders, bucket, clock.Now(), deadline);
          }};
}

}  // namespace countersign::order
