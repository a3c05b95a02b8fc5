#include "billing-service/src/billing.h"

#include <utility>

#include "billing-service/src/workers/statement_task.h"
#include "billing-service/src/workers/sum_task.h"

namespace countersign::billing {

BillingParts::BillingParts(rpc::EndpointOptions options, const Needs& needs)
    : needs_(needs), endpoint_(std::move(options)) {
  if (needs_.processor == nullptr) return;
  charge_task_.emplace(
      ChargeTask::Needs{needs_.committer, books_, charges_, dunning_ladders_, *needs_.processor, needs_.clock});
}

std::vector<grpc::Service*> BillingParts::services() {
  return {&activation_service_,
          &parked_activation_service_,
          &billing_account_service_,
          &billing_run_service_,
          &entitlement_service_,
          &subscription_service_,
          &invoice_service_,
          &charge_service_,
          &credit_note_service_,
          &refund_service_,
          &tax_rate_service_,
          &tax_profile_service_,
          &bank_receipt_service_,
          &fee_service_,
          &fee_hold_service_,
          &partner_state_service_,
          &partner_of_record_service_,
          &statement_service_,
          &payout_service_,
          &dunning_service_,
          &dunning_ladder_service_,
          &notice_service_,
          &small_difference_service_,
          &ledger_service_,
          &legal_entity_service_,
          &transfer_code_service_,
          &fee_schedule_service_};
}

std::vector<events::Consumer> BillingParts::consumers() const {
  return {payment_relay_.consumer(), fee_relay_.consumer(), notice_relay_.consumer(), forfeiture_.consumer(),
          OrderConsumer(needs_.orders)};
}

std::vector<events::BucketTask> BillingParts::tasks() const {
  std::vector<events::BucketTask> tasks = {
      billing_task_.task(), dunning_task_.task(), StatementTask(statements_, statement_closer_, needs_.clock),
      SumTask(posted_sums_),
      events::RetentionTask("buyer retention", needs_.database, needs_.clock, {PastBuyerRetention()})};
  if (charge_task_.has_value()) tasks.push_back(charge_task_->task());
  return tasks;
}

}  // namespace countersign::billing
