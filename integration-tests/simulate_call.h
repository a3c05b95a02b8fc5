// A call of the simulation, as the operator whose certificate the stubs have.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_CALL_H_
#define COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_CALL_H_

#include <grpcpp/grpcpp.h>

#include <iostream>

#include "absl/status/statusor.h"
#include "integration-tests/simulate_convert.h"
#include "integration-tests/story.h"

namespace countersign::integration {

// Asks again where the answer says that nothing was done and another try may succeed: services at work on the same
// account may win the race of one try after the other. Tells what it asked where it gives up.
template <typename Stub, typename Request, typename Reply>
absl::StatusOr<Reply> Do(Stub stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                         const Request& request) {
  constexpr int kTries = 20;
  Reply reply;
  for (int tries = 1;; ++tries) {
    const absl::Status answer = StatusOf((stub.*method)(As(kOperator).get(), request, &reply));
    if (answer.ok()) return reply;
    if (absl::IsAborted(answer) && tries < kTries) continue;
    const bool is_refusal = absl::IsFailedPrecondition(answer) || absl::IsNotFound(answer);
    if (!is_refusal)
      std::cerr << request.GetTypeName() << " {" << request.ShortDebugString() << "}: " << answer << "\n";
    return answer;
  }
}

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_CALL_H_
