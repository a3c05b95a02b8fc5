#include "link-service/src/api/link_requests.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/money.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "link-service/src/api/link_messages.h"
#include "link-service/src/api/names.h"
#include "link-service/src/store/link_store.h"

namespace countersign::link {
namespace {

constexpr int kMaxLines = 20;
constexpr int kTermMonths = 12;
constexpr absl::string_view kChangePartnerKind = "CHANGE_PARTNER";

// Checks the lines, and that their amounts add up to the total that the page shows.
void RequireLines(FieldViolations& violations, const v1::OrderReview& review) {
  const Money total =
      rpc::RequireMoney(violations, "review.total", review.has_total(), review.total(), rpc::Sign::kNotNegative);
  if (review.kind() == kChangePartnerKind) {
    if (review.lines_size() > 0)
      violations.Add("review.lines", "must be empty: the page says nothing of the subscription");
    rpc::RequireText(violations, "review.former_partner_display_name", review.former_partner_display_name(), 0, 200);
    return;
  }
  if (review.lines_size() < 1 || review.lines_size() > kMaxLines) {
    violations.Add("review.lines", absl::StrCat("must be 1 to ", kMaxLines, " lines"));
    return;
  }
  absl::StatusOr<Money> sum = Money::Zero(total.currency());
  for (int i = 0; i < review.lines_size(); ++i) {
    const v1::OrderReview::Line& line = review.lines(i);
    const std::string path = absl::StrCat("review.lines[", i, "].");
    rpc::RequireText(violations, path + "offer_title", line.offer_title(), 1, 200);
    rpc::RequireText(violations, path + "offer_description", line.offer_description(), 0, 500);
    rpc::RequireQuantity(violations, path + "quantity", line.quantity());
    rpc::RequireMoney(violations, path + "unit_price", line.has_unit_price(), line.unit_price(),
                      rpc::Sign::kNotNegative);
    const Money amount =
        rpc::RequireMoney(violations, path + "amount", line.has_amount(), line.amount(), rpc::Sign::kNotNegative);
    if (sum.ok()) sum = sum->Plus(amount);
  }
  if (violations.empty() && (!sum.ok() || *sum != total)) {
    violations.Add("review.total", "must be the sum of the lines' amounts, in their currency");
  }
}

void RequireReview(FieldViolations& violations, const v1::OrderReview& review) {
  rpc::RequireText(violations, "review.order_number", review.order_number(), 1, 32);
  rpc::RequireText(violations, "review.partner_display_name", review.partner_display_name(), 1, 200);
  rpc::RequireEmail(violations, "review.partner_contact_email", review.partner_contact_email());
  rpc::RequireText(violations, "review.customer_display_name", review.customer_display_name(), 1, 200);
  RequireLines(violations, review);
  if (review.billing_period_months() != 1 && review.billing_period_months() != 12) {
    violations.Add("review.billing_period_months", "must be 1 or 12");
  }
  if (review.term_months() != kTermMonths) violations.Add("review.term_months", "must be 12");
  if (review.has_requested_start_date()) {
    rpc::RequireDate(violations, "review.requested_start_date", true, review.requested_start_date());
  }
}

}  // namespace

absl::StatusOr<IssueLinkCommand> ParseIssueLink(const rpc::Call&, const v1::IssueLinkRequest& request) {
  FieldViolations violations;
  IssueLinkCommand command;
  command.tenant = rpc::RequireName(violations, "name", kLinkName, request.name())[0];
  const std::vector<Uuid> order = rpc::RequireName(violations, "order", kOrderName, request.order());
  command.partner = order[0];
  command.order = order[1];
  command.revision = rpc::RequireQuantity(violations, "revision", request.revision(), 1, rpc::kMaxRevision);
  command.expire_time = rpc::RequireTime(violations, "expire_time", request.has_expire_time(), request.expire_time());
  if (!request.has_review()) violations.Add("review", "is required");
  if (request.has_review()) RequireReview(violations, request.review());
  if (!request.billing_account().empty()) {
    command.billing_account =
        rpc::RequireName(violations, "billing_account", kAccountName, request.billing_account())[0];
  }
  RETURN_IF_ERROR(violations.ToStatus());
  command.review = request.review();
  return command;
}

absl::StatusOr<ApplyOrderOutcomeCommand> ParseApplyOrderOutcome(const rpc::Call&,
                                                                const v1::ApplyOrderOutcomeRequest& request) {
  FieldViolations violations;
  ApplyOrderOutcomeCommand command;
  command.tenant = rpc::RequireName(violations, "name", kLinkName, request.name())[0];
  const std::optional<LinkState> state = FromProto(request.state());
  if (!state.has_value() || *state == LinkState::kActive) {
    violations.Add("state", "must be CONFIRMED, DECLINED, EXPIRED, REVOKED or SUPERSEDED");
  }
  command.outcome.state = state.value_or(LinkState::kActive);
  if (request.order_version() < 1) violations.Add("order_version", "must be at least 1");
  command.outcome.order_version = request.order_version();
  command.outcome.decide_time =
      rpc::RequireTime(violations, "decide_time", request.has_decide_time(), request.decide_time());
  if (request.has_press_time() && state != LinkState::kConfirmed) {
    violations.Add("press_time", "must be left out unless state is CONFIRMED");
  } else if (request.has_press_time()) {
    command.outcome.press_time = rpc::RequireTime(violations, "press_time", true, request.press_time());
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<ListLinksCommand> ParseListLinks(const rpc::Call& call, const v1::ListLinksRequest& request) {
  FieldViolations violations;
  ListLinksCommand command;
  if (request.parent() != kAllPartners) {
    command.partner = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  }
  command.list = rpc::RequireListing(violations, call, request, LinkFilterFields());
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.partner.value_or(Uuid())));
  return command;
}

absl::StatusOr<ExtendLinkCommand> ParseExtendLink(const rpc::Call&, const v1::ExtendLinkRequest& request) {
  FieldViolations violations;
  ExtendLinkCommand command;
  command.tenant = rpc::RequireName(violations, "name", kLinkName, request.name())[0];
  command.expire_time = rpc::RequireTime(violations, "expire_time", request.has_expire_time(), request.expire_time());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace countersign::link
