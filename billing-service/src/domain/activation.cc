#include "billing-service/src/domain/activation.h"

#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "billing-service/src/domain/billing_run.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

absl::StatusOr<BillingAccount> OpenAccount(absl::string_view number, const ConfirmedOrder& order, absl::Time now) {
  BillingAccount account;
  account.id = order.account;
  account.number = std::string(number);
  account.currency = order.currency;
  account.customer = order.customer;
  ASSIGN_OR_RETURN(account.credit, Money::Zero(order.currency));
  account.create_time = now;
  return account;
}

absl::StatusOr<std::vector<Subscription>> StartSubscriptions(const ConfirmedOrder& order, absl::Time now) {
  std::vector<Subscription> started;
  for (const SubscriptionTerms& terms : order.lines) {
    const Uuid id = SubscriptionId(order.order, order.revision, static_cast<int64_t>(started.size()) + 1);
    ASSIGN_OR_RETURN(Subscription subscription, NewSubscription(id, terms, order.start, order.partner_of_record));
    subscription.account = order.account;
    subscription.order = order.order;
    subscription.version = 1;
    subscription.create_time = subscription.update_time = now;
    started.push_back(std::move(subscription));
  }
  return started;
}

}  // namespace

Uuid SubscriptionId(const OrderReference& order, int64_t revision, int64_t line) {
  return Uuid::Derived(
      {"subscription", order.partner.bytes(), order.order.bytes(), absl::StrCat(revision), absl::StrCat(line)});
}

absl::StatusOr<ActivationResult> Activate(const std::optional<BillingAccount>& account, absl::string_view number,
                                          const ConfirmedOrder& order, std::vector<Subscription> due, absl::Time now) {
  ActivationResult result;
  if (account.has_value()) {
    RETURN_IF_ERROR(CheckCurrency(*account, order.currency));
    result.account = *account;
  } else {
    ASSIGN_OR_RETURN(result.account, OpenAccount(number, order, now));
  }
  const int64_t first_sequence = result.account.next_invoice_sequence;
  ASSIGN_OR_RETURN(std::vector<Subscription> subscriptions, StartSubscriptions(order, now));
  const auto started = static_cast<std::ptrdiff_t>(subscriptions.size());
  for (Subscription& other : due) {
    ++other.version;
    other.update_time = now;
    subscriptions.push_back(std::move(other));
  }
  ASSIGN_OR_RETURN(Bills bills, Bill(std::move(result.account), std::move(subscriptions), DateOf(order.confirm_time)));
  result.account = std::move(bills.account);
  ++result.account.version;
  result.account.update_time = now;
  const auto others = bills.subscriptions.begin() + started;
  result.started.assign(std::make_move_iterator(bills.subscriptions.begin()), std::make_move_iterator(others));
  result.rebilled.assign(std::make_move_iterator(others), std::make_move_iterator(bills.subscriptions.end()));
  for (Invoice& invoice : bills.invoices) {
    invoice.order = order.order;
    invoice.purchase_order_number = order.purchase_order_number;
    invoice.version = 1;
    invoice.create_time = now;
    ASSIGN_OR_RETURN(LedgerTransaction posting,
                     PostInvoiceOpened(order.account, invoice.id, invoice.total, invoice.issue_date));
    result.postings.push_back(std::move(posting));
  }
  result.invoices = std::move(bills.invoices);
  result.activation = {order.account,
                       order.order,
                       order.revision,
                       started,
                       first_sequence,
                       static_cast<int64_t>(result.invoices.size()),
                       now};
  return result;
}

}  // namespace countersign::billing
