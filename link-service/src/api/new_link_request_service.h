// countersign.link.v1.NewLinkRequestService: what customers of expired links asked for.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_API_NEW_LINK_REQUEST_SERVICE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_API_NEW_LINK_REQUEST_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/link/v1/new_link_request_service.grpc.pb.h"
#include "link-service/src/api/names.h"
#include "link-service/src/store/new_link_request_store.h"

namespace countersign::link {

// Thread-safe. Errors are those of new_link_request_service.proto.
class NewLinkRequestService final : public v1::NewLinkRequestService::Service {
 public:
  // Both must outlive the service.
  NewLinkRequestService(const rpc::Endpoint& endpoint, const NewLinkRequestStore& requests)
      : endpoint_(endpoint), requests_(requests) {}

  grpc::Status ListNewLinkRequests(grpc::ServerContext* context, const v1::ListNewLinkRequestsRequest* request,
                                   v1::ListNewLinkRequestsResponse* reply) override {
    return endpoint_.Read(Method("ListNewLinkRequests"), context, *request, reply,
                          rpc::ParseList{kPartnerName, NewLinkRequestFilterFields()},
                          std::bind_front(&NewLinkRequestService::List, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) {
    return {v1::NewLinkRequestService::service_full_name(), name};
  }

  absl::StatusOr<v1::ListNewLinkRequestsResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;

  const rpc::Endpoint& endpoint_;
  const NewLinkRequestStore& requests_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_API_NEW_LINK_REQUEST_SERVICE_H_
