// Orders for tests: 25 seats of the suite, one line of the story of docs/domain.md.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_TEST_ORDER_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_TEST_ORDER_H_

#include <cstdint>
#include <utility>

#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "order-service/src/domain/order.h"
#include "order-service/src/domain/pricing.h"
#include "order-service/src/domain/test_catalogue.h"

namespace countersign::order {

// The morning of 2009-06-01.
inline absl::Time TestMorning() { return StartOf(Date(2009, 6, 1)) + absl::Hours(9); }

inline Uuid TestId(const char* name) { return Uuid::Derived({"test", name}); }

inline PricedLines TestLines(absl::Time time = TestMorning()) {
  return *PriceLines(TestCatalogue(), {{"bpos-standard-suite", *Quantity::Of(25)}}, PricingAt("USD", 1, time));
}

inline Order TestDraft() {
  PricedLines priced = TestLines();
  OrderTerms terms{.currency = "USD", .lines = std::move(priced.lines), .total = priced.total};
  return NewDraft({TestId("partner"), TestId("order")}, TestId("customer"), std::move(terms), TestMorning());
}

// The partner's version when TestWaiting was submitted.
inline constexpr int64_t kTestSeller = 3;

// Submitted, with a link.
inline Order TestWaiting() {
  return TestDraft().Submit(TestLines(), TestMorning())->WithSeller(kTestSeller).WithLink(TestId("link"));
}

inline Press TestPress() { return {TestId("link"), 1, absl::FromUnixSeconds(1'243'850'000)}; }

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_TEST_ORDER_H_
