// A small catalogue for tests of this service: the figures of the worked examples in docs/domain.md.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_TEST_CATALOGUE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_TEST_CATALOGUE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "order-service/src/domain/catalogue.h"
#include "order-service/src/domain/pricing.h"

namespace countersign::order {

inline Money MoneyOf(int64_t micros, const char* currency = "USD") { return *Money::FromMicros(micros, currency); }

inline Price PriceOf(std::string id, Date effective, const char* currency,
                     const std::vector<std::pair<int64_t, int64_t>>& tiers) {
  Price price{.id = std::move(id), .currency = currency, .effective_time = StartOf(effective), .tiers = {}};
  for (const auto& [minimum, micros] : tiers) price.tiers.push_back({minimum, MoneyOf(micros, currency)});
  return price;
}

// The suite at 15.00, from 2009-11-02 at 10.00 and from 250 seats at 9.50; SharePoint in three currencies; one retired
// offer.
inline Catalogue TestCatalogue() {
  return Catalogue({
      {.id = "sharepoint-online",
       .title = "SharePoint Online",
       .minimum_quantity = 5,
       .prices = {PriceOf("usd", Date(2009, 1, 1), "USD", {{5, 7'250'000}}),
                  PriceOf("jpy", Date(2009, 1, 1), "JPY", {{5, 998'000'000}}),
                  PriceOf("kwd", Date(2009, 1, 1), "KWD", {{5, 3'050'000}})}},
      {.id = "bpos-standard-suite",
       .title = "BPOS Standard Suite",
       .minimum_quantity = 5,
       .components = {"sharepoint-online"},
       .prices = {PriceOf("usd-2009-11", Date(2009, 11, 2), "USD", {{5, 10'000'000}, {250, 9'500'000}}),
                  PriceOf("usd-2009-01", Date(2009, 1, 1), "USD", {{5, 15'000'000}, {250, 14'250'000}})},
       .promotions = {{.id = "eight",
                       .title = "8.00 in the first year",
                       .unit_prices = {MoneyOf(8'000'000)},
                       .start_date = Date(2009, 6, 1),
                       .end_date = Date(2010, 8, 1)},
                      {.id = "trial",
                       .title = "30 days free",
                       .trial_days = 30,
                       .start_date = Date(2009, 6, 1),
                       .end_date = Date(2010, 8, 1)}}},
      {.id = "retired",
       .title = "Retired",
       .minimum_quantity = 5,
       .retired = true,
       .retire_time = StartOf(Date(2009, 5, 1)),
       .prices = {PriceOf("usd", Date(2009, 1, 1), "USD", {{5, 1'000'000}}),
                  PriceOf("usd-late", Date(2009, 6, 1), "USD", {{5, 2'000'000}})}},
  });
}

inline PricingTerms PricingAt(absl::string_view currency, int billing_period_months, absl::Time time) {
  return {.currency = currency, .billing_period_months = billing_period_months, .time = time, .today = DateOf(time)};
}

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_TEST_CATALOGUE_H_
