// The label of the order behind a fee, for the partner's statements and exports.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ORDER_LABEL_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ORDER_LABEL_H_

#include <string>

namespace countersign::billing {

// How its partner knows an order; each may be empty.
struct OrderLabel {
  std::string number = {};         // "CS-7K3M-Q9XT-2PBD".
  std::string reference = {};      // The partner's own key.
  std::string customer_name = {};  // In the partner's address book. Personal data.

  friend bool operator==(const OrderLabel&, const OrderLabel&) = default;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ORDER_LABEL_H_
