// Acts on the receipt: "do not renew", "cancel", a transfer code, "remove this partner", "refuse the new
// partner", "ask another partner", and another billing contact.
// Each is a story of three parts: what it would do is read from billing-service, the act is recorded with its evidence,
// and billing-service carries it out, by the time of the record.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_ACTS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_ACTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/date.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/link/v1/receipt_act.pb.h"
#include "link-service/src/clients/billing_client.h"
#include "link-service/src/clients/order_client.h"
#include "link-service/src/page/press_messages.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/store/press_store.h"
#include "link-service/src/store/receipt_act_store.h"

namespace countersign::link {

// True while it runs: there is something to cancel.
bool IsRunning(const billing::v1::Subscription& subscription);

// The day from which another partner is to be of record, after `today`; nullopt: none is.
std::optional<Date> NewPartnerDate(const billing::v1::Subscription& subscription, Date today);

// All must outlive the acts.
struct ReceiptActParts {
  events::Committer& committer;
  const ReceiptActStore& acts;
  const PressStore& presses;
  OrderClient& orders;
  BillingClient& billing;
  const Clock& clock;
};

// Thread-safe. Errors: those of the peers and of the store.
class ReceiptActs {
 public:
  explicit ReceiptActs(const ReceiptActParts& parts) : parts_(parts) {}

  // The subscriptions that an order started.
  absl::StatusOr<std::vector<billing::v1::Subscription>> SubscriptionsOf(const rpc::Outgoing& outgoing,
                                                                         const order::v1::Order& order) const;

  // True when billing-service says that the subscription which an order changes has no purchase-order number, and for a
  // new subscription.
  bool LacksPurchaseOrder(const rpc::Outgoing& outgoing, const order::v1::Order& order) const;

  // The acts done on the link's receipt, oldest first.
  absl::StatusOr<std::vector<ReceiptAct>> ListOf(absl::Time deadline, const Link& link) const {
    return parts_.acts.ListOf(deadline, link.link_id);
  }

  // True when this form did the act.
  absl::StatusOr<bool> WasRecorded(const PressedPage& pressed, ReceiptActKind kind) const;

  // The effect of the act if it were done now. Cancelling ends a subscription at once, with everything credited, while
  // all its seats are in their cancellation window; otherwise at the end of its term. kAskPartner asks the partner of
  // that number; while there is none, or nobody can be asked, its plan has no items.
  absl::StatusOr<v1::ReceiptActPlan> Plan(const PressedPage& pressed, ReceiptActKind kind,
                                          const std::string& partner_number = "") const;

  // The address of whoever confirmed, who may correct the billing contact that it typed. Empty: nobody may. Somebody
  // proved to read that mail, it was changed since, another order's form had it, or whoever confirmed reads the same
  // mail or has an address in the partner's domain.
  absl::StatusOr<std::string> CorrectorOf(const PressedPage& pressed) const;

  // Whether the plan's account can have this billing contact. Errors: FAILED_PRECONDITION BILLING_CONTACT_UNCHANGED,
  // PARTNERS_DOMAIN (of a correction alone: it is in the partner's domain).
  absl::Status CheckContact(const PressedPage& pressed, const v1::ReceiptActPlan& plan, const std::string& email) const;

  // Records the act with this plan, once per form, and carries it out where billing-service answers. OK once it is
  // recorded: the consumer below finishes what is left. Of kTransferCode it returns the codes, one per item, which are
  // kept nowhere; none where the same form did it at the same moment. `new_email` is for the acts
  // about the contact.
  absl::StatusOr<std::vector<std::string>> Do(const PressedPage& pressed, ReceiptActKind kind, v1::ReceiptActPlan plan,
                                              const std::string& new_email = "");

  // Carries out a recorded act and notes its outcome. Idempotent. Errors: those that pass on their own.
  absl::Status CarryOut(const Uuid& link_id, const Uuid& act_id, absl::Time deadline);

 private:
  absl::StatusOr<v1::ReceiptActPlan> PlanContact(const rpc::Call& call, ReceiptActKind kind, v1::ReceiptActPlan plan,
                                                 const order::v1::Order& order) const;
  // nullopt: nothing would become of the subscription.
  absl::StatusOr<std::optional<v1::ReceiptActPlan::Item>> PlanOne(const rpc::Call& call, ReceiptActKind kind,
                                                                  const billing::v1::Subscription& subscription) const;
  absl::StatusOr<std::optional<v1::ReceiptActPlan::Item>> PlanRemoval(const rpc::Call& call,
                                                                      const billing::v1::Subscription& subscription,
                                                                      v1::ReceiptActPlan::Item item) const;
  absl::StatusOr<std::optional<v1::ReceiptActPlan::Item>> PlanRefusal(const rpc::Call& call,
                                                                      const billing::v1::Subscription& subscription,
                                                                      v1::ReceiptActPlan::Item item) const;
  // With the items of those for which the partner can be asked.
  absl::StatusOr<v1::ReceiptActPlan> PlanAsking(const rpc::Call& call, v1::ReceiptActPlan plan,
                                                const std::vector<billing::v1::Subscription>& subscriptions,
                                                const std::string& partner_number) const;
  absl::Status CarryOutOne(const rpc::Outgoing& outgoing, const ReceiptAct& act,
                           const v1::ReceiptActPlan::Item& item) const;
  absl::Status ChangeContact(const rpc::Outgoing& outgoing, const ReceiptAct& act,
                             const v1::ReceiptActPlan& plan) const;

  const ReceiptActParts parts_;
};

// Carries out what was recorded while billing-service was down.
events::Consumer ReceiptActConsumer(ReceiptActs& acts);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_RECEIPT_ACTS_H_
