// Requests of PayoutService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYOUT_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYOUT_REQUESTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "billing-service/src/domain/payout.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/payout_service.pb.h"

namespace countersign::billing {

struct CreatePayoutFileCommand {
  Uuid tenant;  // The partner.
};
absl::StatusOr<CreatePayoutFileCommand> ParseCreatePayoutFile(const rpc::Call& call,
                                                              const v1::CreatePayoutFileRequest& request);

struct RecordPayoutAnswerCommand {
  Uuid tenant;  // The partner.
  Uuid id;
  PayoutState outcome = PayoutState::kPaid;  // PAID or RETURNED.
  std::string bank_reference;
  std::string reason;
};
absl::StatusOr<RecordPayoutAnswerCommand> ParseRecordPayoutAnswer(const rpc::Call& call,
                                                                  const v1::RecordPayoutAnswerRequest& request);

struct CreatePayoutTermsCommand {
  Uuid tenant;  // Of their event: derived from currency and day.
  PayoutTerms terms;
};
absl::StatusOr<CreatePayoutTermsCommand> ParseCreatePayoutTerms(const rpc::Call& call,
                                                                const v1::CreatePayoutTermsRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYOUT_REQUESTS_H_
