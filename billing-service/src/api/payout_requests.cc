#include "billing-service/src/api/payout_requests.h"

#include <vector>

#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/requests.h"

namespace countersign::billing {
namespace {

constexpr int kMaxBankReferenceChars = 64;

}  // namespace

absl::StatusOr<CreatePayoutFileCommand> ParseCreatePayoutFile(const rpc::Call& call,
                                                              const v1::CreatePayoutFileRequest& request) {
  FieldViolations violations;
  const Uuid partner = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(partner));
  return CreatePayoutFileCommand{partner};
}

absl::StatusOr<RecordPayoutAnswerCommand> ParseRecordPayoutAnswer(const rpc::Call& call,
                                                                  const v1::RecordPayoutAnswerRequest& request) {
  FieldViolations violations;
  RecordPayoutAnswerCommand command;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "name", kPayoutName, request.name());
  command.tenant = ids[0];
  command.id = ids[1];
  rpc::RequireEnum(violations, "outcome", request.outcome(), v1::RecordPayoutAnswerRequest::Outcome_descriptor());
  const bool returned = request.outcome() == v1::RecordPayoutAnswerRequest::OUTCOME_RETURNED;
  command.outcome = returned ? PayoutState::kReturned : PayoutState::kPaid;
  command.bank_reference =
      rpc::RequireAscii(violations, "bank_reference", request.bank_reference(), 0, kMaxBankReferenceChars);
  command.reason = rpc::RequireText(violations, "reason", request.reason(), returned ? 1 : 0, rpc::kMaxReasonChars);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

absl::StatusOr<CreatePayoutTermsCommand> ParseCreatePayoutTerms(const rpc::Call& call,
                                                                const v1::CreatePayoutTermsRequest& request) {
  FieldViolations violations;
  CreatePayoutTermsCommand command;
  PayoutTerms& terms = command.terms;
  const v1::PayoutTerms& given = request.payout_terms();
  terms.currency = rpc::RequireCurrency(violations, "payout_terms.currency_code", given.currency_code());
  terms.effective_date =
      rpc::RequireDate(violations, "payout_terms.effective_date", given.has_effective_date(), given.effective_date());
  if (given.has_effective_date() && terms.effective_date < DateOf(call.now())) {
    violations.Add("payout_terms.effective_date", "must not be in the past");
  }
  terms.minimum = rpc::RequireMoney(violations, "payout_terms.minimum", given.has_minimum(), given.minimum(),
                                    rpc::Sign::kNotNegative);
  if (given.has_minimum() && terms.minimum.currency() != terms.currency) {
    violations.Add("payout_terms.minimum", "must be in currency_code");
  }
  terms.withholding_basis_points = rpc::RequireQuantity(violations, "payout_terms.withholding_basis_points",
                                                        given.withholding_basis_points(), 0, kWholeInBasisPoints);
  RETURN_IF_ERROR(violations.ToStatus());
  terms.create_time = call.now();
  command.tenant = PayoutTermsId(terms);
  return command;
}

}  // namespace countersign::billing
