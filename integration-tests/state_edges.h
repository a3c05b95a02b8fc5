// The state machines once more, as a table of edges that owes nothing to the services' own code: what the event logs
// say is held against it.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_STATE_EDGES_H_
#define COUNTERSIGN_INTEGRATION_TESTS_STATE_EDGES_H_

#include <string>

#include "absl/strings/string_view.h"

namespace countersign::integration {

// What an event says of its aggregate.
struct StateOfEvent {
  std::string noun;   // "Partner", "Order", "Link", "Subscription", "Invoice", "Payment"
  std::string state;  // "ACTIVE"; empty when the aggregate has no state machine.
};

// Of an event of `service` ("partner", "order", "link", "billing") with its serialized payload; the payload's type says
// whether it is about a state machine at all.
StateOfEvent StateAfter(absl::string_view service, absl::string_view payload_type, const std::string& payload);

// True when the noun's state machine allows `from` → `to`. An event that leaves the state as it is, is no edge and
// always allowed; `from` is empty for the aggregate's first event.
bool IsEdge(absl::string_view noun, absl::string_view from, absl::string_view to);

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_STATE_EDGES_H_
