// A partner's own acts on a customer's account: it answers a request, or gives up a subscription.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_ACT_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_ACT_REQUESTS_H_

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/uuid.h"
#include "common/rpc/fields.h"
#include "common/rpc/requests.h"

namespace countersign::billing {

// The resource is `id` of the account `tenant`.
struct PartnerActCommand : rpc::NamedResource {
  Uuid partner;
};

// The request's partner, and the resource that its field `field` names by `pattern`.
template <typename Request>
PartnerActCommand RequirePartnerAct(FieldViolations& violations, const Request& request, absl::string_view field,
                                    absl::string_view pattern, absl::string_view name) {
  PartnerActCommand command;
  command.partner = rpc::RequireName(violations, "partner", kPartnerName, request.partner())[0];
  command.ids = rpc::RequireName(violations, field, pattern, name);
  command.tenant = command.ids.front();
  command.id = command.ids.back();
  return command;
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_ACT_REQUESTS_H_
