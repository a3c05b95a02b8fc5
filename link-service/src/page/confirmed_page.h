// The page of a link as its customer confirmed it, for what is mailed afterwards.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_CONFIRMED_PAGE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_CONFIRMED_PAGE_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "link-service/src/domain/link.h"
#include "link-service/src/domain/press.h"
#include "link-service/src/page/shown_page.h"
#include "link-service/src/store/press_store.h"
#include "link-service/src/web/vendor.h"

namespace countersign::link {

// The link's page in the language in which `press` was made; in English where that is not kept. Errors: DATA_LOSS,
// those of PressStore.
absl::StatusOr<ShownPage> PageAsConfirmed(absl::Time deadline, const Link& link, const KeptPress& press,
                                          const PressStore& presses, const Vendor& vendor);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_CONFIRMED_PAGE_H_
