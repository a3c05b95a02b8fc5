// ActivationService, BillingAccountService, FeeHoldService, SubscriptionService and TransferCodeService of
// billing-service, as order-service calls them.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_CLIENTS_BILLING_CLIENT_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_CLIENTS_BILLING_CLIENT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/billing_account_service.pb.h"
#include "countersign/billing/v1/fee_hold_service.pb.h"
#include "countersign/billing/v1/subscription_service.pb.h"
#include "countersign/billing/v1/transfer_code_service.pb.h"
#include "grpcpp/channel.h"

namespace countersign::order {

// Thread-safe. Abstract, so that tests can fake the peer.
class BillingClient {
 public:
  virtual ~BillingClient() = default;

  // Starts what a confirmed order ordered, or (validate_only) says whether it could. Idempotent. Errors: those of the
  // method; UNAVAILABLE when billing-service is down.
  virtual absl::StatusOr<billing::v1::ActivateOrderResponse> ActivateOrder(
      const rpc::Outgoing& outgoing, const billing::v1::ActivateOrderRequest& request) = 0;

  // Errors: NOT_FOUND SUBSCRIPTION_NOT_FOUND; UNAVAILABLE when billing-service is down.
  virtual absl::StatusOr<billing::v1::Subscription> GetSubscription(
      const rpc::Outgoing& outgoing, const billing::v1::GetSubscriptionRequest& request) = 0;

  // Errors: NOT_FOUND TRANSFER_CODE_NOT_FOUND; FAILED_PRECONDITION TRANSFER_CODE_USED, TRANSFER_CODE_EXPIRED;
  // UNAVAILABLE when billing-service is down.
  virtual absl::StatusOr<billing::v1::TransferCode> ResolveTransferCode(
      const rpc::Outgoing& outgoing, const billing::v1::ResolveTransferCodeRequest& request) = 0;

  // Holds the fees of a subscription, once. Errors: those of the method; UNAVAILABLE when billing-service is down.
  virtual absl::StatusOr<billing::v1::FeeHold> SetFeeHold(const rpc::Outgoing& outgoing,
                                                          const billing::v1::SetFeeHoldRequest& request) = 0;

  // An account, for its billing contact. Errors: NOT_FOUND BILLING_ACCOUNT_NOT_FOUND; UNAVAILABLE when billing-service
  // is down.
  virtual absl::StatusOr<billing::v1::BillingAccount> GetBillingAccount(
      const rpc::Outgoing& outgoing, const billing::v1::GetBillingAccountRequest& request) = 0;

  // Erases an account, or (validate_only) says whether it could. Idempotent. Errors: FAILED_PRECONDITION
  // BILLING_ACCOUNT_NOT_SETTLED; UNAVAILABLE when billing-service is down.
  virtual absl::StatusOr<billing::v1::EraseBillingAccountResponse> EraseBillingAccount(
      const rpc::Outgoing& outgoing, const billing::v1::EraseBillingAccountRequest& request) = 0;
};

std::unique_ptr<BillingClient> MakeBillingClient(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_CLIENTS_BILLING_CLIENT_H_
