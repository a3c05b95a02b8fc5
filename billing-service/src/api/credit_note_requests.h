// Requests of CreditNoteService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_CREDIT_NOTE_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_CREDIT_NOTE_REQUESTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "billing-service/src/domain/credit_note.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/credit_note_service.pb.h"

namespace countersign::billing {

struct CreditNoteCommand {
  Uuid tenant;  // The account.
  Uuid invoice;
  CreditTerms terms;
  std::string reason;
};
absl::StatusOr<CreditNoteCommand> ParsePreviewCreditNote(const rpc::Call& call,
                                                         const v1::PreviewCreditNoteRequest& request);
absl::StatusOr<CreditNoteCommand> ParseCreateCreditNote(const rpc::Call& call,
                                                        const v1::CreateCreditNoteRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_CREDIT_NOTE_REQUESTS_H_
