// A version of a price with its tiers ↔ the rows that keep them, which are only ever inserted. Used within the store
// only.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_PRICE_ROW_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_PRICE_ROW_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/mysql/row_reader.h"
#include "common/mysql/table.h"
#include "order-service/src/domain/price.h"

namespace countersign::order {

inline constexpr mysql::Table kPrices = {
    .name = "prices", .key = "offer_id, price_id", .fixed = "currency, effective_time, publish_time, note"};

inline constexpr mysql::Table kPriceTiers = {
    .name = "price_tiers", .key = "offer_id, price_id, minimum_quantity", .fixed = "unit_price_micros"};

// One tier, with its price without any.
struct TierRow {
  std::string offer_id;
  Price price;
  PriceTier tier;
};

// Of the columns of kPrices, then minimum_quantity and unit_price_micros.
TierRow TierRowOf(mysql::RowReader& row);

// The version and its tiers. Its refusal: ALREADY_EXISTS PRICE_EXISTS.
std::vector<mysql::RowWrite> PriceRows(absl::string_view offer, const Price& price);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_PRICE_ROW_H_
