// Requests of CatalogueService, checked and in the domain's types.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_REQUESTS_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_REQUESTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "common/rpc/page.h"
#include "countersign/order/v1/catalogue_service.pb.h"

namespace countersign::order {

// The slug of "offers/{offer}".
std::string RequireOffer(FieldViolations& violations, absl::string_view field, absl::string_view value);

struct ListOffersCommand {
  std::string currency;
  rpc::Listing list;
};
absl::StatusOr<ListOffersCommand> ParseListOffers(const rpc::Call& call, const v1::ListOffersRequest& request);

struct GetOfferCommand {
  std::string offer;
  std::string currency;
};
absl::StatusOr<GetOfferCommand> ParseGetOffer(const rpc::Call& call, const v1::GetOfferRequest& request);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_REQUESTS_H_
