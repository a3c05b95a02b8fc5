// The page's list of what the partner will learn. Before a partner may read anything more, add it here and its phrase
// in every language (web/messages), so that every customer has been told.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_DISCLOSURE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_DISCLOSURE_H_

#include <array>

#include "absl/strings/string_view.h"

namespace countersign::link {

struct Disclosure {
  absl::string_view message;  // The phrase for the customer, by its name in web/messages.
  absl::string_view methods;  // The methods by which a partner reads it.
};

inline constexpr std::array kDisclosures = {
    Disclosure{"learns.views", "LinkService.GetLink"},
    Disclosure{"learns.decision", "OrderService.GetOrder"},
    Disclosure{"learns.start", "OrderService.GetOrder"},
    Disclosure{"learns.amounts", "FeeService.ListFees"},
};

// Message keys of the facts that no method tells a partner.
inline constexpr std::array<absl::string_view, 4> kNeverDisclosed = {
    "never_learns.address",
    "never_learns.purchase_order",
    "never_learns.confirmer",
    "never_learns.invoices",
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_DOMAIN_DISCLOSURE_H_
