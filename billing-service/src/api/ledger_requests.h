// Requests of LedgerService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_LEDGER_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_LEDGER_REQUESTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "billing-service/src/domain/account_statement.h"
#include "common/base/date.h"
#include "common/rpc/call.h"
#include "common/rpc/page.h"
#include "countersign/billing/v1/ledger_service.pb.h"

namespace countersign::billing {

struct TrialBalanceQuery {
  std::string currency;
  Date date;
};

absl::StatusOr<TrialBalanceQuery> ParseTrialBalance(const rpc::Call& call, const v1::TrialBalanceRequest& request);
absl::StatusOr<TrialBalanceQuery> ParseExportTrialBalance(const rpc::Call& call,
                                                          const v1::ExportTrialBalanceRequest& request);

struct AgedReceivablesCommand {
  std::string currency;
  rpc::Listing list;
};

absl::StatusOr<AgedReceivablesCommand> ParseAgedReceivables(const rpc::Call& call,
                                                            const v1::AgedReceivablesRequest& request);
absl::StatusOr<AgedReceivablesCommand> ParseExportAgedReceivables(const rpc::Call& call,
                                                                  const v1::ExportAgedReceivablesRequest& request);

struct AccountStatementQuery {
  EntriesOf of;
  Date start;
  Date end;  // Counts.
  StatementPosition after;
  rpc::Listing list;

  bool IsFirstPage() const { return list.page.after.empty(); }
};

absl::StatusOr<AccountStatementQuery> ParseAccountStatement(const rpc::Call& call,
                                                            const v1::AccountStatementRequest& request);
absl::StatusOr<AccountStatementQuery> ParseExportAccountStatement(const rpc::Call& call,
                                                                  const v1::ExportAccountStatementRequest& request);

struct MonthsQuery {
  std::string currency;
  Date first;  // A day of the first month, and one of the last.
  Date last;
};

absl::StatusOr<MonthsQuery> ParseRevenueByMonth(const rpc::Call& call, const v1::RevenueByMonthRequest& request);
absl::StatusOr<MonthsQuery> ParseExportRevenueByMonth(const rpc::Call& call,
                                                      const v1::ExportRevenueByMonthRequest& request);
absl::StatusOr<MonthsQuery> ParseFeesByMonth(const rpc::Call& call, const v1::FeesByMonthRequest& request);
absl::StatusOr<MonthsQuery> ParseExportFeesByMonth(const rpc::Call& call, const v1::ExportFeesByMonthRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_LEDGER_REQUESTS_H_
