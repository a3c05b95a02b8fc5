#include "billing-service/src/api/ledger_requests.h"

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
namespace {

// A report and its export are asked for alike.
template <typename Request>
absl::StatusOr<TrialBalanceQuery> ParseTrial(const Request& request) {
  FieldViolations violations;
  TrialBalanceQuery query;
  query.currency = rpc::RequireCurrency(violations, "currency_code", request.currency_code());
  query.date = rpc::RequireDate(violations, "date", request.has_date(), request.date());
  RETURN_IF_ERROR(violations.ToStatus());
  return query;
}

template <typename Request>
absl::StatusOr<AgedReceivablesCommand> ParseAged(const rpc::Call& call, const Request& request) {
  FieldViolations violations;
  AgedReceivablesCommand command;
  command.currency = rpc::RequireCurrency(violations, "currency_code", request.currency_code());
  command.list.scope = rpc::PageScopeOf(request);
  command.list.page = rpc::RequirePage(violations, call, command.list.scope, request.page_size(), request.page_token());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace

absl::StatusOr<TrialBalanceQuery> ParseTrialBalance(const rpc::Call&, const v1::TrialBalanceRequest& request) {
  return ParseTrial(request);
}

absl::StatusOr<TrialBalanceQuery> ParseExportTrialBalance(const rpc::Call&,
                                                          const v1::ExportTrialBalanceRequest& request) {
  return ParseTrial(request);
}

absl::StatusOr<AgedReceivablesCommand> ParseAgedReceivables(const rpc::Call& call,
                                                            const v1::AgedReceivablesRequest& request) {
  return ParseAged(call, request);
}

absl::StatusOr<AgedReceivablesCommand> ParseExportAgedReceivables(const rpc::Call& call,
                                                                  const v1::ExportAgedReceivablesRequest& request) {
  return ParseAged(call, request);
}

}  // namespace countersign::billing
