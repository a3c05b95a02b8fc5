#include "order-service/src/store/price_row.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace countersign::order {

TierRow TierRowOf(mysql::RowReader& row) {
  TierRow tier{.offer_id = row.Text(), .price = {.id = row.Text()}, .tier = {}};
  tier.price.currency = row.Text();
  tier.price.effective_time = row.Time();
  tier.price.publish_time = row.Time();
  tier.price.note = row.Text();
  tier.tier.minimum_quantity = row.Int();
  tier.tier.unit_price = row.Amount(tier.price.currency);
  return tier;
}

std::vector<mysql::RowWrite> PriceRows(absl::string_view offer, const Price& price) {
  std::vector<mysql::RowWrite> rows = {
      mysql::Insert(kPrices, {offer, price.id, price.currency, price.effective_time, price.publish_time, price.note},
                    AlreadyExists("PRICE_EXISTS", "The offer has a price of that id. Choose another price_id.",
                                  {{"price", absl::StrCat("offers/", offer, "/prices/", price.id)}}))};
  for (const PriceTier& tier : price.tiers) {
    rows.push_back(mysql::Insert(kPriceTiers, {offer, price.id, tier.minimum_quantity, tier.unit_price.micros()}));
  }
  return rows;
}

}  // namespace countersign::order
