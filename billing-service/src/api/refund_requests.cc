#include "billing-service/src/api/refund_requests.h"

#include "billing-service/src/api/money_field.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/requests.h"

namespace countersign::billing {
namespace {

constexpr int kMaxRefundReferenceChars = 64;

}  // namespace

absl::StatusOr<CreateRefundCommand> ParseCreateRefund(const rpc::Call& call, const v1::CreateRefundRequest& request) {
  FieldViolations violations;
  const v1::Refund& message = request.refund();
  CreateRefundCommand command;
  command.tenant = rpc::RequireName(violations, "parent", kAccountName, request.parent())[0];
  Refund& refund = command.refund;
  refund.account = command.tenant;
  refund.amount = RequireWholeMoney(violations, "refund.amount", message.has_amount(), message.amount());
  refund.bank_reference =
      rpc::RequireAscii(violations, "refund.bank_reference", message.bank_reference(), 1, kMaxRefundReferenceChars);
  refund.reason = rpc::RequireText(violations, "refund.reason", message.reason(), 1, rpc::kMaxReasonChars);
  RETURN_IF_ERROR(violations.ToStatus());
  refund.id = call.DerivedId("refund");
  refund.create_time = call.now();
  refund.date = DateOf(call.now());
  return command;
}

}  // namespace countersign::billing
