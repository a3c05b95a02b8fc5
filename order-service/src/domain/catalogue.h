// All that the vendor sells.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_CATALOGUE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_CATALOGUE_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "order-service/src/domain/offer.h"

namespace countersign::order {

// Immutable.
class Catalogue {
 public:
  Catalogue() = default;
  explicit Catalogue(std::vector<Offer> offers);

  const std::vector<Offer>& offers() const { return offers_; }  // Ascending by id.

  // Null when there is none. Lives as long as the catalogue.
  const Offer* Find(absl::string_view id) const;

 private:
  std::vector<Offer> offers_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_CATALOGUE_H_
