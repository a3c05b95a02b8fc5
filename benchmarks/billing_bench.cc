// The billing run: so many accounts with one monthly subscription each fall due on one day, and billing-service bills
// them through its own worker. Then the rows that it wrote, again, as bare multi-row inserts on the same server.
//   billing_bench [--due=10000,100000]      COUNTERSIGN_TEST_DATABASE names the server
#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "benchmarks/measure.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/connection.h"
#include "common/testing/test_database.h"
#include "countersign/clock/v1/clock_service.grpc.pb.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

ABSL_FLAG(std::vector<std::string>, due, std::vector<std::string>({"10000", "100000"}),
          "How many subscriptions are due, one run for each number.");

namespace countersign::benchmarks {
namespace {

using integration::Service;
using integration::Suite;

constexpr int kRowsPerInsert = 500;
constexpr int64_t kBareAccounts = 100'000;  // At most so many are inserted again: their rows are held in memory.
constexpr int64_t kPrefixes = 1 << 16;      // Of two bytes.
constexpr absl::Duration kAdvanceTimeout = absl::Seconds(60);

// The tables that a billing run writes, each keyed by the account first and the accounts last; rows of the last three
// are there before, and are replaced.
constexpr const char* kTables[] = {
    "events",         "invoices",      "invoice_lines", "fee_segments",    "ledger_transactions",
    "ledger_entries", "subscriptions", "tranches",      "billing_accounts"};

std::string Literal(const Uuid& id) { return absl::StrCat("0x", absl::BytesToHexString(id.bytes())); }

// Accounts [first, end), billed until 2009-07-01.
absl::Status SeedSome(mysql::Connection& billing, int64_t first, int64_t end) {
  const std::string day = "'2009-06-01'";
  const std::string now = "'2009-06-01 09:00:00'";
  std::vector<std::string> accounts;
  std::vector<std::string> subscriptions;
  std::vector<std::string> assignments;
  std::vector<std::string> tranches;
  for (int64_t i = first; i < end; ++i) {
    const Uuid account = Uuid::Derived({"bench account", absl::StrCat(i)});
    const std::string id = Literal(account);
    const std::string subscription = Literal(Uuid::Derived({"bench subscription", absl::StrCat(i)}));
    const std::string partner = Literal(Uuid::Derived({"bench partner", absl::StrCat(i % 100)}));
    const std::string order = Literal(Uuid::Derived({"bench order", absl::StrCat(i)}));
    accounts.push_back(
        absl::StrCat("(", id, ", '", 1'000'000'000 + i, "', 'USD', 'Contoso', 'a@contoso.example', 'US', ",
                     "'97403', 'OR', 'Springfield', '1 Main Street', '', '', 0, 2, 1, ", now, ", ", now, ")"));
    subscriptions.push_back(absl::StrCat("(", id, ", ", subscription, ", ", events::BucketOf(account), ", ", partner,
                                         ", ", order,
                                         ", 'offers/bpos-standard-suite', 'BPOS Standard Suite', 'ACTIVE', ", day,
                                         ", 1, 12, 12, '2009-07-01', 1, ", now, ", ", now, ")"));
    assignments.push_back(absl::StrCat("(", id, ", ", subscription, ", ", day, ", NULL, ", partner, ")"));
    tranches.push_back(absl::StrCat("(", id, ", ", subscription, ", 1, ", day, ", 25, 15000000, 'USD', '2009-07-01')"));
  }
  RETURN_IF_ERROR(billing.Run("START TRANSACTION"));
  RETURN_IF_ERROR(billing.Run(absl::StrCat(
      "INSERT INTO billing_accounts (account_id, account_number, currency, company_name, billing_email, region_code, "
      "postal_code, administrative_area, locality, address_lines, recipients, organization, credit_micros, "
      "next_invoice_sequence, version, create_time, update_time) VALUES ",
      absl::StrJoin(accounts, ","))));
  RETURN_IF_ERROR(billing.Run(absl::StrCat(
      "INSERT INTO subscriptions (account_id, subscription_id, bucket, partner_id, order_id, offer, title, state, "
      "start_date, billing_months, term_months, committed_months, bill_date, version, create_time, update_time) "
      "VALUES ",
      absl::StrJoin(subscriptions, ","))));
  RETURN_IF_ERROR(billing.Run(absl::StrCat(
      "INSERT INTO partner_assignments (account_id, subscription_id, start_date, end_date, partner_id) VALUES ",
      absl::StrJoin(assignments, ","))));
  RETURN_IF_ERROR(billing.Run(absl::StrCat(
      "INSERT INTO tranches (account_id, subscription_id, tranche, start_date, quantity, unit_price_micros, currency, "
      "billed_until_date) VALUES ",
      absl::StrJoin(tranches, ","))));
  return billing.Run("COMMIT");
}

absl::StatusOr<int64_t> CountOf(mysql::Connection& billing, absl::string_view table) {
  ASSIGN_OR_RETURN(const auto rows, billing.Query(absl::StrCat("SELECT COUNT(*) FROM ", table), {}));
  return rows[0].Int(0);
}

// Until everything due on the day is billed, and told to whoever follows the log.
absl::Status AdvanceBilling(Suite& suite, Date day) {
  clock::v1::AdvanceTimeRequest request;
  request.mutable_time()->set_seconds(absl::ToUnixSeconds(StartOf(day)));
  request.set_request_id(Uuid::V7(absl::Now()).ToString());
  clock::v1::ClockService::Stub stub(suite.channel(Service::kBilling));
  while (true) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + kAdvanceTimeout));
    clock::v1::AdvanceTimeResponse reply;
    const absl::Status status = integration::StatusOf(stub.AdvanceTime(&context, request, &reply));
    if (!absl::IsDeadlineExceeded(status)) return status;
  }
}

// The last account, by the first two bytes of its id, of so many of `due`: ids are as good as random.
int64_t LastPrefix(int64_t due) { return std::min(kBareAccounts, due) * kPrefixes / due - 1; }

// The table's rows as SQL literals, those of accounts up to `last_prefix`.
absl::StatusOr<std::vector<std::string>> LiteralRows(mysql::Connection& billing, const std::string& schema,
                                                     const std::string& table, int64_t last_prefix) {
  ASSIGN_OR_RETURN(const auto columns,
                   billing.Query("SELECT COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? "
                                 "AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION",
                                 {schema, table}));
  std::vector<std::string> parts;
  for (const mysql::Row& column : columns) {
    const std::string& name = column.Bytes(0);
    const bool binary = column.Bytes(1).find("binary") != std::string::npos || column.Bytes(1) == "mediumblob";
    parts.push_back(binary ? absl::StrCat("IF(", name, " IS NULL, 'NULL', CONCAT('x''', HEX(", name, "), ''''))")
                           : absl::StrCat("QUOTE(", name, ")"));
  }
  ASSIGN_OR_RETURN(const auto rows,
                   billing.Query(absl::StrCat("SELECT CONCAT('(', CONCAT_WS(',', ", absl::StrJoin(parts, ", "),
                                              "), ')') FROM ", table, " WHERE CONV(HEX(LEFT(", columns[0].Bytes(0),
                                              ", 2)), 16, 10) <= ", last_prefix),
                                 {}));
  std::vector<std::string> literals;
  literals.reserve(rows.size());
  for (const mysql::Row& row : rows) literals.push_back(row.Bytes(0));
  return literals;
}

// So many accounts a second bare multi-row inserts of the same rows bill, one session, a commit for each statement.
absl::StatusOr<double> BareInserts(mysql::Connection& billing, const std::string& schema, int64_t due) {
  const int64_t last_prefix = LastPrefix(due);
  absl::Duration elapsed;
  double accounts = 0;
  for (const char* const table : kTables) {
    ASSIGN_OR_RETURN(const std::vector<std::string> rows, LiteralRows(billing, schema, table, last_prefix));
    accounts = static_cast<double>(rows.size());
    const std::string copy = absl::StrCat("bare_", table);
    RETURN_IF_ERROR(billing.Run(absl::StrCat("CREATE TABLE ", copy, " LIKE ", table)));
    std::vector<std::string> statements;
    for (size_t i = 0; i < rows.size(); i += kRowsPerInsert) {
      const auto end = rows.begin() + static_cast<std::ptrdiff_t>(std::min(i + kRowsPerInsert, rows.size()));
      statements.push_back(absl::StrCat("INSERT INTO ", copy, " VALUES ",
                                        absl::StrJoin(rows.begin() + static_cast<std::ptrdiff_t>(i), end, ",")));
    }
    const absl::Time start = absl::Now();
    for (const std::string& statement : statements) RETURN_IF_ERROR(billing.Run(statement));
    elapsed += absl::Now() - start;
    RETURN_IF_ERROR(billing.Run(absl::StrCat("DROP TABLE ", copy)));
  }
  return accounts / absl::ToDoubleSeconds(elapsed);
}

absl::Status Run(int64_t due) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Suite> suite, Suite::Start());
  ASSIGN_OR_RETURN(const auto admin, mysql::Connect(testing::TestServerOptions()));
  ASSIGN_OR_RETURN(const auto billing, suite->Database(Service::kBilling));
  for (int64_t i = 0; i < due; i += kRowsPerInsert) {
    RETURN_IF_ERROR(SeedSome(*billing, i, std::min(i + kRowsPerInsert, due)));
  }
  RETURN_IF_ERROR(AdvanceBilling(*suite, Date(2009, 6, 30)));
  ASSIGN_OR_RETURN(const Usage before, ReadUsage(*admin, *suite));
  const absl::Time start = absl::Now();
  RETURN_IF_ERROR(AdvanceBilling(*suite, Date(2009, 7, 1)));
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  ASSIGN_OR_RETURN(const Usage after, ReadUsage(*admin, *suite));
  const Usage used = after - before;
  ASSIGN_OR_RETURN(const int64_t invoices, CountOf(*billing, "invoices"));
  if (invoices != due) return absl::InternalError(absl::StrCat(invoices, " invoices of ", due, " are there"));
  const int64_t mebibytes = ResidentMiB(suite->pid(Service::kBilling));
  ASSIGN_OR_RETURN(const double bare, BareInserts(*billing, suite->schema(Service::kBilling), due));
  const double count = static_cast<double>(invoices);
  std::cout << absl::StreamFormat(
                   "%8d due  %8.0f invoices/s  %5.2f statements  %6.3f commits  %6.3f syncs  %5.2f ms of CPU in the "
                   "database  "
                   "%5.2f ms in billing-service an invoice  %4d MiB  bare inserts %8.0f/s  R = %.2f\n",
                   due, count / seconds, static_cast<double>(used.statements) / count,
                   static_cast<double>(used.commits) / count, static_cast<double>(used.syncs) / count,
                   absl::ToDoubleMilliseconds(used.cpu.at("database")) / count,
                   absl::ToDoubleMilliseconds(used.cpu.at("billing")) / count, mebibytes, bare, count / seconds / bare)
            << std::flush;
  return absl::OkStatus();
}

}  // namespace
}  // namespace countersign::benchmarks

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  for (const std::string& text : absl::GetFlag(FLAGS_due)) {
    int64_t due = 0;
    const absl::Status status = absl::SimpleAtoi(text, &due) && due > 0
                                    ? countersign::benchmarks::Run(due)
                                    : absl::InvalidArgumentError("--due must be numbers above 0");
    if (!status.ok()) {
      std::cerr << "billing_bench: " << status << "\n";
      return 1;
    }
  }
}
