#include "billing-service/src/api/activation_handlers.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "billing-service/src/api/billing_messages.h"
#include "billing-service/src/api/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

constexpr int kMaxLines = 20;
constexpr int kMaxTextChars = 200;
constexpr int kMaxPurchaseOrderChars = 64;
constexpr size_t kMaxOfferChars = 63;
constexpr int kTermMonths = 12;

std::string RequireOffer(FieldViolations& violations, absl::string_view field, const std::string& value) {
  absl::string_view id = value;
  if (!absl::ConsumePrefix(&id, kOfferPrefix) || !rpc::IsSlug(id, kMaxOfferChars)) {
    violations.Add(field, "must be offers/{offer}, the offer being 1 to 63 of a-z, 0-9 and -");
  }
  return value;
}

std::vector<SubscriptionTerms> RequireLines(FieldViolations& violations, const v1::ActivateOrderRequest& request) {
  if (request.lines().empty() || request.lines_size() > kMaxLines) {
    violations.Add("lines", "must be 1 to 20 lines");
    return {};
  }
  std::vector<SubscriptionTerms> lines;
  for (const v1::ActivateOrderRequest::Line& line : request.lines()) {
    const std::string field = absl::StrCat("lines[", lines.size(), "].");
    SubscriptionTerms terms;
    terms.offer = RequireOffer(violations, field + "offer", line.offer());
    terms.title = rpc::RequireText(violations, field + "offer_title", line.offer_title(), 1, kMaxTextChars);
    terms.quantity = rpc::RequireQuantity(violations, field + "quantity", line.quantity());
    terms.unit_price = rpc::RequireMoney(violations, field + "unit_price", line.has_unit_price(), line.unit_price());
    if (terms.unit_price.micros() > 0 && terms.unit_price.currency() != request.currency_code()) {
      violations.Add(field + "unit_price", "must be in currency_code");
    }
    terms.billing_months = request.billing_period_months();
    terms.term_months = request.term_months();
    lines.push_back(std::move(terms));
  }
  return lines;
}

// What the confirmation added to the order.
void RequireConfirmation(FieldViolations& violations, const v1::ActivateOrderRequest& request, ConfirmedOrder& order) {
  order.start = rpc::RequireDate(violations, "start_date", request.has_start_date(), request.start_date());
  order.confirm_time = rpc::RequireTime(violations, "confirm_time", request.has_confirm_time(), request.confirm_time());
  // A date that was refused above is the epoch.
  if (order.start != Date() && request.has_confirm_time() && order.start < DateOf(order.confirm_time)) {
    violations.Add("start_date", "must not be before the UTC date of confirm_time");
  }
  order.customer.company_name = rpc::RequireText(violations, "company_name", request.company_name(), 1, kMaxTextChars);
  order.customer.billing_email = rpc::RequireEmail(violations, "billing_email", request.billing_email());
  order.customer.billing_address =
      rpc::RequireAddress(violations, "billing_address", request.has_billing_address(), request.billing_address());
}

std::vector<events::Event> EventsOf(const rpc::Call& call, const ActivationResult& result) {
  const BillingAccount& account = result.account;
  v1::BillingEvent activated = EventOf(account);
  if (!result.started.empty()) activated.set_order(EventOf(result.started.front()).order());
  std::vector<events::Event> events = {
      call.MakeEvent(account.id, account.id, account.version, "ORDER_ACTIVATED", activated, ToProto(account))};
  for (const Subscription& subscription : result.started) {
    events.push_back(call.MakeEvent(account.id, subscription.id, subscription.version, "SUBSCRIPTION_CREATED",
                                    EventOf(subscription), ToProto(subscription)));
  }
  for (const Subscription& subscription : result.rebilled) {
    events.push_back(call.MakeEvent(account.id, subscription.id, subscription.version, "SUBSCRIPTION_BILLED",
                                    EventOf(subscription), ToProto(subscription)));
  }
  for (const Invoice& invoice : result.invoices) {
    events.push_back(
        call.MakeEvent(account.id, invoice.id, invoice.version, "INVOICE_OPENED", EventOf(invoice), ToProto(invoice)));
  }
  return events;
}

}  // namespace

absl::StatusOr<ActivateOrder> ParseActivateOrder(const rpc::Call& call, const v1::ActivateOrderRequest& request) {
  FieldViolations violations;
  ActivateOrder command;
  ConfirmedOrder& order = command.order;
  order.account = rpc::RequireName(violations, "billing_account", kAccountName, request.billing_account())[0];
  const std::vector<Uuid> name = rpc::RequireName(violations, "order", kOrderName, request.order());
  order.order = {name[0], name[1]};
  order.revision = rpc::RequireQuantity(violations, "revision", request.revision());
  order.partner_of_record =
      rpc::RequireName(violations, "partner_of_record", kPartnerName, request.partner_of_record())[0];
  order.currency = rpc::RequireCurrency(violations, "currency_code", request.currency_code());
  order.lines = RequireLines(violations, request);
  if (request.billing_period_months() != 1 && request.billing_period_months() != kTermMonths) {
    violations.Add("billing_period_months", "must be 1 or 12");
  }
  if (request.term_months() != kTermMonths) violations.Add("term_months", "must be 12");
  order.purchase_order_number =
      rpc::RequireText(violations, "purchase_order_number", request.purchase_order_number(), 0, kMaxPurchaseOrderChars);
  if (request.validate_only()) {
    order.start = DateOf(call.now());
    order.confirm_time = call.now();
  } else {
    RequireConfirmation(violations, request, order);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  command.tenant = order.account;
  return command;
}

absl::StatusOr<v1::ActivateOrderResponse> ActivationHandlers::Activate(const rpc::Call& call,
                                                                       const ActivateOrder& command) const {
  const ConfirmedOrder& order = command.order;
  ASSIGN_OR_RETURN(const std::optional<Activation> before,
                   activations_.Find(call.deadline(), order.account, order.order, order.revision));
  if (before.has_value() && !call.validate_only()) return ToProto(*before);

  ASSIGN_OR_RETURN(const std::optional<BillingAccount> account, accounts_.Find(call.deadline(), order.account));
  if (call.validate_only()) {
    RETURN_IF_ERROR(billing::Activate(account, /*number=*/"", order, /*due=*/{}, call.now()).status());
    return v1::ActivateOrderResponse();
  }
  std::string number;
  std::vector<Subscription> due;
  if (account.has_value()) {
    ASSIGN_OR_RETURN(due, subscriptions_.ListDue(call.deadline(), order.account, DateOf(order.confirm_time)));
  } else {
    ASSIGN_OR_RETURN(number, accounts_.ReserveNumber(call.deadline(), order.account));
  }
  ASSIGN_OR_RETURN(const ActivationResult result,
                   billing::Activate(account, number, order, std::move(due), call.now()));
  v1::ActivateOrderResponse reply = ToProto(result.activation);
  const events::Change change = call.MakeChange(EventsOf(call, result), reply);
  RETURN_IF_ERROR(activations_.Commit(call.deadline(), change, result));
  return reply;
}

}  // namespace countersign::billing
