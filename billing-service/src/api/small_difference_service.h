// countersign.billing.v1.SmallDifferenceService: the table of small differences.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_SMALL_DIFFERENCE_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_SMALL_DIFFERENCE_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/small_difference_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/small_difference_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/small_difference_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of small_difference_service.proto.
class SmallDifferenceService final : public v1::SmallDifferenceService::Service {
 public:
  // All must outlive the service.
  SmallDifferenceService(const rpc::Endpoint& endpoint, events::Committer& committer,
                         const SmallDifferenceStore& versions)
      : endpoint_(endpoint), committer_(committer), versions_(versions) {}

  grpc::Status CreateSmallDifference(grpc::ServerContext* context, const v1::CreateSmallDifferenceRequest* request,
                                     v1::SmallDifference* reply) override {
    return endpoint_.Mutate(Method("CreateSmallDifference"), context, *request, reply, ParseCreateSmallDifference,
                            std::bind_front(&SmallDifferenceService::Create, this));
  }
  grpc::Status GetSmallDifference(grpc::ServerContext* context, const v1::GetSmallDifferenceRequest* request,
                                  v1::SmallDifference* reply) override {
    return endpoint_.Read(Method("GetSmallDifference"), context, *request, reply, rpc::ParseNamed{kSmallDifferenceName},
                          std::bind_front(&SmallDifferenceService::Get, this));
  }
  grpc::Status ListSmallDifferences(grpc::ServerContext* context, const v1::ListSmallDifferencesRequest* request,
                                    v1::ListSmallDifferencesResponse* reply) override {
    return endpoint_.Read(Method("ListSmallDifferences"), context, *request, reply,
                          rpc::ParseList{"", SmallDifferenceFilterFields()},
                          std::bind_front(&SmallDifferenceService::List, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) {
    return {v1::SmallDifferenceService::service_full_name(), name};
  }

  absl::StatusOr<v1::SmallDifference> Create(const rpc::Call& call, const CreateSmallDifferenceCommand& command);
  absl::StatusOr<v1::SmallDifference> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListSmallDifferencesResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const SmallDifferenceStore& versions_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_SMALL_DIFFERENCE_SERVICE_H_
