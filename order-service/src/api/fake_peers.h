// Peers for tests: they remember what they were asked and can be told to fail. Their rules are those of the real ones.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_FAKE_PEERS_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_FAKE_PEERS_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/error.h"
#include "common/base/uuid.h"
#include "order-service/src/clients/billing_client.h"
#include "order-service/src/clients/link_client.h"
#include "order-service/src/clients/partner_client.h"

namespace countersign::order {

// The answer of a fake that is told to be down.
inline absl::Status PeerDown() { return Error(absl::StatusCode::kUnavailable, "UNAVAILABLE", "The peer is down."); }

// One partner, ACTIVE with the current agreement, and all the customers that anybody names.
class FakePartners final : public PartnerClient {
 public:
  absl::StatusOr<partner::v1::CheckSellerResponse> CheckSeller(
      const rpc::Outgoing&, const partner::v1::CheckSellerRequest& request) override {
    if (!failure.ok()) return failure;
    partner::v1::CheckSellerResponse response;
    *response.mutable_partner() = partner;
    response.mutable_customer()->set_name(request.customer());
    response.mutable_customer()->set_display_name("Fabrikam, Inc.");
    for (const std::string& offer : request.offers()) {
      if (unauthorized.count(offer) != 0) response.add_unauthorized_offers(offer);
    }
    return response;
  }

  // Any other partner is called "Old Partner".
  absl::StatusOr<partner::v1::Partner> GetPartner(const rpc::Outgoing&,
                                                  const partner::v1::GetPartnerRequest& request) override {
    if (!failure.ok()) return failure;
    partner::v1::Partner other;
    other.set_name(request.name());
    other.set_display_name("Old Partner");
    return other;
  }

  partner::v1::Partner partner = [] {
    partner::v1::Partner active;
    active.set_display_name("Contoso Consulting");
    active.set_contact_email("sales@contoso.example");
    active.set_state(partner::v1::Partner::STATE_ACTIVE);
    active.set_agreement_current(true);
    active.set_version(3);
    return active;
  }();
  std::set<std::string> unauthorized;  // "offers/{offer}"
  absl::Status failure;
};

class FakeBilling final : public BillingClient {
 public:
  absl::StatusOr<billing::v1::ActivateOrderResponse> ActivateOrder(
      const rpc::Outgoing&, const billing::v1::ActivateOrderRequest& request) override {
    if (!failure.ok()) return failure;
    absl::MutexLock lock(&mutex);
    requests.push_back(request);
    billing::v1::ActivateOrderResponse response;
    if (request.validate_only()) {
      response.set_billing_account_exists(account_exists);
      response.mutable_purchase_order_rules()->set_po_required(po_required);
      response.set_purchase_order_missing(po_required && request.purchase_order_number().empty());
      if (outlook.has_commitment()) *response.mutable_outlook() = outlook;
      return response;
    }
    for (int i = 0; i < request.lines_size(); ++i) {
      const Uuid id = Uuid::Derived({"subscription", request.order(), absl::StrCat(i)});
      response.add_subscriptions(absl::StrCat(request.billing_account(), "/subscriptions/", id.ToString()));
    }
    return response;
  }

  absl::StatusOr<billing::v1::Subscription> GetSubscription(
      const rpc::Outgoing&, const billing::v1::GetSubscriptionRequest& request) override {
    if (!failure.ok()) return failure;
    if (request.name() == subscription.name()) return subscription;
    return NotFound("SUBSCRIPTION_NOT_FOUND", "There is no such subscription.");
  }

  // Of the only code, which is for the only subscription.
  absl::StatusOr<billing::v1::TransferCode> ResolveTransferCode(
      const rpc::Outgoing&, const billing::v1::ResolveTransferCodeRequest& request) override {
    if (!failure.ok()) return failure;
    if (!code_refusal.ok()) return code_refusal;
    if (request.transfer_code_id() != transfer_code_id) {
      return NotFound("TRANSFER_CODE_NOT_FOUND", "There is no such transfer code.");
    }
    billing::v1::TransferCode code;
    code.set_subscription(subscription.name());
    return code;
  }

  absl::StatusOr<billing::v1::FeeHold> SetFeeHold(const rpc::Outgoing&,
                                                  const billing::v1::SetFeeHoldRequest& request) override {
    if (!hold_failure.ok()) return hold_failure;
    absl::MutexLock lock(&mutex);
    fee_holds.push_back(request);
    return billing::v1::FeeHold();
  }

  // Every account has the billing contact `account_email`.
  absl::StatusOr<billing::v1::BillingAccount> GetBillingAccount(
      const rpc::Outgoing&, const billing::v1::GetBillingAccountRequest& request) override {
    if (!failure.ok()) return failure;
    absl::MutexLock lock(&mutex);
    accounts_read.push_back(request.name());
    billing::v1::BillingAccount account;
    account.set_name(request.name());
    account.set_billing_email(account_email);
    return account;
  }

  std::string account_email;
  std::vector<std::string> accounts_read;
  std::vector<billing::v1::SetFeeHoldRequest> fee_holds;
  absl::Status hold_failure;

  // Keeps who was asked for, and answers `erasure`.
  absl::StatusOr<billing::v1::EraseBillingAccountResponse> EraseBillingAccount(
      const rpc::Outgoing&, const billing::v1::EraseBillingAccountRequest& request) override {
    if (!failure.ok()) return failure;
    erasures.push_back(request);
    return erasure;
  }

  std::vector<billing::v1::EraseBillingAccountRequest> erasures;
  billing::v1::EraseBillingAccountResponse erasure;
  bool account_exists = false;
  bool po_required = false;
  billing::v1::ActivateOrderResponse::Outlook outlook;  // None without a commitment.
  std::string transfer_code_id;
  absl::Status code_refusal;
  billing::v1::Subscription subscription;  // The only one.
  absl::Mutex mutex;                       // Of what many calls write at once; a test reads it when none is under way.
  std::vector<billing::v1::ActivateOrderRequest> requests;
  absl::Status failure;
};

// Idempotent by request_id, and strict about it, as the real one is.
class FakeLinks final : public LinkClient {
 public:
  absl::StatusOr<link::v1::IssueLinkResponse> IssueLink(const rpc::Outgoing&,
                                                        const link::v1::IssueLinkRequest& request) override {
    if (!failure.ok()) return failure;
    absl::MutexLock lock(&mutex);
    const auto [known, is_new] = requests.emplace(request.request_id(), request);
    if (known->second.SerializeAsString() != request.SerializeAsString()) {
      return Error(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED", "Another request.");
    }
    if (is_new && !urls.emplace(request.name(), absl::StrCat("https://sign.example/", urls.size())).second) {
      return AlreadyExists("LINK_EXISTS", "Another request made this link.");
    }
    link::v1::IssueLinkResponse response;
    response.mutable_link()->set_name(request.name());
    response.set_url(urls.at(request.name()));
    return response;
  }

  absl::Status ApplyOrderOutcome(const rpc::Outgoing&, const link::v1::ApplyOrderOutcomeRequest& request) override {
    if (!failure.ok()) return failure;
    absl::MutexLock lock(&mutex);
    outcomes[request.name()] = request.state();
    return absl::OkStatus();
  }

  absl::Status ExtendLink(const rpc::Outgoing&, const link::v1::ExtendLinkRequest& request) override {
    if (!failure.ok()) return failure;
    absl::MutexLock lock(&mutex);
    expiries[request.name()] = request.expire_time().seconds();
    return absl::OkStatus();
  }

  // Of the order that the filter names.
  absl::StatusOr<link::v1::ListLinksResponse> ListLinks(const rpc::Outgoing&,
                                                        const link::v1::ListLinksRequest& request) override {
    if (!failure.ok()) return failure;
    link::v1::ListLinksResponse response;
    for (const auto& [id, issued] : requests) {
      if (request.filter() != absl::StrCat("order = \"", issued.order(), "\"")) continue;
      response.add_links()->set_name(issued.name());
    }
    return response;
  }

  absl::Status EraseLink(const rpc::Outgoing&, const link::v1::EraseLinkRequest& request) override {
    if (!failure.ok()) return failure;
    erased.insert(request.name());
    return absl::OkStatus();
  }

  std::set<std::string> erased;                                // Links.
  std::map<std::string, int64_t> expiries;                     // By link, where one was extended; seconds.
  absl::Mutex mutex;                                           // Of what many calls write at once.
  std::map<std::string, link::v1::IssueLinkRequest> requests;  // By request_id.
  std::map<std::string, std::string> urls;                     // By link.
  std::map<std::string, link::v1::Link::State> outcomes;       // By link.
  absl::Status failure;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_FAKE_PEERS_H_
