// The page's part about a confirmed order: when it was confirmed, what is to be paid, how the services run and what was
// done to them.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_RECEIPT_PART_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_RECEIPT_PART_H_

#include "link-service/src/web/page.h"
#include "link-service/src/web/page_parts.h"

namespace countersign::link::web {

void SetReceipt(data& page, const OrderPageView& view);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_RECEIPT_PART_H_
