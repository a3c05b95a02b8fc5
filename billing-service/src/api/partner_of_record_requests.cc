#include "billing-service/src/api/partner_of_record_requests.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "billing-service/src/api/partner_act_requests.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
namespace {

constexpr int kMaxPartnerChanges = 100;  // In one call.
constexpr int kDefaultPartnerChanges = 50;

// The fields that both bulk requests have.
template <typename Request>
PartnerChangesCommand RequirePartnerChanges(FieldViolations& violations, const Request& request) {
  PartnerChangesCommand command;
  command.tenant = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  if (!request.start_after().empty()) {
    const std::vector<Uuid> ids = rpc::RequireName(violations, "start_after", kSubscriptionName, request.start_after());
    command.after = {ids[0], ids[1]};
  }
  command.count = request.max_subscriptions() == 0 ? kDefaultPartnerChanges : request.max_subscriptions();
  if (command.count < 1 || command.count > kMaxPartnerChanges) {
    violations.Add("max_subscriptions", absl::StrCat("must be 0 to ", kMaxPartnerChanges));
  }
  command.reason = rpc::RequireText(violations, "reason", request.reason(), 1, rpc::kMaxReasonChars);
  return command;
}

}  // namespace

absl::StatusOr<PartnerChangesCommand> ParseTransferPartnerSubscriptions(
    const rpc::Call& call, const v1::TransferPartnerSubscriptionsRequest& request) {
  FieldViolations violations;
  PartnerChangesCommand command = RequirePartnerChanges(violations, request);
  command.new_partner = rpc::RequireName(violations, "new_partner", kPartnerName, request.new_partner())[0];
  if (!command.tenant.is_nil() && command.new_partner == command.tenant) {
    violations.Add("new_partner", "must be another partner than parent");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

absl::StatusOr<PartnerChangesCommand> ParseEndPartnerOfRecord(const rpc::Call& call,
                                                              const v1::EndPartnerOfRecordRequest& request) {
  FieldViolations violations;
  PartnerChangesCommand command = RequirePartnerChanges(violations, request);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

absl::StatusOr<PartnerActCommand> ParseResignPartnerOfRecord(const rpc::Call& call,
                                                             const v1::ResignPartnerOfRecordRequest& request) {
  FieldViolations violations;
  PartnerActCommand command =
      RequirePartnerAct(violations, request, "subscription", kSubscriptionName, request.subscription());
  command.reason = rpc::RequireText(violations, "reason", request.reason(), 1, rpc::kMaxReasonChars);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.partner));
  return command;
}

}  // namespace countersign::billing
