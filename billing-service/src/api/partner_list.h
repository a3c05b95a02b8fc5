// Requests of lists of a partner, or over all partners: "partners/{partner}" or, for the vendor, "partners/-".
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_LIST_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_LIST_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/mysql/filter_field.h"
#include "common/rpc/call.h"
#include "common/rpc/fields.h"
#include "common/rpc/page.h"

namespace countersign::billing {

struct PartnerList {
  std::optional<Uuid> partner;  // None: of all.
  rpc::Listing list;
};

// The request's fields parent, filter, page_size and page_token. A partner asks for its own only: anything else is
// NOT_FOUND RESOURCE_NOT_FOUND.
struct ParsePartnerList {
  std::vector<mysql::FilterField> fields;

  template <typename Request>
  absl::StatusOr<PartnerList> operator()(const rpc::Call& call, const Request& request) const {
    FieldViolations violations;
    PartnerList command;
    if (request.parent() != kAllPartners) {
      command.partner = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
    }
    command.list = rpc::RequireListing(violations, call, request, fields);
    RETURN_IF_ERROR(violations.ToStatus());
    RETURN_IF_ERROR(call.RequirePartner(command.partner.value_or(Uuid())));
    return command;
  }
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_LIST_H_
