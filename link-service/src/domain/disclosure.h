// The page's list of what the partner will learn. Before a partner may read anything more, add its phrase here, so that
// every customer has been told.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_DISCLOSURE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_DISCLOSURE_H_

#include <array>

#include "absl/strings/string_view.h"

namespace countersign::link {

struct Disclosure {
  absl::string_view phrase;   // For the customer.
  absl::string_view methods;  // The methods by which a partner reads it.
};

inline constexpr std::array kDisclosures = {
    Disclosure{"Whether you opened the page, and how often", "LinkService.GetLink"},
    Disclosure{"That you confirmed or declined this order, when you did, and any reason you give for declining",
               "OrderService.GetOrder"},
    Disclosure{"That your services were set up, and when they start", "OrderService.GetOrder"},
    Disclosure{"The invoiced amounts that you have paid for this order, because its fee is based on them",
               "FeeService.ListFees"},
};

// What no method of a partner gives away.
inline constexpr std::array<absl::string_view, 4> kNeverDisclosed = {
    "Your billing address, your tax number and the e-mail address for invoices",
    "Your purchase order number",
    "Who confirmed, and from which address or browser",
    "Your invoices themselves, and how you pay them",
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_DISCLOSURE_H_
