// The calls that link-service makes to billing-service.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_CLIENTS_BILLING_CLIENT_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_CLIENTS_BILLING_CLIENT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/billing_account_service.pb.h"
#include "countersign/billing/v1/invoice_service.pb.h"
#include "countersign/billing/v1/legal_entity_service.pb.h"
#include "countersign/billing/v1/partner_of_record_service.pb.h"
#include "countersign/billing/v1/partner_request_service.pb.h"
#include "countersign/billing/v1/subscription_service.pb.h"
#include "countersign/billing/v1/transfer_code_service.pb.h"
#include "grpcpp/channel.h"

namespace countersign::link {

// Thread-safe. Abstract, so that tests can replace the peer. Errors: those of the method; UNAVAILABLE when
// billing-service is down.
class BillingClient {
 public:
  virtual ~BillingClient() = default;

  // The invoices of an order, for the page.
  virtual absl::StatusOr<billing::v1::ListInvoicesResponse> ListInvoices(
      const rpc::Outgoing& outgoing, const billing::v1::ListInvoicesRequest& request) = 0;

  // The vendor's companies and bank accounts, for the receipt.
  virtual absl::StatusOr<billing::v1::ListLegalEntitiesResponse> ListLegalEntities(
      const rpc::Outgoing& outgoing, const billing::v1::ListLegalEntitiesRequest& request) = 0;

  // An invoice as a page to print, for the receipt.
  virtual absl::StatusOr<billing::v1::Document> GetInvoiceDocument(
      const rpc::Outgoing& outgoing, const billing::v1::GetInvoiceDocumentRequest& request) = 0;

  // The legal customer, for the address of its billing contact.
  virtual absl::StatusOr<billing::v1::BillingAccount> GetBillingAccount(
      const rpc::Outgoing& outgoing, const billing::v1::GetBillingAccountRequest& request) = 0;

  // An account by its number, for a customer that lost its receipt.
  virtual absl::StatusOr<billing::v1::SearchBillingAccountsResponse> SearchBillingAccounts(
      const rpc::Outgoing& outgoing, const billing::v1::SearchBillingAccountsRequest& request) = 0;

  // Somebody proved to read the billing contact's mail. Idempotent by request_id.
  virtual absl::StatusOr<billing::v1::BillingAccount> VerifyBillingContact(
      const rpc::Outgoing& outgoing, const billing::v1::VerifyBillingContactRequest& request) = 0;

  // Another billing contact, as the customer asked on its receipt. Idempotent by request_id.
  virtual absl::StatusOr<billing::v1::BillingAccount> ChangeBillingContact(
      const rpc::Outgoing& outgoing, const billing::v1::ChangeBillingContactRequest& request) = 0;

  // Subscriptions, for the receipt.
  virtual absl::StatusOr<billing::v1::ListSubscriptionsResponse> ListSubscriptions(
      const rpc::Outgoing& outgoing, const billing::v1::ListSubscriptionsRequest& request) = 0;

  // Acts of a customer on its receipt. Idempotent by request_id.
  virtual absl::StatusOr<billing::v1::Subscription> CancelSubscription(
      const rpc::Outgoing& outgoing, const billing::v1::CancelSubscriptionRequest& request) = 0;
  virtual absl::StatusOr<billing::v1::Subscription> SetAutoRenew(const rpc::Outgoing& outgoing,
                                                                 const billing::v1::SetAutoRenewRequest& request) = 0;
  virtual absl::StatusOr<billing::v1::TransferCode> CreateTransferCode(
      const rpc::Outgoing& outgoing, const billing::v1::CreateTransferCodeRequest& request) = 0;
  virtual absl::StatusOr<billing::v1::Subscription> RemovePartnerOfRecord(
      const rpc::Outgoing& outgoing, const billing::v1::RemovePartnerOfRecordRequest& request) = 0;
  virtual absl::StatusOr<billing::v1::Subscription> OptOutOfPartnerTransfer(
      const rpc::Outgoing& outgoing, const billing::v1::OptOutOfPartnerTransferRequest& request) = 0;
  virtual absl::StatusOr<billing::v1::PartnerRequest> CreatePartnerRequest(
      const rpc::Outgoing& outgoing, const billing::v1::CreatePartnerRequestRequest& request) = 0;
};

std::unique_ptr<BillingClient> MakeBillingClient(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_CLIENTS_BILLING_CLIENT_H_
