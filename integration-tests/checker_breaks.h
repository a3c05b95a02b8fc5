// One way to break each thing that the checker proves.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_CHECKER_BREAKS_H_
#define COUNTERSIGN_INTEGRATION_TESTS_CHECKER_BREAKS_H_

#include <ostream>
#include <string>
#include <vector>

#include "integration-tests/suite.h"

namespace countersign::integration {

struct Fault {
  std::string name;  // Of the test.
  Service service;
  std::string sql;    // One statement on the service's schema.
  std::string named;  // Part of what the checker must say.
};

inline std::ostream& operator<<(std::ostream& out, const Fault& fault) { return out << fault.sql; }

// For the three stories of checker_test.cc.
std::vector<Fault> Faults();

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_CHECKER_BREAKS_H_
