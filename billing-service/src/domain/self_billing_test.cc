#include "billing-service/src/domain/self_billing.h"

#include <string>
#include <vector>

#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

SelfBillingAgreement AgreedFrom(const char* day, bool ended = false) {
  return {.partner = IdOf("A"),
          .id = SelfBillingAgreementId(IdOf("A"), Day(day)),
          .effective_date = Day(day),
          .ended = ended,
          .region = ended ? "" : "GB",
          .tax_id = ended ? "" : "GB123456789",
          .create_time = StartOf(Day(day))};
}

TaxRate BritishRate(const char* from, int64_t ppm, TaxDate tax_date) {
  TaxRate rate;
  rate.id = TaxRateId("GB", Day(from));
  rate.region = "GB";
  rate.effective_date = Day(from);
  rate.rate_ppm = ppm;
  rate.tax_date = tax_date;
  rate.reverse_charge = true;
  return rate;
}

TEST(SelfBillingTest, HoldsFromItsDayUntilItIsEnded) {
  const std::vector<SelfBillingAgreement> versions = {AgreedFrom("2009-09-01", /*ended=*/true),
                                                      AgreedFrom("2009-07-01")};
  EXPECT_EQ(AgreementOn(versions, Day("2009-06-30")), nullptr);
  ASSERT_NE(AgreementOn(versions, Day("2009-07-01")), nullptr);
  EXPECT_EQ(AgreementOn(versions, Day("2009-08-31"))->tax_id, "GB123456789");
  EXPECT_EQ(AgreementOn(versions, Day("2009-09-01")), nullptr);
  const auto reason = [&](const char* day) {
    return DetailsOf(CheckNewVersion(AgreedFrom(day), versions, Day("2009-10-07"))).reason;
  };
  EXPECT_EQ(reason("2009-10-07"), "SELF_BILLING_AGREEMENT_IN_THE_PAST");
  EXPECT_EQ(reason("2009-10-08"), "");
  EXPECT_EQ(reason("2009-07-01"), "SELF_BILLING_AGREEMENT_EXISTS");
}

TEST(SelfBillingTest, TheTaxIsThatOfTheRegionOnItsTaxDate) {
  const auto tax = [](TaxDate date) {
    const SelfBilling by = {AgreedFrom("2009-07-01"),
                            {BritishRate("2009-01-01", 175'000, date), BritishRate("2011-01-04", 200'000, date)}};
    return *SelfBilledTax(by, Usd(375'00), Day("2011-01-07"), Day("2010-12-31"));
  };
  EXPECT_EQ(tax(TaxDate::kInvoiceDate).tax, Usd(75'00));
  EXPECT_EQ(tax(TaxDate::kServiceEnd).tax, Usd(65'63));
  EXPECT_EQ(tax(TaxDate::kServiceEnd).rate_ppm, 175'000);
}

TEST(SelfBillingTest, WithoutARateThereIsNoTax) {
  const LineTax none =
      *SelfBilledTax({AgreedFrom("2009-07-01"), {}}, Usd(375'00), Day("2009-07-08"), Day("2009-06-30"));
  EXPECT_EQ(none.tax, Usd(0));
  EXPECT_EQ(none.treatment, TaxTreatment::kUntaxed);
}

}  // namespace
}  // namespace countersign::billing
