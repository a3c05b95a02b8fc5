#include "order-service/src/order.h"

#include <utility>

#include "common/events/change.h"
#include "order-service/src/workers/billing_relay.h"
#include "order-service/src/workers/draft_task.h"
#include "order-service/src/workers/expiry_task.h"
#include "order-service/src/workers/link_relay.h"
#include "order-service/src/workers/withdrawal_task.h"

namespace countersign::order {

OrderParts::OrderParts(rpc::EndpointOptions options, const Needs& needs)
    : needs_(needs), endpoint_(std::move(options)) {}

std::vector<grpc::Service*> OrderParts::services() {
  return {&catalogue_service_, &order_service_, &activation_outcome_service_, &partner_state_service_,
          &erasure_service_};
}

std::vector<events::Consumer> OrderParts::consumers() const {
  return {BillingConsumer(orders_, needs_.committer, needs_.billing, needs_.clock), LinkConsumer(needs_.links)};
}

std::vector<events::BucketTask> OrderParts::tasks() const {
  return {ExpiryTask(orders_, needs_.committer, needs_.clock), DraftTask(orders_, needs_.committer, needs_.clock),
          WithdrawalTask(withdrawals_, orders_, needs_.committer, needs_.clock)};
}

void OrderParts::Withdraw(const Uuid& partner) const {
  if (needs_.wake_task) needs_.wake_task(kWithdrawalTask, events::BucketOf(partner));
}

}  // namespace countersign::order
