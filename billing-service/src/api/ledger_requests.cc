#include "billing-service/src/api/ledger_requests.h"

#include <cstdint>

#include "billing-service/src/domain/ledger_report.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
namespace {

constexpr int64_t kMostMonths = 120;  // Of a report by month.

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

template <typename Request>
absl::StatusOr<AccountStatementQuery> ParseStatement(const rpc::Call& call, const Request& request) {
  FieldViolations violations;
  AccountStatementQuery query;
  query.of.account = request.account();
  if (!IsLedgerAccount(query.of.account)) {
    violations.Add("account", "must be an account of the ledger, as TrialBalance names it: \"accounts_receivable\"");
  }
  query.of.currency = rpc::RequireCurrency(violations, "currency_code", request.currency_code());
  if (!request.billing_account().empty()) {
    query.of.tenant = rpc::RequireName(violations, "billing_account", kAccountName, request.billing_account()).front();
  }
  query.start = rpc::RequireDate(violations, "start_date", request.has_start_date(), request.start_date());
  query.end = rpc::RequireDate(violations, "end_date", request.has_end_date(), request.end_date());
  if (query.end < query.start) violations.Add("end_date", "must not be before start_date");
  query.list.scope = rpc::PageScopeOf(request);
  query.list.page = rpc::RequirePage(violations, call, query.list.scope, request.page_size(), request.page_token());
  query.after = StatementPosition::FromText(query.list.page.after).value_or(StatementPosition{.date = query.start});
  RETURN_IF_ERROR(violations.ToStatus());
  return query;
}

template <typename Request>
absl::StatusOr<MonthsQuery> ParseMonths(const Request& request) {
  FieldViolations violations;
  MonthsQuery query;
  query.currency = rpc::RequireCurrency(violations, "currency_code", request.currency_code());
  query.first = rpc::RequireDate(violations, "start_date", request.has_start_date(), request.start_date());
  query.last = rpc::RequireDate(violations, "end_date", request.has_end_date(), request.end_date());
  if (query.last < query.first) {
    violations.Add("end_date", "must not be before start_date");
  } else if (FirstOfMonth(query.last) >= AddMonths(FirstOfMonth(query.first), kMostMonths)) {
    violations.Add("end_date", "must be at most 119 months after start_date");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return query;
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

absl::StatusOr<AccountStatementQuery> ParseAccountStatement(const rpc::Call& call,
                                                            const v1::AccountStatementRequest& request) {
  return ParseStatement(call, request);
}

absl::StatusOr<AccountStatementQuery> ParseExportAccountStatement(const rpc::Call& call,
                                                                  const v1::ExportAccountStatementRequest& request) {
  return ParseStatement(call, request);
}

absl::StatusOr<MonthsQuery> ParseRevenueByMonth(const rpc::Call&, const v1::RevenueByMonthRequest& request) {
  return ParseMonths(request);
}

absl::StatusOr<MonthsQuery> ParseExportRevenueByMonth(const rpc::Call&,
                                                      const v1::ExportRevenueByMonthRequest& request) {
  return ParseMonths(request);
}

absl::StatusOr<MonthsQuery> ParseFeesByMonth(const rpc::Call&, const v1::FeesByMonthRequest& request) {
  return ParseMonths(request);
}

absl::StatusOr<MonthsQuery> ParseExportFeesByMonth(const rpc::Call&, const v1::ExportFeesByMonthRequest& request) {
  return ParseMonths(request);
}

}  // namespace countersign::billing
