#include "order-service/src/api/order_requests.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/transfer_code.h"
#include "common/rpc/convert.h"
#include "common/rpc/fields.h"
#include "common/rpc/names.h"
#include "common/rpc/requests.h"
#include "order-service/src/api/names.h"
#include "order-service/src/api/offer_requests.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/api/promotion_requests.h"
#include "order-service/src/store/catalogue_store.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {
namespace {

constexpr absl::string_view kAllPartners = "partners/-";
constexpr size_t kSha256Bytes = 32;
constexpr int kMaxCustomerNoteChars = 500;
constexpr int kMaxQueryChars = 200;
constexpr int kMaxOffersOfPage = 100;  // As many as CheckSeller takes at once.
constexpr absl::string_view kOrderUpdatable[] = {
    "currency_code",     "lines",         "billing_period",        "requested_start_date",
    "partner_reference", "customer_note", "purchase_order_number", "region_code"};
static_assert(Quantity::kMax == rpc::kMaxQuantity, "One limit of seats, here and at the peers.");

// The slug of a promotion of the line's own offer; empty where none is asked for. Where the line names no offer, the
// promotion does.
std::string RequireLinePromotion(FieldViolations& violations, const std::string& field, const std::string& value,
                                 std::string& offer) {
  if (value.empty()) return "";
  const PromotionName name = RequirePromotionName(violations, field, value);
  if (offer.empty()) offer = name.offer;
  if (!name.offer.empty() && name.offer != offer) violations.Add(field, "must be a promotion of the line's offer");
  return name.promotion;
}

// Takes a line's change of a subscription.
void RequireLineChange(FieldViolations& violations, const std::string& field, OrderKind kind,
                       const v1::Order::Line& line, RequestedLine& required) {
  if (kind == OrderKind::kNew) {
    if (!line.subscription().empty()) violations.Add(field + ".subscription", "must be empty for a new subscription");
    if (line.at_renewal()) violations.Add(field + ".at_renewal", "must be false for a new subscription");
    return;
  }
  const std::vector<Uuid> ids =
      rpc::RequireName(violations, field + ".subscription", kSubscriptionName, line.subscription());
  required.subscription = SubscriptionName{ids[0], ids[1]};
  required.at_renewal = line.at_renewal() || kind == OrderKind::kRenew;
}

// The code, and nothing else: it names the subscription.
RequestedLine RequirePartnerChange(FieldViolations& violations, const std::string& field, const v1::Order::Line& line) {
  RequestedLine required{.offer_id = "", .quantity = *Quantity::Of(1)};
  required.transfer_code = TransferCodeId(line.transfer_code());
  if (!required.transfer_code.has_value()) {
    violations.Add(field + ".transfer_code",
                   "must be a transfer code: 32 hexadecimal digits, from the customer's receipt");
  }
  const bool has_more = !line.offer().empty() || line.quantity() != 0 || !line.promotion().empty() ||
                        !line.subscription().empty() || line.at_renewal();
  if (has_more) violations.Add(field, "must have a transfer_code and nothing else");
  return required;
}

std::vector<RequestedLine> RequireOrderLines(FieldViolations& violations, OrderKind kind, const v1::Order& order) {
  std::vector<RequestedLine> lines;
  const int max = kind == OrderKind::kNew ? kMaxLines : 1;
  if (order.lines().empty() || order.lines_size() > max) {
    violations.Add("order.lines", absl::StrCat("must have 1 to ", max, " lines"));
    return lines;
  }
  for (int i = 0; i < order.lines_size(); ++i) {
    const v1::Order::Line& line = order.lines(i);
    const std::string field = absl::StrCat("order.lines[", i, "]");
    if (kind == OrderKind::kChangePartner) {
      lines.push_back(RequirePartnerChange(violations, field, line));
      continue;
    }
    if (!line.transfer_code().empty()) {
      violations.Add(field + ".transfer_code", "must be left out: it is for KIND_CHANGE_PARTNER");
    }
    const bool has_offer = kind == OrderKind::kNew || !line.offer().empty();
    std::string offer = has_offer ? RequireOffer(violations, field + ".offer", line.offer()) : "";
    std::string promotion = RequireLinePromotion(violations, field + ".promotion", line.promotion(), offer);
    const absl::StatusOr<Quantity> quantity = Quantity::Of(line.quantity());
    violations.AddIfError(field + ".quantity", quantity.status());
    RequestedLine required{.offer_id = std::move(offer),
                           .quantity = quantity.value_or(*Quantity::Of(1)),
                           .promotion_id = std::move(promotion)};
    RequireLineChange(violations, field, kind, line, required);
    lines.push_back(std::move(required));
  }
  return lines;
}

int RequireBillingPeriod(FieldViolations& violations, v1::Order::BillingPeriod period) {
  if (!v1::Order::BillingPeriod_IsValid(period))
    violations.Add("order.billing_period", "must be BILLING_PERIOD_MONTHLY or BILLING_PERIOD_ANNUAL");
  return period == v1::Order::BILLING_PERIOD_ANNUAL ? 12 : 1;
}

OrderKind RequireKind(FieldViolations& violations, v1::Order::Kind kind) {
  switch (kind) {
    case v1::Order::KIND_UNSPECIFIED:
    case v1::Order::KIND_NEW:
      return OrderKind::kNew;
    case v1::Order::KIND_CHANGE_SEATS:
      return OrderKind::kChangeSeats;
    case v1::Order::KIND_RENEW:
      return OrderKind::kRenew;
    case v1::Order::KIND_CHANGE_PARTNER:
      return OrderKind::kChangePartner;
    default:
      violations.Add("order.kind", "must be KIND_NEW, KIND_CHANGE_SEATS, KIND_RENEW or KIND_CHANGE_PARTNER");
      return OrderKind::kNew;
  }
}

// Whether the day is near enough is asked later: a repeated request gets its first reply, however late it comes.
std::optional<Date> RequireStart(FieldViolations& violations, const v1::Order& order) {
  if (!order.has_requested_start_date()) return std::nullopt;
  return rpc::RequireDate(violations, "order.requested_start_date", true, order.requested_start_date());
}

// `kept_lines`: where the lines stay as they are, for an order shows no transfer code.
RequestedTerms RequireTerms(FieldViolations& violations, const v1::Order& order,
                            const std::vector<RequestedLine>& kept_lines = {}) {
  RequestedTerms terms;
  terms.currency = rpc::RequireCurrency(violations, "order.currency_code", order.currency_code());
  terms.kind = RequireKind(violations, order.kind());
  terms.lines = kept_lines.empty() ? RequireOrderLines(violations, terms.kind, order) : kept_lines;
  terms.billing_period_months = RequireBillingPeriod(violations, order.billing_period());
  terms.requested_start = RequireStart(violations, order);
  terms.partner_reference = rpc::RequireText(violations, "order.partner_reference", order.partner_reference(), 0, 64);
  terms.customer_note =
      rpc::RequireLines(violations, "order.customer_note", order.customer_note(), 0, kMaxCustomerNoteChars);
  terms.purchase_order_number = rpc::RequireText(violations, "order.purchase_order_number",
                                                 order.purchase_order_number(), 0, kMaxPurchaseOrderChars);
  terms.region = RegionIfGiven(violations, "order.region_code", order.region_code());
  if (terms.kind != OrderKind::kNew && terms.requested_start.has_value()) {
    violations.Add("order.requested_start_date", "must be left out: a change takes effect by itself");
  }
  return terms;
}

Press RequirePress(FieldViolations& violations, absl::string_view link, int64_t revision) {
  return {rpc::RequireName(violations, "link", kLinkName, link)[0],
          rpc::RequireQuantity(violations, "revision", revision, 1, rpc::kMaxRevision)};
}

// DATETIME begins with the year 1000, and no customer pressed before the year 2000.
absl::Time RequirePressTime(FieldViolations& violations, const v1::Acceptance& given) {
  constexpr absl::string_view kField = "acceptance.press_time";
  if (!given.has_press_time()) return rpc::RequireTime(violations, kField, false, given.press_time());
  const absl::StatusOr<absl::Time> time = rpc::FromProto(given.press_time());
  if (time.ok() && DateOf(*time).year() >= 2000 && DateOf(*time).year() < 2200) return *time;
  violations.Add(kField, "must be a time of the years 2000 to 2199");
  return absl::Time();
}

Acceptance RequireAcceptance(FieldViolations& violations, const v1::Acceptance& given) {
  Acceptance acceptance;
  acceptance.purchase_order_number = rpc::RequireText(violations, "acceptance.purchase_order_number",
                                                      given.purchase_order_number(), 0, kMaxPurchaseOrderChars);
  if (!given.company_name().empty() || !given.billing_email().empty() || given.has_billing_address()) {
    acceptance.company_name = rpc::RequireText(violations, "acceptance.company_name", given.company_name(), 1, 200);
    acceptance.billing_email = rpc::RequireEmail(violations, "acceptance.billing_email", given.billing_email());
    acceptance.billing_address = rpc::RequireAddress(violations, "acceptance.billing_address",
                                                     given.has_billing_address(), given.billing_address());
  }
  acceptance.agreement_version =
      rpc::RequireAscii(violations, "acceptance.agreement_version", given.agreement_version(), 1, 64);
  if (given.content_sha256().size() != kSha256Bytes) {
    violations.Add("acceptance.content_sha256", absl::StrCat("must have ", kSha256Bytes, " bytes"));
  }
  acceptance.content_sha256 = given.content_sha256();
  acceptance.ip_address = rpc::RequireAscii(violations, "acceptance.ip_address", given.ip_address(), 0, 45);
  acceptance.user_agent = rpc::RequireText(violations, "acceptance.user_agent", given.user_agent(), 0, 500);
  acceptance.press_time = RequirePressTime(violations, given);
  acceptance.confirmer_name = rpc::RequireText(violations, "acceptance.confirmer_name", given.confirmer_name(), 1, 200);
  acceptance.confirmer_title =
      rpc::RequireText(violations, "acceptance.confirmer_title", given.confirmer_title(), 1, 100);
  acceptance.confirmer_email = rpc::RequireEmail(violations, "acceptance.confirmer_email", given.confirmer_email());
  acceptance.tax_id = rpc::RequireAscii(violations, "acceptance.tax_id", given.tax_id(), 0, 32);
  acceptance.language_code = rpc::RequireAscii(violations, "acceptance.language_code", given.language_code(), 0, 35);
  return acceptance;
}

}  // namespace

namespace {

// CreateOrder and PreviewOrder.
template <typename Request>
absl::StatusOr<CreateOrderCommand> ParseNewOrder(const rpc::Call& call, const Request& request) {
  FieldViolations violations;
  const v1::Order& order = request.order();
  CreateOrderCommand command;
  command.tenant = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  const std::vector<Uuid> customer = rpc::RequireName(violations, "order.customer", kCustomerName, order.customer());
  command.customer = customer[1];
  if (!customer[0].is_nil() && customer[0] != command.tenant) {
    violations.Add("order.customer", "must be a customer of the parent");
  }
  if (order.partner_of_record() != request.parent() || request.parent().empty()) {
    violations.Add("order.partner_of_record", "must be the parent: a partner declares itself");
  }
  command.terms = RequireTerms(violations, order);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

}  // namespace

absl::StatusOr<CreateOrderCommand> ParseCreateOrder(const rpc::Call& call, const v1::CreateOrderRequest& request) {
  return ParseNewOrder(call, request);
}

absl::StatusOr<CreateOrderCommand> ParsePreviewOrder(const rpc::Call& call, const v1::PreviewOrderRequest& request) {
  return ParseNewOrder(call, request);
}

absl::StatusOr<UpdateOrderCommand> ParseUpdateOrder(const rpc::Call& call, const v1::UpdateOrderRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "order.name", kOrderName, request.order().name());
  UpdateOrderCommand command;
  command.tenant = ids[0];
  command.id = ids[1];
  command.order = request.order();
  command.etag = request.etag();
  command.mask = rpc::RequireUpdateMask(violations, request.update_mask(), request.order(), kOrderUpdatable);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

absl::StatusOr<RequestedTerms> UpdatedTerms(const UpdateOrderCommand& command, const Order& before) {
  v1::Order current = ToProto(before);
  const v1::Order& given = command.order;
  const rpc::UpdateMask& mask = command.mask;
  if (mask.Has("currency_code")) current.set_currency_code(given.currency_code());
  if (mask.Has("lines")) *current.mutable_lines() = given.lines();
  if (mask.Has("billing_period")) current.set_billing_period(given.billing_period());
  if (mask.Has("requested_start_date")) {
    current.clear_requested_start_date();
    if (given.has_requested_start_date()) *current.mutable_requested_start_date() = given.requested_start_date();
  }
  if (mask.Has("partner_reference")) current.set_partner_reference(given.partner_reference());
  if (mask.Has("customer_note")) current.set_customer_note(given.customer_note());
  if (mask.Has("purchase_order_number")) current.set_purchase_order_number(given.purchase_order_number());
  if (mask.Has("region_code")) current.set_region_code(given.region_code());
  const bool keeps_code = before.kind == OrderKind::kChangePartner && !mask.Has("lines");
  FieldViolations violations;
  RequestedTerms terms =
      RequireTerms(violations, current, keeps_code ? RequestedLinesOf(before.terms) : std::vector<RequestedLine>());
  RETURN_IF_ERROR(violations.ToStatus());
  return terms;
}

absl::StatusOr<SubmitOrderCommand> ParseSubmitOrder(const rpc::Call& call, const v1::SubmitOrderRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "name", kOrderName, request.name());
  SubmitOrderCommand command{.tenant = ids[0], .id = ids[1], .etag = request.etag()};
  if (request.valid_days() != 0) {
    command.valid_days =
        static_cast<int>(rpc::RequireQuantity(violations, "valid_days", request.valid_days(), 1, kMaxValidDays));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

absl::StatusOr<ExtendExpiryCommand> ParseExtendExpiry(const rpc::Call& call, const v1::ExtendExpiryRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "name", kOrderName, request.name());
  ExtendExpiryCommand command{.tenant = ids[0], .id = ids[1], .expire_time = {}, .etag = request.etag()};
  command.expire_time = rpc::RequireTime(violations, "expire_time", request.has_expire_time(), request.expire_time());
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

absl::StatusOr<OrderRevisionName> ParseGetOrderRevision(const rpc::Call& call,
                                                        const v1::GetOrderRevisionRequest& request) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(request.name(), absl::MaxSplits(kRevisionsPart, 1));
  FieldViolations violations;
  OrderRevisionName name;
  const bool is_number = absl::SimpleAtoi(parts.second, &name.revision) && absl::StrCat(name.revision) == parts.second;
  const absl::StatusOr<std::vector<Uuid>> ids = rpc::ParseName(kOrderName, parts.first);
  if (!ids.ok() || !is_number || name.revision < 1 || name.revision > rpc::kMaxRevision) {
    return InvalidField("name", "must be partners/{partner}/orders/{order}/revisions/{revision}");
  }
  name.order = {(*ids)[0], (*ids)[1]};
  RETURN_IF_ERROR(call.RequirePartner(name.order.partner));
  return name;
}

absl::StatusOr<SearchOrdersCommand> ParseSearchOrders(const rpc::Call& call, const v1::SearchOrdersRequest& request) {
  FieldViolations violations;
  SearchOrdersCommand command;
  if (request.parent() != kAllPartners) {
    command.partner = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  }
  command.query = rpc::RequireText(violations, "query", request.query(), 1, kMaxQueryChars);
  const absl::StatusOr<std::vector<Uuid>> account = rpc::ParseName(kAccountName, command.query);
  if (account.ok()) command.account = account->front();
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.partner.value_or(Uuid())));
  return command;
}

absl::StatusOr<ListSellableOffersCommand> ParseListSellableOffers(const rpc::Call& call,
                                                                  const v1::ListSellableOffersRequest& request) {
  FieldViolations violations;
  ListSellableOffersCommand command;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "parent", kCustomerName, request.parent());
  command.customer = request.parent();
  command.currency = RequirePriceCurrency(violations, request.currency_code());
  command.region = RegionIfGiven(violations, "region_code", request.region_code());
  command.list = rpc::RequireListing(violations, call, request, OfferFilterFields());
  command.list.page.size = std::min(command.list.page.size, kMaxOffersOfPage);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(ids[0]));
  return command;
}

absl::StatusOr<ListOrdersCommand> ParseListOrders(const rpc::Call& call, const v1::ListOrdersRequest& request) {
  FieldViolations violations;
  ListOrdersCommand command;
  if (request.parent() != kAllPartners) {
    command.partner = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  }
  command.list = rpc::RequireListing(violations, call, request, OrderFilterFields());
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.partner.value_or(Uuid())));
  return command;
}

absl::StatusOr<ReviseOrderCommand> ParseReviseOrder(const rpc::Call& call, const v1::ReviseOrderRequest& request) {
  FieldViolations violations;
  const v1::Order& order = request.order();
  const std::vector<Uuid> ids = rpc::RequireName(violations, "order.name", kOrderName, order.name());
  RequestedTerms terms = RequireTerms(violations, order);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(ids[0]));
  return ReviseOrderCommand{.tenant = ids[0],
                            .id = ids[1],
                            .terms = std::move(terms),
                            .customer = order.customer(),
                            .partner_of_record = order.partner_of_record(),
                            .etag = request.etag()};
}

absl::StatusOr<ConfirmOrderCommand> ParseConfirmOrder(const rpc::Call&, const v1::ConfirmOrderRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "name", kOrderName, request.name());
  Press press = RequirePress(violations, request.link(), request.revision());
  Acceptance acceptance = RequireAcceptance(violations, request.acceptance());
  press.time = acceptance.press_time;
  RETURN_IF_ERROR(violations.ToStatus());
  return ConfirmOrderCommand{ids[0], ids[1], press, std::move(acceptance), request.acceptance().contact_verified()};
}

absl::StatusOr<DeclineOrderCommand> ParseDeclineOrder(const rpc::Call&, const v1::DeclineOrderRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "name", kOrderName, request.name());
  const Press press = RequirePress(violations, request.link(), request.revision());
  std::string reason = rpc::RequireLines(violations, "reason", request.reason(), 0, rpc::kMaxReasonChars);
  RETURN_IF_ERROR(violations.ToStatus());
  return DeclineOrderCommand{ids[0], ids[1], press, std::move(reason)};
}

}  // namespace countersign::order
