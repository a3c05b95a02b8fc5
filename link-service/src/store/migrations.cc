#include "link-service/src/store/migrations.h"

#include "common/events/schema.h"
#include "common/mysql/table.h"
#include "link-service/migrations.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/store/press_store.h"

namespace countersign::link {

std::vector<mysql::Migrations> AllMigrations() {
  return {events::CommonMigrations(),
          {.component = "link",
           .files = {kMigrations.begin(), kMigrations.end()},
           .insert_only = {"access_links"},
           .expiring = {"new_link_requests"},
           // Every column, for a put needs the right on all; no row is ever deleted.
           .updated_columns = {{"links", mysql::ColumnsOf(kLinks)},
                               {"presses", mysql::ColumnsOf(kPresses)},
                               {"page_views", "evidence, salt"}}}};
}

}  // namespace countersign::link
