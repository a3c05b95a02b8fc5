// One filled-in page for every state, for tests and for looking at them.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_SAMPLE_PAGES_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_SAMPLE_PAGES_H_

#include <string>
#include <vector>

#include "link-service/src/web/page.h"

namespace countersign::link::web {

// The vendor of all samples.
Vendor SampleVendor();

OrderPageView SampleOrderPage(OrderPageState state, const Language& language = English());

struct SamplePage {
  std::string name;  // "review", "review_errors", …
  std::string html;
};
std::vector<SamplePage> SamplePages(const Language& language = English());

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_SAMPLE_PAGES_H_