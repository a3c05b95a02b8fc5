// The edges of a state machine as a table: every edge that it does not list is refused.
//
//   constexpr Edge<LinkState> kLinkEdges[] = {{LinkState::kActive, LinkState::kRevoked}};
//   absl::Status CheckTransition(LinkState from, LinkState to) {
//     return CheckEdge(kLinkStates, kLinkEdges, "link", from, to);
//   }
#ifndef COUNTERSIGN_COMMON_BASE_STATE_MACHINE_H_
#define COUNTERSIGN_COMMON_BASE_STATE_MACHINE_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/named.h"

namespace countersign {

template <typename State>
using Edge = std::pair<State, State>;  // From, to.

// OK when `edges` lists from → to. Error: FAILED_PRECONDITION with reason {NOUN}_STATE, naming both states.
template <typename State, size_t kStates, size_t kEdges>
absl::Status CheckEdge(const Named<State> (&states)[kStates], const Edge<State> (&edges)[kEdges],
                       absl::string_view noun, State from, State to) {
  for (const Edge<State>& edge : edges) {
    if (edge.first == from && edge.second == to) return absl::OkStatus();
  }
  const absl::string_view state = NameIn(states, from);
  const absl::string_view target = NameIn(states, to);
  return FailedPrecondition(absl::StrCat(absl::AsciiStrToUpper(noun), "_STATE"),
                            from == to ? absl::StrCat("The ", noun, " is ", state, " already.")
                                       : absl::StrCat("The ", noun, " is ", state, " and cannot become ", target, "."),
                            {{"state", std::string(state)}, {"target", std::string(target)}});
}

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_STATE_MACHINE_H_
