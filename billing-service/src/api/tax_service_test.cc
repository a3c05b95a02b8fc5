// Tax rates, tax profiles, and what they make of invoices and credit notes.
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/credit_note.pb.h"
#include "countersign/billing/v1/credit_note_service.grpc.pb.h"
#include "countersign/billing/v1/explanation.pb.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/invoice_service.grpc.pb.h"
#include "countersign/billing/v1/tax_profile.pb.h"
#include "countersign/billing/v1/tax_profile_service.grpc.pb.h"
#include "countersign/billing/v1/tax_rate.pb.h"
#include "countersign/billing/v1/tax_rate_service.grpc.pb.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

class TaxServiceTest : public ApiTest {
 protected:
  static v1::CreateTaxRateRequest RateRequest(int64_t ppm, Date from, const std::string& region = "US") {
    v1::CreateTaxRateRequest request;
    v1::TaxRate& rate = *request.mutable_tax_rate();
    rate.set_region_code(region);
    rate.set_rate_ppm(ppm);
    *rate.mutable_effective_date() = rpc::ToProto(from);
    rate.set_rounding(v1::TaxRate::ROUNDING_HALF_UP);
    rate.set_tax_date(v1::TaxRate::TAX_DATE_INVOICE_DATE);
    rate.set_reverse_charge(true);
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::TaxRate> CreateRate(const v1::CreateTaxRateRequest& request) {
    return Call(&v1::TaxRateService::Stub::CreateTaxRate, request);
  }

  absl::StatusOr<v1::TaxProfile> SetTaxId(const std::string& id) {
    v1::UpdateTaxProfileRequest request;
    request.mutable_tax_profile()->set_name(account_ + "/taxProfile");
    request.mutable_tax_profile()->set_tax_id(id);
    request.set_request_id(NewRequestId());
    return Call(&v1::TaxProfileService::Stub::UpdateTaxProfile, request);
  }
  absl::StatusOr<v1::TaxProfile> Validate() { return Validate(account_); }
  absl::StatusOr<v1::TaxProfile> Validate(const std::string& account) {
    v1::ValidateTaxIdRequest request;
    request.set_name(account + "/taxProfile");
    request.set_reason("Asked the register.");
    request.set_request_id(NewRequestId());
    return Call(&v1::TaxProfileService::Stub::ValidateTaxId, request);
  }

  static int64_t Balance(const std::string& account) {
    return database_
        ->Query(
            "SELECT CAST(COALESCE(SUM(credit_micros) - SUM(debit_micros), 0) AS SIGNED) FROM ledger_entries "
            "WHERE account = ?",
            {account})
        .at(0)
        .Int(0);
  }
};

TEST_F(TaxServiceTest, InvoiceHasTaxWhichItsRegionIsOwed) {
  ASSERT_OK(CreateRate(RateRequest(190'000, Date(2007, 1, 1))));
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(OpenInvoice()));
  EXPECT_EQ(invoice.net().units(), 375);
  EXPECT_EQ(invoice.tax().units(), 71);
  EXPECT_EQ(invoice.tax().nanos(), 250'000'000);
  EXPECT_EQ(invoice.total().units(), 446);
  EXPECT_EQ(invoice.tax_region(), "US");
  EXPECT_EQ(invoice.lines(0).tax_rate_ppm(), 190'000);
  EXPECT_EQ(invoice.lines(0).tax_treatment(), v1::Invoice::TAX_TREATMENT_TAXED);
  EXPECT_EQ(Balance("tax_payable/US"), 71'250'000);
  EXPECT_EQ(Balance("revenue"), 375'000'000);
  ExpectBalancedBooks();
}

TEST_F(TaxServiceTest, AnInvoiceIsExplainedWithItsTaxAndWhatWasCredited) {
  ASSERT_OK(CreateRate(RateRequest(190'000, Date(2007, 1, 1))));
  const std::string invoice = OpenInvoice();
  ASSERT_OK(CreateRate(RateRequest(250'000, Date(2009, 6, 15)))) << "is of no concern to this invoice";
  v1::CreateCreditNoteRequest note;
  note.set_parent(account_);
  note.mutable_credit_note()->set_invoice(invoice);
  note.mutable_credit_note()->set_reason("Agreed.");
  note.mutable_credit_note()->mutable_amount()->set_currency_code("USD");
  note.mutable_credit_note()->mutable_amount()->set_units(100);
  note.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::CreditNoteService::Stub::CreateCreditNote, note));

  v1::ExplainInvoiceRequest request;
  request.set_name(invoice);
  ASSERT_OK_AND_ASSIGN(const v1::Explanation total, Call(&v1::InvoiceService::Stub::ExplainInvoice, request));
  EXPECT_EQ(total.value(), "446.25 USD");
  EXPECT_NE(total.why().find("1 line at 375.00 USD net + 71.25 USD tax = 446.25 USD; 100.00 USD credited"),
            std::string::npos)
      << total.why();
  ASSERT_EQ(total.parts_size(), 5);
  EXPECT_NE(total.parts(0).parts(0).why().find("25 × 15.00 USD × 1 month = 375.00 USD"), std::string::npos);
  EXPECT_EQ(total.parts(1).parts(0).why(), "375.00 USD × 19 % = 71.25 USD");
  EXPECT_EQ(total.parts(2).parts(0).why(), "84.03 USD net + 15.97 USD tax");
  EXPECT_EQ(total.parts(4).value(), "346.25 USD");
}

TEST_F(TaxServiceTest, ALateValidationIsHealedByATaxOnlyCreditNoteAndTheFeeStays) {
  ASSERT_OK(CreateRate(RateRequest(190'000, Date(2007, 1, 1))));
  const std::string invoice = OpenInvoice();
  v1::CreateBankReceiptRequest receipt = ReceiptRequest(446, "BANK-1");
  receipt.mutable_bank_receipt()->mutable_amount()->set_nanos(250'000'000);
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, receipt));
  Drain();
  ASSERT_OK(SetTaxId("DE123456789"));
  ASSERT_OK(Validate());
  v1::CreateCreditNoteRequest request;
  request.set_parent(account_);
  request.mutable_credit_note()->set_invoice(invoice);
  request.mutable_credit_note()->set_reason("The tax id was validated.");
  request.mutable_credit_note()->set_tax_only(true);
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::CreditNote note, Call(&v1::CreditNoteService::Stub::CreateCreditNote, request));
  EXPECT_EQ(note.net().units(), 0);
  EXPECT_EQ(note.tax().units(), 71);
  EXPECT_EQ(note.credited().nanos(), 250'000'000);
  Drain();
  ASSERT_EQ(Fees(kOperator).size(), 1u);
  EXPECT_EQ(Fees(kOperator)[0].amount().units(), 45);
  EXPECT_EQ(Balance("tax_payable/US"), 0);
  ASSERT_OK_AND_ASSIGN(const v1::Invoice next, GetInvoice(OpenInvoice("next")));
  EXPECT_EQ(next.tax().units(), 0);
  EXPECT_EQ(next.lines(0).tax_treatment(), v1::Invoice::TAX_TREATMENT_REVERSE_CHARGE);
  ExpectBalancedBooks();
}

TEST_F(TaxServiceTest, TheIdThatTheCustomerTypedGivesReverseChargeOnceItIsValidatedAndWhereTheRegionHasIt) {
  ASSERT_OK(CreateRate(RateRequest(190'000, Date(2007, 1, 1), "DE")));
  v1::CreateTaxRateRequest without = RateRequest(81'000, Date(2007, 1, 1), "CH");
  without.mutable_tax_rate()->set_reverse_charge(false);
  ASSERT_OK(CreateRate(without));
  struct Case {
    std::string region;
    int64_t tax_micros;
    int64_t later_micros;  // Of an invoice that opens after the validation.
  };
  for (const Case& one : std::vector<Case>{{"DE", 71'250'000, 0}, {"CH", 30'380'000, 30'380'000}}) {
    SCOPED_TRACE(one.region);
    const std::string account = "billingAccounts/" + Uuid::Derived({"account in", one.region}).ToString();
    const auto activate = [&](const std::string& order) -> absl::StatusOr<v1::Invoice> {
      v1::ActivateOrderRequest request = OrderRequest(one.region + order);
      request.set_billing_account(account);
      request.mutable_billing_address()->set_region_code(one.region);
      request.set_tax_id("DE123456789");
      ASSIGN_OR_RETURN(const v1::ActivateOrderResponse activated, Activate(request));
      return GetInvoice(activated.invoices(0));
    };
    ASSERT_OK_AND_ASSIGN(const v1::Invoice first, activate("first"));
    EXPECT_EQ(rpc::FromProto(first.tax())->micros(), one.tax_micros);
    EXPECT_EQ(first.lines(0).tax_treatment(), v1::Invoice::TAX_TREATMENT_TAXED);
    ASSERT_OK_AND_ASSIGN(const v1::TaxProfile validated, Validate(account));
    EXPECT_EQ(validated.tax_id(), "DE123456789");
    ASSERT_OK_AND_ASSIGN(const v1::Invoice later, activate("later"));
    EXPECT_EQ(rpc::FromProto(later.tax())->micros(), one.later_micros);
    EXPECT_EQ(later.lines(0).tax_treatment(),
              one.later_micros == 0 ? v1::Invoice::TAX_TREATMENT_REVERSE_CHARGE : v1::Invoice::TAX_TREATMENT_TAXED);
  }
  ExpectBalancedBooks();
}

TEST_F(TaxServiceTest, AnotherIdIsNotValidated) {
  OpenInvoice();
  EXPECT_THAT(Validate(), HasReason("TAX_ID_MISSING"));
  ASSERT_OK(SetTaxId("DE123456789"));
  ASSERT_OK_AND_ASSIGN(const v1::TaxProfile validated, Validate());
  EXPECT_TRUE(validated.has_validation_date());
  v1::GetTaxProfileRequest get;
  get.set_name(account_ + "/taxProfile");
  ASSERT_OK_AND_ASSIGN(const v1::TaxProfile read, Call(&v1::TaxProfileService::Stub::GetTaxProfile, get));
  EXPECT_EQ(read.SerializeAsString(), validated.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const v1::TaxProfile changed, SetTaxId("DE987654321"));
  EXPECT_FALSE(changed.has_validation_date());
}

TEST_F(TaxServiceTest, RatesAreVersionsThatNeverBeginInThePast) {
  ASSERT_OK_AND_ASSIGN(const v1::TaxRate first, CreateRate(RateRequest(175'000, Date(2007, 1, 1), "GB")));
  EXPECT_THAT(CreateRate(RateRequest(200'000, Date(2007, 1, 1), "GB")), HasReason("TAX_RATE_EXISTS"));
  EXPECT_THAT(CreateRate(RateRequest(200'000, Date(2008, 1, 1), "GB")), HasReason("TAX_RATE_IN_THE_PAST"));
  ASSERT_OK_AND_ASSIGN(const v1::TaxRate second, CreateRate(RateRequest(200'000, Date(2011, 1, 4), "GB")));
  v1::ListTaxRatesRequest list;
  list.set_filter("region_code = \"GB\" AND effective_date > 2008-01-01");
  ASSERT_OK_AND_ASSIGN(const v1::ListTaxRatesResponse page, Call(&v1::TaxRateService::Stub::ListTaxRates, list));
  ASSERT_EQ(page.tax_rates_size(), 1);
  EXPECT_EQ(page.tax_rates(0).SerializeAsString(), second.SerializeAsString());
  v1::GetTaxRateRequest get;
  get.set_name(first.name());
  ASSERT_OK_AND_ASSIGN(const v1::TaxRate read, Call(&v1::TaxRateService::Stub::GetTaxRate, get));
  EXPECT_EQ(read.SerializeAsString(), first.SerializeAsString());
  get.set_name("taxRates/" + kId);
  EXPECT_THAT(Call(&v1::TaxRateService::Stub::GetTaxRate, get), HasReason("TAX_RATE_NOT_FOUND"));
}

TEST_F(TaxServiceTest, NamesTheBadField) {
  using Spoil = std::pair<std::string, std::function<void(v1::TaxRate&)>>;
  const std::vector<Spoil> cases = {{"region_code", [](auto& r) { r.set_region_code("usa"); }},
                                    {"effective_date", [](auto& r) { r.clear_effective_date(); }},
                                    {"rate_ppm", [](auto& r) { r.set_rate_ppm(1'000'001); }},
                                    {"rate_ppm", [](auto& r) { r.set_rate_ppm(-1); }},
                                    {"rounding", [](auto& r) { r.clear_rounding(); }},
                                    {"tax_date", [](auto& r) { r.clear_tax_date(); }}};
  for (const auto& [field, spoil] : cases) {
    SCOPED_TRACE(field);
    v1::CreateTaxRateRequest request = RateRequest(190'000, Date(2007, 1, 1));
    spoil(*request.mutable_tax_rate());
    ExpectViolations(CreateRate(request).status(), {"tax_rate." + field});
  }
  ExpectViolations(SetTaxId("Ü").status(), {"tax_profile.tax_id"});
  EXPECT_EQ(CountRows("tax_rates"), 0);
  EXPECT_THAT(Call(&v1::TaxRateService::Stub::CreateTaxRate, RateRequest(190'000, Date(2007, 1, 1)), partner_),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace countersign::billing
