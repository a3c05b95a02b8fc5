// The edges of a state machine as a table: what it does not list is refused.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_EDGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_EDGES_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace countersign::billing {

// OK when `edges` lists from → to. Error: FAILED_PRECONDITION with reason {NOUN}_STATE, naming both states. States have
// a Name(State) beside them.
template <typename State, std::size_t kCount>
absl::Status CheckEdge(const std::pair<State, State> (&edges)[kCount], absl::string_view noun, State from, State to) {
  for (const auto& edge : edges) {
    if (edge.first == from && edge.second == to) return absl::OkStatus();
  }
  return FailedPrecondition(absl::StrCat(absl::AsciiStrToUpper(noun), "_STATE"),
                            absl::StrCat("the ", noun, " is ", Name(from), " and cannot become ", Name(to)),
                            {{"state", std::string(Name(from))}, {"target", std::string(Name(to))}});
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_EDGES_H_
