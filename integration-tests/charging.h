// Charges of a story's invoice, for tests.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_CHARGING_H_
#define COUNTERSIGN_INTEGRATION_TESTS_CHARGING_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "countersign/billing/v1/charge.pb.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

namespace countersign::integration {

// The story's account pays with that token from now on.
absl::Status SetToken(Suite& suite, const Story& story, const std::string& token);

// The same, and its open invoice is charged now.
absl::Status ChargeFor(Suite& suite, const Story& story, const std::string& token);

// The charges of the story's account, oldest first; none where they could not be read.
std::vector<billing::v1::Charge> ChargesOf(Suite& suite, const Story& story);

// Waits until the newest of them is in that state.
absl::Status AwaitCharge(Suite& suite, const Story& story, billing::v1::Charge::State state);

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_CHARGING_H_
