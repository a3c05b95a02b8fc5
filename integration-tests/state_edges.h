// The state machines once more, as a table of edges that owes nothing to the services' own code: what the event logs
// say is held against it.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_STATE_EDGES_H_
#define COUNTERSIGN_INTEGRATION_TESTS_STATE_EDGES_H_

#include <string>

#include "absl/strings/string_view.h"

namespace countersign::integration {

// An aggregate's state as one of its events tells it.
struct StateOfEvent {
  std::string noun;   // "Partner", "Order", "Link", "Subscription", "Invoice", "Payment", "Fee"
  std::string state;  // "ACTIVE"; both are empty when the aggregate has no states.
};

// Of an event with a payload of this type. The field `state` of a payload whose name ends in Event says it, and the
// enum that it is of says the noun. A payload that cannot be read gives a state to which no edge leads.
StateOfEvent StateAfter(const std::string& payload_type, const std::string& payload);

// True when the noun has a machine and it allows `from` → `to`. An event that leaves the state as it is, is no edge and
// always allowed; `from` is empty for the aggregate's first event.
bool IsEdge(absl::string_view noun, absl::string_view from, absl::string_view to);

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_STATE_EDGES_H_
