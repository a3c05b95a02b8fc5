#include "integration-tests/tenant_keys.h"

#include <algorithm>
#include <regex>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/mysql/statement_log.h"
#include "gtest/gtest.h"

namespace countersign::integration {
namespace {

// Small tables that belong to no tenant: the leases themselves (64 rows), the list of migrations, and the catalogue.
const std::set<std::string>& TablesWithoutTenant() {
  static const auto* const tables = new std::set<std::string>{
      "leases",          "lease_owners",      "schema_migrations", "offers",        "prices",
      "price_tiers",     "promotions",        "agreements",        "payout_terms",  "tax_rates",
      "dunning_ladders", "small_differences", "legal_entities",    "fee_schedules", "withholding_rates"};
  return *tables;
}

std::set<std::string> TablesOf(const std::string& sql) {
  static const std::regex pattern(R"((?:FROM|JOIN|UPDATE|INTO)\s+([a-z_]+))");
  std::set<std::string> tables;
  for (auto match = std::sregex_iterator(sql.begin(), sql.end(), pattern); match != std::sregex_iterator(); ++match) {
    tables.insert((*match)[1]);
  }
  return tables;
}

// A join may take the key from the other table: a.tenant = b.tenant.
bool BindsKey(const std::string& sql, const std::string& key) {
  return std::regex_search(sql, std::regex(absl::StrCat(R"((^|[ (.]))", key, R"( (=|IN) ?\(?(\?|[a-z_]+\.))")));
}

// A worker's query for where there is work: it gets keys (buckets) and goes on from there one bucket at a time.
bool SelectsKeysFirst(const std::string& sql) {
  return absl::StartsWith(sql, "SELECT DISTINCT bucket") || absl::StartsWith(sql, "SELECT leases.bucket") ||
         absl::StartsWith(sql, "SELECT link_id FROM links WHERE state") || absl::StartsWith(sql, "SELECT expired.") ||
         absl::StartsWith(sql, "SELECT COUNT(*) FROM cursors");
}

// The only ones that ask every shard, on purpose; none is on the way of an order. docs/operations/shards.md names them.
bool AsksEveryShard(const std::string& sql) {
  static const auto* const parts = new std::vector<std::string>{
      // Lists for operators, over all tenants.
      " WHERE (create_time > ? OR (create_time = ? AND ", "FROM held_deliveries WHERE (parked < ? OR ",
      "WHERE a.state = ? AND a.account_id > ? ORDER BY a.account_id",
      // SearchBillingAccounts by what names no account.
      "WHERE a.billing_email = ? AND a.account_id > ? ORDER BY a.account_id",
      // The ends of all chains, for the audit.
      "SELECT bucket, COALESCE(position, 0) FROM events WHERE bucket < 0 OR bucket >= ?",
      "SELECT events.bucket, events.position, events.seal FROM (SELECT leases.bucket ",
      // A partner's links, for operators and for an erasure, or those of all: a link belongs to its own id.
      "FROM links WHERE partner_id = ? AND ", "FROM links WHERE link_id > ? ",
      // The receiver of a code knows no account.
      "FROM transfer_codes WHERE transfer_code_id = ?",
      // The requests that wait for a partner lie under their customers.
      "FROM partner_requests WHERE partner_id = ? AND ",
      // A figure of the whole service, once a minute.
      "SELECT COUNT(*) FROM parked_activations WHERE state = ?"};
  return std::any_of(parts->begin(), parts->end(),
                     [&](const std::string& part) { return absl::StrContains(sql, part); });
}

// A test's probe of a user's rights: it finds no row on any shard.
bool FindsNothing(const std::string& sql) { return absl::EndsWith(sql, " WHERE 1 = 0"); }

// A worker's act goes bucket by bucket, which is one shard as well (docs/adr/0002).
bool BindsBucket(const std::string& sql) { return std::regex_search(sql, std::regex(R"(bucket (=|IN) ?\(?\?)")); }

}  // namespace

std::map<std::string, std::string> TenantKeys(const Suite& suite, Service service) {
  std::map<std::string, std::string> keys;
  const auto connection = suite.Database(service);
  EXPECT_TRUE(connection.ok()) << connection.status();
  if (!connection.ok()) return keys;
  const auto rows = (*connection)
                        ->Query(
                            "SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? "
                            "AND INDEX_NAME = 'PRIMARY' AND SEQ_IN_INDEX = 1",
                            {suite.schema(service)});
  EXPECT_TRUE(rows.ok()) << rows.status();
  if (!rows.ok()) return keys;
  for (const mysql::Row& row : *rows) keys[row.Bytes(0)] = row.Bytes(1);
  return keys;
}

void ExpectBound(const std::string& where, const std::map<std::string, std::string>& keys,
                 const std::set<std::string>& statements) {
  for (const std::string& sql : statements) {
    if (absl::StartsWith(sql, "INSERT") || absl::StartsWith(sql, "SHOW") || BindsBucket(sql) || SelectsKeysFirst(sql) ||
        AsksEveryShard(sql) || FindsNothing(sql)) {
      continue;
    }
    for (const std::string& table : TablesOf(sql)) {
      const auto key = keys.find(table);
      if (key == keys.end() || TablesWithoutTenant().count(table) != 0) continue;
      EXPECT_TRUE(BindsKey(sql, key->second)) << where << ": " << table << " without " << key->second << " in: " << sql;
    }
  }
}

std::set<std::string> DistinctStatements(const std::string& path) {
  std::set<std::string> distinct;
  const absl::Status read = mysql::ForEachStatement(
      path, [&](mysql::LoggedStatement statement) { distinct.insert(std::move(statement.sql)); });
  EXPECT_TRUE(read.ok()) << read;
  return distinct;
}

void ExpectStatementsBindTheirTenants(const Suite& suite) {
  for (const Service service : kServices) {
    const std::set<std::string> statements = DistinctStatements(suite.StatementLogPath(service));
    EXPECT_GT(statements.size(), 10U) << NameOf(service) << ": the statement log is empty";
    ExpectBound(NameOf(service), TenantKeys(suite, service), statements);
  }
}

}  // namespace countersign::integration
