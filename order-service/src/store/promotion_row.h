// A promotion ↔ the row that keeps it. Used within the store only.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_PROMOTION_ROW_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_PROMOTION_ROW_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/mysql/row_reader.h"
#include "common/mysql/table.h"
#include "order-service/src/domain/promotion.h"

namespace countersign::order {

inline constexpr mysql::Table kPromotions = {.name = "promotions",
                                             .key = "offer_id, promotion_id",
                                             .fixed = "title, trial_days, unit_prices, start_date, create_time",
                                             .changing = "version, end_date, update_time"};

struct PromotionRow {
  std::string offer_id;
  Promotion promotion;
};

// Of the columns of kPromotions.
PromotionRow PromotionRowOf(mysql::RowReader& row);

// The next version of a promotion; of a new one, refused as ALREADY_EXISTS PROMOTION_EXISTS.
mysql::RowWrite RowOfPromotion(absl::string_view offer, const Promotion& promotion);
mysql::RowWrite RowOfNewPromotion(absl::string_view offer, const Promotion& promotion);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_PROMOTION_ROW_H_
