#include "link-service/src/store/migrations.h"

#include "common/events/schema.h"
#include "link-service/migrations.h"

namespace countersign::link {

std::vector<mysql::Migrations> AllMigrations() {
  return {events::CommonMigrations(),
          {.component = "link", .files = {kMigrations.begin(), kMigrations.end()}, .expiring = {"new_link_requests"}}};
}

}  // namespace countersign::link
