// A call of the simulation, as the operator whose certificate the stubs have.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_CALL_H_
#define COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_CALL_H_

#include <grpcpp/grpcpp.h>

#include "absl/status/statusor.h"
#include "common/base/status_macros.h"
#include "integration-tests/simulate_convert.h"
#include "integration-tests/story.h"

namespace countersign::integration {

template <typename Stub, typename Request, typename Reply>
absl::StatusOr<Reply> Do(Stub stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                         const Request& request) {
  Reply reply;
  RETURN_IF_ERROR(StatusOf((stub.*method)(As(kOperator).get(), request, &reply)));
  return reply;
}

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_CALL_H_
