#include "partner-service/src/api/customer_requests.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/update_mask.h"
#include "partner-service/src/api/authorization_requests.h"
#include "partner-service/src/api/names.h"

namespace countersign::partner {
namespace {

constexpr int kMaxOffers = 100;
constexpr absl::string_view kCustomerUpdatable[] = {"display_name", "contact_name", "contact_email",
                                                    "partner_reference"};
constexpr absl::string_view kArchived = "(archive_time IS NOT NULL)";

std::vector<rpc::FilterField> CustomerFilterFields() {
  return {{"display_name", "display_name"},
          {"contact_email", "contact_email"},
          {"partner_reference", "partner_reference"},
          {"archived", kArchived, rpc::FilterType::kBool},
          {"create_time", "create_time", rpc::FilterType::kTime}};
}

rpc::UpdateMask AllFields() { return rpc::UpdateMask({std::begin(kCustomerUpdatable), std::end(kCustomerUpdatable)}); }

// The fields of `mask`, checked.
CustomerChange RequireFields(FieldViolations& violations, const v1::Customer& customer, const rpc::UpdateMask& mask) {
  CustomerChange fields;
  if (mask.Has("display_name")) {
    fields.display_name = rpc::RequireText(violations, "customer.display_name", customer.display_name(), 1, 200);
  }
  if (mask.Has("contact_name")) {
    fields.contact_name = rpc::RequireText(violations, "customer.contact_name", customer.contact_name(), 0, 200);
  }
  if (mask.Has("contact_email")) {
    fields.contact_email =
        rpc::RequireEmail(violations, "customer.contact_email", customer.contact_email(), /*optional=*/true);
  }
  if (mask.Has("partner_reference")) {
    fields.partner_reference =
        rpc::RequireText(violations, "customer.partner_reference", customer.partner_reference(), 0, 64);
  }
  return fields;
}

}  // namespace

absl::StatusOr<CreateCustomer> ParseCreateCustomer(const rpc::Call& call, const v1::CreateCustomerRequest& request) {
  FieldViolations violations;
  const Uuid partner = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  const CustomerChange fields = RequireFields(violations, request.customer(), AllFields());
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(partner));
  return CreateCustomer{.tenant = partner,
                        .display_name = *fields.display_name,
                        .contact_name = *fields.contact_name,
                        .contact_email = *fields.contact_email,
                        .partner_reference = *fields.partner_reference};
}

absl::StatusOr<FindCustomer> ParseGetCustomer(const rpc::Call& call, const v1::GetCustomerRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "name", kCustomerName, request.name());
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(ids[0]));
  return FindCustomer{.partner = ids[0], .customer = ids[1]};
}

absl::StatusOr<ListUnderPartner> ParseListCustomers(const rpc::Call& call, const v1::ListCustomersRequest& request) {
  ASSIGN_OR_RETURN(ListUnderPartner command, ParseListUnderPartner(call, request, CustomerFilterFields()));
  std::string& condition = command.list.page.condition.sql;
  if (!absl::StrContains(condition, kArchived)) condition += " AND archive_time IS NULL";
  return command;
}

absl::StatusOr<UpdateCustomer> ParseUpdateCustomer(const rpc::Call& call, const v1::UpdateCustomerRequest& request) {
  FieldViolations violations;
  const v1::Customer& customer = request.customer();
  const std::vector<Uuid> ids = rpc::RequireName(violations, "customer.name", kCustomerName, customer.name());
  const rpc::UpdateMask mask = rpc::RequireUpdateMask(violations, request.update_mask(), customer, kCustomerUpdatable);
  const CustomerChange wanted = RequireFields(violations, customer, mask);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(ids[0]));
  return UpdateCustomer{.tenant = ids[0], .customer = ids[1], .change = wanted, .etag = request.etag()};
}

absl::StatusOr<ArchiveCustomer> ParseArchiveCustomer(const rpc::Call& call, const v1::ArchiveCustomerRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "name", kCustomerName, request.name());
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(ids[0]));
  return ArchiveCustomer{.tenant = ids[0], .customer = ids[1], .etag = request.etag()};
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
