// The frame of the integration tests: one suite of services per test program, and the proof at the end of a test.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_PROOF_H_
#define COUNTERSIGN_INTEGRATION_TESTS_PROOF_H_

#include <memory>

#include "gtest/gtest.h"
#include "integration-tests/suite.h"

namespace countersign::integration {

class SuiteTest : public ::testing::Test {
 protected:
  // Starts the four services; a failure fails every test of the class.
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  // Starts the services that an earlier test left dead.
  void SetUp() override;

  static Suite& suite() { return *suite_; }

  // Waits until every log is drained, then fails the test with every broken invariant of safety.
  static void ProveInvariants();

 private:
  static std::unique_ptr<Suite> suite_;
};

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_PROOF_H_
