// Requests of SellerService, checked and in the domain's types.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_SELLER_REQUESTS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_SELLER_REQUESTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/partner/v1/seller_service.pb.h"

namespace countersign::partner {

struct CheckSellerCommand {
  Uuid partner;
  Uuid customer;
  std::vector<std::string> offers;  // Their ids.
};
absl::StatusOr<CheckSellerCommand> ParseCheckSeller(const rpc::Call& call, const v1::CheckSellerRequest& request);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_SELLER_REQUESTS_H_
