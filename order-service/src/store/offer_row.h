// An offer, and a version of a price with its tiers ↔ the columns that keep them. Used within the store only.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_OFFER_ROW_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_OFFER_ROW_H_

#include "common/mysql/row_reader.h"
#include "common/mysql/table.h"
#include "order-service/src/domain/offer.h"

namespace countersign::order {

inline constexpr mysql::Table kOffers = {
    .name = "offers",
    .key = "offer_id",
    .fixed = "create_time",
    .changing =
        "title, description, minimum_quantity, maximum_quantity, components, regions, billing_periods, retired, "
        "retire_time, version, update_time"};

// Of the columns of kOffers: without its prices.
Offer OfferOf(mysql::RowReader& row);

mysql::RowWrite OfferRow(const Offer& offer);
// Of a new offer. Its refusal: ALREADY_EXISTS OFFER_EXISTS.
mysql::RowWrite NewOfferRow(const Offer& offer);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_OFFER_ROW_H_
