#include "billing-service/src/api/ledger_service.h"

#include <optional>
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

// The page before said what the account held at its end.
absl::StatusOr<Money> LedgerService::OpeningBalance(const rpc::Call& call, const AccountStatementQuery& query) const {
  if (!query.IsFirstPage()) return Money::FromMicros(query.after.balance_micros, query.of.currency);
  if (query.of.tenant.has_value()) {
    RETURN_IF_ERROR(accounts_.Get(call.deadline(), *query.of.tenant).status());
    return entries_.BalanceBefore(call.deadline(), query.of, query.start);
  }
  ASSIGN_OR_RETURN(const std::vector<LedgerBalance> accounts,
                   sums_.SumAccounts(call.deadline(), query.of.currency, query.start - 1));
  for (const LedgerBalance& sum : accounts) {
    if (sum.account == query.of.account) return sum.debit.Minus(sum.credit);
  }
  return Money::Zero(query.of.currency);
}

absl::StatusOr<LedgerService::StatementPage> LedgerService::Read(const rpc::Call& call,
                                                                 const AccountStatementQuery& query) const {
  ASSIGN_OR_RETURN(const Money opening, OpeningBalance(call, query));
  ASSIGN_OR_RETURN(PostedPage page,
                   entries_.List(call.deadline(), query.of, query.after, query.end, query.list.page.size));
  StatementPage read;
  ASSIGN_OR_RETURN(read.statement, MakeAccountStatement(opening, std::move(page.entries)));
  if (page.more) {
    const PostedEntry& last = read.statement.entries.back();
    const StatementPosition end{last.date, last.tenant, last.transaction, last.balance.micros()};
    read.next_page_token = rpc::NextPageToken(call, query.list, end.ToText());
  }
  return read;
}

absl::StatusOr<v1::AccountStatementResponse> LedgerService::ListEntries(const rpc::Call& call,
                                                                        const AccountStatementQuery& query) const {
  ASSIGN_OR_RETURN(const StatementPage page, Read(call, query));
  v1::AccountStatementResponse reply = ToProto(page.statement);
  reply.set_next_page_token(page.next_page_token);
  return reply;
}

absl::StatusOr<v1::ExportAccountStatementResponse> LedgerService::ExportEntries(
    const rpc::Call& call, const AccountStatementQuery& query) const {
  ASSIGN_OR_RETURN(const StatementPage page, Read(call, query));
  const bool last = page.next_page_token.empty();
  v1::ExportAccountStatementResponse reply;
  reply.set_csv(AccountStatementCsv(page.statement,
                                    query.IsFirstPage() ? std::optional<Date>(query.start) : std::nullopt,
                                    last ? std::optional<Date>(query.end) : std::nullopt));
  reply.set_next_page_token(page.next_page_token);
  return reply;
}

absl::StatusOr<std::vector<RevenueMonth>> LedgerService::ReadRevenue(const rpc::Call& call,
                                                                     const MonthsQuery& query) const {
  ASSIGN_OR_RETURN(const std::vector<PostedMonth> posted,
                   sums_.SumMonths(call.deadline(), query.currency, query.first, query.last));
  return billing::RevenueByMonth(query.currency, query.first, query.last, posted);
}

absl::StatusOr<v1::RevenueByMonthResponse> LedgerService::ListRevenue(const rpc::Call& call,
                                                                      const MonthsQuery& query) const {
  ASSIGN_OR_RETURN(const std::vector<RevenueMonth> months, ReadRevenue(call, query));
  return ToProto(months);
}

absl::StatusOr<v1::ExportRevenueByMonthResponse> LedgerService::ExportRevenue(const rpc::Call& call,
                                                                              const MonthsQuery& query) const {
  ASSIGN_OR_RETURN(const std::vector<RevenueMonth> months, ReadRevenue(call, query));
  v1::ExportRevenueByMonthResponse reply;
  reply.set_csv(RevenueCsv(months));
  return reply;
}

absl::StatusOr<std::vector<FeesMonth>> LedgerService::ReadFees(const rpc::Call& call, const MonthsQuery& query) const {
  ASSIGN_OR_RETURN(const std::vector<PostedMonth> posted,
                   sums_.SumMonths(call.deadline(), query.currency, query.first, query.last));
  return billing::FeesByMonth(query.currency, query.first, query.last, posted);
}

absl::StatusOr<v1::FeesByMonthResponse> LedgerService::ListFees(const rpc::Call& call, const MonthsQuery& query) const {
  ASSIGN_OR_RETURN(const std::vector<FeesMonth> months, ReadFees(call, query));
  return ToProto(months);
}

absl::StatusOr<v1::ExportFeesByMonthResponse> LedgerService::ExportFees(const rpc::Call& call,
                                                                        const MonthsQuery& query) const {
  ASSIGN_OR_RETURN(const std::vector<FeesMonth> months, ReadFees(call, query));
  v1::ExportFeesByMonthResponse reply;
  reply.set_csv(FeesCsv(months));
  return reply;
}

}  // namespace countersign::billing
