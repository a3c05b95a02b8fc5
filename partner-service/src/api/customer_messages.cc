#include "partner-service/src/api/customer_messages.h"

#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"
#include "partner-service/src/api/names.h"

namespace countersign::partner {

v1::Customer ToProto(const Customer& customer) {
  v1::Customer message;
  message.set_name(rpc::FormatName(kCustomerName, {customer.partner_id, customer.customer_id}));
  message.set_display_name(customer.display_name);
  message.set_contact_name(customer.contact_name);
  message.set_contact_email(customer.contact_email);
  message.set_partner_reference(customer.partner_reference);
  message.set_etag(rpc::EtagOf(customer.version));
  *message.mutable_create_time() = rpc::ToProto(customer.create_time);
  *message.mutable_update_time() = rpc::ToProto(customer.update_time);
  message.set_archived(customer.archive_time.has_value());
  if (customer.archive_time.has_value()) *message.mutable_archive_time() = rpc::ToProto(*customer.archive_time);
  message.set_erased(customer.erase_time.has_value());
  if (customer.erase_time.has_value()) *message.mutable_erase_time() = rpc::ToProto(*customer.erase_time);
  return message;
}

v1::CustomerEvent EventOf(const Customer& customer) {
  v1::CustomerEvent event;
  event.set_customer(rpc::FormatName(kCustomerName, {customer.partner_id, customer.customer_id}));
  event.set_version(customer.version);
  event.set_archived(customer.archive_time.has_value());
  event.set_erased(customer.erase_time.has_value());
  return event;
}

}  // namespace countersign::partner
