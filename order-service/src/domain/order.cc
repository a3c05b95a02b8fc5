#include "order-service/src/domain/order.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::order {
namespace {

absl::Status OrderExpired(absl::Time expire_time) {
  return FailedPrecondition("ORDER_EXPIRED", "The order was not confirmed in time. The partner can revise it.",
                            {{"expireTime", absl::FormatTime(absl::RFC3339_sec, expire_time, absl::UTCTimeZone())}});
}

absl::Status CheckNotErased(const Order& order) {
  if (!order.erase_time.has_value()) return absl::OkStatus();
  return FailedPrecondition("ORDER_ERASED",
                            "The order's customer was erased, and nothing can be done with it any more.");
}

}  // namespace

absl::StatusOr<Order> Order::Moved(OrderAct act, absl::Time now) const {
  RETURN_IF_ERROR(CheckNotErased(*this));
  ASSIGN_OR_RETURN(const OrderState next, Next(state, act));
  Order moved = *this;
  moved.state = next;
  ++moved.version;
  moved.update_time = now;
  return moved;
}

absl::StatusOr<Order> Order::Submit(PricedLines priced, absl::Time now, int valid_days,
                                    const std::optional<Uuid>& account) const {
  ASSIGN_OR_RETURN(Order submitted, Moved(OrderAct::kSubmit, now));
  if (terms.requested_start.has_value() && *terms.requested_start < DateOf(now)) {
    return FailedPrecondition("START_DATE_PASSED", "The requested start date has passed. Revise the order.",
                              {{"requestedStartDate", FormatDate(*terms.requested_start)}});
  }
  submitted.terms.lines = std::move(priced.lines);
  submitted.terms.total = priced.total;
  if (kind == OrderKind::kNew) {
    submitted.billing_account = account.value_or(BillingAccountOf(buyer(), terms.currency));
  } else {
    submitted.billing_account = submitted.terms.lines.front().subscription->account;
  }
  submitted.submit_time = now;
  submitted.expire_time = submitted.LatestExpiry(valid_days);
  return submitted;
}

absl::Time Order::LatestExpiry(int valid_days) const {
  const absl::Time latest = *submit_time + valid_days * absl::Hours(24);
  const bool of_term = kind == OrderKind::kChangeSeats || kind == OrderKind::kRenew;
  return of_term ? std::min(latest, StartOf(terms.lines.front().renewal_date)) : latest;
}

absl::StatusOr<Order> Order::ExtendExpiry(absl::Time until, absl::Time now) const {
  ASSIGN_OR_RETURN(Order extended, Moved(OrderAct::kExtendExpiry, now));
  if (now >= *expire_time) return OrderExpired(*expire_time);
  const absl::Time latest = LatestExpiry(kMaxValidDays);
  if (until <= *expire_time || until > latest) {
    const std::string at = absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", latest, absl::UTCTimeZone());
    return FailedPrecondition(
        "EXPIRY_OUT_OF_RANGE",
        absl::StrCat("The new expire_time must be after the order's present one and at the latest ", at,
                     ". Revise the order to begin anew."),
        {{"latestExpireTime", at}});
  }
  extended.expire_time = until;
  return extended;
}

absl::StatusOr<Order> Order::ReissueLink(absl::Time now) const {
  ASSIGN_OR_RETURN(Order reissued, Moved(OrderAct::kReissueLink, now));
  // A link that could confirm nothing is not worth giving out, even before the worker has marked the order.
  if (now >= *expire_time) return OrderExpired(*expire_time);
  return reissued;
}

Order Order::WithSeller(int64_t partner_version) const {
  Order submitted = *this;
  submitted.seller_version = partner_version;
  return submitted;
}

Order Order::WithSubmitter(Submitter by) const {
  Order named = *this;
  named.submitter = std::move(by);
  return named;
}

Order Order::WithCustomerName(std::string customer) const {
  Order named = *this;
  named.customer_name = std::move(customer);
  return named;
}

Order Order::WithPayerOnFile(bool there) const {
  Order named = *this;
  named.payer_on_file = there || kind != OrderKind::kNew;
  return named;
}

Order Order::WithLink(const Uuid& made) const {
  Order linked = *this;
  linked.link = made;
  ++linked.links_made;
  return linked;
}

absl::StatusOr<Order> Order::Revise(OrderTerms revised, absl::Time now) const {
  ASSIGN_OR_RETURN(Order draft, Moved(OrderAct::kRevise, now));
  if (WasShown()) ++draft.revision;
  if (revised.currency != terms.currency) draft.billing_account.reset();
  draft.terms = std::move(revised);
  draft.state_reason.clear();
  draft.payer_on_file = false;
  draft.link.reset();
  draft.submit_time.reset();
  draft.expire_time.reset();
  return draft;
}

absl::StatusOr<Order> Order::Update(OrderTerms updated, absl::Time now) const {
  ASSIGN_OR_RETURN(Order draft, Moved(OrderAct::kUpdate, now));
  if (updated.currency != terms.currency) draft.billing_account.reset();
  draft.terms = std::move(updated);
  return draft;
}

absl::StatusOr<Order> Order::Cancel(std::string reason, absl::Time now) const {
  RETURN_IF_ERROR(CheckNotErased(*this));
  if (state == OrderState::kConfirmed || state == OrderState::kCompleted) {
    return FailedPrecondition(
        "ORDER_STATE",
        absl::StrCat("The order is ", NameOf(state),
                     " and cannot be CANCELLED: its customer confirmed it. Once it is COMPLETED, the "
                     "customer cancels on its receipt, or an operator with CancelSubscription; "
                     "AbandonActivation ends an order whose activation is parked."),
        {{"state", std::string(NameOf(state))}});
  }
  ASSIGN_OR_RETURN(Order cancelled, Moved(OrderAct::kCancel, now));
  cancelled.state_reason = std::move(reason);
  return cancelled;
}

// The link is asked for first: one that was replaced says so, whatever has become of the order since.
absl::Status Order::CheckPress(const Press& press, absl::Time now) const {
  if (link != press.link) {
    return FailedPrecondition("LINK_NOT_CURRENT", "This is not the order's current link. Use the newest link.");
  }
  if (revision != press.revision) {
    return FailedPrecondition("REVISION_NOT_CURRENT",
                              "The order was revised since. Read it again, and use its current link.",
                              {{"revision", absl::StrCat(revision)}});
  }
  const bool waiting = state == OrderState::kAwaitingConfirmation;
  if (state == OrderState::kExpired || (waiting && now >= *expire_time)) return OrderExpired(*expire_time);
  return absl::OkStatus();
}

absl::StatusOr<Order> Order::Confirm(const Press& press, bool partner_active, absl::Time now) const {
  RETURN_IF_ERROR(CheckPress(press, now));
  ASSIGN_OR_RETURN(Order confirmed, Moved(OrderAct::kConfirm, now));
  if (!partner_active) {
    return FailedPrecondition("PARTNER_NOT_ACTIVE",
                              "The partner is not active, or was not for a time since the order was submitted.");
  }
  confirmed.confirm_time = now;
  confirmed.press_time = press.time;
  confirmed.start_date = std::max(terms.requested_start.value_or(DateOf(now)), DateOf(now));
  return confirmed;
}

absl::Status Order::CheckVerified(bool contact_verified) const {
  if (kind == OrderKind::kNew || contact_verified) return absl::OkStatus();
  return FailedPrecondition(
      "CODE_REQUIRED", "The order changes a subscription. Confirm it with the code mailed to the billing contact.");
}

absl::Status Order::CheckPayer(bool payer_named) const {
  if (kind != OrderKind::kNew || payer_on_file || payer_named) return absl::OkStatus();
  FieldViolations violations;
  for (const char* field : {"company_name", "billing_email", "billing_address"}) {
    violations.Add(absl::StrCat("acceptance.", field), "is required where the customer has no billing account yet");
  }
  return violations.ToStatus();
}

absl::StatusOr<Order> Order::Decline(const Press& press, std::string reason, absl::Time now) const {
  RETURN_IF_ERROR(CheckPress(press, now));
  ASSIGN_OR_RETURN(Order declined, Moved(OrderAct::kDecline, now));
  declined.state_reason = std::move(reason);
  return declined;
}

absl::StatusOr<Order> Order::Expire(absl::Time now) const {
  ASSIGN_OR_RETURN(Order expired, Moved(OrderAct::kExpire, now));
  if (now < *expire_time) return FailedPrecondition("ORDER_NOT_DUE", "The order may still be confirmed.");
  return expired;
}

absl::StatusOr<Order> Order::ExpireChanged(std::string reason, absl::Time now) const {
  if (kind != OrderKind::kChangeSeats && kind != OrderKind::kRenew) {
    return FailedPrecondition("ORDER_STATE", "The order does not wait for a subscription's change.");
  }
  ASSIGN_OR_RETURN(Order expired, Moved(OrderAct::kExpire, now));
  expired.state_reason = std::move(reason);
  return expired;
}

absl::StatusOr<Order> Order::Complete(std::vector<Uuid> started, absl::Time now) const {
  ASSIGN_OR_RETURN(Order completed, Moved(OrderAct::kComplete, now));
  completed.subscriptions = std::move(started);
  return completed;
}

absl::StatusOr<Order> Order::Abandon(std::string reason, absl::Time now) const {
  ASSIGN_OR_RETURN(Order abandoned, Moved(OrderAct::kAbandon, now));
  abandoned.state_reason = std::move(reason);
  return abandoned;
}

bool Order::WasConfirmedBy(const Press& press) const {
  return (state == OrderState::kConfirmed || state == OrderState::kCompleted) && Names(press);
}

bool Order::WasDeclinedBy(const Press& press) const { return state == OrderState::kDeclined && Names(press); }

Money OrderTerms::Commitment() const { return total.TimesRounded(kTermMonths / billing_period_months).value_or(total); }

Money OrderTerms::ListTotal() const {
  Money sum = total;
  for (const OrderLine& line : lines) {
    const absl::StatusOr<Money> list = line.list_unit_price.TimesRounded(line.quantity.seats(), billing_period_months);
    const absl::StatusOr<Money> more = list.ok() ? list->Minus(line.amount) : list;
    if (more.ok()) sum = sum.Plus(*more).value_or(sum);
  }
  return sum;
}

std::vector<RequestedLine> RequestedLinesOf(const OrderTerms& terms) {
  std::vector<RequestedLine> requested;
  for (const OrderLine& line : terms.lines) {
    requested.push_back({.offer_id = line.offer_id,
                         .quantity = line.quantity,
                         .promotion_id = line.promotion_id,
                         .subscription = line.subscription,
                         .at_renewal = line.at_renewal,
                         .transfer_code = line.transfer_code});
  }
  return requested;
}

Order NewDraft(const OrderName& name, const Uuid& customer, OrderTerms terms, absl::Time now, OrderKind kind) {
  Order draft;
  draft.kind = kind;
  draft.name = name;
  draft.customer = customer;
  draft.partner_of_record = name.partner;
  draft.terms = std::move(terms);
  draft.create_time = draft.update_time = now;
  return draft;
}

std::optional<Uuid> EndedLink(const Order& before, const Order& after) {
  if (before.state != OrderState::kAwaitingConfirmation) return std::nullopt;
  if (after.state == before.state && after.link == before.link) return std::nullopt;
  return before.link;
}

absl::Status CheckRequestedStart(Date requested, absl::Time now) {
  const Date today = DateOf(now);
  if (requested >= today && requested <= today + kMaxDaysAhead) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("must be from ", FormatDate(today), " (today) to ",
                                                 FormatDate(today + kMaxDaysAhead), ", ", kMaxDaysAhead,
                                                 " days ahead"));
}

Uuid BillingAccountOf(const CustomerName& customer, const std::string& currency) {
  return Uuid::Derived({"billing-account", customer.partner.bytes(), customer.id.bytes(), currency});
}

}  // namespace countersign::order
