// ListFees.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_HANDLERS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_HANDLERS_H_

#include <string>

#include "absl/status/statusor.h"
#include "billing-service/src/store/fee_store.h"
#include "common/base/crypto.h"
#include "common/base/uuid.h"
#include "common/mysql/condition.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/billing_service.pb.h"

namespace countersign::billing {

struct ListFees {
  Uuid partner;
  mysql::Condition condition;
  std::string filter;  // What a page token is bound to.
  int size = 0;
  FeePosition after;
};

class FeeHandlers {
 public:
  // The store must outlive the handlers.
  explicit FeeHandlers(const FeeStore& fees) : fees_(fees) {}

  absl::StatusOr<ListFees> ParseList(const rpc::Call& call, const v1::ListFeesRequest& request) const;
  absl::StatusOr<v1::ListFeesResponse> List(const rpc::Call& call, const ListFees& command) const;

 private:
  const FeeStore& fees_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_HANDLERS_H_
