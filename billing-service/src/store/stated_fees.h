// Marks the entries that a statement has, so that no later closing reads them again.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_STATED_FEES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_STATED_FEES_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "billing-service/src/domain/statement.h"
#include "common/base/uuid.h"
#include "common/mysql/connection.h"

namespace countersign::billing {

// Of one partner, for the change that writes the `lines`; there is at least one. Of a fee nothing else may change, so
// the service's user has the right to that column alone, which an upsert of the row would not do with.
inline std::function<absl::Status(mysql::Connection&)> MarkStated(const Uuid& partner,
                                                                  const std::vector<StatementLine>& lines) {
  std::string sql = "UPDATE fees SET stated = 1 WHERE partner_id = ? AND fee_id IN (?";
  std::vector<mysql::Parameter> parameters = {partner};
  for (const StatementLine& line : lines) {
    if (parameters.size() > 1) sql += ", ?";
    parameters.emplace_back(line.fee.id);
  }
  sql += ")";
  return [sql = std::move(sql), parameters = std::move(parameters)](mysql::Connection& connection) -> absl::Status {
    return connection.Execute(sql, parameters).status();
  };
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_STATED_FEES_H_
