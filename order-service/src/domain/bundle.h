// A bundle is an offer that contains others, and is priced and sold as one.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_BUNDLE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_BUNDLE_H_

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "order-service/src/domain/catalogue.h"
#include "order-service/src/domain/offer.h"

namespace countersign::order {

// Records under `field` ("offer.components") what is wrong with the components of `offer`, which is, or becomes, one of
// the catalogue: one that the catalogue does not have, that is named twice, that is the offer itself or another bundle;
// or that the offer is itself a component of a bundle. A retired offer may stay in a bundle.
void CheckComponents(const Catalogue& catalogue, const Offer& offer, absl::string_view field,
                     FieldViolations& violations);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_BUNDLE_H_
