#include "link-service/src/web/tax_ids.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace countersign::link::web {
namespace {

TEST(TaxIdsTest, WritesAVatNumberInOneWay) {
  using Case = std::pair<std::string, std::string>;
  for (const auto& [typed, country] : std::vector<Case>{
           {"DE123456789", "DE"}, {"de 123 456 789", "DE"}, {"123.456.789", "DE"}, {"DE-123-456-789", "DE"}}) {
    SCOPED_TRACE(typed);
    EXPECT_EQ(NormalTaxId(country, typed).value_or(""), "DE123456789");
  }
  EXPECT_EQ(NormalTaxId("GR", "123456789").value_or(""), "EL123456789");
  EXPECT_EQ(NormalTaxId("AT", "u12345678").value_or(""), "ATU12345678");
  EXPECT_EQ(NormalTaxId("NL", "NL 1234.56.789.B.01").value_or(""), "NL123456789B01");
  EXPECT_EQ(NormalTaxId("IE", "IE1234567FA").value_or(""), "IE1234567FA");
  EXPECT_EQ(NormalTaxId("FR", "FR 83 404 833 048").value_or(""), "FR83404833048");
  EXPECT_EQ(NormalTaxId("GB", "GD123").value_or(""), "GBGD123");
}

TEST(TaxIdsTest, AsksForTheFormOfTheCountry) {
  for (const std::string typed : {"DE12345678", "DE1234567890", "FR123456789", "12/345/67890", "DE", "DE12345678O"}) {
    SCOPED_TRACE(typed);
    const absl::StatusOr<std::string> id = NormalTaxId("DE", typed);
    ASSERT_FALSE(id.ok());
    EXPECT_EQ(
        id.status().message(),
        "That is not the form of a VAT number of this country: Germany. Enter one such as DE123456789, or leave this "
        "field empty.");
  }
  EXPECT_EQ(TaxIdExamples("AT"), "ATU12345678");
  EXPECT_EQ(TaxIdExamples("IE"), "IE1234567A or IE1234567AA");
  EXPECT_EQ(TaxIdExamples("RO"), "RO12 or RO1234567890");
  EXPECT_EQ(TaxIdExamples("US"), "");
}

TEST(TaxIdsTest, EveryExampleIsTakenAsItIsShown) {
  for (const char* country : {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR",
                              "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}) {
    const std::string examples = TaxIdExamples(country);
    ASSERT_NE(examples, "") << country;
    for (const absl::string_view example : absl::StrSplit(examples, " or ")) {
      EXPECT_EQ(NormalTaxId(country, example).value_or("refused"), example) << country;
    }
  }
}

TEST(TaxIdsTest, ElsewhereKeepsWhatWasTyped) {
  EXPECT_EQ(NormalTaxId("US", "91-1144442").value_or(""), "91-1144442");
  EXPECT_EQ(NormalTaxId("US", "").value_or("no"), "");
  EXPECT_EQ(NormalTaxId("DE", "").value_or("no"), "");
  EXPECT_FALSE(NormalTaxId("US", "９１").ok());  // Full-width digits: an invoice's tax id is ASCII.
  EXPECT_FALSE(NormalTaxId("", "Ü").ok());
}

}  // namespace
}  // namespace countersign::link::web
