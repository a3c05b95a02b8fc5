#include "link-service/src/page/receipt_acts.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/mail_domain.h"
#include "common/base/status_macros.h"
#include "common/base/transfer_code.h"
#include "common/rpc/call.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"
#include "countersign/link/v1/evidence.pb.h"
#include "link-service/src/api/names.h"
#include "link-service/src/domain/masked_address.h"

namespace countersign::link {
namespace {

using billing::v1::CancelSubscriptionRequest;
using billing::v1::ChangeBillingContactRequest;
using billing::v1::OptOutOfPartnerTransferRequest;
using billing::v1::RemovePartnerOfRecordRequest;
using billing::v1::Subscription;

constexpr char kReceiptActRecorded[] = "RECEIPT_ACT_RECORDED";
constexpr int kActSaltBytes = 16;
constexpr int kMostSubscriptions = 1000;
constexpr char kReason[] = "The customer asked for it on its receipt, with a code from the billing contact's mail.";
constexpr char kCorrectionReason[] =
    "Whoever confirmed corrected the address that was typed, with a code from the mail that the confirmation names.";

bool IsInPartnersDomain(const PressedPage& pressed, absl::string_view address) {
  return MailDomainOf(address) == MailDomainOf(pressed.page.content.review().partner_contact_email());
}

CancelSubscriptionRequest CancelRequestOf(const std::string& subscription, bool now, const Uuid& request_id) {
  CancelSubscriptionRequest request;
  request.set_name(subscription);
  request.set_when(now ? CancelSubscriptionRequest::WHEN_NOW : CancelSubscriptionRequest::WHEN_TERM_END);
  if (now) request.set_policy(CancelSubscriptionRequest::POLICY_FREE_WINDOW);
  request.set_reason(kReason);
  request.set_request_id(request_id.ToString());
  return request;
}

RemovePartnerOfRecordRequest RemovalRequestOf(const std::string& subscription, const Uuid& request_id) {
  RemovePartnerOfRecordRequest request;
  request.set_name(subscription);
  request.set_reason(kReason);
  request.set_request_id(request_id.ToString());
  return request;
}

OptOutOfPartnerTransferRequest RefusalRequestOf(const std::string& subscription, const Uuid& request_id) {
  OptOutOfPartnerTransferRequest request;
  request.set_name(subscription);
  request.set_reason(kReason);
  request.set_request_id(request_id.ToString());
  return request;
}

ChangeBillingContactRequest ContactRequestOf(const v1::ReceiptActPlan& plan, const std::string& email,
                                             const Uuid& request_id) {
  ChangeBillingContactRequest request;
  request.set_name(plan.billing_account());
  request.set_billing_email(email);
  request.set_corrected_by_order(plan.corrected_by_order());
  request.set_reason(plan.corrected_by_order().empty() ? kReason : kCorrectionReason);
  request.set_request_id(request_id.ToString());
  return request;
}

v1::ReceiptActPlan::Act ToProto(ReceiptActKind kind) {
  return rpc::EnumNamed<v1::ReceiptActPlan::Act>("ACT_", NameOf(kind));
}

events::Event ReceiptActEventOf(const rpc::Call& call, const ReceiptAct& act) {
  v1::ReceiptActEvent payload;
  payload.set_link(rpc::FormatName(kLinkName, {act.link_id}));
  payload.set_receipt_act(act.act_id.ToString());
  payload.set_act(ToProto(act.kind));
  payload.set_plan_sha256(Sha256(act.plan));
  payload.set_evidence_digest(EvidenceDigest(act));
  payload.set_outcome(act.outcome);
  return call.MakeEvent({.tenant = act.link_id,
                         .aggregate = act.act_id,
                         .version = act.version,
                         .type = act.version == 1 ? kReceiptActRecorded : "RECEIPT_ACT_DONE",
                         .payload = payload,
                         .resource = payload});
}

// Of a worker, or of the page after the press.
rpc::Call CallOfService(const ReceiptAct& act, absl::Time now, absl::Time deadline) {
  const std::string holder = rpc::FormatName(kLinkName, {act.link_id});
  return rpc::Call({.caller = {.role = rpc::Role::kService, .name = "services/link-service", .partner = {}},
                    .on_behalf_of = holder,
                    .service = "link-service",
                    .method = "page/RECEIPT_ACT",
                    .trace_id = rpc::WorkerOutgoing("link-service", deadline).trace_id,
                    .tenant = act.link_id,
                    .deadline = deadline,
                    .now = now});
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

absl::StatusOr<bool> ReceiptActs::WasRecorded(const PressedPage& pressed, ReceiptActKind kind) const {
  const Uuid& link_id = pressed.link.link_id;
  ASSIGN_OR_RETURN(const std::optional<ReceiptAct> act,
                   parts_.acts.Find(pressed.deadline, link_id, ReceiptActId(link_id, pressed.form_id, kind)));
  return act.has_value();
}

absl::StatusOr<v1::ReceiptActPlan> ReceiptActs::Plan(const PressedPage& pressed, ReceiptActKind kind) const {
  const Uuid act_id = ReceiptActId(pressed.link.link_id, pressed.form_id, kind);
  const rpc::Call call = CallOfHolder(pressed, NameOf(kind), act_id, parts_.clock.Now());
  order::v1::GetOrderRequest get_order;
  get_order.set_name(rpc::FormatName(kOrderName, {pressed.link.partner_id, pressed.link.order_id}));
  ASSIGN_OR_RETURN(const order::v1::Order order, parts_.orders.GetOrder(call.outgoing(), get_order));
  v1::ReceiptActPlan plan;
  plan.set_act(ToProto(kind));
  if (IsAboutContact(kind)) return PlanContact(call, kind, std::move(plan), order);
  ASSIGN_OR_RETURN(const std::vector<Subscription> subscriptions, SubscriptionsOf(call.outgoing(), order));
  for (const Subscription& subscription : subscriptions) {
    if (!IsRunning(subscription)) continue;
    ASSIGN_OR_RETURN(const std::optional<v1::ReceiptActPlan::Item> item, PlanOne(call, kind, subscription));
    if (item.has_value()) *plan.add_items() = *item;
  }
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

absl::StatusOr<std::vector<std::string>> ReceiptActs::Do(const PressedPage& pressed, ReceiptActKind kind,
                                                         v1::ReceiptActPlan plan, const std::string& new_email) {
  std::vector<std::string> codes;
  for (v1::ReceiptActPlan::Item& item : *plan.mutable_items()) {
    if (kind != ReceiptActKind::kTransferCode) break;
    codes.push_back(NewTransferCode());
    item.set_transfer_code_id(TransferCodeId(codes.back()).value_or(Uuid()).ToString());
  }
  v1::ReceiptActEvidence evidence;
  evidence.set_ip_address(pressed.ip_address);
  evidence.set_user_agent(CleanUserAgent(pressed.user_agent));
  evidence.set_code(pressed.code);
  evidence.set_new_billing_email(new_email);
  const absl::Time now = parts_.clock.Now();
  const ReceiptAct act{.link_id = pressed.link.link_id,
                       .act_id = ReceiptActId(pressed.link.link_id, pressed.form_id, kind),
                       .kind = kind,
                       .plan = rpc::DeterministicBytes(plan),
                       .evidence = rpc::DeterministicBytes(evidence),
                       .salt = RandomBytes(kActSaltBytes),
                       .press_time = now};
  const rpc::Call call = CallOfHolder(pressed, NameOf(kind), act.act_id, now);
  const absl::Status recorded =
      parts_.committer.Commit(pressed.deadline, {.events = {ReceiptActEventOf(call, act)},
                                                 .reply = std::nullopt,
                                                 .rows = {ReceiptActStore::Row(act)},
                                                 .guards = {LinkStore::IsNotErased(act.link_id)}});
  if (IsLostRace(recorded)) {  // This form did it before, and its codes are others; or the link was erased meanwhile.
    ASSIGN_OR_RETURN(const bool before, WasRecorded(pressed, kind));
    if (!before) return LinkNotFound(act.link_id);
    codes.clear();
  } else {
    RETURN_IF_ERROR(recorded);
  }
  const absl::Status done = CarryOut(act.link_id, act.act_id, pressed.deadline);
  if (!done.ok()) {
    Log(Level::kWarning, "receipt act not carried out yet",
        {{"trace_id", pressed.trace_id}, {"code", absl::StatusCodeToString(done.code())}});
  }
  return codes;
}

absl::Status ReceiptActs::CarryOutOne(const rpc::Outgoing& outgoing, const ReceiptAct& act,
                                      const v1::ReceiptActPlan::Item& item) const {
  const Uuid request_id = RequestOfAct(act.act_id, item.subscription());
  if (act.kind == ReceiptActKind::kTransferCode) {
    billing::v1::CreateTransferCodeRequest request;
    request.set_parent(item.subscription());
    request.set_transfer_code_id(item.transfer_code_id());
    request.set_request_id(request_id.ToString());
    const absl::Status created = parts_.billing.CreateTransferCode(outgoing, request).status();
    return absl::IsAlreadyExists(created) ? absl::OkStatus() : created;  // So late that no reply is kept.
  }
  if (act.kind == ReceiptActKind::kRemovePartner) {
    return parts_.billing.RemovePartnerOfRecord(outgoing, RemovalRequestOf(item.subscription(), request_id)).status();
  }
  if (act.kind == ReceiptActKind::kRefusePartner) {
    return parts_.billing.OptOutOfPartnerTransfer(outgoing, RefusalRequestOf(item.subscription(), request_id)).status();
  }
  if (act.kind == ReceiptActKind::kDoNotRenew) {
    billing::v1::SetAutoRenewRequest request;
    request.set_name(item.subscription());
    request.set_auto_renew(false);
    request.set_reason(kReason);
    request.set_request_id(request_id.ToString());
    return parts_.billing.SetAutoRenew(outgoing, request).status();
  }
  CancelSubscriptionRequest request = CancelRequestOf(item.subscription(), item.now(), request_id);
  if (item.now()) *request.mutable_press_time() = rpc::ToProto(act.press_time);
  return parts_.billing.CancelSubscription(outgoing, request).status();
}

absl::Status ReceiptActs::ChangeContact(const rpc::Outgoing& outgoing, const ReceiptAct& act,
                                        const v1::ReceiptActPlan& plan) const {
  v1::ReceiptActEvidence evidence;
  if (!evidence.ParseFromString(act.evidence)) return absl::DataLossError("An act's evidence does not parse.");
  if (evidence.new_billing_email().empty()) return FailedPrecondition("CUSTOMER_ERASED", "The address was erased.");
  return parts_.billing
      .ChangeBillingContact(outgoing, ContactRequestOf(plan, evidence.new_billing_email(),
                                                       RequestOfAct(act.act_id, plan.billing_account())))
      .status();
}

absl::Status ReceiptActs::CarryOut(const Uuid& link_id, const Uuid& act_id, absl::Time deadline) {
  ASSIGN_OR_RETURN(std::optional<ReceiptAct> act, parts_.acts.Find(deadline, link_id, act_id));
  if (!act.has_value()) return absl::DataLossError("A recorded act is gone.");
  if (!act->outcome.empty()) return absl::OkStatus();
  v1::ReceiptActPlan plan;
  if (!plan.ParseFromString(act->plan)) return absl::DataLossError("An act's plan does not parse.");
  const rpc::Call call = CallOfService(*act, parts_.clock.Now(), deadline);
  std::vector<std::function<absl::Status()>> steps;
  for (const v1::ReceiptActPlan::Item& item : plan.items()) {
    steps.emplace_back([&] { return CarryOutOne(call.outgoing(), *act, item); });
  }
  if (IsAboutContact(act->kind)) {
    steps.emplace_back([&] { return ChangeContact(call.outgoing(), *act, plan); });
  }
  std::string outcome(kActDone);
  for (const std::function<absl::Status()>& step : steps) {
    absl::Status done = step();
    // Page and relay may meet. Refused because the other was faster, the same request is answered as the first was.
    if (absl::IsFailedPrecondition(done)) done = step();
    if (absl::IsFailedPrecondition(done) || absl::IsNotFound(done)) {
      outcome = DetailsOf(done).reason;
    } else {
      RETURN_IF_ERROR(done);
    }
  }
  act->outcome = outcome;
  ++act->version;
  const absl::Status noted = parts_.committer.Commit(
      deadline,
      {.events = {ReceiptActEventOf(call, *act)}, .reply = std::nullopt, .rows = {ReceiptActStore::Row(*act)}});
  return IsLostRace(noted) ? absl::OkStatus() : noted;  // Lost: the other noted it.
}

events::Consumer ReceiptActConsumer(ReceiptActs& acts) {
  return {.name = "receipt_act",
          .deliver =
              [&acts](const events::Event& event, absl::Time deadline) {
                if (event.type != kReceiptActRecorded) return absl::OkStatus();
                return acts.CarryOut(event.tenant, event.aggregate, deadline);
              },
          .must_arrive = {kReceiptActRecorded},
          .concerns = [](const events::Event& event) { return event.type == kReceiptActRecorded; }};
}

}  // namespace countersign::link
