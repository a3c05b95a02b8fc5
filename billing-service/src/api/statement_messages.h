// Statements as messages, as CSV and as a page to print.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_STATEMENT_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_STATEMENT_MESSAGES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/payout.h"
#include "billing-service/src/domain/statement.h"
#include "common/events/change.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/statement.pb.h"

namespace countersign::billing {

v1::Statement ToProto(const Statement& statement);
v1::StatementLine ToProto(const Statement& statement, const StatementLine& line);

// STATEMENT_OPENED, STATEMENT_LINES_ADDED or STATEMENT_CLOSED: the event of the version that the statement has now.
events::Event StatementEventOf(const rpc::WorkerAct& act, const Statement& statement, absl::string_view type);

std::string StatementCsv(const Statement& statement, const std::vector<StatementLine>& lines);

// `payout`: of the statement, where there is one.
std::string StatementHtml(const Statement& statement, const std::vector<StatementLine>& lines,
                          const std::optional<Payout>& payout);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_STATEMENT_MESSAGES_H_
