// Requests about a partner's customers, checked and in the domain's types: as partner_requests.h.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_CUSTOMER_REQUESTS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_CUSTOMER_REQUESTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/partner/v1/partner_service.pb.h"
#include "partner-service/src/api/partner_requests.h"
#include "partner-service/src/domain/customer.h"

namespace countersign::partner {

struct CreateCustomer {
  Uuid tenant;
  std::string display_name;
  std::string contact_name;
  std::string contact_email;
  std::string partner_reference;
};
absl::StatusOr<CreateCustomer> ParseCreateCustomer(const rpc::Call& call, const v1::CreateCustomerRequest& request);

struct FindCustomer {
  Uuid partner;
  Uuid customer;
};
absl::StatusOr<FindCustomer> ParseGetCustomer(const rpc::Call& call, const v1::GetCustomerRequest& request);

// Without archived customers unless the caller's filter says something of them.
absl::StatusOr<ListUnderPartner> ParseListCustomers(const rpc::Call& call, const v1::ListCustomersRequest& request);

struct UpdateCustomer {
  Uuid tenant;  // The partner.
  Uuid customer;
  CustomerChange change;
  std::string etag;
};
absl::StatusOr<UpdateCustomer> ParseUpdateCustomer(const rpc::Call& call, const v1::UpdateCustomerRequest& request);

struct ArchiveCustomer {
  Uuid tenant;  // The partner.
  Uuid customer;
  std::string etag;
};
absl::StatusOr<ArchiveCustomer> ParseArchiveCustomer(const rpc::Call& call, const v1::ArchiveCustomerRequest& request);

struct CheckSeller {
  Uuid partner;
  Uuid customer;
  std::vector<std::string> offers;  // Their ids.
};
absl::StatusOr<CheckSeller> ParseCheckSeller(const rpc::Call& call, const v1::CheckSellerRequest& request);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_CUSTOMER_REQUESTS_H_
