// The tables that every service has: the event log, stored replies, leases and cursors.
#ifndef COUNTERSIGN_COMMON_EVENTS_SCHEMA_H_
#define COUNTERSIGN_COMMON_EVENTS_SCHEMA_H_

#include "common/mysql/migrate.h"

namespace countersign::events {

// Every service's list of migrations begins with these.
mysql::Migrations CommonMigrations();

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_SCHEMA_H_
