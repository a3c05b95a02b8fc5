// The frame of the integration tests: one suite of services per test program, and the proof at the end of a test.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_PROOF_H_
#define COUNTERSIGN_INTEGRATION_TESTS_PROOF_H_

#include <map>
#include <memory>

#include "absl/status/statusor.h"
#include "common/mysql/connection.h"
#include "gtest/gtest.h"
#include "integration-tests/checker.h"
#include "integration-tests/suite.h"

namespace countersign::integration {

class SuiteTest : public ::testing::Test {
 protected:
  // Starts the four services; a failure fails every test of the class.
  static void SetUpTestSuite() { StartSuite({}); }
  // The same with other options, for a class with a SetUpTestSuite of its own.
  static void StartSuite(const SuiteOptions& options);
  static void TearDownTestSuite();

  // Starts the services that an earlier test left dead.
  void SetUp() override;

  static Suite& suite() { return *suite_; }

  // Waits until every log is drained, then fails the test with every broken invariant of safety, and with every stored
  // reply that is not what an earlier proof of the same suite saw.
  static void ProveInvariants();

  // Administrator's sessions on all four schemas, for the checker.
  using Sessions = std::map<Service, std::unique_ptr<mysql::Connection>>;
  static absl::StatusOr<Sessions> Connect();
  static Schemas SchemasOf(const Sessions& sessions);

 private:
  static std::unique_ptr<Suite> suite_;
  static std::unique_ptr<ReplyMemory> replies_;
};

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_PROOF_H_
