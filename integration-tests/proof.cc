#include "integration-tests/proof.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "integration-tests/checker.h"
#include "integration-tests/story.h"

namespace countersign::integration {

std::unique_ptr<Suite> SuiteTest::suite_;

void SuiteTest::SetUpTestSuite() {
  absl::StatusOr<std::unique_ptr<Suite>> suite = Suite::Start();
  ASSERT_TRUE(suite.ok()) << suite.status();
  suite_ = *std::move(suite);
}

void SuiteTest::TearDownTestSuite() { suite_.reset(); }

void SuiteTest::SetUp() {
  ASSERT_NE(suite_, nullptr);
  for (const Service service : kServices) {
    if (suite_->pid(service) == 0) {
      const absl::Status started = suite_->StartService(service);
      ASSERT_TRUE(started.ok()) << started;
    }
  }
}

void SuiteTest::ProveInvariants() {
  std::vector<std::unique_ptr<mysql::Connection>> connections;
  for (const Service service : kServices) {
    absl::StatusOr<std::unique_ptr<mysql::Connection>> connection = suite_->Database(service);
    ASSERT_TRUE(connection.ok()) << connection.status();
    connections.push_back(*std::move(connection));
  }
  const Schemas schemas{connections[0].get(), connections[1].get(), connections[2].get(), connections[3].get()};
  const absl::Status drained = Eventually("every log is drained", [&schemas] {
    const absl::StatusOr<bool> is_drained = IsDrained(schemas);
    return is_drained.ok() && *is_drained;
  });
  EXPECT_TRUE(drained.ok()) << drained;
  const absl::StatusOr<std::vector<std::string>> broken = FindBrokenInvariants(schemas);
  ASSERT_TRUE(broken.ok()) << broken.status();
  for (const std::string& sentence : *broken) ADD_FAILURE() << sentence;
}

}  // namespace countersign::integration
