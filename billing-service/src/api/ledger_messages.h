// Reports of the ledger as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_LEDGER_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_LEDGER_MESSAGES_H_

#include <vector>

#include "billing-service/src/domain/account_statement.h"
#include "billing-service/src/domain/ledger_report.h"
#include "common/base/date.h"
#include "countersign/billing/v1/ledger_service.pb.h"

namespace countersign::billing {

v1::TrialBalanceResponse ToProto(const TrialBalance& trial, Date date);
v1::AgedReceivablesResponse ToProto(const AgedReceivables& aged, Date date);
v1::AccountStatementResponse ToProto(const AccountStatement& statement);

v1::RevenueByMonthResponse ToProto(const std::vector<RevenueMonth>& months);
v1::FeesByMonthResponse ToProto(const std::vector<FeesMonth>& months);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_LEDGER_MESSAGES_H_
