// ApplyCatalogue's request, checked and in the domain's types.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_REQUESTS_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_REQUESTS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/order/v1/catalogue_service.pb.h"
#include "order-service/src/domain/catalogue_plan.h"

namespace countersign::order {

struct ApplyCatalogueCommand {
  Uuid tenant;  // The catalogue.
  std::vector<CatalogueEntry> entries;
};
absl::StatusOr<ApplyCatalogueCommand> ParseApplyCatalogue(const rpc::Call& call,
                                                          const v1::ApplyCatalogueRequest& request);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_REQUESTS_H_
