#include "billing-service/src/api/api_test_base.h"

#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/bank_receipt.pb.h"
#include "countersign/billing/v1/bank_receipt_service.pb.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/billing_account_service.pb.h"
#include "countersign/billing/v1/fee.pb.h"
#include "countersign/billing/v1/fee_service.grpc.pb.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/invoice_service.grpc.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"

namespace countersign::billing {

v1::ActivateOrderRequest ApiTest::OrderRequest(absl::string_view order) const {
  v1::ActivateOrderRequest request;
  request.set_billing_account(account_);
  request.set_order(absl::StrCat(partner_, "/orders/", Uuid::Derived({"order", order}).ToString()));
  request.set_revision(1);
  request.set_partner_of_record(partner_);
  request.set_currency_code("USD");
  v1::ActivateOrderRequest::Line& line = *request.add_lines();
  line.set_offer("offers/bpos-standard-suite");
  line.set_offer_title("BPOS Standard Suite");
  line.set_quantity(25);
  line.mutable_unit_price()->set_currency_code("USD");
  line.mutable_unit_price()->set_units(15);
  request.set_billing_period_months(1);
  request.set_term_months(12);
  *request.mutable_start_date() = rpc::ToProto(Date(2009, 6, 1));
  *request.mutable_confirm_time() = rpc::ToProto(StartOf(Date(2009, 6, 1)) + absl::Hours(8));
  request.set_company_name("Fabrikam, Inc.");
  request.set_billing_email("billing@fabrikam.example");
  request.mutable_billing_address()->set_region_code("US");
  request.mutable_billing_address()->set_locality("Seattle");
  request.mutable_billing_address()->add_address_lines("1 Pine Street");
  request.set_purchase_order_number("PO-4711");
  request.set_order_number(absl::StrCat("CS-", order));
  request.set_partner_reference(absl::StrCat("crm-", order));
  request.set_customer_display_name("Fabrikam <Seattle>");
  request.set_request_id(NewRequestId());
  return request;
}

std::string ApiTest::OpenInvoice(absl::string_view order) {
  const absl::StatusOr<v1::ActivateOrderResponse> activated = Activate(OrderRequest(order));
  EXPECT_OK(activated);
  return activated.ok() ? activated->invoices(0) : "";
}

absl::StatusOr<v1::Invoice> ApiTest::GetInvoice(const std::string& name) {
  v1::GetInvoiceRequest request;
  request.set_name(name);
  return Call(&v1::InvoiceService::Stub::GetInvoice, request);
}

absl::StatusOr<v1::Subscription> ApiTest::GetSubscription(const std::string& name) {
  v1::GetSubscriptionRequest request;
  request.set_name(name);
  return Call(&v1::SubscriptionService::Stub::GetSubscription, request);
}

v1::CreateBankReceiptRequest ApiTest::ReceiptRequest(int64_t units, const std::string& reference,
                                                     const std::string& invoice) const {
  v1::CreateBankReceiptRequest request;
  v1::BankReceipt& receipt = *request.mutable_bank_receipt();
  receipt.set_external_reference(reference);
  receipt.mutable_amount()->set_currency_code("USD");
  receipt.mutable_amount()->set_units(units);
  *receipt.mutable_value_date() = rpc::ToProto(DateOf(clock_.Now()));
  receipt.set_billing_account(account_);
  receipt.set_invoice(invoice);
  request.set_request_id(NewRequestId());
  return request;
}

v1::SetPaymentMethodRequest ApiTest::MethodRequest(const std::string& token) const {
  v1::SetPaymentMethodRequest request;
  request.set_name(account_);
  request.mutable_payment_method()->set_type(v1::PaymentMethod::TYPE_PROCESSOR);
  request.mutable_payment_method()->set_token(token);
  request.set_reason("asked for");
  request.set_request_id(NewRequestId());
  return request;
}

std::vector<v1::Fee> ApiTest::Fees(absl::string_view caller, const std::string& filter) {
  v1::ListFeesRequest request;
  request.set_parent(partner_);
  request.set_filter(filter);
  const absl::StatusOr<v1::ListFeesResponse> page = Call(&v1::FeeService::Stub::ListFees, request, caller);
  EXPECT_OK(page);
  return page.ok() ? std::vector<v1::Fee>(page->fees().begin(), page->fees().end()) : std::vector<v1::Fee>();
}

void ApiTest::Deliver(const events::Event& event) {
  for (const events::Consumer& consumer : parts_.consumers()) {
    EXPECT_OK(consumer.deliver(event, testing::TestDeadline())) << consumer.name << " of " << event.type;
  }
}

void ApiTest::ExpectNothingWritten() {
  for (const char* table : {"billing_accounts", "account_numbers", "subscriptions", "invoices", "bank_receipts",
                            "bank_receipt_references", "parked_activations", "events", "stored_replies"}) {
    EXPECT_EQ(CountRows(table), 0) << table;
  }
}

double ApiTest::FigureNamed(absl::string_view name) const {
  const absl::StatusOr<std::vector<metrics::Figure>> figures = parts_.ReadFigures(testing::TestDeadline());
  EXPECT_OK(figures);
  if (!figures.ok()) return -1;
  for (const metrics::Figure& figure : *figures) {
    if (figure.name == name) return figure.value;
  }
  ADD_FAILURE() << "there is no figure " << name;
  return -1;
}

void ApiTest::ExpectBalancedBooks(int64_t open_clearing_micros) {
  EXPECT_TRUE(database_
                  ->Query("SELECT tenant_id, transaction_id, currency FROM ledger_entries "
                          "GROUP BY tenant_id, transaction_id, currency HAVING SUM(debit_micros) <> SUM(credit_micros)")
                  .empty());
  EXPECT_EQ(database_
                ->Query("SELECT CAST(COALESCE(SUM(credit_micros) - SUM(debit_micros), 0) AS SIGNED) "
                        "FROM ledger_entries WHERE account = 'fee_clearing'")
                .at(0)
                .Int(0),
            open_clearing_micros);
}

void ApiTest::GrowTranches(int count) {
  for (int there = 1; there < count; there *= 2) {
    database_->Execute(absl::StrCat(
        "INSERT INTO tranches (account_id, subscription_id, tranche, start_date, first_year_start_date, currency, "
        "unit_price_micros, quantity, billed_until_date, price, tier_quantity, list_price_micros, "
        "promotion_start_date, "
        "promotion_end_date, removed_quantity, removed_date, purchase_order_number) SELECT account_id, "
        "subscription_id, "
        "tranche + ",
        there,
        ", start_date, first_year_start_date, currency, unit_price_micros, 0, billed_until_date, price, tier_quantity, "
        "list_price_micros, promotion_start_date, promotion_end_date, 0, NULL, purchase_order_number FROM tranches"));
  }
}

}  // namespace countersign::billing
