// ListFees.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_HANDLERS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_HANDLERS_H_

#include "absl/status/statusor.h"
#include "billing-service/src/store/fee_store.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/page.h"
#include "countersign/billing/v1/billing_service.pb.h"

namespace countersign::billing {

struct ListFees {
  Uuid partner;
  rpc::Listing list;
};

// Refuses another partner's fees with NOT_FOUND.
absl::StatusOr<ListFees> ParseListFees(const rpc::Call& call, const v1::ListFeesRequest& request);

class FeeHandlers {
 public:
  // The store must outlive the handlers.
  explicit FeeHandlers(const FeeStore& fees) : fees_(fees) {}

  absl::StatusOr<v1::ListFeesResponse> List(const rpc::Call& call, const ListFees& command) const;

 private:
  const FeeStore& fees_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_HANDLERS_H_
