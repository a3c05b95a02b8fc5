#include "partner-service/src/api/partner_requests.h"

#include <cstddef>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/update_mask.h"
#include "partner-service/src/api/names.h"

namespace countersign::partner {
namespace {

constexpr absl::string_view kPartnerUpdatable[] = {"display_name", "contact_email"};
constexpr size_t kMinNumberBytes = 3;
constexpr size_t kMaxNumberBytes = 32;  // As wide as its column.

// A number that people read out and type.
std::string RequirePartnerNumber(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  const bool allowed = absl::c_all_of(
      value, [](unsigned char c) { return absl::ascii_isupper(c) || absl::ascii_isdigit(c) || c == '-'; });
  if (!allowed || value.size() < kMinNumberBytes || value.size() > kMaxNumberBytes) {
    violations.Add(field,
                   absl::StrCat("must be ", kMinNumberBytes, " to ", kMaxNumberBytes, " of A–Z, 0–9 and hyphen"));
  }
  return std::string(value);
}

// The fields of `mask`, checked.
PartnerFields RequirePartnerFields(FieldViolations& violations, const v1::Partner& partner,
                                   const rpc::UpdateMask& mask) {
  PartnerFields fields;
  if (mask.Has("display_name")) {
    fields.display_name =
        rpc::RequireText(violations, "partner.display_name", partner.display_name(), 1, kMaxTitleChars);
  }
  if (mask.Has("contact_email")) {
    fields.contact_email = rpc::RequireEmail(violations, "partner.contact_email", partner.contact_email());
  }
  return fields;
}

}  // namespace

absl::StatusOr<CreatePartnerCommand> ParseCreatePartner(const rpc::Call& call,
                                                        const v1::CreatePartnerRequest& request) {
  FieldViolations violations;
  const v1::Partner& partner = request.partner();
  CreatePartnerCommand command;
  command.tenant = call.DerivedId("partner");
  command.partner_number = RequirePartnerNumber(violations, "partner.partner_number", partner.partner_number());
  command.fields = RequirePartnerFields(violations, partner, rpc::UpdateMask::All(kPartnerUpdatable));
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<LookupPartnerCommand> ParseLookupPartner(const rpc::Call& /*call*/,
                                                        const v1::LookupPartnerRequest& request) {
  FieldViolations violations;
  LookupPartnerCommand command;
  command.partner_number = RequirePartnerNumber(violations, "partner_number", request.partner_number());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<UpdatePartnerCommand> ParseUpdatePartner(const rpc::Call& call,
                                                        const v1::UpdatePartnerRequest& request) {
  FieldViolations violations;
  const v1::Partner& partner = request.partner();
  UpdatePartnerCommand command;
  command.tenant = rpc::RequireName(violations, "partner.name", kPartnerName, partner.name())[0];
  const rpc::UpdateMask mask = rpc::RequireUpdateMask(violations, request.update_mask(), partner, kPartnerUpdatable);
  command.fields = RequirePartnerFields(violations, partner, mask);
  command.etag = request.etag();
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

}  // namespace countersign::partner
