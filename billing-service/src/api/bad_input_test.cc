// Every field of every method: a clear INVALID_ARGUMENT that lists all violations, and nothing stored.
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "common/rpc/convert.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

class BadInputTest : public ApiTest {
 protected:
  void TearDown() override {
    for (const char* table : {"billing_accounts", "account_numbers", "subscriptions", "invoices", "bank_receipts",
                              "bank_receipt_references", "events", "stored_replies"}) {
      EXPECT_EQ(CountRows(table), 0) << table;
    }
  }
};

const std::string kId = "0190a5b2-7c3d-7e4f-8a6b-0123456789ab";

using SpoilOrder = std::pair<std::string, std::function<void(v1::ActivateOrderRequest&)>>;

google::type::Money* Price(v1::ActivateOrderRequest& request) { return request.mutable_lines(0)->mutable_unit_price(); }

TEST_F(BadInputTest, NamesEveryMissingFieldOfActivateOrder) {
  ExpectViolations(
      Activate(v1::ActivateOrderRequest()).status(),
      {"billing_account", "order", "revision", "partner_of_record", "currency_code", "lines", "billing_period_months",
       "term_months", "start_date", "confirm_time", "company_name", "billing_email", "billing_address", "request_id"});
}

TEST_F(BadInputTest, NamesTheBadFieldOfActivateOrder) {
  const std::vector<SpoilOrder> cases = {
      {"billing_account", [](auto& r) { r.set_billing_account("billingAccounts/-"); }},
      {"billing_account", [](auto& r) { r.set_billing_account("billingAccounts/' OR 1=1 --"); }},
      {"order", [](auto& r) { r.set_order("orders/" + kId); }},
      {"revision", [](auto& r) { r.set_revision(0); }},
      {"revision", [](auto& r) { r.set_revision(std::numeric_limits<int64_t>::min()); }},
      {"partner_of_record", [](auto& r) { r.set_partner_of_record("partners/1"); }},
      {"lines[0].offer", [](auto& r) { r.mutable_lines(0)->set_offer("bpos"); }},
      {"lines[0].offer", [](auto& r) { r.mutable_lines(0)->set_offer("offers/"); }},
      {"lines[0].offer", [](auto& r) { r.mutable_lines(0)->set_offer("offers/" + std::string(64, 'a')); }},
      {"lines[0].offer_title", [](auto& r) { r.mutable_lines(0)->set_offer_title(std::string(201, 'x')); }},
      {"lines[0].quantity", [](auto& r) { r.mutable_lines(0)->set_quantity(0); }},
      {"lines[0].quantity", [](auto& r) { r.mutable_lines(0)->set_quantity(-25); }},
      {"lines[0].quantity", [](auto& r) { r.mutable_lines(0)->set_quantity(std::numeric_limits<int64_t>::max()); }},
      {"lines[0].unit_price", [](auto& r) { r.mutable_lines(0)->clear_unit_price(); }},
      {"lines[0].unit_price", [](auto& r) { Price(r)->set_units(-15); }},
      {"lines[0].unit_price", [](auto& r) { Price(r)->set_units(0); }},
      {"lines[0].unit_price", [](auto& r) { Price(r)->set_units(std::numeric_limits<int64_t>::max()); }},
      {"lines[0].unit_price", [](auto& r) { Price(r)->set_nanos(-1'000); }},
      {"lines[0].unit_price", [](auto& r) { Price(r)->set_nanos(1); }},
      {"lines[0].unit_price", [](auto& r) { Price(r)->set_currency_code("EUR"); }},
      {"lines[0].unit_price", [](auto& r) { Price(r)->set_currency_code("XXX"); }},
      {"lines", [](auto& r) { r.clear_lines(); }},
      {"lines",
       [](auto& r) {
         for (int i = 0; i < 20; ++i) *r.add_lines() = r.lines(0);
       }},
      {"billing_period_months", [](auto& r) { r.set_billing_period_months(3); }},
      {"term_months", [](auto& r) { r.set_term_months(-12); }},
      {"start_date", [](auto& r) { r.mutable_start_date()->set_day(31); }},
      {"start_date", [](auto& r) { *r.mutable_start_date() = rpc::ToProto(Date(2009, 5, 31)); }},
      {"confirm_time", [](auto& r) { r.mutable_confirm_time()->set_nanos(-1); }},
      {"company_name", [](auto& r) { r.set_company_name("a\nb"); }},
      {"billing_email", [](auto& r) { r.set_billing_email("nobody"); }},
      {"purchase_order_number", [](auto& r) { r.set_purchase_order_number(std::string(65, '1')); }},
      {"request_id", [](auto& r) { r.set_request_id("1"); }}};
  for (const auto& [field, spoil] : cases) {
    SCOPED_TRACE(field);
    v1::ActivateOrderRequest request = OrderRequest();
    spoil(request);
    ExpectViolations(Activate(request).status(), {field});
  }
}

TEST_F(BadInputTest, UnknownCurrencyIsNamed) {
  for (const char* currency : {"", "usd", "XXX", "US", "USDX"}) {
    v1::ActivateOrderRequest request = OrderRequest();
    request.set_currency_code(currency);
    ExpectViolations(Activate(request).status(), {"currency_code", "lines[0].unit_price"});
  }
}

TEST_F(BadInputTest, NamesEveryMissingFieldOfCreateBankReceipt) {
  ExpectViolations(Call(&Stub::CreateBankReceipt, v1::CreateBankReceiptRequest()).status(),
                   {"bank_receipt.external_reference", "bank_receipt.amount", "bank_receipt.value_date",
                    "bank_receipt.billing_account", "request_id"});
}

TEST_F(BadInputTest, NamesTheBadFieldOfCreateBankReceipt) {
  using Spoil = std::pair<std::string, std::function<void(v1::BankReceipt&)>>;
  const std::vector<Spoil> cases = {
      {"external_reference", [](auto& r) { r.set_external_reference(std::string(65, 'x')); }},
      {"external_reference", [](auto& r) { r.set_external_reference("\x01"); }},
      {"external_reference", [](auto& r) { r.set_external_reference(" x"); }},
      {"external_reference", [](auto& r) { r.set_external_reference("Überweisung"); }},
      {"amount", [](auto& r) { r.mutable_amount()->set_units(-375); }},
      {"amount", [](auto& r) { r.mutable_amount()->set_units(0); }},
      {"amount", [](auto& r) { r.mutable_amount()->set_nanos(1'000); }},
      {"amount", [](auto& r) { r.mutable_amount()->set_currency_code("XXX"); }},
      {"amount", [](auto& r) { r.mutable_amount()->set_units(1'000'000'000'001); }},
      {"value_date", [](auto& r) { r.mutable_value_date()->set_month(13); }},
      {"billing_account", [](auto& r) { r.set_billing_account("partners/" + kId); }},
      {"invoice", [](auto& r) { r.set_invoice("invoices/" + kId); }},
      {"invoice", [](auto& r) { r.set_invoice("billingAccounts/" + kId + "/invoices/" + kId); }}};
  for (const auto& [field, spoil] : cases) {
    SCOPED_TRACE(field);
    v1::CreateBankReceiptRequest request = ReceiptRequest(375, "BANK-1");
    spoil(*request.mutable_bank_receipt());
    ExpectViolations(Call(&Stub::CreateBankReceipt, request).status(), {"bank_receipt." + field});
  }
}

TEST_F(BadInputTest, NamesTheBadFieldsOfTheReads) {
  for (const std::string& name :
       {std::string(), "billingAccounts/" + kId + "/", std::string("billingAccounts/-"), std::string(100'000, 'x')}) {
    v1::GetBillingAccountRequest account;
    account.set_name(name);
    ExpectViolations(Call(&Stub::GetBillingAccount, account).status(), {"name"});
    v1::GetSubscriptionRequest subscription;
    subscription.set_name(name);
    ExpectViolations(Call(&Stub::GetSubscription, subscription).status(), {"name"});
    v1::GetInvoiceRequest invoice;
    invoice.set_name(name);
    ExpectViolations(Call(&Stub::GetInvoice, invoice).status(), {"name"});
  }
  v1::ListInvoicesRequest invoices;
  invoices.set_order("orders/1");
  invoices.set_page_size(-1);
  invoices.set_page_token("forged");
  invoices.set_filter("due_date < soon");
  ExpectViolations(Call(&Stub::ListInvoices, invoices).status(),
                   {"parent", "order", "filter", "page_size", "page_token"});
  v1::ListFeesRequest fees;
  fees.set_page_size(-1);
  fees.set_page_token("forged");
  fees.set_filter("amount > 1");
  ExpectViolations(Call(&Stub::ListFees, fees).status(), {"parent", "filter", "page_size", "page_token"});
  v1::ListSubscriptionsRequest subscriptions;
  subscriptions.set_page_size(-1);
  subscriptions.set_page_token("forged");
  subscriptions.set_filter("state = RUNNING");
  ExpectViolations(Call(&Stub::ListSubscriptions, subscriptions).status(),
                   {"parent", "filter", "page_size", "page_token"});
}

}  // namespace
}  // namespace countersign::billing
