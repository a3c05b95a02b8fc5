#include "integration-tests/closed_quarters.h"

#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/mysql/connection.h"

namespace countersign::integration {

absl::Status WriteClosedQuarters(Suite& suite, const Uuid& partner) {
  ASSIGN_OR_RETURN(const std::unique_ptr<mysql::Connection> connection, suite.Database(Service::kBilling));
  const auto run = [&](absl::string_view sql, const std::vector<mysql::Parameter>& parameters) {
    return connection->Execute(sql, parameters).status();
  };
  for (int number = 1; number <= 2; ++number) {
    const Uuid statement = Uuid::V7(absl::Now());
    RETURN_IF_ERROR(
        run("INSERT INTO statements (partner_id, statement_id, currency, number, first_number, period_start_date, "
            "period_end_date, carried_in_micros, create_time, state, disposition, line_count, accrued_micros, "
            "minimum_micros, is_final, close_time, version) VALUES (?, ?, 'USD', ?, ?, '2009-01-01', '2009-04-01', 0, "
            "'2009-04-08', 'CLOSED', 'PAYABLE', 2, 90000000, 50000000, 0, '2009-04-08', 3)",
            {partner, statement, number, number}));
    for (int line = 1; line <= 2; ++line) {
      const Uuid fee = Uuid::V7(absl::Now());
      RETURN_IF_ERROR(run(
          "INSERT INTO fees (partner_id, fee_id, state, account_id, invoice_id, line, segment, subscription_id, "
          "tranche, rate_basis_points, days, period_days, service_start_date, line_net_micros, amount_micros, "
          "currency, accrue_time, basis_micros, basis_days) VALUES (?, ?, 'ACCRUED', ?, ?, 1, 1, ?, 1, 1200, 30, 30, "
          "'2009-03-01', 375000000, 45000000, 'USD', '2009-03-02', 375000000, 30)",
          {partner, fee, fee, fee, fee}));
      RETURN_IF_ERROR(
          run("INSERT INTO statement_lines (partner_id, statement_id, line, fee_id, amount_micros, title) "
              "VALUES (?, ?, ?, ?, 45000000, 'Suite')",
              {partner, statement, line, fee}));
    }
    RETURN_IF_ERROR(
        run("INSERT INTO payouts (partner_id, payout_id, statement_id, currency, first_number, last_number, "
            "total_micros, withheld_micros, withholding_basis_points, payee, tax_form, create_time, state, attempt, "
            "bank_reference, reason, update_time, version) VALUES (?, ?, ?, 'USD', ?, ?, 90000000, 0, 0, '3000', '', "
            "'2009-04-08', 'PENDING', 0, '', '', '2009-04-08', 1)",
            {partner, Uuid::V7(absl::Now()), statement, number, number}));
  }
  return absl::OkStatus();
}

}  // namespace countersign::integration
