#include "partner-service/src/domain/customer.h"

#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::partner {
namespace {

void Set(Customer& customer, const CustomerFields& fields) {
  customer.display_name = fields.display_name.value_or(customer.display_name);
  customer.contact_name = fields.contact_name.value_or(customer.contact_name);
  customer.contact_email = fields.contact_email.value_or(customer.contact_email);
  customer.partner_reference = fields.partner_reference.value_or(customer.partner_reference);
}

}  // namespace

absl::Status NoSuchCustomer(const Uuid& customer_id) {
  return NotFound("CUSTOMER_NOT_FOUND", "The partner has no such customer.", {{"customer", customer_id.ToString()}});
}

absl::Status CheckNotArchived(const Customer& customer) {
  if (customer.erase_time.has_value()) {
    return FailedPrecondition(
        "CUSTOMER_ERASED", "The customer was erased, and nothing can be done with it. Add it anew with CreateCustomer.",
        {{"customer", customer.customer_id.ToString()}});
  }
  if (!customer.archive_time.has_value()) return absl::OkStatus();
  return FailedPrecondition("CUSTOMER_ARCHIVED", "The customer is archived. Add it again with CreateCustomer.",
                            {{"customer", customer.customer_id.ToString()}});
}

absl::Status CheckErased(const Customer& customer) {
  if (customer.erase_time.has_value()) return absl::OkStatus();
  return FailedPrecondition(
      "CUSTOMER_NOT_ERASED",
      "The customer was not erased. Call EraseCustomer with validate_only to see what would go and what would stay.",
      {{"customer", customer.customer_id.ToString()}});
}

Customer NewCustomer(const Uuid& partner, const Uuid& customer, const CustomerFields& fields, absl::Time now) {
  Customer first{.partner_id = partner, .customer_id = customer, .create_time = now, .update_time = now};
  Set(first, fields);
  return first;
}

absl::StatusOr<Customer> Update(const Customer& customer, const CustomerFields& fields, absl::Time now) {
  RETURN_IF_ERROR(CheckNotArchived(customer));
  Customer next = customer;
  Set(next, fields);
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

Customer Erase(const Customer& customer, absl::Time now) {
  Customer next{.partner_id = customer.partner_id,
                .customer_id = customer.customer_id,
                .create_time = customer.create_time,
                .archive_time = customer.archive_time.value_or(now),
                .erase_time = now,
                .version = customer.version + 1,
                .update_time = now};
  return next;
}

}  // namespace countersign::partner
