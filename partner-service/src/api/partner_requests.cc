#include "partner-service/src/api/partner_requests.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "partner-service/src/api/authorization_requests.h"

namespace countersign::partner {
namespace {

constexpr int kMaxOffers = 100;

// 3 to 32 of A–Z, 0–9 and hyphen: a number that people read out and type.
std::string RequirePartnerNumber(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  const bool allowed = absl::c_all_of(
      value, [](unsigned char c) { return absl::ascii_isupper(c) || absl::ascii_isdigit(c) || c == '-'; });
  if (!allowed || value.size() < 3 || value.size() > 32)
    violations.Add(field, "must be 3 to 32 of A–Z, 0–9 and hyphen");
  return std::string(value);
}

// "agreements/{agreement}" → the id, 1 to 32 of a–z, 0–9 and hyphen.
std::string RequireAgreement(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  absl::string_view id = value;
  const bool allowed = absl::ConsumePrefix(&id, kAgreementPrefix) && absl::c_all_of(id, [](unsigned char c) {
                         return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
                       });
  if (!allowed || id.empty() || id.size() > 32) violations.Add(field, "must be agreements/{agreement}");
  return std::string(id);
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

absl::StatusOr<CreateCustomer> ParseCreateCustomer(const rpc::Call& call, const v1::CreateCustomerRequest& request) {
  FieldViolations violations;
  const v1::Customer& customer = request.customer();
  CreateCustomer command;
  command.tenant = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  command.display_name = rpc::RequireText(violations, "customer.display_name", customer.display_name(), 1, 200);
  command.contact_name = rpc::RequireText(violations, "customer.contact_name", customer.contact_name(), 0, 200);
  command.contact_email =
      rpc::RequireEmail(violations, "customer.contact_email", customer.contact_email(), /*optional=*/true);
  command.partner_reference =
      rpc::RequireText(violations, "customer.partner_reference", customer.partner_reference(), 0, 64);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

absl::StatusOr<FindCustomer> ParseGetCustomer(const rpc::Call& call, const v1::GetCustomerRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "name", kCustomerName, request.name());
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(ids[0]));
  return FindCustomer{.partner = ids[0], .customer = ids[1]};
}

absl::StatusOr<CheckSeller> ParseCheckSeller(const rpc::Call& call, const v1::CheckSellerRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "customer", kCustomerName, request.customer());
  CheckSeller command{.partner = ids[0], .customer = ids[1], .offers = {}};
  if (request.offers_size() > kMaxOffers) {
    violations.Add("offers", absl::StrCat("must have at most ", kMaxOffers, " offers"));
  } else {
    for (int i = 0; i < request.offers_size(); ++i) {
      command.offers.push_back(RequireOffer(violations, absl::StrCat("offers[", i, "]"), request.offers(i)));
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.partner));
  return command;
}

}  // namespace countersign::partner
