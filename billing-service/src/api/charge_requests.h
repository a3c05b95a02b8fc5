// Requests of ChargeService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_CHARGE_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_CHARGE_REQUESTS_H_

#include <optional>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/page.h"
#include "countersign/billing/v1/charge_service.pb.h"

namespace countersign::billing {

struct ListChargesCommand {
  std::optional<Uuid> account;  // None: of all.
  rpc::Listing list;
};
absl::StatusOr<ListChargesCommand> ParseListCharges(const rpc::Call& call, const v1::ListChargesRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_CHARGE_REQUESTS_H_
