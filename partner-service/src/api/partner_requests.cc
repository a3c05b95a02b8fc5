#include "partner-service/src/api/partner_requests.h"

#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "common/base/status_macros.h"
#include "common/rpc/update_mask.h"
#include "partner-service/src/api/agreement_requests.h"

namespace countersign::partner {
namespace {

constexpr absl::string_view kPartnerUpdatable[] = {"display_name", "contact_email"};

std::vector<mysql::FilterField> PartnerFilterFields() {
  return {{"state", "state", mysql::FilterType::kEnum, {"PENDING", "ACTIVE", "SUSPENDED", "REJECTED", "TERMINATED"}},
          {"partner_number", "partner_number", mysql::FilterType::kAscii},
          {"display_name", "display_name"},
          {"contact_email", "contact_email"},
          {"create_time", "create_time", mysql::FilterType::kTime}};
}

// 3 to 32 of A–Z, 0–9 and hyphen: a number that people read out and type.
std::string RequirePartnerNumber(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  const bool allowed = absl::c_all_of(
      value, [](unsigned char c) { return absl::ascii_isupper(c) || absl::ascii_isdigit(c) || c == '-'; });
  if (!allowed || value.size() < 3 || value.size() > 32)
    violations.Add(field, "must be 3 to 32 of A–Z, 0–9 and hyphen");
  return std::string(value);
}

}  // namespace

absl::StatusOr<CreatePartner> ParseCreatePartner(const rpc::Call& call, const v1::CreatePartnerRequest& request) {
  FieldViolations violations;
  const v1::Partner& partner = request.partner();
  CreatePartner command;
  command.tenant = call.DerivedId("partner");
  command.partner_number = RequirePartnerNumber(violations, "partner.partner_number", partner.partner_number());
  command.display_name = rpc::RequireText(violations, "partner.display_name", partner.display_name(), 1, 200);
  command.contact_email = rpc::RequireEmail(violations, "partner.contact_email", partner.contact_email());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<GetPartner> ParseGetPartner(const rpc::Call& call, const v1::GetPartnerRequest& request) {
  FieldViolations violations;
  const Uuid partner = rpc::RequireName(violations, "name", kPartnerName, request.name())[0];
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(partner));
  return GetPartner{.partner = partner};
}

absl::StatusOr<ListPartners> ParseListPartners(const rpc::Call& call, const v1::ListPartnersRequest& request) {
  FieldViolations violations;
  ListPartners command;
  command.list = rpc::RequireListing(violations, call, request, PartnerFilterFields());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<LookupPartner> ParseLookupPartner(const rpc::Call& /*call*/, const v1::LookupPartnerRequest& request) {
  FieldViolations violations;
  LookupPartner command;
  command.partner_number = RequirePartnerNumber(violations, "partner_number", request.partner_number());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<UpdatePartner> ParseUpdatePartner(const rpc::Call& call, const v1::UpdatePartnerRequest& request) {
  FieldViolations violations;
  const v1::Partner& partner = request.partner();
  UpdatePartner command;
  command.tenant = rpc::RequireName(violations, "partner.name", kPartnerName, partner.name())[0];
  const rpc::UpdateMask mask = rpc::RequireUpdateMask(violations, request.update_mask(), partner, kPartnerUpdatable);
  if (mask.Has("display_name")) {
    command.change.display_name = rpc::RequireText(violations, "partner.display_name", partner.display_name(), 1, 200);
  }
  if (mask.Has("contact_email")) {
    command.change.contact_email = rpc::RequireEmail(violations, "partner.contact_email", partner.contact_email());
  }
  command.etag = request.etag();
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

absl::StatusOr<AcceptAgreementCommand> ParseAcceptAgreement(const rpc::Call& call,
                                                            const v1::AcceptAgreementRequest& request) {
  FieldViolations violations;
  AcceptAgreementCommand command;
  command.tenant = rpc::RequireName(violations, "name", kPartnerName, request.name())[0];
  command.agreement = RequireAgreement(violations, "agreement", request.agreement());
  command.accepted_by = rpc::RequireText(violations, "accepted_by", request.accepted_by(), 1, 200);
  command.etag = request.etag();
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

}  // namespace countersign::partner
