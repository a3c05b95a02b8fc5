// Requests of PayoutService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYOUT_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYOUT_REQUESTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "billing-service/src/domain/payout.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/payout_service.pb.h"

namespace countersign::billing {

struct CreatePayoutFileCommand {
  Uuid tenant;                // The partner; of all: derived from the currency.
  std::string currency = {};  // Of all partners; otherwise empty.
};
absl::StatusOr<CreatePayoutFileCommand> ParseCreatePayoutFile(const rpc::Call& call,
                                                              const v1::CreatePayoutFileRequest& request);

struct RecordPayoutAnswerCommand {
  Uuid tenant;  // The partner.
  Uuid id;
  int64_t attempt = 0;
  PayoutState outcome = PayoutState::kPaid;  // PAID or RETURNED.
  std::string bank_reference;
  std::string reason;
};
absl::StatusOr<RecordPayoutAnswerCommand> ParseRecordPayoutAnswer(const rpc::Call& call,
                                                                  const v1::RecordPayoutAnswerRequest& request);

// A row of the bank's answer file.
struct PayoutAnswer {
  std::string name;                  // As it was given.
  std::optional<Uuid> partner = {};  // Of a name that is one, in a row that is well formed; and …
  Uuid id = {};                      // … the payout.
  int64_t attempt = 0;
  PayoutState outcome = PayoutState::kPaid;
  std::string bank_reference = {};
  std::string reason = {};
};

struct RecordPayoutAnswersCommand {
  Uuid tenant;  // Derived from the file.
  std::vector<PayoutAnswer> answers;
};
absl::StatusOr<RecordPayoutAnswersCommand> ParseRecordPayoutAnswers(const rpc::Call& call,
                                                                    const v1::RecordPayoutAnswersRequest& request);

struct CreatePayoutTermsCommand {
  Uuid tenant;  // Of their event: derived from currency and day.
  PayoutTerms terms;
};
absl::StatusOr<CreatePayoutTermsCommand> ParseCreatePayoutTerms(const rpc::Call& call,
                                                                const v1::CreatePayoutTermsRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYOUT_REQUESTS_H_
