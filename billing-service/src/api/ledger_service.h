// countersign.billing.v1.LedgerService: reports of the books.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_LEDGER_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_LEDGER_SERVICE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/ledger_requests.h"
#include "billing-service/src/domain/account_statement.h"
#include "billing-service/src/domain/ledger_report.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/posted_entry_store.h"
#include "billing-service/src/store/posted_sum_store.h"
#include "billing-service/src/store/receivable_store.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/rpc/endpoint.h"
#include "countersign/billing/v1/ledger_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of ledger_service.proto.
class LedgerService final : public v1::LedgerService::Service {
 public:
  // All must outlive the service.
  LedgerService(const rpc::Endpoint& endpoint, const BillingAccountStore& accounts, const PostedSumStore& sums,
                const PostedEntryStore& entries, const ReceivableStore& receivables)
      : endpoint_(endpoint), accounts_(accounts), sums_(sums), entries_(entries), receivables_(receivables) {}

  grpc::Status TrialBalance(grpc::ServerContext* context, const v1::TrialBalanceRequest* request,
                            v1::TrialBalanceResponse* reply) override {
    return endpoint_.Read(Method("TrialBalance"), context, *request, reply, ParseTrialBalance,
                          std::bind_front(&LedgerService::Balance, this));
  }
  grpc::Status ExportTrialBalance(grpc::ServerContext* context, const v1::ExportTrialBalanceRequest* request,
                                  v1::ExportTrialBalanceResponse* reply) override {
    return endpoint_.Read(Method("ExportTrialBalance"), context, *request, reply, ParseExportTrialBalance,
                          std::bind_front(&LedgerService::ExportBalance, this));
  }
  grpc::Status AgedReceivables(grpc::ServerContext* context, const v1::AgedReceivablesRequest* request,
                               v1::AgedReceivablesResponse* reply) override {
    return endpoint_.Read(Method("AgedReceivables"), context, *request, reply, ParseAgedReceivables,
                          std::bind_front(&LedgerService::AgeOwed, this));
  }
  grpc::Status ExportAgedReceivables(grpc::ServerContext* context, const v1::ExportAgedReceivablesRequest* request,
                                     v1::ExportAgedReceivablesResponse* reply) override {
    return endpoint_.Read(Method("ExportAgedReceivables"), context, *request, reply, ParseExportAgedReceivables,
                          std::bind_front(&LedgerService::ExportOwed, this));
  }
  grpc::Status AccountStatement(grpc::ServerContext* context, const v1::AccountStatementRequest* request,
                                v1::AccountStatementResponse* reply) override {
    return endpoint_.Read(Method("AccountStatement"), context, *request, reply, ParseAccountStatement,
                          std::bind_front(&LedgerService::ListEntries, this));
  }
  grpc::Status ExportAccountStatement(grpc::ServerContext* context, const v1::ExportAccountStatementRequest* request,
                                      v1::ExportAccountStatementResponse* reply) override {
    return endpoint_.Read(Method("ExportAccountStatement"), context, *request, reply, ParseExportAccountStatement,
                          std::bind_front(&LedgerService::ExportEntries, this));
  }
  grpc::Status RevenueByMonth(grpc::ServerContext* context, const v1::RevenueByMonthRequest* request,
                              v1::RevenueByMonthResponse* reply) override {
    return endpoint_.Read(Method("RevenueByMonth"), context, *request, reply, ParseRevenueByMonth,
                          std::bind_front(&LedgerService::ListRevenue, this));
  }
  grpc::Status ExportRevenueByMonth(grpc::ServerContext* context, const v1::ExportRevenueByMonthRequest* request,
                                    v1::ExportRevenueByMonthResponse* reply) override {
    return endpoint_.Read(Method("ExportRevenueByMonth"), context, *request, reply, ParseExportRevenueByMonth,
                          std::bind_front(&LedgerService::ExportRevenue, this));
  }
  grpc::Status FeesByMonth(grpc::ServerContext* context, const v1::FeesByMonthRequest* request,
                           v1::FeesByMonthResponse* reply) override {
    return endpoint_.Read(Method("FeesByMonth"), context, *request, reply, ParseFeesByMonth,
                          std::bind_front(&LedgerService::ListFees, this));
  }
  grpc::Status ExportFeesByMonth(grpc::ServerContext* context, const v1::ExportFeesByMonthRequest* request,
                                 v1::ExportFeesByMonthResponse* reply) override {
    return endpoint_.Read(Method("ExportFeesByMonth"), context, *request, reply, ParseExportFeesByMonth,
                          std::bind_front(&LedgerService::ExportFees, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::LedgerService::service_full_name(), name}; }

  struct AgedPage {
    billing::AgedReceivables aged;
    Date date;
    std::string next_page_token;
  };

  absl::StatusOr<v1::TrialBalanceResponse> Balance(const rpc::Call& call, const TrialBalanceQuery& query) const;
  absl::StatusOr<v1::ExportTrialBalanceResponse> ExportBalance(const rpc::Call& call,
                                                               const TrialBalanceQuery& query) const;
  absl::StatusOr<v1::AgedReceivablesResponse> AgeOwed(const rpc::Call& call,
                                                      const AgedReceivablesCommand& command) const;
  absl::StatusOr<v1::ExportAgedReceivablesResponse> ExportOwed(const rpc::Call& call,
                                                               const AgedReceivablesCommand& command) const;

  struct StatementPage {
    billing::AccountStatement statement;
    std::string next_page_token;
  };

  absl::StatusOr<v1::AccountStatementResponse> ListEntries(const rpc::Call& call,
                                                           const AccountStatementQuery& query) const;
  absl::StatusOr<v1::ExportAccountStatementResponse> ExportEntries(const rpc::Call& call,
                                                                   const AccountStatementQuery& query) const;

  absl::StatusOr<v1::RevenueByMonthResponse> ListRevenue(const rpc::Call& call, const MonthsQuery& query) const;
  absl::StatusOr<v1::ExportRevenueByMonthResponse> ExportRevenue(const rpc::Call& call, const MonthsQuery& query) const;
  absl::StatusOr<v1::FeesByMonthResponse> ListFees(const rpc::Call& call, const MonthsQuery& query) const;
  absl::StatusOr<v1::ExportFeesByMonthResponse> ExportFees(const rpc::Call& call, const MonthsQuery& query) const;

  absl::StatusOr<std::vector<RevenueMonth>> ReadRevenue(const rpc::Call& call, const MonthsQuery& query) const;
  absl::StatusOr<std::vector<FeesMonth>> ReadFees(const rpc::Call& call, const MonthsQuery& query) const;
  absl::StatusOr<StatementPage> Read(const rpc::Call& call, const AccountStatementQuery& query) const;
  absl::StatusOr<Money> OpeningBalance(const rpc::Call& call, const AccountStatementQuery& query) const;
  absl::StatusOr<billing::TrialBalance> Read(const rpc::Call& call, const TrialBalanceQuery& query) const;
  absl::StatusOr<AgedPage> Read(const rpc::Call& call, const AgedReceivablesCommand& command) const;

  const rpc::Endpoint& endpoint_;
  const BillingAccountStore& accounts_;
  const PostedSumStore& sums_;
  const PostedEntryStore& entries_;
  const ReceivableStore& receivables_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_LEDGER_SERVICE_H_
