#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_SUBMITTER_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_SUBMITTER_H_

#include <string>

namespace countersign::order {

// The submitter of an order, by what can be compared with the person who confirms it.
struct Submitter {
  std::string address = {};      // Of the API key's call: IPv4, or 16 hexadecimal digits of IPv6. Empty: not known.
  std::string mail_domain = {};  // Of the partner's own e-mail address, in lower case.

  friend bool operator==(const Submitter&, const Submitter&) = default;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_SUBMITTER_H_
