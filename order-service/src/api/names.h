// The resource names that order-service speaks of, as rpc::RequireName and rpc::FormatName take them.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_NAMES_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_NAMES_H_

#include "absl/strings/string_view.h"

namespace countersign::order {

inline constexpr absl::string_view kPartnerName = "partners/{partner}";
inline constexpr absl::string_view kCustomerName = "partners/{partner}/customers/{customer}";
inline constexpr absl::string_view kOrderName = "partners/{partner}/orders/{order}";
inline constexpr absl::string_view kRevisionsPart = "/revisions/";  // And a number.
inline constexpr absl::string_view kLinkName = "links/{link}";
inline constexpr absl::string_view kAccountName = "billingAccounts/{account}";
inline constexpr absl::string_view kSubscriptionName = "billingAccounts/{account}/subscriptions/{subscription}";
inline constexpr absl::string_view kTransferCodeName = "billingAccounts/{account}/transferCodes/{transfer_code}";

// Offers and prices have no UUIDs: "offers/bpos-standard-suite/prices/usd-2009-01".
inline constexpr absl::string_view kOfferPrefix = "offers/";
inline constexpr absl::string_view kPricesPart = "/prices/";
inline constexpr absl::string_view kPromotionsPart = "/promotions/";

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_NAMES_H_
