// The stories of a partner's address book.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_CUSTOMER_HANDLERS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_CUSTOMER_HANDLERS_H_

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "countersign/partner/v1/customer.pb.h"
#include "countersign/partner/v1/partner_service.pb.h"
#include "partner-service/src/api/customer_requests.h"
#include "partner-service/src/store/customer_store.h"
#include "partner-service/src/store/partner_store.h"

namespace countersign::partner {

// Thread-safe. Errors are those of the methods in partner_service.proto.
class CustomerHandlers {
 public:
  // Both must outlive the handlers.
  CustomerHandlers(PartnerStore& partners, CustomerStore& customers) : partners_(partners), customers_(customers) {}

  absl::StatusOr<v1::Customer> Create(const rpc::Call& call, const CreateCustomer& command);
  absl::StatusOr<v1::Customer> Get(const rpc::Call& call, const FindCustomer& command) const;
  absl::StatusOr<v1::ListCustomersResponse> List(const rpc::Call& call, const ListUnderPartner& command) const;
  absl::StatusOr<v1::Customer> Update(const rpc::Call& call, const UpdateCustomer& command);
  absl::StatusOr<v1::Customer> Archive(const rpc::Call& call, const ArchiveCustomer& command);

 private:
  PartnerStore& partners_;
  CustomerStore& customers_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_CUSTOMER_HANDLERS_H_
