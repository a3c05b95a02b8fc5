#include "partner-service/src/domain/customer.h"

#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::partner {

absl::Status CheckNotArchived(const Customer& customer) {
  if (!customer.archive_time.has_value()) return absl::OkStatus();
  return FailedPrecondition("CUSTOMER_ARCHIVED", "The customer is archived.",
                            {{"customer", customer.customer_id.ToString()}});
}

absl::StatusOr<Customer> Update(const Customer& customer, const CustomerChange& change, absl::Time now) {
  RETURN_IF_ERROR(CheckNotArchived(customer));
  Customer next = customer;
  next.display_name = change.display_name.value_or(customer.display_name);
  next.contact_name = change.contact_name.value_or(customer.contact_name);
  next.contact_email = change.contact_email.value_or(customer.contact_email);
  next.partner_reference = change.partner_reference.value_or(customer.partner_reference);
  next.version = customer.version + 1;
  next.update_time = now;
  return next;
}

absl::StatusOr<Customer> Archive(const Customer& customer, absl::Time now) {
  RETURN_IF_ERROR(CheckNotArchived(customer));
  Customer next = customer;
  next.archive_time = next.update_time = now;
  next.version = customer.version + 1;
  return next;
}

}  // namespace countersign::partner
