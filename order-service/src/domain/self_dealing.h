// Does the partner sell to itself? It is a suspicion: it blocks nobody, and an operator clears it.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_SELF_DEALING_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_SELF_DEALING_H_

#include <string>

#include "order-service/src/domain/acceptance.h"
#include "order-service/src/domain/submitter.h"

namespace countersign::order {

// Why the press looks like the partner's own, as text for an operator, without personal data; empty: it does not.
//   - It came from the address from which the order was submitted. Of IPv6 the first 64 bits count. Addresses of the
//     machine itself and of private networks say where a proxy stands, and nothing of who is behind it.
//   - Invoices go to the partner's own mail domain, or below it. That of a public mail provider is nobody's own.
std::string SuspectSelfDealing(const Submitter& submitter, const Acceptance& acceptance);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_DOMAIN_SELF_DEALING_H_
