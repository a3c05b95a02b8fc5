// Whether the services can say why: every invoice explained and printed, and the reports of the books compared.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_EXPLAIN_H_
#define COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_EXPLAIN_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/date.h"
#include "integration-tests/suite.h"

namespace countersign::integration {

// Somebody sells in each of the simulation's currencies.
absl::Status AddLegalEntities(Suite& suite, Date from);

// A sentence for each of the invoices that is not explained or printed, and for each currency in which the receivables
// by age differ from the trial balance of `today`.
absl::StatusOr<std::vector<std::string>> FindUnexplained(Suite& suite, const std::set<std::string>& invoices,
                                                         Date today);

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_EXPLAIN_H_
