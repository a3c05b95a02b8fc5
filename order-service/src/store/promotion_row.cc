#include "order-service/src/store/promotion_row.h"

#include <cstdint>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace countersign::order {
namespace {

absl::StatusOr<std::vector<Money>> UnitPricesOf(const std::string& text) {
  try {
    std::vector<Money> prices;
    const auto json = nlohmann::json::parse(text);
    for (const auto& [currency, micros] : json.items()) {
      ASSIGN_OR_RETURN(Money price, Money::FromMicros(micros.get<int64_t>(), currency));
      prices.push_back(std::move(price));
    }
    return prices;
  } catch (const std::exception&) {  // The text of the exception would quote the row.
    return absl::DataLossError("no unit prices");
  }
}

std::vector<mysql::Parameter> PromotionValues(absl::string_view offer, const Promotion& promotion) {
  nlohmann::json prices = nlohmann::json::object();
  for (const Money& price : promotion.unit_prices) prices[price.currency()] = price.micros();
  return {offer,
          promotion.id,
          promotion.title,
          promotion.trial_days,
          prices.dump(),
          promotion.start_date,
          promotion.create_time,
          promotion.version,
          promotion.end_date,
          promotion.update_time};
}

}  // namespace

PromotionRow PromotionRowOf(mysql::RowReader& row) {
  PromotionRow read{.offer_id = row.Text(), .promotion = {.id = row.Text()}};
  read.promotion.title = row.Text();
  read.promotion.trial_days = row.Int();
  read.promotion.unit_prices = row.Parsed(UnitPricesOf);
  read.promotion.start_date = row.Day();
  read.promotion.create_time = row.Time();
  read.promotion.version = row.Int();
  read.promotion.end_date = row.Day();
  read.promotion.update_time = row.Time();
  return read;
}

mysql::RowWrite RowOfPromotion(absl::string_view offer, const Promotion& promotion) {
  return mysql::Put(kPromotions, PromotionValues(offer, promotion));
}

mysql::RowWrite RowOfNewPromotion(absl::string_view offer, const Promotion& promotion) {
  return mysql::Insert(
      kPromotions, PromotionValues(offer, promotion),
      AlreadyExists("PROMOTION_EXISTS", "The offer has a promotion of that id. Choose another promotion_id.",
                    {{"promotion", absl::StrCat("offers/", offer, "/promotions/", promotion.id)}}));
}

}  // namespace countersign::order
