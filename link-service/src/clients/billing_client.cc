#include "link-service/src/clients/billing_client.h"

#include "common/rpc/channel.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/invoice_service.grpc.pb.h"
#include "countersign/billing/v1/legal_entity_service.grpc.pb.h"
#include "countersign/billing/v1/partner_of_record_service.grpc.pb.h"
#include "countersign/billing/v1/partner_request_service.grpc.pb.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"
#include "countersign/billing/v1/transfer_code_service.grpc.pb.h"

namespace countersign::link {
namespace {

using billing::v1::BillingAccountService;
using billing::v1::InvoiceService;
using billing::v1::LegalEntityService;
using billing::v1::PartnerOfRecordService;
using billing::v1::PartnerRequestService;
using billing::v1::SubscriptionService;
using billing::v1::TransferCodeService;

class GrpcBillingClient final : public BillingClient {
 public:
  explicit GrpcBillingClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(InvoiceService::NewStub(channel)),
        legal_entities_(LegalEntityService::NewStub(channel)),
        accounts_(BillingAccountService::NewStub(channel)),
        subscriptions_(SubscriptionService::NewStub(channel)),
        transfer_codes_(TransferCodeService::NewStub(channel)),
        partners_of_record_(PartnerOfRecordService::NewStub(channel)),
        partner_requests_(PartnerRequestService::NewStub(channel)) {}

  absl::StatusOr<billing::v1::ListInvoicesResponse> ListInvoices(
      const rpc::Outgoing& outgoing, const billing::v1::ListInvoicesRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &InvoiceService::Stub::ListInvoices, request);
  }

  absl::StatusOr<billing::v1::ListLegalEntitiesResponse> ListLegalEntities(
      const rpc::Outgoing& outgoing, const billing::v1::ListLegalEntitiesRequest& request) override {
    return rpc::CallPeer(outgoing, *legal_entities_, &LegalEntityService::Stub::ListLegalEntities, request);
  }

  absl::StatusOr<billing::v1::Document> GetInvoiceDocument(
      const rpc::Outgoing& outgoing, const billing::v1::GetInvoiceDocumentRequest& request) override {
    return rpc::CallPeer(outgoing, *stub_, &InvoiceService::Stub::GetInvoiceDocument, request);
  }

  absl::StatusOr<billing::v1::BillingAccount> GetBillingAccount(
      const rpc::Outgoing& outgoing, const billing::v1::GetBillingAccountRequest& request) override {
    return rpc::CallPeer(outgoing, *accounts_, &BillingAccountService::Stub::GetBillingAccount, request);
  }

  absl::StatusOr<billing::v1::SearchBillingAccountsResponse> SearchBillingAccounts(
      const rpc::Outgoing& outgoing, const billing::v1::SearchBillingAccountsRequest& request) override {
    return rpc::CallPeer(outgoing, *accounts_, &BillingAccountService::Stub::SearchBillingAccounts, request);
  }

  absl::StatusOr<billing::v1::BillingAccount> VerifyBillingContact(
      const rpc::Outgoing& outgoing, const billing::v1::VerifyBillingContactRequest& request) override {
    return rpc::CallPeer(outgoing, *accounts_, &BillingAccountService::Stub::VerifyBillingContact, request);
  }

  absl::StatusOr<billing::v1::BillingAccount> ChangeBillingContact(
      const rpc::Outgoing& outgoing, const billing::v1::ChangeBillingContactRequest& request) override {
    return rpc::CallPeer(outgoing, *accounts_, &BillingAccountService::Stub::ChangeBillingContact, request);
  }

  absl::StatusOr<billing::v1::ListSubscriptionsResponse> ListSubscriptions(
      const rpc::Outgoing& outgoing, const billing::v1::ListSubscriptionsRequest& request) override {
    return rpc::CallPeer(outgoing, *subscriptions_, &SubscriptionService::Stub::ListSubscriptions, request);
  }

  absl::StatusOr<billing::v1::Subscription> CancelSubscription(
      const rpc::Outgoing& outgoing, const billing::v1::CancelSubscriptionRequest& request) override {
    return rpc::CallPeer(outgoing, *subscriptions_, &SubscriptionService::Stub::CancelSubscription, request);
  }

  absl::StatusOr<billing::v1::Subscription> SetAutoRenew(const rpc::Outgoing& outgoing,
                                                         const billing::v1::SetAutoRenewRequest& request) override {
    return rpc::CallPeer(outgoing, *subscriptions_, &SubscriptionService::Stub::SetAutoRenew, request);
  }

  absl::StatusOr<billing::v1::TransferCode> CreateTransferCode(
      const rpc::Outgoing& outgoing, const billing::v1::CreateTransferCodeRequest& request) override {
    return rpc::CallPeer(outgoing, *transfer_codes_, &TransferCodeService::Stub::CreateTransferCode, request);
  }

  absl::StatusOr<billing::v1::Subscription> RemovePartnerOfRecord(
      const rpc::Outgoing& outgoing, const billing::v1::RemovePartnerOfRecordRequest& request) override {
    return rpc::CallPeer(outgoing, *partners_of_record_, &PartnerOfRecordService::Stub::RemovePartnerOfRecord, request);
  }

  absl::StatusOr<billing::v1::Subscription> OptOutOfPartnerTransfer(
      const rpc::Outgoing& outgoing, const billing::v1::OptOutOfPartnerTransferRequest& request) override {
    return rpc::CallPeer(outgoing, *partners_of_record_, &PartnerOfRecordService::Stub::OptOutOfPartnerTransfer,
                         request);
  }

  absl::StatusOr<billing::v1::PartnerRequest> CreatePartnerRequest(
      const rpc::Outgoing& outgoing, const billing::v1::CreatePartnerRequestRequest& request) override {
    return rpc::CallPeer(outgoing, *partner_requests_, &PartnerRequestService::Stub::CreatePartnerRequest, request);
  }

 private:
  const std::unique_ptr<InvoiceService::Stub> stub_;
  const std::unique_ptr<LegalEntityService::Stub> legal_entities_;
  const std::unique_ptr<BillingAccountService::Stub> accounts_;
  const std::unique_ptr<SubscriptionService::Stub> subscriptions_;
  const std::unique_ptr<TransferCodeService::Stub> transfer_codes_;
  const std::unique_ptr<PartnerOfRecordService::Stub> partners_of_record_;
  const std::unique_ptr<PartnerRequestService::Stub> partner_requests_;
};

}  // namespace

std::unique_ptr<BillingClient> MakeBillingClient(const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GrpcBillingClient>(channel);
}

}  // namespace countersign::link
