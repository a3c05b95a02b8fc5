// Credit notes as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_CREDIT_NOTE_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_CREDIT_NOTE_MESSAGES_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/account_acts.h"
#include "billing-service/src/domain/cancellation_credit.h"
#include "billing-service/src/domain/credit_note.h"
#include "common/events/change.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/credit_note.pb.h"

namespace countersign::billing {

v1::CreditNote ToProto(const CreditNote& note);

// CREDIT_NOTE_CREATED of what a worker wrote.
events::Event CreditNoteCreated(const rpc::WorkerAct& act, const CreditNote& note);

// CREDIT_NOTE_CREATED, then those of what it does to the account. For a change with CreditNoteStore::RowsOf(issue).
std::vector<events::Event> CreditNoteEvents(const rpc::Call& call, const CreditIssue& issue);

// The same of every credit note of a cancellation; none where nothing is credited. For a change with
// CreditNoteStore::RowsOf(credit).
std::vector<events::Event> CancellationEvents(const rpc::Call& call, const CancellationCredit& credit,
                                              absl::string_view reason);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_CREDIT_NOTE_MESSAGES_H_
