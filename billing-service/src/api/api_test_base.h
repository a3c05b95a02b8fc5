// billing-service as its callers see it: a real gRPC server on loopback over a real database, and its relay.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_API_TEST_BASE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_API_TEST_BASE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "billing-service/src/api/billing_api.h"
#include "billing-service/src/store/migrations.h"
#include "billing-service/src/workers/fee_relay.h"
#include "billing-service/src/workers/payment_relay.h"
#include "common/events/relay.h"
#include "common/rpc/endpoint.h"
#include "common/testing/api_test.h"
#include "countersign/billing/v1/billing_service.grpc.pb.h"

namespace countersign::billing {

inline constexpr char kOperator[] = "operators/test";
inline constexpr char kOrderService[] = "services/order-service";

using testing::NewRequestId;

class ApiTest : public testing::ApiTestFrame<AllMigrations> {
 protected:
  using Stub = v1::BillingService::Stub;

  // Calls the method as `caller`, through the network.
  template <typename Request, typename Reply>
  absl::StatusOr<Reply> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                             const Request& request, absl::string_view caller = kOperator) {
    return testing::CallAs(caller, stub_, method, request);
  }

  // Order `order` of partner_: 25 seats at 15.00, confirmed on 2009-06-01, for account_.
  v1::ActivateOrderRequest OrderRequest(absl::string_view order = "order") const;
  absl::StatusOr<v1::ActivateOrderResponse> Activate(const v1::ActivateOrderRequest& request) {
    return Call(&Stub::ActivateOrder, request, kOrderService);
  }
  absl::StatusOr<v1::Invoice> GetInvoice(const std::string& name);

  // `units` of the account's currency arrive at the bank.
  v1::CreateBankReceiptRequest ReceiptRequest(int64_t units, const std::string& reference,
                                              const std::string& invoice = "") const;

  // The relay delivers what is there.
  void Drain() { ASSERT_OK(relay_->Drain(testing::TestDeadline())); }
  const events::Relay& relay() const { return *relay_; }

  // Debits = credits in every transaction, and the clearing account's balance over all tenants.
  static void ExpectBalancedBooks(int64_t open_clearing_micros = 0);

  const std::string partner_ = absl::StrCat("partners/", Uuid::Derived({"partner"}).ToString());
  const std::string account_ = absl::StrCat("billingAccounts/", Uuid::Derived({"account"}).ToString());

 private:
  mysql::Database& db_ = database_->database();
  BillingAccountStore accounts_{db_};
  ActivationStore activations_{db_};
  SubscriptionStore subscriptions_{db_};
  InvoiceStore invoices_{db_};
  BankReceiptStore receipts_{db_};
  PaymentStore payments_{db_};
  FeeStore fees_{db_};
  ActivationHandlers activation_handlers_{activations_, accounts_, subscriptions_};
  BillingAccountHandlers account_handlers_{accounts_};
  SubscriptionHandlers subscription_handlers_{subscriptions_};
  InvoiceHandlers invoice_handlers_{invoices_};
  BankReceiptHandlers receipt_handlers_{receipts_, accounts_, invoices_};
  FeeHandlers fee_handlers_{fees_};
  rpc::Endpoint endpoint_{{.service = "billing-service", .database = &db_, .clock = &clock_, .reply_keys = &keys_}};
  BillingApi api_{endpoint_,
                  {activation_handlers_, account_handlers_, subscription_handlers_, invoice_handlers_,
                   receipt_handlers_, fee_handlers_}};

 protected:
  PaymentRelay payment_relay_{receipts_, accounts_, invoices_, payments_, clock_};
  FeeRelay fee_relay_{fees_};

 private:
  std::unique_ptr<events::Relay> relay_ =
      events::MakeRelay(db_, {.owner = "test"}, {payment_relay_.consumer(), fee_relay_.consumer()}, {});
  testing::InProcessServer server_{{&api_}};
  Stub stub_{server_.channel()};
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_API_TEST_BASE_H_
