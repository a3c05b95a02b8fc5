// billing-service, built: its stores, gRPC services and workers, made once for main.cc and for the API tests.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_BILLING_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_BILLING_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
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
#include "billing-service/src/api/partner_state_service.h"
#include "billing-service/src/api/payout_service.h"
#include "billing-service/src/api/refund_service.h"
#include "billing-service/src/api/small_difference_service.h"
#include "billing-service/src/api/statement_closer.h"
#include "billing-service/src/api/statement_service.h"
#include "billing-service/src/api/subscription_service.h"
#include "billing-service/src/api/tax_profile_service.h"
#include "billing-service/src/api/tax_rate_service.h"
#include "billing-service/src/api/transfer_code_service.h"
#include "billing-service/src/clients/order_client.h"
#include "billing-service/src/clients/payee_client.h"
#include "billing-service/src/clients/processor_client.h"
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
#include "billing-service/src/store/paid_part_store.h"
#include "billing-service/src/store/parked_activation_store.h"
#include "billing-service/src/store/partner_state_store.h"
#include "billing-service/src/store/past_buyer_store.h"
#include "billing-service/src/store/payment_store.h"
#include "billing-service/src/store/payout_store.h"
#include "billing-service/src/store/posted_sum_store.h"
#include "billing-service/src/store/receivable_store.h"
#include "billing-service/src/store/refund_store.h"
#include "billing-service/src/store/small_difference_store.h"
#include "billing-service/src/store/statement_store.h"
#include "billing-service/src/store/subscription_store.h"
#include "billing-service/src/store/tax_rate_store.h"
#include "billing-service/src/store/transfer_code_store.h"
#include "billing-service/src/workers/billing_task.h"
#include "billing-service/src/workers/charge_task.h"
#include "billing-service/src/workers/dunning_task.h"
#include "billing-service/src/workers/fee_relay.h"
#include "billing-service/src/workers/forfeiture.h"
#include "billing-service/src/workers/notice_relay.h"
#include "billing-service/src/workers/order_relay.h"
#include "billing-service/src/workers/payment_relay.h"
#include "common/base/clock.h"
#include "common/base/metrics.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "common/mail/mailer.h"
#include "common/mysql/database.h"
#include "common/rpc/endpoint.h"
#include "grpcpp/impl/service_type.h"

namespace countersign::billing {

class BillingParts {
 public:
  // Must outlive the parts.
  struct Needs {
    mysql::Database& database;
    events::Committer& committer;
    const Clock& clock;
    OrderClient& orders;
    PayeeClient& payees;
    mail::Mailer* mailer;                  // Null: nothing is mailed, and no account climbs the dunning ladder.
    ProcessorClient* processor = nullptr;  // Null: every account pays by bank transfer.
  };
  BillingParts(rpc::EndpointOptions options, const Needs& needs);

  const rpc::Endpoint& endpoint() const { return endpoint_; }
  std::vector<grpc::Service*> services();
  std::vector<events::Consumer> consumers() const;
  std::vector<events::BucketTask> tasks() const;
  // For service::Companions.
  absl::StatusOr<std::vector<metrics::Figure>> ReadFigures(absl::Time deadline) const {
    return figures_.Read(deadline, needs_.clock.Now());
  }

 private:
  const Needs needs_;
  const ActivationStore activations_{needs_.database};
  const TaxRateStore tax_rates_{needs_.database};
  const FeeScheduleStore fee_schedules_{needs_.database};
  const BillingAccountStore accounts_{needs_.database, &tax_rates_, &fee_schedules_};
  const ParkedActivationStore parked_{needs_.database};
  const BillingRunStore runs_{needs_.database};
  const SubscriptionStore subscriptions_{needs_.database};
  const TransferCodeStore transfer_codes_{needs_.database};
  const InvoiceStore invoices_{needs_.database};
  const AccountBookStore books_{needs_.database};
  const ChargeStore charges_{needs_.database};
  const CreditNoteStore credit_notes_{needs_.database};
  const RefundStore refunds_{needs_.database};
  const BankReceiptStore receipts_{needs_.database};
  const PaymentStore payments_{needs_.database};
  const LegalEntityStore legal_entities_{needs_.database};
  const PaidPartStore paid_parts_{needs_.database};
  const PastBuyerStore past_buyers_{needs_.database};
  const AccountErasureStore account_erasures_{needs_.database};
  const PostedSumStore posted_sums_{needs_.database};
  const PostedEntryStore posted_entries_{needs_.database};
  const ReceivableStore receivables_{needs_.database};
  const SmallDifferenceStore small_differences_{needs_.database};
  const DunningLadderStore dunning_ladders_{needs_.database};
  const DunningStore dunnings_{needs_.database};
  const NoticeStore notices_{needs_.database};
  const FeeStore fees_{needs_.database};
  const FeeHoldStore fee_holds_{needs_.database};
  const PartnerStateStore partner_states_{needs_.database};
  const StatementStore statements_{needs_.database};
  const PayoutStore payouts_{needs_.database};
  const FigureStore figures_{needs_.database};
  const StatementCloser statement_closer_{needs_.committer, statements_, payouts_, partner_states_, needs_.payees};
  const rpc::Endpoint endpoint_;
  const ActivationAct activation_act_{accounts_, subscriptions_, transfer_codes_, past_buyers_};
  ActivationService activation_service_{endpoint_, needs_.committer, activations_, parked_, activation_act_};
  ParkedActivationService parked_activation_service_{endpoint_, needs_.committer, parked_, activation_act_};
  BillingAccountService billing_account_service_{endpoint_,    needs_.committer,  accounts_,
                                                 past_buyers_, account_erasures_, needs_.processor != nullptr};
  BillingRunService billing_run_service_{endpoint_, needs_.committer, runs_};
  SubscriptionService subscription_service_{endpoint_, needs_.committer, subscriptions_, invoices_, books_};
  DunningLadderService dunning_ladder_service_{endpoint_, needs_.committer, dunning_ladders_};
  NoticeService notice_service_{endpoint_, needs_.committer, notices_};
  DunningService dunning_service_{endpoint_, needs_.committer, accounts_, dunnings_};
  PartnerOfRecordService partner_of_record_service_{endpoint_, needs_.committer, subscriptions_, needs_.payees};
  TransferCodeService transfer_code_service_{endpoint_, needs_.committer, transfer_codes_, subscriptions_};
  EntitlementService entitlement_service_{endpoint_, subscriptions_, needs_.orders};
  const DocumentReader document_reader_{{accounts_, invoices_, credit_notes_, legal_entities_, past_buyers_}};
  InvoiceService invoice_service_{endpoint_,     needs_.committer, invoices_,   books_,
                                  credit_notes_, tax_rates_,       paid_parts_, document_reader_};
  LegalEntityService legal_entity_service_{endpoint_, needs_.committer, legal_entities_};
  LedgerService ledger_service_{endpoint_, accounts_, posted_sums_, posted_entries_, receivables_};
  ChargeService charge_service_{endpoint_, needs_.committer, books_, charges_, payments_, needs_.processor != nullptr};
  CreditNoteService credit_note_service_{endpoint_, needs_.committer, books_, credit_notes_, document_reader_};
  RefundService refund_service_{endpoint_, needs_.committer, accounts_, refunds_};
  SmallDifferenceService small_difference_service_{endpoint_, needs_.committer, small_differences_};
  TaxRateService tax_rate_service_{endpoint_, needs_.committer, tax_rates_};
  TaxProfileService tax_profile_service_{endpoint_, needs_.committer, accounts_, past_buyers_};
  BankReceiptService bank_receipt_service_{endpoint_, needs_.committer, receipts_, accounts_, invoices_};
  FeeService fee_service_{endpoint_, needs_.committer, fees_, fee_schedules_};
  FeeScheduleService fee_schedule_service_{endpoint_, needs_.committer, fee_schedules_};
  FeeHoldService fee_hold_service_{endpoint_, needs_.committer, fee_holds_, partner_states_, subscriptions_};
  PartnerStateService partner_state_service_{endpoint_, needs_.committer, partner_states_, fee_holds_};
  const PaymentRelay payment_relay_{needs_.committer, receipts_, books_, payments_, small_differences_, needs_.clock};
  StatementService statement_service_{endpoint_, needs_.committer, statements_, statement_closer_};
  PayoutService payout_service_{endpoint_, needs_.committer, payouts_};
  const NoticeRelay notice_relay_{
      {needs_.committer, notices_, accounts_, invoices_, dunning_ladders_, needs_.mailer, needs_.clock}};
  const DunningTask dunning_task_{{needs_.committer, books_, dunnings_, dunning_ladders_, notices_, subscriptions_,
                                   needs_.clock, needs_.mailer != nullptr}};
  std::optional<ChargeTask> charge_task_;
  const BillingTask billing_task_{{needs_.committer, runs_, accounts_, subscriptions_, needs_.orders, needs_.clock}};
  const FeeRelay fee_relay_{needs_.committer, fees_, partner_states_, fee_holds_};
  const Forfeiture forfeiture_{needs_.committer, fee_holds_, fees_};
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_BILLING_H_
