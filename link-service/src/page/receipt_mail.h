// Writes to the customer after its confirmation: what was ordered, how to cancel it, and where its receipt is.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_MAIL_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_MAIL_H_

#include "common/base/crypto.h"
#include "common/events/relay.h"
#include "common/mail/mailer.h"
#include "link-service/src/page/receipts.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/store/press_store.h"
#include "link-service/src/web/vendor.h"

namespace countersign::link {

// All must outlive the consumer.
struct ReceiptMailParts {
  const LinkStore& links;
  const PressStore& presses;
  const Receipts& receipts;
  const KeyRing& link_keys;
  const Vendor& vendor;
  mail::Mailer* mailer = nullptr;  // Null: nothing is sent, and is not made up for later.
};

// The consumer "receipt_mail" of this service's log: LINK_CONFIRMED → a mail to the address for invoices (of a new
// subscription that an account on file pays, to its billing contact), and one to whoever confirmed where that is
// another. A mail that the server refuses for good parks: it is listed, and an operator may have it sent again.
events::Consumer ReceiptMailConsumer(const ReceiptMailParts& parts);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_MAIL_H_
