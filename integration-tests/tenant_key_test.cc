// Every statement that the services really sent binds the tenant key of each table it reads or writes, so that it would
// stay on one shard: shown on the statements of whole stories (conventions_test.cc: of every method), not on the
// source.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <regex>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/testing/test_database.h"
#include "gtest/gtest.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"
#include "integration-tests/tenant_keys.h"

namespace countersign::integration {
namespace {

TEST(TenantKeyTest, EveryStatementOfTheStoryBindsTheTenantOfEachTable) {
  absl::StatusOr<std::unique_ptr<Suite>> suite = Suite::Start({.log_statements = true});
  ASSERT_TRUE(suite.ok()) << suite.status();
  Story story(**suite);
  const absl::Status told = story.Run();
  ASSERT_TRUE(told.ok()) << told;
  ExpectStatementsBindTheirTenants(**suite);
}

// What the tests before this one sent: COUNTERSIGN_KEPT_STATEMENTS is the folder that was their
// COUNTERSIGN_STATEMENT_LOGS (scripts/test --statements). Without it there is nothing more to read than above.
TEST(TenantKeyTest, EveryStatementOfTheTestsBeforeBindsTheTenantOfEachTable) {
  const char* const kept = std::getenv("COUNTERSIGN_KEPT_STATEMENTS");
  if (kept == nullptr) return;
  absl::StatusOr<std::unique_ptr<Suite>> suite = Suite::Start();
  ASSERT_TRUE(suite.ok()) << suite.status();
  for (const Service service : kServices) {
    const std::map<std::string, std::string> keys = TenantKeys(**suite, service);
    const std::string ending = testing::KeptStatementsEnding(NameOf(service));
    std::set<std::string> all;
    int logs = 0;
    for (const auto& file : std::filesystem::directory_iterator(kept)) {
      if (!absl::EndsWith(file.path().string(), ending)) continue;
      ++logs;
      all.merge(DistinctStatements(file.path()));
    }
    EXPECT_GT(all.size(), 10U) << NameOf(service) << ": no statements were kept";
    std::cout << NameOf(service) << ": " << all.size() << " different statements in " << logs << " logs\n";
    ExpectBound(NameOf(service), keys, all);
  }
}

// "order": {"orders": "partner_id", …}, as docs/operations/shards.md has it.
std::map<std::string, std::map<std::string, std::string>> DescribedKeys() {
  static const std::regex row(R"(^\| (\w+) \| (.*) \| (.*) \|$)");
  static const std::regex by(R"(`(\w+)`[^`]*$)");
  static const std::regex table(R"((\w+)(?: \(`(\w+)`\))?)");
  std::map<std::string, std::map<std::string, std::string>> described;
  std::ifstream page(COUNTERSIGN_SHARDS);
  std::string line;
  while (std::getline(page, line)) {
    std::smatch cells;
    if (!std::regex_match(line, cells, row)) continue;
    const std::string sharded_by = cells[2];
    const std::string tables = cells[3];
    std::smatch column;
    const bool named = std::regex_search(sharded_by, column, by);
    for (auto it = std::sregex_iterator(tables.begin(), tables.end(), table); it != std::sregex_iterator(); ++it) {
      described[cells[1]][(*it)[1]] = (*it)[2].matched ? (*it)[2].str() : (named ? column[1].str() : "");
    }
  }
  return described;
}

TEST(TenantKeyTest, ThePageOfShardKeysNamesEveryTableAndItsKey) {
  absl::StatusOr<std::unique_ptr<Suite>> suite = Suite::Start();
  ASSERT_TRUE(suite.ok()) << suite.status();
  auto described = DescribedKeys();
  for (const Service service : kServices) {
    std::map<std::string, std::string> expected = described[NameOf(service)];
    expected.insert(described["each"].begin(), described["each"].end());
    EXPECT_EQ(TenantKeys(**suite, service), expected) << NameOf(service);
  }
}

}  // namespace
}  // namespace countersign::integration
