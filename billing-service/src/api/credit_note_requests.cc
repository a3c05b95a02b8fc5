#include "billing-service/src/api/credit_note_requests.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "billing-service/src/api/money_field.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/requests.h"

namespace countersign::billing {
namespace {

CreditOfLine RequireCreditOfLine(FieldViolations& violations, const std::string& field,
                                 const v1::CreditNoteDraft::Line& line) {
  CreditOfLine credit;
  if (line.line() < 0 || line.line() >= kMaxLinesPerInvoice) {
    violations.Add(field + ".line", absl::StrCat("must be 0 to ", kMaxLinesPerInvoice - 1));
  }
  credit.line = int64_t{line.line()} + 1;
  if (line.has_amount()) {
    credit.amount = RequireWholeMoney(violations, field + ".amount", line.has_amount(), line.amount());
  }
  if (!line.has_service_start_date() && !line.has_service_end_date()) return credit;
  Period days;
  days.start = rpc::RequireDate(violations, field + ".service_start_date", line.has_service_start_date(),
                                line.service_start_date());
  days.end =
      rpc::RequireDate(violations, field + ".service_end_date", line.has_service_end_date(), line.service_end_date());
  if (line.has_amount()) violations.Add(field + ".amount", "must not be set together with days");
  if (line.has_service_start_date() && line.has_service_end_date() && days.end <= days.start) {
    violations.Add(field + ".service_end_date", "must be after service_start_date");
  }
  credit.days = days;
  return credit;
}

CreditTerms RequireTerms(FieldViolations& violations, const v1::CreditNoteDraft& draft) {
  CreditTerms terms;
  const int methods = static_cast<int>(draft.whole()) + static_cast<int>(draft.tax_only()) +
                      static_cast<int>(draft.has_amount()) + static_cast<int>(!draft.lines().empty());
  if (methods != 1) {
    violations.Add("credit_note", "must set exactly one of whole, tax_only, amount and lines");
  }
  if (draft.tax_only()) terms.method = CreditMethod::kTax;
  if (draft.has_amount()) {
    terms.method = CreditMethod::kAmount;
    terms.amount = RequireWholeMoney(violations, "credit_note.amount", draft.has_amount(), draft.amount());
  }
  if (draft.lines().empty()) return terms;
  terms.method = CreditMethod::kLines;
  if (draft.lines_size() > kMaxLinesPerInvoice) {
    violations.Add("credit_note.lines", absl::StrCat("must have at most ", kMaxLinesPerInvoice, " entries"));
    return terms;
  }
  for (const v1::CreditNoteDraft::Line& line : draft.lines()) {
    const std::string field = absl::StrCat("credit_note.lines[", terms.lines.size(), "]");
    terms.lines.push_back(RequireCreditOfLine(violations, field, line));
  }
  return terms;
}

absl::StatusOr<CreditNoteCommand> ParseDraft(const std::string& parent, const v1::CreditNoteDraft& draft) {
  FieldViolations violations;
  CreditNoteCommand command;
  command.tenant = rpc::RequireName(violations, "parent", kAccountName, parent)[0];
  const std::vector<Uuid> invoice = rpc::RequireName(violations, "credit_note.invoice", kInvoiceName, draft.invoice());
  if (!invoice[1].is_nil() && !command.tenant.is_nil() && invoice[0] != command.tenant) {
    violations.Add("credit_note.invoice", "must be an invoice of parent");
  }
  command.invoice = invoice[1];
  command.reason = rpc::RequireText(violations, "credit_note.reason", draft.reason(), 1, rpc::kMaxReasonChars);
  command.terms = RequireTerms(violations, draft);
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace

absl::StatusOr<CreditNoteCommand> ParsePreviewCreditNote(const rpc::Call& /*call*/,
                                                         const v1::PreviewCreditNoteRequest& request) {
  return ParseDraft(request.parent(), request.credit_note());
}

absl::StatusOr<CreditNoteCommand> ParseCreateCreditNote(const rpc::Call& /*call*/,
                                                        const v1::CreateCreditNoteRequest& request) {
  return ParseDraft(request.parent(), request.credit_note());
}

}  // namespace countersign::billing
