#include "common/base/country.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/algorithm/container.h"

namespace countersign {
namespace {

TEST(CountryTest, KnowsWhatIso3166HasAssigned) {
  EXPECT_EQ(Countries().size(), 249u);
  EXPECT_TRUE(absl::c_is_sorted(Countries()));
  for (const char* good : {"AD", "DE", "JP", "US", "ZW"}) EXPECT_TRUE(IsCountry(good)) << good;
  for (const char* bad : {"", "U", "us", "USA", "UK", "EU", "XA", "XX", "ZZ"}) EXPECT_FALSE(IsCountry(bad)) << bad;
}

}  // namespace
}  // namespace countersign
