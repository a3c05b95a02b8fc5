// Views of links' pages, as they are recorded. LinkRecordStore lists them.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_STORE_PAGE_VIEW_STORE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_STORE_PAGE_VIEW_STORE_H_

#include "common/mysql/table.h"
#include "link-service/src/domain/page_view.h"

namespace countersign::link {

// A new view, for a change with its event. LostRace() where it is recorded already.
mysql::RowWrite PageViewRow(const PageView& view);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_STORE_PAGE_VIEW_STORE_H_
