#include "billing-service/src/domain/activation.h"

#include <cstddef>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "billing-service/src/domain/account_billing.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

absl::StatusOr<BillingAccount> OpenAccount(const BeforeActivation& before, const ConfirmedOrder& order,
                                           absl::Time now) {
  BillingAccount account;
  account.id = order.account;
  account.number = before.number;
  account.tax = before.tax;
  account.fee_schedules = before.fee_schedules;
  account.currency = order.currency;
  account.customer = order.customer;
  account.contact_order = order.order;
  account.tax_profile.tax_id = order.tax_id;
  account.language = order.language;
  ASSIGN_OR_RETURN(account.credit, Money::Zero(order.currency));
  account.create_time = now;
  return account;
}

// The account as it is, or the new one. Only NEW can open one.
absl::StatusOr<BillingAccount> AccountOf(const BeforeActivation& before, const ConfirmedOrder& order, absl::Time now) {
  if (before.account.has_value()) {
    RETURN_IF_ERROR(CheckCurrency(*before.account, order.currency));
    RETURN_IF_ERROR(CheckNotParked(*before.account));
    RETURN_IF_ERROR(CheckNotErased(*before.account));
    BillingAccount account = *before.account;
    // Anybody who has the link can type an id, so an id that the account has already stays.
    if (TakesTaxId(account, order)) account.tax_profile.tax_id = order.tax_id;
    if (TakesLanguage(account, order)) account.language = order.language;
    if (!order.confirmed) account.purchase_orders.required_from = 0;
    return account;
  }
  const bool says_who_pays = !order.confirmed || !order.customer.company_name.empty();
  if (order.kind == OrderKind::kNew && says_who_pays) return OpenAccount(before, order, now);
  return NotFound("BILLING_ACCOUNT_NOT_FOUND", "There is no such billing account.",
                  {{"billingAccount", order.account.ToString()}});
}

absl::StatusOr<std::vector<Subscription>> StartSubscriptions(const ConfirmedOrder& order, absl::Time now) {
  std::vector<Subscription> started;
  for (const SubscriptionTerms& terms : order.lines) {
    const Uuid id = SubscriptionId(order.order, order.revision, static_cast<int64_t>(started.size()) + 1);
    ASSIGN_OR_RETURN(Subscription subscription, NewSubscription(id, terms, order.start, order.partner_of_record));
    subscription.account = order.account;
    subscription.order = order.order;
    subscription.purchase_order_number = order.purchase_order_number;
    subscription.version = 1;
    subscription.create_time = subscription.update_time = now;
    started.push_back(std::move(subscription));
  }
  return started;
}

// A change of partner adds no line, and `subscription`, which the order starts or changes, may have a number already.
bool NeedsPurchaseOrder(const PurchaseOrderRules& rules, const ConfirmedOrder& order,
                        const Subscription& subscription) {
  return rules.required_from > 0 && order.kind != OrderKind::kChangePartner && order.purchase_order_number.empty() &&
         subscription.purchase_order_number.empty();
}

absl::Status CheckPurchaseOrder(const BillingAccount& account, const ConfirmedOrder& order,
                                const Subscription& subscription) {
  if (!NeedsPurchaseOrder(account.purchase_orders, order, subscription)) return absl::OkStatus();
  return FailedPrecondition("PO_REQUIRED",
                            "The billing account requires a purchase-order number, and the order has none. Retry it "
                            "with the number that the customer gives.",
                            {{"billingAccount", account.id.ToString()}});
}

void TakePurchaseOrder(Subscription& target, const ConfirmedOrder& order, size_t tranches_before) {
  if (order.purchase_order_number.empty()) return;
  if (order.change.seats_to_add < 1) target.renewal.purchase_order_number = order.purchase_order_number;
  for (size_t i = tranches_before; i < target.tranches.size(); ++i) {
    target.tranches[i].purchase_order_number = order.purchase_order_number;
  }
}

// Refuses to plan an order for a renewal after the one that it was confirmed for.
absl::Status CheckRenewalAhead(const Subscription& target, const ConfirmedOrder& order) {
  const Date term_start = CurrentTerm(target).start;
  const bool renewed = target.committed_months > target.term_months;
  if (!renewed || DateOf(order.confirm_time) >= term_start) return absl::OkStatus();
  return FailedPrecondition(
      "RENEWAL_PASSED",
      absl::StrCat("The order was confirmed for the renewal of ", FormatDate(term_start),
                   ", and the subscription renewed without it. Abandon it, credit what was invoiced differently, and "
                   "let the customer confirm a new order for the next renewal."),
      {{"renewalDate", FormatDate(term_start)}, {"confirmDate", FormatDate(DateOf(order.confirm_time))}});
}

absl::Status ApplyChange(Subscription& target, const ConfirmedOrder& order) {
  const SubscriptionChange& change = order.change;
  if (!change.offer.empty() && change.offer != target.offer) {
    return InvalidField("lines[0].offer", absl::StrCat("must be the subscription's own, ", target.offer));
  }
  if (order.kind == OrderKind::kChangePartner) {
    return ChangePartner(target, order.partner_of_record, DateOf(order.confirm_time)).status();
  }
  RETURN_IF_ERROR(CheckPartnerOfRecord(target, order.partner_of_record, DateOf(order.confirm_time)));
  const size_t tranches = target.tranches.size();
  if (change.seats_to_add > 0) {
    RETURN_IF_ERROR(AddSeats(target, order.start, change.seats_to_add, change.unit_price, change.origin));
  } else {
    RETURN_IF_ERROR(CheckRenewalAhead(target, order));
    RETURN_IF_ERROR(PlanRenewal(target, change.renewal_quantity, order.kind == OrderKind::kRenew, change.unit_price,
                                change.origin));
  }
  TakePurchaseOrder(target, order, tranches);
  return absl::OkStatus();
}

// The subscriptions that the order starts, or the one that it changes.
absl::StatusOr<std::vector<Subscription>> Ordered(BeforeActivation& before, const ConfirmedOrder& order,
                                                  absl::Time now) {
  if (order.kind == OrderKind::kNew) return StartSubscriptions(order, now);
  if (!before.target.has_value()) {
    return NotFound("SUBSCRIPTION_NOT_FOUND", "The billing account has no such subscription.",
                    {{"subscription", order.change.subscription.ToString()}});
  }
  RETURN_IF_ERROR(ApplyChange(*before.target, order));
  SetNextVersion(*before.target, now);
  return std::vector<Subscription>{*std::move(before.target)};
}

}  // namespace

bool TakesTaxId(const BillingAccount& account, const ConfirmedOrder& order) {
  return account.tax_profile.tax_id.empty() && !order.tax_id.empty();
}

bool TakesLanguage(const BillingAccount& account, const ConfirmedOrder& order) {
  if (order.language.empty() || order.language == account.language) return false;
  // Every kind but NEW needs a code from the billing contact's mail; a NEW order is confirmed by whoever has the link.
  return account.language.empty() || order.kind != OrderKind::kNew;
}

Uuid SubscriptionId(const OrderReference& order, int64_t revision, int64_t line) {
  return Uuid::Derived(
      {"subscription", order.partner.bytes(), order.order.bytes(), absl::StrCat(revision), absl::StrCat(line)});
}

absl::Status CheckNotLate(const ConfirmedOrder& order, Date today) {
  const bool dated = order.kind == OrderKind::kNew || order.change.seats_to_add > 0;
  if (!dated || today - order.start <= kMaxDaysLate) return absl::OkStatus();
  return FailedPrecondition(
      "ACTIVATION_LATE",
      absl::StrCat("The order starts on ", FormatDate(order.start), ", more than ", kMaxDaysLate, " days before ",
                   FormatDate(today), ". Retry it with the start that applies, KEEP or TODAY."),
      {{"startDate", FormatDate(order.start)}, {"today", FormatDate(today)}});
}

absl::StatusOr<ActivationResult> Activate(BeforeActivation before, const ConfirmedOrder& order, absl::Time now) {
  ActivationResult result;
  result.confirmer = order.confirmer;
  const bool begins = order.kind == OrderKind::kNew || order.kind == OrderKind::kChangePartner;
  if (begins && order.label != OrderLabel()) result.label = order.label;
  if (before.target.has_value()) result.tranches_before = static_cast<int64_t>(before.target->tranches.size());
  if (order.kind == OrderKind::kChangePartner) {
    if (!before.transfer_code.has_value()) return TransferCodeNotFound();
    RETURN_IF_ERROR(Use(*before.transfer_code, order.order, order.change.subscription, now));
    result.transfer_code = before.transfer_code;
  }
  ASSIGN_OR_RETURN(result.account, AccountOf(before, order, now));
  if (before.account.has_value()) {
    result.past_buyer = BuyerToKeep(*before.account, result.account, before.past_buyers);
  }
  const int64_t first_sequence = result.account.next_invoice_sequence;
  ASSIGN_OR_RETURN(std::vector<Subscription> subscriptions, Ordered(before, order, now));
  RETURN_IF_ERROR(CheckPurchaseOrder(result.account, order, subscriptions.front()));
  if (before.account.has_value()) result.purchase_order_rules = before.account->purchase_orders;
  result.purchase_order_missing = NeedsPurchaseOrder(result.purchase_order_rules, order, subscriptions.front());
  const auto ordered = static_cast<std::ptrdiff_t>(subscriptions.size());
  for (Subscription& other : before.due) {
    SetNextVersion(other, now);
    subscriptions.push_back(std::move(other));
  }
  ASSIGN_OR_RETURN(AccountBilling billing,
                   BillAccount(std::move(result.account), std::move(subscriptions), DateOf(now), now, order.order));
  result.account = std::move(billing.account);
  const auto others = billing.subscriptions.begin() + ordered;
  std::vector<Subscription>& first = order.kind == OrderKind::kNew ? result.started : result.changed;
  first.assign(std::make_move_iterator(billing.subscriptions.begin()), std::make_move_iterator(others));
  result.rebilled.assign(std::make_move_iterator(others), std::make_move_iterator(billing.subscriptions.end()));
  result.invoices = std::move(billing.invoices);
  result.postings = std::move(billing.postings);
  Activation& activation = result.activation;
  activation.account = order.account;
  activation.order = order.order;
  activation.revision = order.revision;
  activation.kind = order.kind;
  activation.line_count = ordered;
  if (order.kind != OrderKind::kNew) activation.subscription = order.change.subscription;
  activation.first_invoice_sequence = first_sequence;
  activation.invoice_count = static_cast<int64_t>(result.invoices.size());
  activation.create_time = now;
  return result;
}

}  // namespace countersign::billing
