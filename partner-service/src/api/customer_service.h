// countersign.partner.v1.CustomerService: the stories of a partner's address book.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_CUSTOMER_SERVICE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_CUSTOMER_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/partner/v1/customer_service.grpc.pb.h"
#include "partner-service/src/api/customer_requests.h"
#include "partner-service/src/api/names.h"
#include "partner-service/src/clients/order_client.h"
#include "partner-service/src/store/customer_store.h"
#include "partner-service/src/store/partner_store.h"

namespace countersign::partner {

// Thread-safe. Errors are those of customer_service.proto.
class CustomerService final : public v1::CustomerService::Service {
 public:
  // All must outlive the service.
  CustomerService(const rpc::Endpoint& endpoint, events::Committer& committer, const PartnerStore& partners,
                  const CustomerStore& customers, OrderClient& orders)
      : endpoint_(endpoint), committer_(committer), partners_(partners), customers_(customers), orders_(orders) {}

  grpc::Status CreateCustomer(grpc::ServerContext* context, const v1::CreateCustomerRequest* request,
                              v1::Customer* reply) override {
    return endpoint_.Mutate(Method("CreateCustomer"), context, *request, reply, ParseCreateCustomer,
                            std::bind_front(&CustomerService::Create, this));
  }
  grpc::Status GetCustomer(grpc::ServerContext* context, const v1::GetCustomerRequest* request,
                           v1::Customer* reply) override {
    return endpoint_.Read(Method("GetCustomer"), context, *request, reply, rpc::ParseNamed{kCustomerName},
                          std::bind_front(&CustomerService::Get, this));
  }
  grpc::Status ListCustomers(grpc::ServerContext* context, const v1::ListCustomersRequest* request,
                             v1::ListCustomersResponse* reply) override {
    return endpoint_.Read(Method("ListCustomers"), context, *request, reply, ParseListCustomers,
                          std::bind_front(&CustomerService::List, this));
  }
  grpc::Status UpdateCustomer(grpc::ServerContext* context, const v1::UpdateCustomerRequest* request,
                              v1::Customer* reply) override {
    return endpoint_.Mutate(Method("UpdateCustomer"), context, *request, reply, ParseUpdateCustomer,
                            std::bind_front(&CustomerService::Update, this));
  }
  grpc::Status ArchiveCustomer(grpc::ServerContext* context, const v1::ArchiveCustomerRequest* request,
                               v1::Customer* reply) override {
    return endpoint_.Mutate(Method("ArchiveCustomer"), context, *request, reply, rpc::ParseNamed{kCustomerName},
                            std::bind_front(&CustomerService::Archive, this));
  }
  grpc::Status EraseCustomer(grpc::ServerContext* context, const v1::EraseCustomerRequest* request,
                             v1::CustomerErasure* reply) override {
    return endpoint_.Mutate(Method("EraseCustomer"), context, *request, reply, rpc::ParseTransition{kCustomerName},
                            std::bind_front(&CustomerService::Erase, this));
  }
  grpc::Status GetCustomerErasure(grpc::ServerContext* context, const v1::GetCustomerErasureRequest* request,
                                  v1::CustomerErasure* reply) override {
    return endpoint_.Read(Method("GetCustomerErasure"), context, *request, reply, rpc::ParseNamed{kCustomerName},
                          std::bind_front(&CustomerService::GetErasure, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::CustomerService::service_full_name(), name}; }

  absl::StatusOr<v1::Customer> Create(const rpc::Call& call, const CreateCustomerCommand& command);
  absl::StatusOr<v1::Customer> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListCustomersResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;
  absl::StatusOr<v1::Customer> Update(const rpc::Call& call, const UpdateCustomerCommand& command);
  absl::StatusOr<v1::Customer> Archive(const rpc::Call& call, const rpc::NamedResource& named);

  // customer_erasure.cc.
  absl::StatusOr<v1::CustomerErasure> Erase(const rpc::Call& call, const rpc::NamedResource& named);
  absl::StatusOr<v1::CustomerErasure> GetErasure(const rpc::Call& call, const rpc::NamedResource& named) const;

  // Commits this version of the customer, and answers with it.
  absl::StatusOr<v1::Customer> Save(const rpc::Call& call, const Customer& customer, absl::string_view event_type);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const PartnerStore& partners_;
  const CustomerStore& customers_;
  OrderClient& orders_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_CUSTOMER_SERVICE_H_
