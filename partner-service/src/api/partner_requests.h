// Requests about partners, checked and in the domain's types. Each Parse… collects every violation before it fails,
// and refuses a name outside the calling partner with NOT_FOUND.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_REQUESTS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_REQUESTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/fields.h"
#include "common/rpc/filter.h"
#include "common/rpc/page.h"
#include "countersign/partner/v1/partner_service.pb.h"
#include "partner-service/src/api/names.h"
#include "partner-service/src/domain/partner.h"

namespace countersign::partner {

struct CreatePartner {
  Uuid tenant;  // The id that the partner will have.
  std::string partner_number;
  std::string display_name;
  std::string contact_email;
};
absl::StatusOr<CreatePartner> ParseCreatePartner(const rpc::Call& call, const v1::CreatePartnerRequest& request);

struct GetPartner {
  Uuid partner;
};
absl::StatusOr<GetPartner> ParseGetPartner(const rpc::Call& call, const v1::GetPartnerRequest& request);

struct ListPartners {
  rpc::Listing list;
};
absl::StatusOr<ListPartners> ParseListPartners(const rpc::Call& call, const v1::ListPartnersRequest& request);

struct LookupPartner {
  std::string partner_number;
};
absl::StatusOr<LookupPartner> ParseLookupPartner(const rpc::Call& call, const v1::LookupPartnerRequest& request);

struct UpdatePartner {
  Uuid tenant;  // The partner.
  PartnerChange change;
  std::string etag;
};
absl::StatusOr<UpdatePartner> ParseUpdatePartner(const rpc::Call& call, const v1::UpdatePartnerRequest& request);

struct AcceptAgreementCommand {
  Uuid tenant;  // The partner, as below.
  std::string agreement;
  std::string accepted_by;
  std::string etag;
};
absl::StatusOr<AcceptAgreementCommand> ParseAcceptAgreement(const rpc::Call& call,
                                                            const v1::AcceptAgreementRequest& request);

struct Transition {
  Uuid tenant;
  std::string reason;
  std::string etag;
};
// For ApprovePartner, RejectPartner, SuspendPartner, ReinstatePartner and TerminatePartner, whose requests are alike.
template <typename Request>
absl::StatusOr<Transition> ParseTransition(const rpc::Call& call, const Request& request) {
  FieldViolations violations;
  Transition command;
  command.tenant = rpc::RequireName(violations, "name", kPartnerName, request.name())[0];
  command.reason = rpc::RequireText(violations, "reason", request.reason(), 1, 500);
  command.etag = request.etag();
  if (!violations.empty()) return violations.ToStatus();
  if (const absl::Status own = call.RequirePartner(command.tenant); !own.ok()) return own;
  return command;
}

// A list of what lies under a partner.
struct ListUnderPartner {
  Uuid partner;
  rpc::Listing list;
};
// For ListCustomers, ListAuthorizations, ListApiKeys and ListAgreementAcceptances, whose requests are alike but for the
// `fields` to filter by.
template <typename Request>
absl::StatusOr<ListUnderPartner> ParseListUnderPartner(const rpc::Call& call, const Request& request,
                                                       absl::Span<const mysql::FilterField> fields) {
  FieldViolations violations;
  ListUnderPartner command;
  command.partner = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  command.list = rpc::RequireListing(violations, call, request, fields);
  if (!violations.empty()) return violations.ToStatus();
  if (const absl::Status own = call.RequirePartner(command.partner); !own.ok()) return own;
  return command;
}

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_REQUESTS_H_
