#include "billing-service/src/api/activation_requests.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/slug.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
namespace {

using Request = v1::ActivateOrderRequest;

constexpr int kMaxOrderLines = 20;
constexpr int kMaxTextChars = 200;
constexpr int kMaxTaxIdLength = 32;
constexpr int kMaxLanguageLength = 35;
constexpr int kMaxOrderNumberLength = 32;
constexpr int kMaxPartnersReferenceChars = 64;
constexpr int kTermMonths = 12;
constexpr int kMaxTrialDays = 365;
constexpr absl::string_view kOnlyForNew = "must be left out: it is for KIND_NEW";

std::string RequireOffer(FieldViolations& violations, absl::string_view field, const std::string& value) {
  absl::string_view id = value;
  if (!absl::ConsumePrefix(&id, kOfferPrefix) || !IsSlug(id)) {
    violations.Add(field, absl::StrCat("must be ", kOfferPrefix, "{offer}, the offer being 1 to ", kMaxSlugBytes,
                                       " of a-z, 0-9 and -"));
  }
  return value;
}

// "offers/{offer}/prices/{price}", both slugs; empty passes.
std::string RequirePrice(FieldViolations& violations, absl::string_view field, const std::string& value) {
  const std::vector<std::string> parts = absl::StrSplit(value, '/');
  const bool good =
      parts.size() == 4 && parts[0] == "offers" && IsSlug(parts[1]) && parts[2] == "prices" && IsSlug(parts[3]);
  if (!value.empty() && !good) violations.Add(field, "must be offers/{offer}/prices/{price} of a-z, 0-9 and -");
  return value;
}

// The unit price of a line and where it comes from. A promotion's price takes the place of the line's.
void RequireUnitPrice(FieldViolations& violations, const Request& request, const Request::Line& line,
                      const std::string& field, Money& unit_price, PriceOrigin& origin) {
  unit_price = rpc::RequireMoney(violations, field + "unit_price", line.has_unit_price(), line.unit_price());
  if (unit_price.micros() > 0 && unit_price.currency() != request.currency_code()) {
    violations.Add(field + "unit_price", "must be in currency_code");
  }
  origin.price = RequirePrice(violations, field + "price", line.price());
  origin.tier_min_quantity =
      rpc::RequireQuantity(violations, field + "tier_min_quantity", line.tier_min_quantity(), /*min=*/0);
  if (origin.tier_min_quantity > 0 && line.price().empty()) {
    violations.Add(field + "tier_min_quantity", "must be 0 without a price");
  }
  if (!line.has_promotion()) return;
  const Request::Promotion& promotion = line.promotion();
  const std::string within = field + "promotion.";
  const Money promoted =
      rpc::RequireMoney(violations, within + "unit_price", promotion.has_unit_price(), promotion.unit_price());
  Period window;
  window.start = rpc::RequireDate(violations, within + "window_start_date", promotion.has_window_start_date(),
                                  promotion.window_start_date());
  window.end = rpc::RequireDate(violations, within + "window_end_date", promotion.has_window_end_date(),
                                promotion.window_end_date());
  if (window.end != Date() && window.end <= window.start) {
    violations.Add(within + "window_end_date", "must be after window_start_date");
  }
  if (promoted.micros() > 0 &&
      (promoted.currency() != unit_price.currency() || promoted.micros() >= unit_price.micros())) {
    violations.Add(within + "unit_price", "must be lower than the line's unit_price, in the same currency");
  }
  origin.promotion = Promotion{unit_price, window};
  unit_price = promoted;
}

// Refuses the fields of a line that are not for NEW.
void RefuseChangeOf(FieldViolations& violations, const Request::Line& line, const std::string& field) {
  constexpr absl::string_view kNotForNew = "must be left out for KIND_NEW";
  if (!line.subscription().empty()) violations.Add(field + "subscription", kNotForNew);
  if (line.has_seats_to_add()) violations.Add(field + "seats_to_add", kNotForNew);
  if (line.has_renewal_quantity()) violations.Add(field + "renewal_quantity", kNotForNew);
}

std::vector<SubscriptionTerms> RequireNewLines(FieldViolations& violations, const Request& request) {
  if (request.lines().empty() || request.lines_size() > kMaxOrderLines) {
    violations.Add("lines", absl::StrCat("must be 1 to ", kMaxOrderLines, " lines"));
    return {};
  }
  std::vector<SubscriptionTerms> lines;
  for (const Request::Line& line : request.lines()) {
    const std::string field = absl::StrCat("lines[", lines.size(), "].");
    SubscriptionTerms terms;
    terms.offer = RequireOffer(violations, field + "offer", line.offer());
    terms.title = rpc::RequireText(violations, field + "offer_title", line.offer_title(), 1, kMaxTextChars);
    terms.quantity = rpc::RequireQuantity(violations, field + "quantity", line.quantity());
    terms.trial_days =
        rpc::RequireQuantity(violations, field + "trial_days", line.trial_days(), /*min=*/0, kMaxTrialDays);
    RequireUnitPrice(violations, request, line, field, terms.unit_price, terms.origin);
    RefuseChangeOf(violations, line, field);
    terms.billing_months = request.billing_period_months();
    terms.term_months = request.term_months();
    lines.push_back(std::move(terms));
  }
  return lines;
}

void RequirePeriods(FieldViolations& violations, const Request& request) {
  if (request.billing_period_months() != 1 && request.billing_period_months() != kTermMonths) {
    violations.Add("billing_period_months", absl::StrCat("must be 1 or ", kTermMonths));
  }
  if (request.term_months() != kTermMonths) violations.Add("term_months", absl::StrCat("must be ", kTermMonths));
}

// Refuses the terms of a new subscription in an order of another kind.
void RefuseTermsOfNew(FieldViolations& violations, const Request& request) {
  if (request.billing_period_months() != 0) violations.Add("billing_period_months", kOnlyForNew);
  if (request.term_months() != 0) violations.Add("term_months", kOnlyForNew);
  const Request::Line& line = request.lines(0);
  if (!line.offer_title().empty()) violations.Add("lines[0].offer_title", kOnlyForNew);
  if (line.quantity() != 0) violations.Add("lines[0].quantity", kOnlyForNew);
  if (line.trial_days() != 0) violations.Add("lines[0].trial_days", kOnlyForNew);
}

// The price of what changes; a change without one must not name any.
void RequireChangePrice(FieldViolations& violations, const Request& request, bool priced, SubscriptionChange& change) {
  const Request::Line& line = request.lines(0);
  if (line.has_promotion() && !line.has_seats_to_add()) {
    violations.Add("lines[0].promotion", "must be left out unless seats are added");
  }
  if (priced) {
    RequireUnitPrice(violations, request, line, "lines[0].", change.unit_price, change.origin);
    return;
  }
  constexpr absl::string_view kUnpriced = "must be left out: this change has no price of its own";
  if (line.has_unit_price()) violations.Add("lines[0].unit_price", kUnpriced);
  if (!line.price().empty()) violations.Add("lines[0].price", kUnpriced);
  if (line.tier_min_quantity() != 0) violations.Add("lines[0].tier_min_quantity", kUnpriced);
}

SubscriptionChange RequireChange(FieldViolations& violations, const Request& request, OrderKind kind,
                                 const Uuid& account) {
  SubscriptionChange change;
  if (request.lines_size() != 1) {
    violations.Add("lines", "must be one line, of the subscription that changes");
    return change;
  }
  const Request::Line& line = request.lines(0);
  RefuseTermsOfNew(violations, request);
  const std::vector<Uuid> ids =
      rpc::RequireName(violations, "lines[0].subscription", kSubscriptionName, line.subscription());
  if (ids[0] != Uuid() && ids[0] != account)
    violations.Add("lines[0].subscription", "must be one of billing_account's");
  change.subscription = ids[1];
  if (!line.offer().empty()) change.offer = RequireOffer(violations, "lines[0].offer", line.offer());
  if (line.has_seats_to_add()) {
    change.seats_to_add = rpc::RequireQuantity(violations, "lines[0].seats_to_add", line.seats_to_add());
    if (kind != OrderKind::kChangeSeats) violations.Add("lines[0].seats_to_add", "must be left out for this kind");
  }
  if (line.has_renewal_quantity()) {
    change.renewal_quantity = rpc::RequireQuantity(violations, "lines[0].renewal_quantity", line.renewal_quantity());
    if (kind == OrderKind::kChangePartner) {
      violations.Add("lines[0].renewal_quantity", "must be left out for this kind");
    }
  } else if (kind == OrderKind::kRenew || (kind == OrderKind::kChangeSeats && !line.has_seats_to_add())) {
    violations.Add("lines[0].renewal_quantity", "must be set, or seats_to_add for KIND_CHANGE_SEATS");
  }
  if (kind == OrderKind::kChangePartner) {
    const std::vector<Uuid> code =
        rpc::RequireName(violations, "lines[0].transfer_code", kTransferCodeName, line.transfer_code());
    if (code[0] != Uuid() && code[0] != account) {
      violations.Add("lines[0].transfer_code", "must be one of billing_account's");
    }
    change.transfer_code = code[1];
  } else if (!line.transfer_code().empty()) {
    violations.Add("lines[0].transfer_code", "must be left out for this kind");
  }
  RequireChangePrice(violations, request, kind == OrderKind::kRenew || line.has_seats_to_add(), change);
  return change;
}

OrderKind RequireKind(FieldViolations& violations, const Request& request) {
  switch (request.kind()) {
    case Request::KIND_UNSPECIFIED:
    case Request::KIND_NEW:
      return OrderKind::kNew;
    case Request::KIND_CHANGE_SEATS:
      return OrderKind::kChangeSeats;
    case Request::KIND_RENEW:
      return OrderKind::kRenew;
    case Request::KIND_CHANGE_PARTNER:
      return OrderKind::kChangePartner;
    default:
      violations.Add("kind", "must be KIND_NEW, KIND_CHANGE_SEATS, KIND_RENEW or KIND_CHANGE_PARTNER");
      return OrderKind::kNew;
  }
}

OrderLabel RequireLabel(FieldViolations& violations, const Request& request) {
  return {rpc::RequireAscii(violations, "order_number", request.order_number(), 0, kMaxOrderNumberLength),
          rpc::RequireText(violations, "partner_reference", request.partner_reference(), 0, kMaxPartnersReferenceChars),
          rpc::RequireText(violations, "customer_display_name", request.customer_display_name(), 0, kMaxTextChars)};
}

// The fields that the confirmation added to the order.
void RequireConfirmation(FieldViolations& violations, const Request& request, ConfirmedOrder& order) {
  order.start = rpc::RequireDate(violations, "start_date", request.has_start_date(), request.start_date());
  order.confirm_time = rpc::RequireTime(violations, "confirm_time", request.has_confirm_time(), request.confirm_time());
  // A date that was refused above is the epoch.
  if (order.start != Date() && request.has_confirm_time() && order.start < DateOf(order.confirm_time)) {
    violations.Add("start_date", "must not be before the UTC date of confirm_time");
  }
  order.label = RequireLabel(violations, request);
  order.language = rpc::RequireAscii(violations, "language_code", request.language_code(), 0, kMaxLanguageLength);
  if (order.kind != OrderKind::kNew) return;  // The account knows its customer.
  order.tax_id = rpc::RequireAscii(violations, "tax_id", request.tax_id(), 0, kMaxTaxIdLength);
  // All or none: where the account is there, it knows its customer, too.
  if (request.company_name().empty() && request.billing_email().empty() && !request.has_billing_address()) return;
  order.customer.company_name = rpc::RequireText(violations, "company_name", request.company_name(), 1, kMaxTextChars);
  order.customer.billing_email = rpc::RequireEmail(violations, "billing_email", request.billing_email());
  order.customer.billing_address =
      rpc::RequireAddress(violations, "billing_address", request.has_billing_address(), request.billing_address());
}

Confirmer RequireConfirmer(FieldViolations& violations, const Request::Confirmer& confirmer) {
  return {rpc::RequireText(violations, "confirmer.name", confirmer.name(), 1, kMaxTextChars),
          rpc::RequireText(violations, "confirmer.role", confirmer.role(), 0, kMaxTextChars),
          rpc::RequireEmail(violations, "confirmer.email", confirmer.email())};
}

}  // namespace

absl::StatusOr<ActivateOrderCommand> ParseActivateOrder(const rpc::Call& call, const Request& request) {
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
  order.kind = RequireKind(violations, request);
  if (order.kind == OrderKind::kNew) {
    order.lines = RequireNewLines(violations, request);
    RequirePeriods(violations, request);
  } else {
    order.change = RequireChange(violations, request, order.kind, order.account);
  }
  order.purchase_order_number =
      rpc::RequireText(violations, "purchase_order_number", request.purchase_order_number(), 0, kMaxPurchaseOrderChars);
  if (request.has_confirmer()) order.confirmer = RequireConfirmer(violations, request.confirmer());
  if (request.validate_only()) {
    order.confirmed = false;
    order.start = DateOf(call.now());
    if (order.kind == OrderKind::kNew && request.has_start_date()) {
      order.start = std::max(order.start, rpc::RequireDate(violations, "start_date", true, request.start_date()));
    }
    const std::string& region = request.billing_address().region_code();
    if (!region.empty()) {
      order.customer.billing_address.region_code =
          rpc::RequireAscii(violations, "billing_address.region_code", region, 2, 2);
    }
    order.confirm_time = call.now();
  } else {
    RequireConfirmation(violations, request, order);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  command.tenant = order.account;
  command.with_outlook = request.with_outlook();
  Request kept = request;
  kept.clear_request_id();
  command.request = kept.SerializeAsString();
  return command;
}

absl::StatusOr<ConfirmedOrder> OrderOfKeptRequest(const rpc::Call& call, const std::string& request) {
  Request kept;
  if (!kept.ParseFromString(request)) return absl::DataLossError("A parked activation's request does not parse.");
  ASSIGN_OR_RETURN(ActivateOrderCommand command, ParseActivateOrder(call, kept));
  return std::move(command.order);
}

}  // namespace countersign::billing
