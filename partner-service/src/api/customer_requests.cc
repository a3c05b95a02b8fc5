#include "partner-service/src/api/customer_requests.h"

#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/update_mask.h"
#include "partner-service/src/api/names.h"
#include "partner-service/src/store/customer_store.h"

namespace countersign::partner {
namespace {

constexpr int kMaxReferenceChars = 64;
constexpr absl::string_view kCustomerUpdatable[] = {"display_name", "contact_name", "contact_email",
                                                    "partner_reference"};

// The fields of `mask`, checked.
CustomerFields RequireCustomerFields(FieldViolations& violations, const v1::Customer& customer,
                                     const rpc::UpdateMask& mask) {
  CustomerFields fields;
  if (mask.Has("display_name")) {
    fields.display_name =
        rpc::RequireText(violations, "customer.display_name", customer.display_name(), 1, kMaxTitleChars);
  }
  if (mask.Has("contact_name")) {
    fields.contact_name =
        rpc::RequireText(violations, "customer.contact_name", customer.contact_name(), 0, kMaxTitleChars);
  }
  if (mask.Has("contact_email")) {
    fields.contact_email =
        rpc::RequireEmail(violations, "customer.contact_email", customer.contact_email(), /*optional=*/true);
  }
  if (mask.Has("partner_reference")) {
    fields.partner_reference =
        rpc::RequireText(violations, "customer.partner_reference", customer.partner_reference(), 0, kMaxReferenceChars);
  }
  return fields;
}

}  // namespace

absl::StatusOr<CreateCustomerCommand> ParseCreateCustomer(const rpc::Call& call,
                                                          const v1::CreateCustomerRequest& request) {
  FieldViolations violations;
  CreateCustomerCommand command;
  command.tenant = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  command.fields = RequireCustomerFields(violations, request.customer(), rpc::UpdateMask::All(kCustomerUpdatable));
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

absl::StatusOr<rpc::ListRequest> ParseListCustomers(const rpc::Call& call, const v1::ListCustomersRequest& request) {
  ASSIGN_OR_RETURN(rpc::ListRequest command, (rpc::ParseList{kPartnerName, CustomerFilterFields()}(call, request)));
  HideArchivedCustomers(command.list.page.condition);
  return command;
}

absl::StatusOr<UpdateCustomerCommand> ParseUpdateCustomer(const rpc::Call& call,
                                                          const v1::UpdateCustomerRequest& request) {
  FieldViolations violations;
  const v1::Customer& customer = request.customer();
  const std::vector<Uuid> ids = rpc::RequireName(violations, "customer.name", kCustomerName, customer.name());
  const rpc::UpdateMask mask = rpc::RequireUpdateMask(violations, request.update_mask(), customer, kCustomerUpdatable);
  const CustomerFields fields = RequireCustomerFields(violations, customer, mask);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(ids[0]));
  return UpdateCustomerCommand{.tenant = ids[0], .id = ids[1], .fields = fields, .etag = request.etag()};
}

}  // namespace countersign::partner
