// Proofs that somebody reads the billing contact's mail: a code from there, or the receipt's address that was mailed
// there alone. From then on the contact is not corrected any more, only changed.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_CONTACT_PROOF_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_CONTACT_PROOF_H_

#include "common/events/relay.h"
#include "link-service/src/clients/billing_client.h"
#include "link-service/src/page/press_messages.h"
#include "link-service/src/page/receipts.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/store/press_store.h"

namespace countersign::link {

// A person opened the address of `seen` that was mailed to the billing contact alone: the change with the event
// CONTACT_MAIL_READ, which is written once per link, and its aggregate.
struct ContactMailRead {
  Uuid id;
  events::Change change;
};
ContactMailRead ContactMailReadOf(const PressedPage& seen, absl::Time now);

// All must outlive the consumer.
struct ContactProofParts {
  const LinkStore& links;
  const PressStore& presses;
  const Receipts& receipts;
  BillingClient& billing;
};

// Tells billing-service of each proof (VerifyBillingContact).
events::Consumer ContactProofConsumer(const ContactProofParts& parts);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_CONTACT_PROOF_H_
