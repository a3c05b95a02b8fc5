// Requests about offers, checked and in the domain's types.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_OFFER_REQUESTS_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_OFFER_REQUESTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/page.h"
#include "common/rpc/update_mask.h"
#include "countersign/order/v1/offer_service.pb.h"
#include "order-service/src/domain/offer.h"

namespace countersign::order {

// The slug of "offers/{offer}".
std::string RequireOffer(FieldViolations& violations, absl::string_view field, absl::string_view value);

// A slug that the caller chooses.
std::string RequireSlug(FieldViolations& violations, absl::string_view field, absl::string_view value);

// Empty, or a country's code.
std::string RegionIfGiven(FieldViolations& violations, absl::string_view field, absl::string_view value);

// ISO 4217; "USD" when it is left out.
std::string RequirePriceCurrency(FieldViolations& violations, const std::string& asked);

// The fields of `mask`, checked; violations are under `field` ("offer").
Offer::Fields RequireOfferFields(FieldViolations& violations, absl::string_view field, const v1::Offer& offer,
                                 const rpc::UpdateMask& mask);
// All that a new offer has.
Offer::Fields RequireNewOffer(FieldViolations& violations, absl::string_view field, const v1::Offer& offer);

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

struct CreateOfferCommand {
  Uuid tenant;  // The catalogue.
  std::string offer;
  Offer::Fields fields;
};
absl::StatusOr<CreateOfferCommand> ParseCreateOffer(const rpc::Call& call, const v1::CreateOfferRequest& request);

struct ChangeOfferCommand {
  Uuid tenant;  // The catalogue.
  std::string offer;
  Offer::Fields fields = {};  // Of an update.
  std::string reason = {};
  std::string etag = {};
};
absl::StatusOr<ChangeOfferCommand> ParseUpdateOffer(const rpc::Call& call, const v1::UpdateOfferRequest& request);
absl::StatusOr<ChangeOfferCommand> ParseRetireOffer(const rpc::Call& call, const v1::RetireOfferRequest& request);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_OFFER_REQUESTS_H_
