#include "billing-service/src/billing.h"

#include <memory>
#include <optional>
#include <utility>

#include "billing-service/src/api/activation_act.h"
#include "billing-service/src/api/activation_service.h"
#include "billing-service/src/api/bank_receipt_service.h"
#include "billing-service/src/api/billing_account_service.h"
#include "billing-service/src/api/billing_run_service.h"
#include "billing-service/src/api/charge_service.h"
#include "billing-service/src/api/credit_note_service.h"
#include "billing-service/src/api/document_reader.h"
#include "billing-service/src/api/dunning_ladder_service.h"
#include "billing-service/src/api/dunning_service.h"
#include "billing-service/src/api/entitlement_service.h"
#include "billing-service/src/api/fee_hold_service.h"
#include "billing-service/src/api/fee_schedule_service.h"
#include "billing-service/src/api/fee_service.h"
#include "billing-service/src/api/invoice_service.h"
#include "billing-service/src/api/ledger_service.h"
#include "billing-service/src/api/legal_entity_service.h"
#include "billing-service/src/api/notice_service.h"
#include "billing-service/src/api/parked_activation_service.h"
#include "billing-service/src/api/partner_of_record_service.h"
#include "billing-service/src/api/partner_request_service.h"
#include "billing-service/src/api/partner_state_service.h"
#include "billing-service/src/api/payment_service.h"
#include "billing-service/src/api/payout_service.h"
#include "billing-service/src/api/refund_service.h"
#include "billing-service/src/api/self_billing_service.h"
#include "billing-service/src/api/small_difference_service.h"
#include "billing-service/src/api/statement_closer.h"
#include "billing-service/src/api/statement_service.h"
#include "billing-service/src/api/subscription_service.h"
#include "billing-service/src/api/tax_profile_service.h"
#include "billing-service/src/api/tax_rate_service.h"
#include "billing-service/src/api/transfer_code_service.h"
#include "billing-service/src/api/withholding_rate_service.h"
#include "billing-service/src/store/account_book_store.h"
#include "billing-service/src/store/activation_store.h"
#include "billing-service/src/store/bank_receipt_store.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/billing_run_store.h"
#include "billing-service/src/store/charge_store.h"
#include "billing-service/src/store/credit_note_store.h"
#include "billing-service/src/store/dunning_ladder_store.h"
#include "billing-service/src/store/dunning_store.h"
#include "billing-service/src/store/fee_hold_store.h"
#include "billing-service/src/store/fee_schedule_store.h"
#include "billing-service/src/store/fee_store.h"
#include "billing-service/src/store/figure_store.h"
#include "billing-service/src/store/invoice_store.h"
#include "billing-service/src/store/legal_entity_store.h"
#include "billing-service/src/store/notice_store.h"
#include "billing-service/src/store/order_label_store.h"
#include "billing-service/src/store/paid_part_store.h"
#include "billing-service/src/store/parked_activation_store.h"
#include "billing-service/src/store/partner_request_store.h"
#include "billing-service/src/store/partner_state_store.h"
#include "billing-service/src/store/past_buyer_store.h"
#include "billing-service/src/store/payment_store.h"
#include "billing-service/src/store/payout_store.h"
#include "billing-service/src/store/posted_sum_store.h"
#include "billing-service/src/store/receivable_store.h"
#include "billing-service/src/store/refund_store.h"
#include "billing-service/src/store/self_billing_store.h"
#include "billing-service/src/store/small_difference_store.h"
#include "billing-service/src/store/statement_store.h"
#include "billing-service/src/store/subscription_store.h"
#include "billing-service/src/store/tax_rate_store.h"
#include "billing-service/src/store/transfer_code_store.h"
#include "billing-service/src/store/withholding_rate_store.h"
#include "billing-service/src/workers/billing_task.h"
#include "billing-service/src/workers/charge_task.h"
#include "billing-service/src/workers/dunning_task.h"
#include "billing-service/src/workers/fee_relay.h"
#include "billing-service/src/workers/forfeiture.h"
#include "billing-service/src/workers/notice_relay.h"
#include "billing-service/src/workers/order_relay.h"
#include "billing-service/src/workers/payment_relay.h"
#include "billing-service/src/workers/statement_task.h"
#include "billing-service/src/workers/sum_task.h"

namespace countersign::billing {

// The order is the order of need.
struct BillingParts::Built {
  Built(rpc::EndpointOptions options, const Needs& needed) : needs(needed), endpoint(std::move(options)) {
    if (needs.processor == nullptr) return;
    charge_task.emplace(
        ChargeTask::Needs{needs.committer, books, charges, dunning_ladders, *needs.processor, needs.clock});
  }

  const Needs needs;
  const ActivationStore activations{needs.database};
  const TaxRateStore tax_rates{needs.database};
  const FeeScheduleStore fee_schedules{needs.database};
  const BillingAccountStore accounts{needs.database, &tax_rates, &fee_schedules};
  const ParkedActivationStore parked{needs.database};
  const BillingRunStore runs{needs.database};
  const SubscriptionStore subscriptions{needs.database};
  const TransferCodeStore transfer_codes{needs.database};
  const PartnerRequestStore partner_requests{needs.database};
  const InvoiceStore invoices{needs.database};
  const AccountBookStore books{needs.database};
  const ChargeStore charges{needs.database};
  const CreditNoteStore credit_notes{needs.database};
  const RefundStore refunds{needs.database};
  const BankReceiptStore receipts{needs.database};
  const PaymentStore payments{needs.database};
  const LegalEntityStore legal_entities{needs.database};
  const PaidPartStore paid_parts{needs.database};
  const PastBuyerStore past_buyers{needs.database};
  const AccountErasureStore account_erasures{needs.database};
  const PostedSumStore posted_sums{needs.database};
  const PostedEntryStore posted_entries{needs.database};
  const ReceivableStore receivables{needs.database};
  const SmallDifferenceStore small_differences{needs.database};
  const WithholdingRateStore withholding_rates{needs.database};
  const SelfBillingStore self_billing{needs.database};
  const DunningLadderStore dunning_ladders{needs.database};
  const DunningStore dunnings{needs.database};
  const NoticeStore notices{needs.database};
  const FeeStore fees{needs.database};
  const OrderLabelStore order_labels{needs.database};
  const FeeHoldStore fee_holds{needs.database};
  const PartnerStateStore partner_states{needs.database};
  const StatementStore statements{needs.database};
  const PayoutStore payouts{needs.database};
  const FigureStore figures{needs.database};
  const StatementCloser statement_closer{needs.committer,   statements,   payouts,   partner_states,
                                         withholding_rates, self_billing, tax_rates, needs.payees};
  const rpc::Endpoint endpoint;
  const ActivationAct activation_act{accounts, subscriptions, transfer_codes, past_buyers};
  ActivationService activation_service{endpoint, needs.committer, activations, parked, activation_act};
  ParkedActivationService parked_activation_service{endpoint, needs.committer, parked, activation_act};
  BillingAccountService billing_account_service{
      endpoint, needs.committer, accounts, past_buyers, account_erasures, needs.payees, needs.processor != nullptr};
  BillingRunService billing_run_service{endpoint, needs.committer, runs};
  SubscriptionService subscription_service{endpoint, needs.committer, subscriptions, invoices, books, dunnings};
  DunningLadderService dunning_ladder_service{endpoint, needs.committer, dunning_ladders};
  NoticeService notice_service{endpoint, needs.committer, notices, accounts};
  DunningService dunning_service{endpoint, needs.committer, accounts, dunnings};
  PartnerOfRecordService partner_of_record_service{endpoint, needs.committer, subscriptions, needs.payees};
  PartnerRequestService partner_request_service{
      {endpoint, needs.committer, partner_requests, subscriptions, accounts, needs.payees}};
  TransferCodeService transfer_code_service{endpoint, needs.committer, transfer_codes, subscriptions};
  EntitlementService entitlement_service{endpoint, needs.database, subscriptions, needs.orders};
  const DocumentReader document_reader{{accounts, invoices, credit_notes, legal_entities, past_buyers}};
  InvoiceService invoice_service{endpoint,     needs.committer, invoices,   books,
                                 credit_notes, tax_rates,       paid_parts, document_reader};
  LegalEntityService legal_entity_service{endpoint, needs.committer, legal_entities};
  LedgerService ledger_service{endpoint, accounts, posted_sums, posted_entries, receivables};
  ChargeService charge_service{endpoint, needs.committer, books, charges, payments, needs.processor != nullptr};
  CreditNoteService credit_note_service{endpoint, needs.committer, books, credit_notes, document_reader};
  PaymentService payment_service{endpoint, payments};
  RefundService refund_service{endpoint, needs.committer, accounts, refunds};
  SmallDifferenceService small_difference_service{endpoint, needs.committer, small_differences};
  WithholdingRateService withholding_rate_service{endpoint, needs.committer, withholding_rates};
  SelfBillingService self_billing_service{endpoint, needs.committer, self_billing};
  TaxRateService tax_rate_service{endpoint, needs.committer, tax_rates};
  TaxProfileService tax_profile_service{endpoint, needs.committer, accounts, past_buyers};
  BankReceiptService bank_receipt_service{endpoint, needs.committer, receipts, accounts, invoices, books, payments};
  FeeService fee_service{endpoint, needs.committer, fees, fee_schedules, order_labels};
  FeeScheduleService fee_schedule_service{endpoint, needs.committer, fee_schedules};
  FeeHoldService fee_hold_service{endpoint, needs.committer, fee_holds, partner_states, subscriptions};
  PartnerStateService partner_state_service{endpoint, needs.committer, partner_states, fee_holds};
  const PaymentRelay payment_relay{needs.committer, receipts, books, payments, small_differences, needs.clock};
  StatementService statement_service{endpoint,          needs.committer, statements, payouts,
                                     withholding_rates, self_billing,    tax_rates,  statement_closer};
  PayoutService payout_service{endpoint, needs.committer, payouts, needs.payees};
  const NoticeRelay notice_relay{{needs.committer, notices, accounts, invoices, dunning_ladders, subscriptions,
                                  needs.mailer, needs.clock, needs.payees, needs.find_url, credit_notes, charges,
                                  partner_requests}};
  const DunningTask dunning_task{{needs.committer, books, dunnings, dunning_ladders, notices, subscriptions, invoices,
                                  needs.clock, needs.mailer != nullptr}};
  std::optional<ChargeTask> charge_task;
  const BillingTask billing_task{{needs.committer, runs, accounts, subscriptions, needs.orders, needs.clock}};
  const FeeRelay fee_relay{needs.committer, fees, partner_states, fee_holds};
  const Forfeiture forfeiture{needs.committer, fee_holds, fees};
};

BillingParts::BillingParts(rpc::EndpointOptions options, const Needs& needs)
    : built_(std::make_unique<Built>(std::move(options), needs)) {}

BillingParts::~BillingParts() = default;

const rpc::Endpoint& BillingParts::endpoint() const { return built_->endpoint; }

std::vector<grpc::Service*> BillingParts::services() {
  return {&built_->activation_service,
          &built_->parked_activation_service,
          &built_->billing_account_service,
          &built_->billing_run_service,
          &built_->entitlement_service,
          &built_->subscription_service,
          &built_->invoice_service,
          &built_->charge_service,
          &built_->credit_note_service,
          &built_->payment_service,
          &built_->refund_service,
          &built_->tax_rate_service,
          &built_->tax_profile_service,
          &built_->bank_receipt_service,
          &built_->fee_service,
          &built_->fee_hold_service,
          &built_->partner_state_service,
          &built_->partner_of_record_service,
          &built_->partner_request_service,
          &built_->statement_service,
          &built_->payout_service,
          &built_->dunning_service,
          &built_->dunning_ladder_service,
          &built_->notice_service,
          &built_->small_difference_service,
          &built_->withholding_rate_service,
          &built_->self_billing_service,
          &built_->ledger_service,
          &built_->legal_entity_service,
          &built_->transfer_code_service,
          &built_->fee_schedule_service};
}

void BillingParts::StopStreams() { built_->entitlement_service.StopStreams(); }

std::vector<events::Consumer> BillingParts::consumers() const {
  return {built_->payment_relay.consumer(), built_->fee_relay.consumer(), built_->notice_relay.consumer(),
          built_->forfeiture.consumer(), OrderConsumer(built_->needs.orders, built_->subscriptions)};
}

absl::StatusOr<std::vector<metrics::Figure>> BillingParts::ReadFigures(absl::Time deadline) const {
  return built_->figures.Read(deadline, built_->needs.clock.Now());
}

std::vector<events::BucketTask> BillingParts::tasks() const {
  std::vector<events::BucketTask> tasks = {
      built_->billing_task.task(), built_->dunning_task.task(),
      StatementTask(built_->statements, built_->statement_closer, built_->needs.clock), SumTask(built_->posted_sums),
      events::RetentionTask("buyer retention", built_->needs.database, built_->needs.clock, {PastBuyerRetention()})};
  if (built_->charge_task.has_value()) tasks.push_back(built_->charge_task->task());
  return tasks;
}

}  // namespace countersign::billing
