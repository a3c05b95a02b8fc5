// Requests of PartnerOfRecordService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_OF_RECORD_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_OF_RECORD_REQUESTS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "billing-service/src/api/partner_act_requests.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/partner_of_record_service.pb.h"

namespace countersign::billing {

// All subscriptions of the partner `tenant`, a page of them.
struct PartnerChangesCommand {
  Uuid tenant;
  std::optional<Uuid> new_partner;
  SubscriptionPosition after;
  int count = 0;
  std::string reason;
};

absl::StatusOr<PartnerChangesCommand> ParseTransferPartnerSubscriptions(
    const rpc::Call& call, const v1::TransferPartnerSubscriptionsRequest& request);
absl::StatusOr<PartnerChangesCommand> ParseEndPartnerOfRecord(const rpc::Call& call,
                                                              const v1::EndPartnerOfRecordRequest& request);
absl::StatusOr<PartnerActCommand> ParseResignPartnerOfRecord(const rpc::Call& call,
                                                             const v1::ResignPartnerOfRecordRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_OF_RECORD_REQUESTS_H_
