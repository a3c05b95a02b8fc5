#include "link-service/src/store/migrations.h"

#include <string>

#include "common/events/schema.h"
#include "common/mysql/table.h"
#include "link-service/migrations.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/store/press_store.h"
#include "link-service/src/store/receipt_act_store.h"

namespace countersign::link {

std::vector<mysql::Migrations> AllMigrations() {
  return {events::CommonMigrations(),
          {.component = "link",
           .files = {kMigrations.begin(), kMigrations.end()},
           .expiring = {"new_link_requests", "page_contents"},
           // Of links and acts every column, for a put needs the right on all. Their rows are never deleted.
           .updated_columns = {{"links", mysql::ColumnsOf(kLinks)},
                               {"receipt_acts", mysql::ColumnsOf(kReceiptActs)},
                               {"presses", std::string(kChangingOfPresses)}}}};
}

}  // namespace countersign::link
