// Whether statements stay on one shard: each binds the tenant key of every table that it reads or writes, or the
// bucket.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_TENANT_KEYS_H_
#define COUNTERSIGN_INTEGRATION_TESTS_TENANT_KEYS_H_

#include <map>
#include <set>
#include <string>

#include "integration-tests/suite.h"

namespace countersign::integration {

// The first column of each table's primary key.
std::map<std::string, std::string> TenantKeys(const Suite& suite, Service service);

// Fails the test for each statement that does not bind the key of a table, which `keys` names.
void ExpectBound(const std::string& where, const std::map<std::string, std::string>& keys,
                 const std::set<std::string>& statements);

// The different statements of a log.
std::set<std::string> DistinctStatements(const std::string& path);

// Of the statements that the suite's services have really sent, not of the source. Fails the test for each that does
// not. The suite was started with log_statements.
void ExpectStatementsBindTheirTenants(const Suite& suite);

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_TENANT_KEYS_H_
