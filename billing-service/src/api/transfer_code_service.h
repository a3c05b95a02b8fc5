// countersign.billing.v1.TransferCodeService: how a customer lets another partner ask for its subscription.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_TRANSFER_CODE_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_TRANSFER_CODE_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/transfer_code_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/subscription_store.h"
#include "billing-service/src/store/transfer_code_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/transfer_code_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of transfer_code_service.proto.
class TransferCodeService final : public v1::TransferCodeService::Service {
 public:
  // All must outlive the service.
  TransferCodeService(const rpc::Endpoint& endpoint, events::Committer& committer, const TransferCodeStore& codes,
                      const SubscriptionStore& subscriptions)
      : endpoint_(endpoint), committer_(committer), codes_(codes), subscriptions_(subscriptions) {}

  grpc::Status CreateTransferCode(grpc::ServerContext* context, const v1::CreateTransferCodeRequest* request,
                                  v1::TransferCode* reply) override {
    return endpoint_.Mutate(Method("CreateTransferCode"), context, *request, reply, ParseCreateTransferCode,
                            std::bind_front(&TransferCodeService::Create, this));
  }
  grpc::Status GetTransferCode(grpc::ServerContext* context, const v1::GetTransferCodeRequest* request,
                               v1::TransferCode* reply) override {
    return endpoint_.Read(Method("GetTransferCode"), context, *request, reply, rpc::ParseNamed{kTransferCodeName},
                          std::bind_front(&TransferCodeService::Get, this));
  }
  grpc::Status ListTransferCodes(grpc::ServerContext* context, const v1::ListTransferCodesRequest* request,
                                 v1::ListTransferCodesResponse* reply) override {
    return endpoint_.Read(Method("ListTransferCodes"), context, *request, reply,
                          rpc::ParseList{kAccountName, TransferCodeFilterFields()},
                          std::bind_front(&TransferCodeService::List, this));
  }
  grpc::Status ResolveTransferCode(grpc::ServerContext* context, const v1::ResolveTransferCodeRequest* request,
                                   v1::TransferCode* reply) override {
    return endpoint_.Read(Method("ResolveTransferCode"), context, *request, reply, ParseResolveTransferCode,
                          std::bind_front(&TransferCodeService::Resolve, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::TransferCodeService::service_full_name(), name}; }

  absl::StatusOr<v1::TransferCode> Create(const rpc::Call& call, const CreateTransferCodeCommand& command);
  absl::StatusOr<v1::TransferCode> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListTransferCodesResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;
  absl::StatusOr<v1::TransferCode> Resolve(const rpc::Call& call, const ResolveTransferCodeCommand& command) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const TransferCodeStore& codes_;
  const SubscriptionStore& subscriptions_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_TRANSFER_CODE_SERVICE_H_
