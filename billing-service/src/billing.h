// billing-service, built: its stores, gRPC services and workers, made once for main.cc and for the API tests.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_BILLING_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_BILLING_H_

#include <vector>

#include "billing-service/src/api/activation_act.h"
#include "billing-service/src/api/activation_service.h"
#include "billing-service/src/api/bank_receipt_service.h"
#include "billing-service/src/api/billing_account_service.h"
#include "billing-service/src/api/credit_note_service.h"
#include "billing-service/src/api/fee_service.h"
#include "billing-service/src/api/invoice_service.h"
#include "billing-service/src/api/parked_activation_service.h"
#include "billing-service/src/api/refund_service.h"
#include "billing-service/src/api/small_difference_service.h"
#include "billing-service/src/api/subscription_service.h"
#include "billing-service/src/api/tax_profile_service.h"
#include "billing-service/src/api/tax_rate_service.h"
#include "billing-service/src/clients/order_client.h"
#include "billing-service/src/store/account_book_store.h"
#include "billing-service/src/store/activation_store.h"
#include "billing-service/src/store/bank_receipt_store.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/credit_note_store.h"
#include "billing-service/src/store/fee_store.h"
#include "billing-service/src/store/invoice_store.h"
#include "billing-service/src/store/parked_activation_store.h"
#include "billing-service/src/store/payment_store.h"
#include "billing-service/src/store/refund_store.h"
#include "billing-service/src/store/small_difference_store.h"
#include "billing-service/src/store/subscription_store.h"
#include "billing-service/src/store/tax_rate_store.h"
#include "billing-service/src/workers/fee_relay.h"
#include "billing-service/src/workers/order_relay.h"
#include "billing-service/src/workers/payment_relay.h"
#include "common/base/clock.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
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
  };
  BillingParts(rpc::EndpointOptions options, const Needs& needs);

  const rpc::Endpoint& endpoint() const { return endpoint_; }
  std::vector<grpc::Service*> services();
  std::vector<events::Consumer> consumers() const;

 private:
  const Needs needs_;
  const ActivationStore activations_{needs_.database};
  const TaxRateStore tax_rates_{needs_.database};
  const BillingAccountStore accounts_{needs_.database, &tax_rates_};
  const ParkedActivationStore parked_{needs_.database};
  const SubscriptionStore subscriptions_{needs_.database};
  const InvoiceStore invoices_{needs_.database};
  const AccountBookStore books_{needs_.database};
  const CreditNoteStore credit_notes_{needs_.database};
  const RefundStore refunds_{needs_.database};
  const BankReceiptStore receipts_{needs_.database};
  const PaymentStore payments_{needs_.database};
  const SmallDifferenceStore small_differences_{needs_.database};
  const FeeStore fees_{needs_.database};
  const rpc::Endpoint endpoint_;
  const ActivationAct activation_act_{accounts_, subscriptions_};
  ActivationService activation_service_{endpoint_, needs_.committer, activations_, parked_, activation_act_};
  ParkedActivationService parked_activation_service_{endpoint_, needs_.committer, parked_, activation_act_};
  BillingAccountService billing_account_service_{endpoint_, accounts_};
  SubscriptionService subscription_service_{endpoint_, subscriptions_};
  InvoiceService invoice_service_{endpoint_, needs_.committer, invoices_, books_};
  CreditNoteService credit_note_service_{endpoint_, needs_.committer, books_, credit_notes_};
  RefundService refund_service_{endpoint_, needs_.committer, accounts_, refunds_};
  SmallDifferenceService small_difference_service_{endpoint_, needs_.committer, small_differences_};
  TaxRateService tax_rate_service_{endpoint_, needs_.committer, tax_rates_};
  TaxProfileService tax_profile_service_{endpoint_, needs_.committer, accounts_};
  BankReceiptService bank_receipt_service_{endpoint_, needs_.committer, receipts_, accounts_, invoices_};
  FeeService fee_service_{endpoint_, fees_};
  const PaymentRelay payment_relay_{needs_.committer, receipts_, books_, payments_, small_differences_, needs_.clock};
  const FeeRelay fee_relay_{needs_.committer, fees_};
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_BILLING_H_
