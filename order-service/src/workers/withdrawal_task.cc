#include "order-service/src/workers/withdrawal_task.h"

#include <functional>
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

class Withdrawer {
 public:
  Withdrawer(const WithdrawalStore& withdrawals, const OrderStore& orders, events::Committer& committer,
             const Clock& clock)
      : withdrawals_(withdrawals), orders_(orders), committer_(committer), clock_(clock) {}

  // Goes on until the bucket is done or the deadline passes.
  absl::Status WithdrawBucket(int bucket, absl::Time deadline) const {
    absl::Status first_error;
    std::vector<Uuid> page;
    Uuid after;
    do {
      ASSIGN_OR_RETURN(page, withdrawals_.ListPartners(deadline, bucket, after, kPage));
      for (const Uuid& partner : page) {
        first_error.Update(WithdrawOrdersOf(partner, deadline));
        after = partner;
      }
    } while (page.size() == kPage);
    return first_error;
  }

 private:
  // OK when none is left, or only what changed meanwhile. One order that fails holds back no other.
  absl::Status WithdrawOrdersOf(const Uuid& partner, absl::Time deadline) const {
    ASSIGN_OR_RETURN(const Withdrawal withdrawal, withdrawals_.Get(deadline, partner));
    absl::Status first_error;
    std::vector<OrderName> page;
    Uuid after;
    do {
      ASSIGN_OR_RETURN(page, withdrawals_.ListOrders(deadline, partner, withdrawal, after, kPage));
      for (const OrderName& name : page) {
        first_error.Update(WithdrawOne(name, withdrawal, deadline));
        after = name.id;
      }
    } while (page.size() == kPage);
    RETURN_IF_ERROR(first_error);
    // From the first again: an order that lost its race to another link is waiting still, and has the next turn.
    ASSIGN_OR_RETURN(page, withdrawals_.ListOrders(deadline, partner, withdrawal, Uuid(), 1));
    return page.empty() ? withdrawals_.End(deadline, partner, withdrawal) : absl::OkStatus();
  }

  // OK also when somebody else decided the order meanwhile.
  absl::Status WithdrawOne(const OrderName& name, const Withdrawal& withdrawal, absl::Time deadline) const {
    ASSIGN_OR_RETURN(const StoredOrder stored, orders_.Get(deadline, name));
    const Order& waiting = stored.order;
    // It was revised, and may have been submitted again, since it was listed.
    if (waiting.state != OrderState::kAwaitingConfirmation) return absl::OkStatus();
    if (waiting.seller_version >= withdrawal.inactive_version) return absl::OkStatus();
    ASSIGN_OR_RETURN(const Order cancelled, waiting.Cancel(withdrawal.reason, clock_.Now()));
    const absl::Status written =
        committer_.Commit(deadline, WorkerChange("ORDER_CANCELLED", waiting, cancelled, withdrawal.reason));
    return IsLostRace(written) ? absl::OkStatus() : written;
  }

  const WithdrawalStore& withdrawals_;
  const OrderStore& orders_;
  events::Committer& committer_;
  const Clock& clock_;
};

}  // namespace

events::BucketTask WithdrawalTask(const WithdrawalStore& withdrawals, const OrderStore& orders,
                                  events::Committer& committer, const Clock& clock) {
  return {.name = kWithdrawalTask,
          .interval = absl::Seconds(5),
          .run = std::bind_front(&Withdrawer::WithdrawBucket, Withdrawer(withdrawals, orders, committer, clock)),
          .by_business_clock = false,
          .due = [&](absl::Time deadline) { return withdrawals.ListBuckets(deadline); },
          .runs_only_when_due = true};
}

}  // namespace countersign::order
