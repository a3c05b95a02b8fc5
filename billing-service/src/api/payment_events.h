// The events of a payment, or of its reversal (domain/settlement.h).
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYMENT_EVENTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYMENT_EVENTS_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/settlement.h"
#include "common/events/change.h"
#include "common/rpc/call.h"

namespace countersign::billing {

// The payment's, the account's, and those of the invoices and fees that it changed. For a change whose rows are
// PaymentStore::Rows(settlement).
std::vector<events::Event> PaymentEvents(const rpc::WorkerAct& act, const Settlement& settlement);
std::vector<events::Event> PaymentEvents(const rpc::Call& call, const Settlement& settlement, absl::string_view reason);

// Of one that failed before its money was used: the account is as it was. For a change whose rows are
// PaymentStore::Rows(payment).
events::Event PaymentFailed(const rpc::WorkerAct& act, const Payment& payment);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PAYMENT_EVENTS_H_
