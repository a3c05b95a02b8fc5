#include "billing-service/src/domain/invoice_document.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "billing-service/src/domain/buyer.h"
#include "billing-service/src/domain/legal_entity.h"
#include "billing-service/src/domain/test_terms.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::testing::ElementsAre;

BillingAccount Fabrikam(int64_t next_sequence, const std::string& tax_id) {
  BillingAccount account = AccountIn("USD");
  account.customer.company_name = "Fabrikam";
  account.next_invoice_sequence = next_sequence;
  account.tax_profile.tax_id = tax_id;
  return account;
}

TEST(InvoiceDocumentTest, AnInvoiceNamesItsBuyerAsOfWhenItOpened) {
  std::vector<PastBuyer> past;
  const auto change = [&](const BillingAccount& before, const BillingAccount& after) {
    const std::optional<PastBuyer> kept = BuyerToKeep(before, after, past);
    if (kept.has_value()) past.push_back(*kept);
    return kept.has_value();
  };
  EXPECT_FALSE(change(Fabrikam(1, ""), Fabrikam(1, "DE0"))) << "there is no invoice yet";
  EXPECT_FALSE(change(Fabrikam(3, "DE0"), Fabrikam(3, "DE0"))) << "nothing changed";
  EXPECT_TRUE(change(Fabrikam(3, "DE0"), Fabrikam(3, "DE1")));
  EXPECT_FALSE(change(Fabrikam(3, "DE1"), Fabrikam(3, "DE2"))) << "no invoice named DE1";
  EXPECT_TRUE(change(Fabrikam(4, "DE2"), Fabrikam(4, "DE3")));
  const BillingAccount now = Fabrikam(5, "DE3");
  std::vector<std::string> named;
  for (int64_t sequence = 1; sequence <= 4; ++sequence) {
    named.push_back(BuyerOf(sequence, now, past).tax_id);
  }
  EXPECT_THAT(named, ElementsAre("DE0", "DE0", "DE2", "DE3"));
}

TEST(InvoiceDocumentTest, TaxIsAddedUpByRateAndTreatment) {
  Invoice invoice;
  const auto add = [&](int64_t net, int64_t tax, int64_t ppm, TaxTreatment treatment) {
    InvoiceLine line;
    line.number = static_cast<int64_t>(invoice.lines.size()) + 1;
    line.net = Usd(net);
    line.tax = Usd(tax);
    line.tax_rate_ppm = ppm;
    line.tax_treatment = treatment;
    invoice.lines.push_back(line);
  };
  add(68'33, 13'67, 200'000, TaxTreatment::kTaxed);
  add(10'00, 0, 0, TaxTreatment::kExempt);
  add(68'33, 13'66, 200'000, TaxTreatment::kTaxed);
  add(75'00, 5'63, 75'000, TaxTreatment::kTaxed);
  const absl::StatusOr<std::vector<TaxOfRate>> taxes = TaxesOf(invoice);
  ASSERT_TRUE(taxes.ok());
  ASSERT_EQ(taxes->size(), 3U);
  EXPECT_EQ((*taxes)[0].net, Usd(136'66));
  EXPECT_EQ((*taxes)[0].tax, Usd(27'33));
  EXPECT_EQ((*taxes)[1].treatment, TaxTreatment::kExempt);
  EXPECT_EQ((*taxes)[2].tax, Usd(5'63));

  CreditNote note;
  note.lines = {{4, Usd(36'25), Usd(2'71), std::nullopt}, {1, Usd(1'00), Usd(20), std::nullopt}};
  const absl::StatusOr<std::vector<TaxOfRate>> credited = TaxesOf(invoice, note);
  ASSERT_TRUE(credited.ok());
  ASSERT_EQ(credited->size(), 2U);
  EXPECT_EQ((*credited)[0].rate_ppm, 75'000);
  EXPECT_EQ((*credited)[0].net, Usd(36'25));
  EXPECT_EQ((*credited)[1].tax, Usd(20));
  note.lines[0].line = 5;
  EXPECT_EQ(TaxesOf(invoice, note).status().code(), absl::StatusCode::kDataLoss);
}

TEST(InvoiceDocumentTest, TheSellerIsThatOfTheInvoicesDay) {
  std::vector<LegalEntity> versions(2);
  versions[0].effective_date = Day("2009-06-01");
  versions[1].effective_date = Day("2010-01-01");
  EXPECT_EQ(LegalEntityOn({}, Day("2009-06-01")), nullptr);
  EXPECT_EQ(LegalEntityOn(versions, Day("2009-05-31")), &versions[0]) << "the first holds for the days before it";
  EXPECT_EQ(LegalEntityOn(versions, Day("2009-12-31")), &versions[0]);
  EXPECT_EQ(LegalEntityOn(versions, Day("2010-01-01")), &versions[1]);
  LegalEntity next;
  next.effective_date = Day("2010-06-01");
  EXPECT_TRUE(CheckNewLegalEntity(next, versions, Day("2010-05-31")).ok());
  EXPECT_EQ(CheckNewLegalEntity(next, versions, Day("2010-06-01")).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(CheckNewLegalEntity(next, {}, Day("2010-06-01")).ok()) << "the first may begin in the past";
  EXPECT_EQ(CheckNewLegalEntity(versions[1], versions, Day("2009-01-01")).code(), absl::StatusCode::kAlreadyExists);
}

TEST(InvoiceDocumentTest, AnAddressHasNoEmptyLines) {
  PostalAddress address;
  address.region_code = "US";
  address.locality = "Seattle";
  address.postal_code = "98101";
  address.address_lines = {"1 Pine Street", ""};
  EXPECT_THAT(AddressLines(address), ElementsAre("1 Pine Street", "Seattle, 98101", "US"));
}

}  // namespace
}  // namespace countersign::billing
