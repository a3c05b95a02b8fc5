// The events of an act on an account's money (domain/account_book.h).
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_ACCOUNT_EVENTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_ACCOUNT_EVENTS_H_

#include <iterator>
#include <vector>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/account_book.h"
#include "common/events/change.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/billing_account.pb.h"

namespace countersign::billing {

// The account's own event, of that type and naming in `about` what the act was; then one of each invoice that changed
// and of each fee that was earned or reversed. For a change whose rows are RowsOf(change).
std::vector<events::Event> AccountEvents(const rpc::Call& call, const AccountChange& change, absl::string_view type,
                                         const v1::BillingAccountEvent& about, absl::string_view reason = "");
std::vector<events::Event> AccountEvents(const rpc::WorkerAct& act, const AccountChange& change, absl::string_view type,
                                         const v1::BillingAccountEvent& about);

// More events of the same change, in their order.
inline void AppendEvents(std::vector<events::Event>& events, std::vector<events::Event> more) {
  events.insert(events.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_ACCOUNT_EVENTS_H_
