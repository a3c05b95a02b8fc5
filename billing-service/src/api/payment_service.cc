#include "billing-service/src/api/payment_service.h"

#include <optional>

#include "billing-service/src/api/payment_messages.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::Payment> PaymentService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const std::optional<Payment> found, payments_.Find(call.deadline(), named.tenant, named.id));
  if (found.has_value()) return ToProto(*found);
  return NotFound("PAYMENT_NOT_FOUND", "The billing account has no such payment.",
                  {{"billingAccount", named.tenant.ToString()}, {"payment", named.id.ToString()}});
}

absl::StatusOr<v1::ListPaymentsResponse> PaymentService::List(const rpc::Call& call, const AccountList& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Payment> page,
                   payments_.List(call.deadline(), command.account, command.list.page));
  v1::ListPaymentsResponse reply;
  for (const Payment& payment : page.items) *reply.add_payments() = ToProto(payment);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
