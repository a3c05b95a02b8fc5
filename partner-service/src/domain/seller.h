// A partner as the seller of an order, with everything that is checked before an order is written or goes out.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_SELLER_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_SELLER_H_

#include <set>
#include <string>

#include "partner-service/src/domain/customer.h"
#include "partner-service/src/domain/partner.h"

namespace countersign::partner {

struct Seller {
  Partner partner;
  Customer customer;               // To sell to.
  std::string current_agreement;   // The id of the agreement in force.
  std::set<std::string> products;  // What the partner may sell now: ids of offers, kAllOffers among them.
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_DOMAIN_SELLER_H_
