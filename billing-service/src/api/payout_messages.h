// Payouts as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYOUT_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYOUT_MESSAGES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/csv.h"
#include "billing-service/src/domain/payout.h"
#include "common/events/change.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/payout.pb.h"
#include "countersign/partner/v1/payee_profile.pb.h"

namespace countersign::billing {

v1::Payout ToProto(const Payout& payout);
v1::PayoutTerms ToProto(const PayoutTerms& terms);

// PAYOUT_CREATED, PAYOUT_APPROVED, PAYOUT_SENT, PAYOUT_PAID or PAYOUT_RETURNED, by the payout's state.
events::Event PayoutEventOf(const rpc::Call& call, const Payout& payout);
events::Event PayoutEventOf(const rpc::WorkerAct& act, const Payout& payout);

// The CSV of CreatePayoutFile. Secret: it has whole accounts.
class PayoutFile {
 public:
  PayoutFile();
  // `payout_cell`: what names the payout in it; `payee`: the whole account.
  void Add(const Payout& payout, absl::string_view payout_cell, absl::string_view payee);
  const std::string& csv() const { return csv_.text(); }

 private:
  CsvWriter csv_;
};

// Converts partner-service's profile. A profile without a date has no tax form.
Payee PayeeOf(const partner::v1::PayeeProfile& profile);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYOUT_MESSAGES_H_
