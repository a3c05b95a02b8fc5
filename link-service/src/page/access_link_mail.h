// Mails the address of a receipt to a customer that lost it.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_ACCESS_LINK_MAIL_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_ACCESS_LINK_MAIL_H_

#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/events/relay.h"
#include "common/mail/mailer.h"
#include "link-service/src/page/receipts.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/store/press_store.h"
#include "link-service/src/web/vendor.h"

namespace countersign::link {

// All must outlive the consumer.
struct AccessLinkMailParts {
  const LinkStore& links;
  const PressStore& presses;
  const Receipts& receipts;
  const KeyRing& link_keys;
  const Vendor& vendor;
  const Clock& clock;
  mail::Mailer* mailer = nullptr;  // Null: nothing is sent, and is not made up for later.
};

// The consumer "access_link_mail" of this service's log: ACCESS_LINK_REQUESTED → a mail to the billing contact that
// billing-service has on file. A mail that the server refuses for good parks.
events::Consumer AccessLinkMailConsumer(const AccessLinkMailParts& parts);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_ACCESS_LINK_MAIL_H_
