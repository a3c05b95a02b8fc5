// Plans an act on the receipt: its effect, as billing-service tells it, and who may do it.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/mail_domain.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"
#include "countersign/link/v1/evidence.pb.h"
#include "link-service/src/api/names.h"
#include "link-service/src/domain/masked_address.h"
#include "link-service/src/page/receipt_act_requests.h"
#include "link-service/src/page/receipt_acts.h"

namespace countersign::link {
namespace {

using billing::v1::CancelSubscriptionRequest;
using billing::v1::ChangeBillingContactRequest;
using billing::v1::OptOutOfPartnerTransferRequest;
using billing::v1::RemovePartnerOfRecordRequest;
using billing::v1::Subscription;

constexpr int kMostSubscriptions = 1000;

bool IsInPartnersDomain(const PressedPage& pressed, absl::string_view address) {
  return MailDomainOf(address) == MailDomainOf(pressed.page.content.review().partner_contact_email());
}

}  // namespace

bool IsRunning(const Subscription& subscription) {
  return subscription.state() != Subscription::STATE_CANCELLED && subscription.state() != Subscription::STATE_EXPIRED;
}

std::optional<Date> NewPartnerDate(const Subscription& subscription, Date today) {
  for (int i = 1; i < subscription.partner_assignments_size(); ++i) {
    const Subscription::PartnerAssignment& assignment = subscription.partner_assignments(i);
    const absl::StatusOr<Date> start = rpc::FromProto(assignment.start_date());
    if (!start.ok() || *start <= today) continue;
    const absl::StatusOr<Date> end = rpc::FromProto(assignment.end_date());
    const bool refused = assignment.has_end_date() && end.ok() && *end == *start;
    if (!refused) return *start;
  }
  return std::nullopt;
}

absl::StatusOr<std::vector<Subscription>> ReceiptActs::SubscriptionsOf(const rpc::Outgoing& outgoing,
                                                                       const order::v1::Order& order) const {
  billing::v1::ListSubscriptionsRequest list;
  list.set_parent(order.billing_account());
  list.set_filter(absl::StrCat("order = \"", order.name(), "\""));
  ASSIGN_OR_RETURN(const billing::v1::ListSubscriptionsResponse reply,
                   parts_.billing.ListSubscriptions(outgoing, list));
  return std::vector<Subscription>(reply.subscriptions().begin(), reply.subscriptions().end());
}

bool ReceiptActs::LacksPurchaseOrder(const rpc::Outgoing& outgoing, const order::v1::Order& order) const {
  if (order.lines().empty()) return false;
  if (order.lines(0).subscription().empty()) return true;  // A new subscription has none but the order's.
  billing::v1::ListSubscriptionsRequest list;
  list.set_parent(order.billing_account());
  list.set_page_size(kMostSubscriptions);
  const absl::StatusOr<billing::v1::ListSubscriptionsResponse> reply = parts_.billing.ListSubscriptions(outgoing, list);
  if (!reply.ok()) return false;
  return std::any_of(
      reply->subscriptions().begin(), reply->subscriptions().end(), [&](const Subscription& subscription) {
        return subscription.name() == order.lines(0).subscription() && subscription.purchase_order_number().empty();
      });
}

absl::StatusOr<v1::ReceiptActPlan> ReceiptActs::Plan(const PressedPage& pressed, ReceiptActKind kind,
                                                     const std::string& partner_number) const {
  const Uuid act_id = ReceiptActId(pressed.link.link_id, pressed.form_id, kind);
  const rpc::Call call = CallOfHolder(pressed, NameOf(kind), act_id, parts_.clock.Now());
  order::v1::GetOrderRequest get_order;
  get_order.set_name(rpc::FormatName(kOrderName, {pressed.link.partner_id, pressed.link.order_id}));
  ASSIGN_OR_RETURN(const order::v1::Order order, parts_.orders.GetOrder(call.outgoing(), get_order));
  v1::ReceiptActPlan plan;
  plan.set_act(ToProto(kind));
  if (IsAboutContact(kind)) return PlanContact(call, kind, std::move(plan), order);
  ASSIGN_OR_RETURN(const std::vector<Subscription> subscriptions, SubscriptionsOf(call.outgoing(), order));
  if (kind == ReceiptActKind::kAskPartner) return PlanAsking(call, std::move(plan), subscriptions, partner_number);
  for (const Subscription& subscription : subscriptions) {
    if (!IsRunning(subscription)) continue;
    ASSIGN_OR_RETURN(const std::optional<v1::ReceiptActPlan::Item> item, PlanOne(call, kind, subscription));
    if (item.has_value()) *plan.add_items() = *item;
  }
  return plan;
}

absl::StatusOr<v1::ReceiptActPlan> ReceiptActs::PlanAsking(const rpc::Call& call, v1::ReceiptActPlan plan,
                                                           const std::vector<Subscription>& subscriptions,
                                                           const std::string& partner_number) const {
  if (partner_number.empty()) return plan;
  std::string refusal = "SUBSCRIPTION_STATE";  // Of those that have ended.
  for (const Subscription& subscription : subscriptions) {
    if (!IsRunning(subscription)) continue;
    billing::v1::CreatePartnerRequestRequest request = AskingRequestOf(
        subscription.name(), partner_number, RequestOfAct(call.DerivedId("preview"), subscription.name()));
    request.set_validate_only(true);
    const absl::StatusOr<billing::v1::PartnerRequest> asked =
        parts_.billing.CreatePartnerRequest(call.outgoing(), request);
    if (absl::IsFailedPrecondition(asked.status()) || absl::IsInvalidArgument(asked.status())) {
      refusal = DetailsOf(asked.status()).reason;  // Of what is no number: INVALID_FIELD.
      continue;
    }
    RETURN_IF_ERROR(asked.status());
    v1::ReceiptActPlan::Item& item = *plan.add_items();
    item.set_subscription(subscription.name());
    item.set_offer_title(subscription.offer_title());
    item.set_quantity(subscription.quantity());
    item.set_partner_number(partner_number);
    item.set_partner_display_name(asked->partner_display_name());
  }
  if (plan.items().empty()) plan.set_refusal_reason(refusal);
  return plan;
}

absl::StatusOr<v1::ReceiptActPlan> ReceiptActs::PlanContact(const rpc::Call& call, ReceiptActKind kind,
                                                            v1::ReceiptActPlan plan,
                                                            const order::v1::Order& order) const {
  billing::v1::GetBillingAccountRequest request;
  request.set_name(order.billing_account());
  ASSIGN_OR_RETURN(const billing::v1::BillingAccount found, parts_.billing.GetBillingAccount(call.outgoing(), request));
  plan.set_billing_account(order.billing_account());
  plan.set_contact(MaskedAddress(found.billing_email()));
  if (kind == ReceiptActKind::kCorrectContact) plan.set_corrected_by_order(order.name());
  return plan;
}

absl::StatusOr<std::string> ReceiptActs::CorrectorOf(const PressedPage& pressed) const {
  ASSIGN_OR_RETURN(const std::optional<KeptPress> kept,
                   parts_.presses.FindDecisive(pressed.deadline, pressed.link.link_id, PressAct::kConfirm));
  v1::PressEvidence evidence;
  if (!kept.has_value() || !evidence.ParseFromString(kept->press.evidence)) return "";
  const std::string& corrector = evidence.confirmer_email();
  if (MaskedAddress(corrector).empty() || IsInPartnersDomain(pressed, corrector)) return "";
  const rpc::Call call = CallOfHolder(pressed, "CORRECTOR", pressed.form_id, parts_.clock.Now());
  order::v1::GetOrderRequest get_order;
  get_order.set_name(rpc::FormatName(kOrderName, {pressed.link.partner_id, pressed.link.order_id}));
  ASSIGN_OR_RETURN(const order::v1::Order order, parts_.orders.GetOrder(call.outgoing(), get_order));
  billing::v1::GetBillingAccountRequest get_account;
  get_account.set_name(order.billing_account());
  ASSIGN_OR_RETURN(const billing::v1::BillingAccount account,
                   parts_.billing.GetBillingAccount(call.outgoing(), get_account));
  const bool may =
      account.correctable_by_order() == get_order.name() && !absl::EqualsIgnoreCase(corrector, account.billing_email());
  return may ? corrector : "";
}

absl::Status ReceiptActs::CheckContact(const PressedPage& pressed, const v1::ReceiptActPlan& plan,
                                       const std::string& email) const {
  const Uuid act_id = ReceiptActId(pressed.link.link_id, pressed.form_id, ReceiptActKind::kChangeContact);
  const rpc::Call call = CallOfHolder(pressed, NameOf(ReceiptActKind::kChangeContact), act_id, parts_.clock.Now());
  if (!plan.corrected_by_order().empty() && IsInPartnersDomain(pressed, email)) {
    return FailedPrecondition("PARTNERS_DOMAIN", "The address is in the partner's domain.");
  }
  ChangeBillingContactRequest request =
      ContactRequestOf(plan, email, RequestOfAct(call.DerivedId("preview"), plan.billing_account()));
  request.set_validate_only(true);
  return parts_.billing.ChangeBillingContact(call.outgoing(), request).status();
}

absl::StatusOr<std::optional<v1::ReceiptActPlan::Item>> ReceiptActs::PlanOne(const rpc::Call& call, ReceiptActKind kind,
                                                                             const Subscription& subscription) const {
  v1::ReceiptActPlan::Item item;
  item.set_subscription(subscription.name());
  item.set_offer_title(subscription.offer_title());
  item.set_quantity(subscription.quantity());
  if (kind == ReceiptActKind::kTransferCode) return item;
  if (kind == ReceiptActKind::kRemovePartner) return PlanRemoval(call, subscription, std::move(item));
  if (kind == ReceiptActKind::kRefusePartner) return PlanRefusal(call, subscription, std::move(item));
  std::optional<v1::ReceiptActPlan::Item> nothing;
  *item.mutable_end_date() = subscription.term_end_date();
  const bool ends_later = subscription.renewal().auto_renew();
  if (kind == ReceiptActKind::kDoNotRenew) return ends_later ? item : nothing;
  CancelSubscriptionRequest request =
      CancelRequestOf(subscription.name(), /*now=*/true, RequestOfAct(call.DerivedId("preview"), subscription.name()));
  request.set_validate_only(true);
  const absl::StatusOr<Subscription> ended = parts_.billing.CancelSubscription(call.outgoing(), request);
  if (DetailsOf(ended.status()).reason == "CANCELLATION_WINDOW_ENDED") return ends_later ? item : nothing;
  RETURN_IF_ERROR(ended.status());
  item.set_now(true);
  *item.mutable_end_date() = ended->cancellation().end_date();
  *item.mutable_credited() = ended->cancellation().credited();
  return item;
}

absl::StatusOr<std::optional<v1::ReceiptActPlan::Item>> ReceiptActs::PlanRemoval(const rpc::Call& call,
                                                                                 const Subscription& subscription,
                                                                                 v1::ReceiptActPlan::Item item) const {
  RemovePartnerOfRecordRequest request =
      RemovalRequestOf(subscription.name(), RequestOfAct(call.DerivedId("preview"), subscription.name()));
  request.set_validate_only(true);
  const absl::StatusOr<Subscription> removed = parts_.billing.RemovePartnerOfRecord(call.outgoing(), request);
  const std::string reason = DetailsOf(removed.status()).reason;
  if (reason == "NO_PARTNER_OF_RECORD" || reason == "PARTNER_CHANGE_PENDING") return std::nullopt;
  RETURN_IF_ERROR(removed.status());
  for (const Subscription::PartnerAssignment& assignment : removed->partner_assignments()) {
    if (assignment.has_end_date()) *item.mutable_end_date() = assignment.end_date();
  }
  return item;
}

absl::StatusOr<std::optional<v1::ReceiptActPlan::Item>> ReceiptActs::PlanRefusal(const rpc::Call& call,
                                                                                 const Subscription& subscription,
                                                                                 v1::ReceiptActPlan::Item item) const {
  const std::optional<Date> comes = NewPartnerDate(subscription, DateOf(call.now()));
  if (!comes.has_value()) return std::nullopt;
  OptOutOfPartnerTransferRequest request =
      RefusalRequestOf(subscription.name(), RequestOfAct(call.DerivedId("preview"), subscription.name()));
  request.set_validate_only(true);
  const absl::Status refused = parts_.billing.OptOutOfPartnerTransfer(call.outgoing(), request).status();
  if (DetailsOf(refused).reason == "NO_PARTNER_CHANGE_PENDING") return std::nullopt;
  RETURN_IF_ERROR(refused);
  *item.mutable_end_date() = rpc::ToProto(*comes);
  return item;
}

}  // namespace countersign::link
