#include "integration-tests/proof.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/base/status_macros.h"
#include "integration-tests/story.h"

namespace countersign::integration {

std::unique_ptr<Suite> SuiteTest::suite_;
std::unique_ptr<ReplyMemory> SuiteTest::replies_;

void SuiteTest::StartSuite(const SuiteOptions& options) {
  absl::StatusOr<std::unique_ptr<Suite>> suite = Suite::Start(options);
  ASSERT_TRUE(suite.ok()) << suite.status();
  suite_ = *std::move(suite);
  replies_ = std::make_unique<ReplyMemory>();
}

void SuiteTest::TearDownTestSuite() {
  suite_.reset();
  replies_.reset();
}

void SuiteTest::SetUp() {
  ASSERT_NE(suite_, nullptr);
  for (const Service service : kServices) {
    if (suite_->pid(service) == 0) {
      const absl::Status started = suite_->StartService(service);
      ASSERT_TRUE(started.ok()) << started;
    }
  }
}

absl::StatusOr<SuiteTest::Sessions> SuiteTest::Connect() {
  Sessions sessions;
  for (const Service service : kServices) {
    ASSIGN_OR_RETURN(sessions[service], suite_->Database(service));
  }
  return sessions;
}

Schemas SuiteTest::SchemasOf(const Sessions& sessions) {
  return {sessions.at(Service::kPartner).get(), sessions.at(Service::kOrder).get(), sessions.at(Service::kLink).get(),
          sessions.at(Service::kBilling).get(), suite_->processor_book()};
}

void SuiteTest::ProveInvariants() {
  const absl::StatusOr<Sessions> sessions = Connect();
  ASSERT_TRUE(sessions.ok()) << sessions.status();
  const Schemas schemas = SchemasOf(*sessions);
  // Workers act by themselves, so a log that is drained may go on.
  absl::StatusOr<std::vector<std::string>> broken = absl::UnknownError("not looked yet");
  const absl::Status drained = Eventually("every log is drained and stands still", [&] {
    const absl::StatusOr<bool> is_drained = IsDrained(schemas);
    if (!is_drained.ok() || !*is_drained) return false;
    broken = FindBrokenInvariants(schemas);
    return !absl::IsAborted(broken.status());
  });
  EXPECT_TRUE(drained.ok()) << drained;
  ASSERT_TRUE(broken.ok()) << broken.status();
  for (const std::string& sentence : *broken) ADD_FAILURE() << sentence;
  const absl::StatusOr<std::vector<std::string>> changed = replies_->FindChanged(schemas);
  ASSERT_TRUE(changed.ok()) << changed.status();
  for (const std::string& sentence : *changed) ADD_FAILURE() << sentence;
}

}  // namespace countersign::integration
