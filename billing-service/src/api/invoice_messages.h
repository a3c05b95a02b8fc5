// Invoices as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_INVOICE_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_INVOICE_MESSAGES_H_

#include "billing-service/src/domain/invoice.h"
#include "countersign/billing/v1/invoice.pb.h"

namespace countersign::billing {

v1::Invoice ToProto(const Invoice& invoice);

// The payload of the event that made this version.
v1::InvoiceEvent EventOf(const Invoice& invoice);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_INVOICE_MESSAGES_H_
