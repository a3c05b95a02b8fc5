// Asks the peers about a receipt: its order, how long it can be read, and whom it is mailed to.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPTS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "link-service/src/clients/billing_client.h"
#include "link-service/src/clients/order_client.h"
#include "link-service/src/domain/link.h"
#include "link-service/src/page/receipt_acts.h"

namespace countersign::link {

// Thread-safe. Errors: those of the peers.
class Receipts {
 public:
  // All must outlive it.
  Receipts(const ReceiptActs& acts, OrderClient& orders, BillingClient& billing)
      : acts_(acts), orders_(orders), billing_(billing) {}

  // Whether the receipt of a confirmed link can be read. The peers are asked only from 13 months after the confirmation
  // on: before that it always can.
  absl::StatusOr<bool> IsReadable(const rpc::Outgoing& outgoing, const Link& link, absl::Time now) const;

  // The link's order, as order-service has it now.
  absl::StatusOr<order::v1::Order> OrderOf(const rpc::Outgoing& outgoing, const Link& link) const;

  // The account that the link's order is billed to; order-service is asked for its name where the link does not say it.
  // NOT_FOUND: billing-service has no such account (yet).
  absl::StatusOr<billing::v1::BillingAccount> PayerOf(const rpc::Outgoing& outgoing, const Link& link) const;

  // The address that the order's access links go to: its account's billing contact. Empty: there is no account (yet).
  absl::StatusOr<std::string> ContactOf(const rpc::Outgoing& outgoing, const Link& link) const;

 private:
  const ReceiptActs& acts_;
  OrderClient& orders_;
  BillingClient& billing_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPTS_H_
