#include "order-service/src/clients/billing_client.h"

#include "common/rpc/channel.h"
#include "countersign/billing/v1/activation_service.grpc.pb.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/fee_hold_service.grpc.pb.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"
#include "countersign/billing/v1/transfer_code_service.grpc.pb.h"

namespace countersign::order {
namespace {

class GrpcBillingClient final : public BillingClient {
 public:
  explicit GrpcBillingClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(billing::v1::ActivationService::NewStub(channel)),
        accounts_(billing::v1::BillingAccountService::NewStub(channel)),
        subscriptions_(billing::v1::SubscriptionService::NewStub(channel)),
        transfer_codes_(billing::v1::TransferCodeService::NewStub(channel)),
        fee_holds_(billing::v1::FeeHoldService::NewStub(channel)) {}

  absl::StatusOr<billing::v1::ActivateOrderResponse> ActivateOrder(
      const rpc::Outgoing& outgoing, const billing::v1::ActivateOrderRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &billing::v1::ActivationService::Stub::ActivateOrder, request);
  }

  absl::StatusOr<billing::v1::Subscription> GetSubscription(
      const rpc::Outgoing& outgoing, const billing::v1::GetSubscriptionRequest& request) override {
    return rpc::CallPeer(outgoing, *subscriptions_, &billing::v1::SubscriptionService::Stub::GetSubscription, request);
  }

  absl::StatusOr<billing::v1::TransferCode> ResolveTransferCode(
      const rpc::Outgoing& outgoing, const billing::v1::ResolveTransferCodeRequest& request) override {
    return rpc::CallPeer(outgoing, *transfer_codes_, &billing::v1::TransferCodeService::Stub::ResolveTransferCode,
                         request);
  }

  absl::StatusOr<billing::v1::FeeHold> SetFeeHold(const rpc::Outgoing& outgoing,
                                                  const billing::v1::SetFeeHoldRequest& request) override {
    return rpc::CallPeer(outgoing, *fee_holds_, &billing::v1::FeeHoldService::Stub::SetFeeHold, request);
  }

  absl::StatusOr<billing::v1::BillingAccount> GetBillingAccount(
      const rpc::Outgoing& outgoing, const billing::v1::GetBillingAccountRequest& request) override {
    return rpc::CallPeer(outgoing, *accounts_, &billing::v1::BillingAccountService::Stub::GetBillingAccount, request);
  }

  absl::StatusOr<billing::v1::EraseBillingAccountResponse> EraseBillingAccount(
      const rpc::Outgoing& outgoing, const billing::v1::EraseBillingAccountRequest& request) override {
    return rpc::CallPeer(outgoing, *accounts_, &billing::v1::BillingAccountService::Stub::EraseBillingAccount, request);
  }

 private:
  const std::unique_ptr<billing::v1::ActivationService::Stub> stub_;
  const std::unique_ptr<billing::v1::BillingAccountService::Stub> accounts_;
  const std::unique_ptr<billing::v1::SubscriptionService::Stub> subscriptions_;
  const std::unique_ptr<billing::v1::TransferCodeService::Stub> transfer_codes_;
  const std::unique_ptr<billing::v1::FeeHoldService::Stub> fee_holds_;
};

}  // namespace

std::unique_ptr<BillingClient> MakeBillingClient(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GrpcBillingClient>(channel);
}

}  // namespace countersign::order
