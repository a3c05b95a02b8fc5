#include "billing-service/src/api/partner_request_requests.h"

#include <vector>

#include "billing-service/src/api/partner_act_requests.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
namespace {

constexpr int kMaxPartnerNumberChars = 32;

template <typename Request>
PartnerActCommand RequireAnswer(FieldViolations& violations, const Request& request) {
  return RequirePartnerAct(violations, request, "partner_request", kPartnerRequestName, request.partner_request());
}

}  // namespace

absl::StatusOr<CreatePartnerRequestCommand> ParseCreatePartnerRequest(const rpc::Call&,
                                                                      const v1::CreatePartnerRequestRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "parent", kSubscriptionName, request.parent());
  CreatePartnerRequestCommand command{.tenant = ids[0], .subscription = ids[1], .partner_number = {}};
  command.partner_number =
      rpc::RequireText(violations, "partner_number", request.partner_number(), 1, kMaxPartnerNumberChars);
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<PartnerActCommand> ParseAcceptPartnerRequest(const rpc::Call& call,
                                                            const v1::AcceptPartnerRequestRequest& request) {
  FieldViolations violations;
  PartnerActCommand command = RequireAnswer(violations, request);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.partner));
  return command;
}

absl::StatusOr<PartnerActCommand> ParseDeclinePartnerRequest(const rpc::Call& call,
                                                             const v1::DeclinePartnerRequestRequest& request) {
  FieldViolations violations;
  PartnerActCommand command = RequireAnswer(violations, request);
  command.reason = rpc::RequireText(violations, "reason", request.reason(), 0, rpc::kMaxReasonChars);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.partner));
  return command;
}

}  // namespace countersign::billing
