// Customers as messages.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_CUSTOMER_MESSAGES_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_CUSTOMER_MESSAGES_H_

#include "countersign/partner/v1/customer.pb.h"
#include "partner-service/src/domain/customer.h"

namespace countersign::partner {

v1::Customer ToProto(const Customer& customer);

// The payload of the event that made this version.
v1::CustomerEvent EventOf(const Customer& customer);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_CUSTOMER_MESSAGES_H_
