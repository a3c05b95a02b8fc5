#include "billing-service/src/api/ledger_service.h"

#include <utility>
#include <vector>

#include "billing-service/src/api/ledger_messages.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<billing::TrialBalance> LedgerService::Read(const rpc::Call& call, const TrialBalanceQuery& query) const {
  ASSIGN_OR_RETURN(std::vector<LedgerBalance> accounts, sums_.SumAccounts(call.deadline(), query.currency, query.date));
  return MakeTrialBalance(query.currency, std::move(accounts));
}

absl::StatusOr<v1::TrialBalanceResponse> LedgerService::Balance(const rpc::Call& call,
                                                                const TrialBalanceQuery& query) const {
  ASSIGN_OR_RETURN(const billing::TrialBalance trial, Read(call, query));
  return ToProto(trial, query.date);
}

absl::StatusOr<v1::ExportTrialBalanceResponse> LedgerService::ExportBalance(const rpc::Call& call,
                                                                            const TrialBalanceQuery& query) const {
  ASSIGN_OR_RETURN(const billing::TrialBalance trial, Read(call, query));
  v1::ExportTrialBalanceResponse reply;
  reply.set_csv(TrialBalanceCsv(trial));
  return reply;
}

absl::StatusOr<LedgerService::AgedPage> LedgerService::Read(const rpc::Call& call,
                                                            const AgedReceivablesCommand& command) const {
  ASSIGN_OR_RETURN(const OwedPage page, receivables_.ListOwed(call.deadline(), command.currency, command.list.page));
  const Date today = DateOf(call.now());
  ASSIGN_OR_RETURN(billing::AgedReceivables aged, AgeReceivables(command.currency, page.owed, today));
  return AgedPage{std::move(aged), today, rpc::NextPageToken(call, command.list, page.next)};
}

absl::StatusOr<v1::AgedReceivablesResponse> LedgerService::AgeOwed(const rpc::Call& call,
                                                                   const AgedReceivablesCommand& command) const {
  ASSIGN_OR_RETURN(const AgedPage page, Read(call, command));
  v1::AgedReceivablesResponse reply = ToProto(page.aged, page.date);
  reply.set_next_page_token(page.next_page_token);
  return reply;
}

absl::StatusOr<v1::ExportAgedReceivablesResponse> LedgerService::ExportOwed(
    const rpc::Call& call, const AgedReceivablesCommand& command) const {
  ASSIGN_OR_RETURN(const AgedPage page, Read(call, command));
  v1::ExportAgedReceivablesResponse reply;
  reply.set_csv(AgedReceivablesCsv(page.aged, /*with_header=*/command.list.page.after.empty()));
  reply.set_next_page_token(page.next_page_token);
  return reply;
}

}  // namespace countersign::billing
