#include "billing-service/src/api/payout_requests.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "billing-service/src/domain/csv.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/names.h"
#include "common/rpc/requests.h"

namespace countersign::billing {
namespace {

constexpr int kMaxBankReferenceChars = 64;
constexpr size_t kMaxAnswers = 100;  // So many entries fit into the payload of their event.
constexpr size_t kMaxNameChars = 128;

PayoutAnswer AnswerOf(const std::vector<std::string>& row) {
  PayoutAnswer answer{.name = row.front().substr(0, kMaxNameChars)};
  if (row.size() != 5 || !absl::SimpleAtoi(row[1], &answer.attempt)) return answer;
  const bool returned = row[2] == "RETURNED";
  if (!returned && row[2] != "PAID") return answer;
  answer.outcome = returned ? PayoutState::kReturned : PayoutState::kPaid;
  FieldViolations violations;
  answer.bank_reference = rpc::RequireAscii(violations, "bank_reference", row[3], 0, kMaxBankReferenceChars);
  answer.reason = rpc::RequireText(violations, "reason", row[4], returned ? 1 : 0, rpc::kMaxReasonChars);
  const absl::StatusOr<std::vector<Uuid>> ids = rpc::ParseName(kPayoutName, row[0]);
  if (!violations.ToStatus().ok() || !ids.ok()) return answer;
  answer.partner = (*ids)[0];
  answer.id = (*ids)[1];
  return answer;
}

}  // namespace

absl::StatusOr<CreatePayoutFileCommand> ParseCreatePayoutFile(const rpc::Call& call,
                                                              const v1::CreatePayoutFileRequest& request) {
  FieldViolations violations;
  if (request.parent() == kAllPartners) {
    CreatePayoutFileCommand of_all;
    of_all.currency = rpc::RequireCurrency(violations, "currency_code", request.currency_code());
    RETURN_IF_ERROR(violations.ToStatus());
    of_all.tenant = Uuid::Derived({"payout file", of_all.currency});
    return of_all;
  }
  const Uuid partner = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  if (!request.currency_code().empty())
    violations.Add("currency_code", "must be empty unless parent is \"partners/-\"");
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
  command.attempt = rpc::RequireQuantity(violations, "attempt", request.attempt());
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

absl::StatusOr<RecordPayoutAnswersCommand> ParseRecordPayoutAnswers(const rpc::Call& /*call*/,
                                                                    const v1::RecordPayoutAnswersRequest& request) {
  FieldViolations violations;
  RecordPayoutAnswersCommand command;
  const std::optional<std::vector<std::vector<std::string>>> rows = ParseCsv(request.csv());
  static const auto* const columns =
      new std::vector<std::string>{"payout", "attempt", "outcome", "bank_reference", "reason"};
  if (!rows.has_value() || rows->empty() || rows->front() != *columns) {
    violations.Add("csv", "must be CSV whose first row is payout,attempt,outcome,bank_reference,reason");
  } else if (rows->size() < 2 || rows->size() > kMaxAnswers + 1) {
    violations.Add("csv", "must have 1 to 100 rows after the first");
  } else {
    for (size_t i = 1; i < rows->size(); ++i) command.answers.push_back(AnswerOf((*rows)[i]));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  command.tenant = Uuid::Derived({"payout answers", request.csv()});
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
