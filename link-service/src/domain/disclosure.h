// What the partner will learn: the one table that the page reads. Who lets a partner read more than this adds the
// phrase here first, so that every customer was told.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_DISCLOSURE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_DISCLOSURE_H_

#include <array>

#include "absl/strings/string_view.h"

namespace countersign::link {

struct Disclosure {
  absl::string_view phrase;   // For the customer.
  absl::string_view methods;  // By which methods a partner reads it.
};

inline constexpr std::array kDisclosures = {
    Disclosure{"Whether you opened the page, and how often", "LinkService.GetLink"},
    Disclosure{"That you confirmed or declined this order, when, and the reason you give for declining",
               "OrderService.GetOrder"},
    Disclosure{"That your services were set up, and when they start", "OrderService.GetOrder"},
    Disclosure{"The invoiced amounts of this order that you have paid, as the basis of its fee",
               "BillingService.ListFees"},
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_DISCLOSURE_H_
