#include "order-service/src/store/catalogue_store.h"

#include <memory>
#include <string>

#include "common/base/date.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "gtest/gtest.h"
#include "order-service/src/domain/pricing.h"
#include "order-service/src/domain/test_catalogue.h"
#include "order-service/src/store/migrations.h"

namespace countersign::order {
namespace {

using ::countersign::testing::TestDatabase;
using ::countersign::testing::TestDeadline;

TEST(CatalogueStoreTest, TheSandboxSellsAtTheListPrices) {
  TestDatabase schema(AllMigrations());
  CatalogueStore store(schema.database());
  ASSERT_OK_AND_ASSIGN(const std::shared_ptr<const Catalogue> catalogue, store.Get(TestDeadline()));
  struct Example {
    const char* offer;
    const char* currency;
    Date date;
    int seats;
    const char* unit_price;
  };
  const Example examples[] = {
      {"bpos-standard-suite", "USD", Date(2009, 6, 1), 5, "15.00 USD"},
      {"bpos-standard-suite", "USD", Date(2009, 11, 1), 249, "15.00 USD"},
      {"bpos-standard-suite", "USD", Date(2009, 11, 2), 240, "10.00 USD"},
      {"bpos-standard-suite", "USD", Date(2009, 11, 2), 260, "9.50 USD"},
      {"exchange-online", "USD", Date(2009, 6, 1), 5, "10.00 USD"},
      {"sharepoint-online", "USD", Date(2009, 6, 1), 7, "7.25 USD"},
      {"sharepoint-online", "JPY", Date(2009, 6, 1), 7, "998 JPY"},
      {"sharepoint-online", "KWD", Date(2009, 6, 1), 7, "3.050 KWD"},
      {"office-communications-online", "USD", Date(2009, 6, 1), 5, "2.50 USD"},
      {"office-live-meeting", "USD", Date(2009, 6, 1), 5, "4.50 USD"},
      {"exchange-online-deskless", "USD", Date(2009, 6, 1), 5, "2.00 USD"},
      {"sharepoint-online-deskless", "USD", Date(2009, 6, 1), 5, "2.00 USD"},
      {"deskless-worker-suite", "USD", Date(2009, 6, 1), 5, "3.00 USD"},
  };
  for (const Example& example : examples) {
    ASSERT_OK_AND_ASSIGN(const PricedLines priced,
                         PriceLines(*catalogue, {{example.offer, *Quantity::Of(example.seats)}},
                                    PricingAt(example.currency, 1, StartOf(example.date))));
    EXPECT_EQ(priced.lines[0].unit_price.ToString(), example.unit_price) << example.offer;
  }
  EXPECT_EQ(catalogue->offers().size(), 8);
  for (const Offer& offer : catalogue->offers()) EXPECT_EQ(offer.minimum_quantity, 5) << offer.id;
}

TEST(CatalogueStoreTest, AsksTheDatabaseOnceForManyOrders) {
  TestDatabase schema(AllMigrations());
  CatalogueStore store(schema.database());
  ASSERT_OK_AND_ASSIGN(const auto first, store.Get(TestDeadline()));
  ASSERT_OK_AND_ASSIGN(const auto second, store.Get(TestDeadline()));
  EXPECT_EQ(first, second);
}

}  // namespace
}  // namespace countersign::order
