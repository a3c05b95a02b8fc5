#include "link-service/src/store/migrations.h"

#include <string>

#include "common/events/schema.h"
#include "link-service/migrations.h"
#include "link-service/src/store/press_store.h"

namespace countersign::link {

std::vector<mysql::Migrations> AllMigrations() {
  return {events::CommonMigrations(),
          {.component = "link",
           .files = {kMigrations.begin(), kMigrations.end()},
           .insert_only = {"access_links"},
           .expiring = {"new_link_requests", "page_contents"},
           .deleted = {"codes"},
           .updated_columns = {{"presses", std::string(kChangingOfPresses)}, {"page_views", "evidence, salt"}}}};
}

}  // namespace countersign::link
