// Requests of CustomerService, checked and in the domain's types.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_CUSTOMER_REQUESTS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_CUSTOMER_REQUESTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/requests.h"
#include "countersign/partner/v1/customer_service.pb.h"
#include "partner-service/src/domain/customer.h"

namespace countersign::partner {

struct CreateCustomerCommand {
  Uuid tenant;  // The partner.
  CustomerFields fields;
};
absl::StatusOr<CreateCustomerCommand> ParseCreateCustomer(const rpc::Call& call,
                                                          const v1::CreateCustomerRequest& request);

// Without archived customers unless the caller's filter says something of them.
absl::StatusOr<rpc::ListRequest> ParseListCustomers(const rpc::Call& call, const v1::ListCustomersRequest& request);

struct UpdateCustomerCommand {
  Uuid tenant;  // The partner.
  Uuid id;
  CustomerFields fields;
  std::string etag;
};
absl::StatusOr<UpdateCustomerCommand> ParseUpdateCustomer(const rpc::Call& call,
                                                          const v1::UpdateCustomerRequest& request);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_CUSTOMER_REQUESTS_H_
