#include "billing-service/src/api/fee_handlers.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "billing-service/src/api/billing_messages.h"
#include "billing-service/src/api/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/filter.h"
#include "common/rpc/names.h"
#include "common/rpc/page.h"

namespace countersign::billing {
namespace {

const std::vector<rpc::FilterField>& FilterFields() {
  using enum rpc::FilterType;
  static const auto* const fields =
      new std::vector<rpc::FilterField>{{"state", "state", kEnum, {"ACCRUED", "HELD"}},
                                        {"invoice", "invoice_id", kName, {kInvoiceName}},
                                        {"subscription", "subscription_id", kName, {kSubscriptionName}},
                                        {"rate_basis_points", "rate_basis_points", kInt},
                                        {"accrue_time", "accrue_time", kTime}};
  return *fields;
}

// A position as page tokens hold it: "{microseconds}/{fee}".
std::string ToText(const FeeEntry& fee) {
  return absl::StrCat(absl::ToUnixMicros(fee.accrue_time), "/", fee.id.ToString());
}

// The token is authenticated, so what it holds is what ToText made.
FeePosition FromText(const std::string& text) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(text, '/');
  int64_t micros = 0;
  FeePosition position;
  if (absl::SimpleAtoi(parts.first, &micros)) position.accrue_time = absl::FromUnixMicros(micros);
  position.fee = Uuid::Parse(parts.second).value_or(Uuid());
  return position;
}

}  // namespace

absl::StatusOr<ListFees> FeeHandlers::ParseList(const rpc::Call& call, const v1::ListFeesRequest& request) const {
  FieldViolations violations;
  ListFees command;
  command.partner = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  command.condition = rpc::RequireFilter(violations, request.filter(), FilterFields());
  command.filter = absl::StrCat(request.parent(), "\n", request.filter());
  const rpc::Page page = rpc::RequirePage(violations, call, command.filter, request.page_size(), request.page_token());
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.partner));
  command.size = page.size;
  if (!page.after.empty()) command.after = FromText(page.after);
  return command;
}

absl::StatusOr<v1::ListFeesResponse> FeeHandlers::List(const rpc::Call& call, const ListFees& command) const {
  // One more than asked for tells whether there is a next page.
  ASSIGN_OR_RETURN(std::vector<FeeEntry> fees, fees_.List(call.deadline(), command.partner, command.condition,
                                                          command.after, int64_t{command.size} + 1));
  v1::ListFeesResponse reply;
  if (fees.size() > static_cast<size_t>(command.size)) {
    fees.pop_back();
    reply.set_next_page_token(rpc::NextPageToken(call, command.filter, ToText(fees.back())));
  }
  for (const FeeEntry& fee : fees) *reply.add_fees() = ToProto(fee);
  return reply;
}

}  // namespace countersign::billing
