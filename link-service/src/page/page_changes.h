// The changes between two contents of a page, for a customer who filled in the form of the earlier one.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_CHANGES_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_CHANGES_H_

#include <string>
#include <vector>

#include "countersign/link/v1/evidence.pb.h"
#include "link-service/src/web/language.h"

namespace countersign::link {

// Short phrases in `language`, in the order of the page: "BPOS Standard Suite: seats 25 → 30". Empty where nothing
// differs that a customer reads.
std::vector<std::string> ChangesBetween(const v1::PageContent& before, const v1::PageContent& now,
                                        const web::Language& language = web::English());

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_CHANGES_H_
