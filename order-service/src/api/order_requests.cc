#include "order-service/src/api/order_requests.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "common/rpc/fields.h"
#include "common/rpc/requests.h"
#include "order-service/src/api/names.h"
#include "order-service/src/api/offer_requests.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {
namespace {

constexpr absl::string_view kAllPartners = "partners/-";
constexpr size_t kSha256Bytes = 32;
static_assert(Quantity::kMax == rpc::kMaxQuantity, "One limit of seats, here and at the peers.");

std::vector<RequestedLine> RequireOrderLines(FieldViolations& violations, const v1::Order& order) {
  std::vector<RequestedLine> lines;
  if (order.lines().empty() || order.lines_size() > kMaxLines) {
    violations.Add("order.lines", absl::StrCat("must have 1 to ", kMaxLines, " lines"));
    return lines;
  }
  for (int i = 0; i < order.lines_size(); ++i) {
    const std::string field = absl::StrCat("order.lines[", i, "]");
    std::string offer = RequireOffer(violations, field + ".offer", order.lines(i).offer());
    const absl::StatusOr<Quantity> quantity = Quantity::Of(order.lines(i).quantity());
    violations.AddIfError(field + ".quantity", quantity.status());
    if (quantity.ok()) lines.push_back({std::move(offer), *quantity});
  }
  return lines;
}

int RequireBillingPeriod(FieldViolations& violations, v1::Order::BillingPeriod period) {
  if (!v1::Order::BillingPeriod_IsValid(period)) violations.Add("order.billing_period", "must be monthly or annual");
  return period == v1::Order::BILLING_PERIOD_ANNUAL ? 12 : 1;
}

void RequireNewKind(FieldViolations& violations, v1::Order::Kind kind) {
  if (kind != v1::Order::KIND_UNSPECIFIED && kind != v1::Order::KIND_NEW) {
    violations.Add("order.kind", "must be KIND_NEW: no other kind is served yet");
  }
}

// Whether the day is near enough is asked later: a repeated request gets its first reply, however late it comes.
std::optional<Date> RequireStart(FieldViolations& violations, const v1::Order& order) {
  if (!order.has_requested_start_date()) return std::nullopt;
  return rpc::RequireDate(violations, "order.requested_start_date", true, order.requested_start_date());
}

RequestedTerms RequireTerms(FieldViolations& violations, const v1::Order& order) {
  RequestedTerms terms;
  terms.currency = rpc::RequireCurrency(violations, "order.currency_code", order.currency_code());
  terms.lines = RequireOrderLines(violations, order);
  terms.billing_period_months = RequireBillingPeriod(violations, order.billing_period());
  terms.requested_start = RequireStart(violations, order);
  terms.partner_reference = rpc::RequireText(violations, "order.partner_reference", order.partner_reference(), 0, 64);
  RequireNewKind(violations, order.kind());
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
  acceptance.purchase_order_number =
      rpc::RequireText(violations, "acceptance.purchase_order_number", given.purchase_order_number(), 0, 64);
  acceptance.company_name = rpc::RequireText(violations, "acceptance.company_name", given.company_name(), 1, 200);
  acceptance.billing_email = rpc::RequireEmail(violations, "acceptance.billing_email", given.billing_email());
  acceptance.billing_address = rpc::RequireAddress(violations, "acceptance.billing_address",
                                                   given.has_billing_address(), given.billing_address());
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
  acceptance.tax_id = rpc::RequireText(violations, "acceptance.tax_id", given.tax_id(), 0, 32);
  return acceptance;
}

}  // namespace

absl::StatusOr<CreateOrderCommand> ParseCreateOrder(const rpc::Call& call, const v1::CreateOrderRequest& request) {
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
  const Press press = RequirePress(violations, request.link(), request.revision());
  Acceptance acceptance = RequireAcceptance(violations, request.acceptance());
  RETURN_IF_ERROR(violations.ToStatus());
  return ConfirmOrderCommand{ids[0], ids[1], press, std::move(acceptance)};
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
