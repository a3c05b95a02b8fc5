#include "billing-service/src/api/activation_requests.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/slug.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
namespace {

constexpr int kMaxOrderLines = 20;
constexpr int kMaxTextChars = 200;
constexpr int kMaxPurchaseOrderChars = 64;
constexpr int kTermMonths = 12;

std::string RequireOffer(FieldViolations& violations, absl::string_view field, const std::string& value) {
  absl::string_view id = value;
  if (!absl::ConsumePrefix(&id, kOfferPrefix) || !IsSlug(id)) {
    violations.Add(field, absl::StrCat("must be ", kOfferPrefix, "{offer}, the offer being 1 to ", kMaxSlugBytes,
                                       " of a-z, 0-9 and -"));
  }
  return value;
}

std::vector<SubscriptionTerms> RequireLines(FieldViolations& violations, const v1::ActivateOrderRequest& request) {
  if (request.lines().empty() || request.lines_size() > kMaxOrderLines) {
    violations.Add("lines", absl::StrCat("must be 1 to ", kMaxOrderLines, " lines"));
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

void RequirePeriods(FieldViolations& violations, const v1::ActivateOrderRequest& request) {
  if (request.billing_period_months() != 1 && request.billing_period_months() != kTermMonths) {
    violations.Add("billing_period_months", absl::StrCat("must be 1 or ", kTermMonths));
  }
  if (request.term_months() != kTermMonths) violations.Add("term_months", absl::StrCat("must be ", kTermMonths));
}

constexpr absl::string_view kNotServed = "is not served yet and must be left out";

// What the contract has and this version does not do: refused, because ignoring it would bill something else than the
// customer confirmed.
void RefuseUnserved(FieldViolations& violations, const v1::ActivateOrderRequest& request) {
  using Kind = v1::ActivateOrderRequest;
  if (request.kind() != Kind::KIND_UNSPECIFIED && request.kind() != Kind::KIND_NEW) {
    violations.Add("kind", "must be KIND_NEW: the others are not served yet");
  }
  if (request.has_confirmer()) violations.Add("confirmer", kNotServed);
  for (int i = 0; i < request.lines_size(); ++i) {
    const v1::ActivateOrderRequest::Line& line = request.lines(i);
    const std::string field = absl::StrCat("lines[", i, "].");
    if (!line.price().empty()) violations.Add(field + "price", kNotServed);
    if (line.tier_min_quantity() != 0) violations.Add(field + "tier_min_quantity", kNotServed);
    if (line.trial_days() != 0) violations.Add(field + "trial_days", kNotServed);
    if (line.has_promotion()) violations.Add(field + "promotion", kNotServed);
    if (!line.subscription().empty()) violations.Add(field + "subscription", kNotServed);
    if (line.change_case() != v1::ActivateOrderRequest::Line::CHANGE_NOT_SET) {
      violations.Add(field + (line.has_seats_to_add() ? "seats_to_add" : "renewal_quantity"), kNotServed);
    }
  }
}

// The fields that the confirmation added to the order.
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

}  // namespace

absl::StatusOr<ActivateOrderCommand> ParseActivateOrder(const rpc::Call& call,
                                                        const v1::ActivateOrderRequest& request) {
  FieldViolations violations;
  ActivateOrderCommand command;
  ConfirmedOrder& order = command.order;
  order.account = rpc::RequireName(violations, "billing_account", kAccountName, request.billing_account())[0];
  const std::vector<Uuid> name = rpc::RequireName(violations, "order", kOrderName, request.order());
  order.order = {name[0], name[1]};
  order.revision = rpc::RequireQuantity(violations, "revision", request.revision(), 1, rpc::kMaxRevision);
  order.partner_of_record =
      rpc::RequireName(violations, "partner_of_record", kPartnerName, request.partner_of_record())[0];
  order.currency = rpc::RequireCurrency(violations, "currency_code", request.currency_code());
  order.lines = RequireLines(violations, request);
  RequirePeriods(violations, request);
  RefuseUnserved(violations, request);
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

}  // namespace countersign::billing
