// Fees as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_MESSAGES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/order_label.h"
#include "common/events/change.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/fee.pb.h"

namespace countersign::billing {

v1::Fee ToProto(const FeeEntry& fee);

// The payload of a fee's events.
v1::FeeEvent EventOf(const FeeEntry& fee);

// The events of new entries on the account's side, one each: FEE_EARNED, or FEE_REVERSED for a reversal. The consumer
// "fees" enters them on the partner's side. For a change whose rows are FeeStore::EarnedRow of the same entries.
std::vector<events::Event> FeeEvents(const rpc::Call& call, const std::vector<FeeEntry>& entries);
std::vector<events::Event> FeeEvents(const rpc::WorkerAct& act, const std::vector<FeeEntry>& entries);

// One row per entry, after a row that names the columns. `labels`: of the order behind each.
std::string FeesCsv(const std::vector<FeeEntry>& fees, const std::vector<OrderLabel>& labels, bool with_header);

// The event of a new entry on the partner's side.
events::Event PartnersFeeEvent(const rpc::WorkerAct& act, const FeeEntry& fee, absl::string_view type);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_FEE_MESSAGES_H_
