// Fakes of link-service's peers, for tests. Each keeps the requests it got and answers as it is told.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_API_FAKE_PEERS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_API_FAKE_PEERS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/error.h"
#include "countersign/billing/v1/invoice_service.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "link-service/src/clients/billing_client.h"
#include "link-service/src/clients/order_client.h"

namespace countersign::link {

// Thread-safe.
class FakeOrders final : public OrderClient {
 public:
  // The answer of every method from now on; by default an order that is CONFIRMED at version 3.
  void Answer(absl::StatusOr<order::v1::Order> answer) {
    absl::MutexLock lock(&mutex_);
    answer_ = std::move(answer);
  }
  static order::v1::Order ConfirmedOrder();

  std::vector<order::v1::ConfirmOrderRequest> confirms() const {
    absl::MutexLock lock(&mutex_);
    return confirms_;
  }
  std::vector<order::v1::DeclineOrderRequest> declines() const {
    absl::MutexLock lock(&mutex_);
    return declines_;
  }

  absl::StatusOr<order::v1::Order> ConfirmOrder(const rpc::Outgoing&,
                                                const order::v1::ConfirmOrderRequest& request) override {
    absl::MutexLock lock(&mutex_);
    confirms_.push_back(request);
    if (answer_.ok() && !answer_->has_press_time()) {  // The first press stays.
      *answer_->mutable_press_time() = request.acceptance().press_time();
    }
    return answer_;
  }
  absl::StatusOr<order::v1::Order> DeclineOrder(const rpc::Outgoing&,
                                                const order::v1::DeclineOrderRequest& request) override {
    absl::MutexLock lock(&mutex_);
    declines_.push_back(request);
    return answer_;
  }
  absl::StatusOr<order::v1::Order> GetOrder(const rpc::Outgoing&, const order::v1::GetOrderRequest&) override {
    absl::MutexLock lock(&mutex_);
    return answer_;
  }
  // Finds the order that the other methods answer with, where it has this number or this account.
  absl::StatusOr<order::v1::SearchOrdersResponse> SearchOrders(const rpc::Outgoing&,
                                                               const order::v1::SearchOrdersRequest& request) override {
    absl::MutexLock lock(&mutex_);
    if (!answer_.ok()) return answer_.status();
    order::v1::SearchOrdersResponse found;
    const bool is_it = request.query() == answer_->order_number() || request.query() == answer_->billing_account();
    if (is_it) *found.add_orders() = *answer_;
    return found;
  }

 private:
  mutable absl::Mutex mutex_;
  absl::StatusOr<order::v1::Order> answer_ ABSL_GUARDED_BY(mutex_) = ConfirmedOrder();
  std::vector<order::v1::ConfirmOrderRequest> confirms_ ABSL_GUARDED_BY(mutex_);
  std::vector<order::v1::DeclineOrderRequest> declines_ ABSL_GUARDED_BY(mutex_);
};

inline order::v1::Order FakeOrders::ConfirmedOrder() {
  order::v1::Order order;
  order.set_state(order::v1::Order::STATE_CONFIRMED);
  order.set_etag("3");
  order.mutable_confirm_time()->set_seconds(1'243'850'000);  // 2009-06-01, 09:53:20 UTC.
  order.mutable_start_date()->set_year(2009);
  order.mutable_start_date()->set_month(6);
  order.mutable_start_date()->set_day(1);
  return order;
}

// Thread-safe. Down until it is given an answer.
class FakeBilling final : public BillingClient {
 public:
  void Answer(absl::StatusOr<billing::v1::ListInvoicesResponse> answer) {
    absl::MutexLock lock(&mutex_);
    answer_ = std::move(answer);
  }
  absl::StatusOr<billing::v1::ListInvoicesResponse> ListInvoices(
      const rpc::Outgoing&, const billing::v1::ListInvoicesRequest& request) override {
    absl::MutexLock lock(&mutex_);
    last_parent_ = request.parent();
    if (!answer_.ok() || paged_.empty()) return answer_;
    const size_t page = request.page_token().empty() ? 0 : std::stoul(request.page_token());
    billing::v1::ListInvoicesResponse reply = paged_.at(page);
    if (page + 1 < paged_.size()) reply.set_next_page_token(std::to_string(page + 1));
    return reply;
  }
  // The invoices in several pages, the oldest first.
  void AnswerPages(std::vector<billing::v1::ListInvoicesResponse> pages) {
    absl::MutexLock lock(&mutex_);
    answer_ = billing::v1::ListInvoicesResponse();
    paged_ = std::move(pages);
  }
  void AnswerSeller(const billing::v1::LegalEntity& seller) {
    absl::MutexLock lock(&mutex_);
    *sellers_.add_legal_entities() = seller;
  }
  absl::StatusOr<billing::v1::ListLegalEntitiesResponse> ListLegalEntities(
      const rpc::Outgoing&, const billing::v1::ListLegalEntitiesRequest&) override {
    absl::MutexLock lock(&mutex_);
    return sellers_;
  }
  void AnswerDocument(const std::string& invoice, const std::string& html) {
    absl::MutexLock lock(&mutex_);
    printed_ = invoice;
    html_ = html;
  }
  void FailDocument(const absl::Status& status) {
    absl::MutexLock lock(&mutex_);
    document_status_ = status;
  }
  absl::StatusOr<billing::v1::Document> GetInvoiceDocument(
      const rpc::Outgoing&, const billing::v1::GetInvoiceDocumentRequest& request) override {
    absl::MutexLock lock(&mutex_);
    if (!document_status_.ok()) return document_status_;
    if (request.name() != printed_) return NotFound("INVOICE_NOT_FOUND", "There is no such invoice.");
    billing::v1::Document document;
    document.set_html(html_);
    return document;
  }
  // The account's billing contact; an account that has none without it.
  void AnswerContact(const std::string& email) {
    absl::MutexLock lock(&mutex_);
    contact_ = email;
  }
  // It requires a purchase-order number on every line.
  void RequirePurchaseOrder() {
    absl::MutexLock lock(&mutex_);
    po_required_ = true;
  }
  // It changed, and codes go to `former` until then.
  void AnswerFormerContact(const std::string& former, absl::Time codes_move_time) {
    absl::MutexLock lock(&mutex_);
    former_contact_ = former;
    codes_move_time_ = codes_move_time;
  }
  absl::StatusOr<billing::v1::BillingAccount> GetBillingAccount(
      const rpc::Outgoing&, const billing::v1::GetBillingAccountRequest& request) override {
    absl::MutexLock lock(&mutex_);
    asked_account_ = request.name();
    billing::v1::BillingAccount account;
    account.set_name(request.name());
    account.set_company_name("Contoso Ltd");
    account.set_billing_email(contact_);
    account.set_correctable_by_order(correctable_by_);
    account.mutable_purchase_order_rules()->set_po_required(po_required_);
    account.set_former_billing_email(former_contact_);
    if (!former_contact_.empty()) {
      account.mutable_codes_move_time()->set_seconds(absl::ToUnixSeconds(codes_move_time_));
    }
    return account;
  }
  // The name of the account that was asked for last.
  std::string asked_account() const {
    absl::MutexLock lock(&mutex_);
    return asked_account_;
  }
  // Its only account, whatever its name, has this number.
  static constexpr char kAccountNumber[] = "4821937564";
  static constexpr char kAccount[] = "billingAccounts/5b0e9d1c-7a36-4f5e-9c55-0d3f6a1b2c3d";
  absl::StatusOr<billing::v1::SearchBillingAccountsResponse> SearchBillingAccounts(
      const rpc::Outgoing&, const billing::v1::SearchBillingAccountsRequest& request) override {
    absl::MutexLock lock(&mutex_);
    billing::v1::SearchBillingAccountsResponse found;
    if (request.account_number() != kAccountNumber) return found;
    found.add_billing_accounts()->set_name(kAccount);
    found.mutable_billing_accounts(0)->set_billing_email(contact_);
    return found;
  }
  // `order`'s customer typed the contact, and nobody proved to read its mail.
  void LetCorrect(const std::string& order) {
    absl::MutexLock lock(&mutex_);
    correctable_by_ = order;
  }
  absl::StatusOr<billing::v1::BillingAccount> VerifyBillingContact(
      const rpc::Outgoing&, const billing::v1::VerifyBillingContactRequest&) override {
    absl::MutexLock lock(&mutex_);
    correctable_by_.clear();
    return billing::v1::BillingAccount();
  }
  std::string correctable_by() const {
    absl::MutexLock lock(&mutex_);
    return correctable_by_;
  }
  absl::StatusOr<billing::v1::BillingAccount> ChangeBillingContact(
      const rpc::Outgoing&, const billing::v1::ChangeBillingContactRequest& request) override {
    absl::MutexLock lock(&mutex_);
    if (!request.validate_only() && !acts_status_.ok()) return acts_status_;
    if (request.billing_email() == contact_) {
      return FailedPrecondition("BILLING_CONTACT_UNCHANGED", "The account has this billing contact already.");
    }
    if (!request.corrected_by_order().empty() && request.corrected_by_order() != correctable_by_) {
      return FailedPrecondition("BILLING_CONTACT_NOT_CORRECTABLE", "The contact was used already.");
    }
    if (request.validate_only()) return billing::v1::BillingAccount();
    if (request.corrected_by_order().empty()) {
      correctable_by_.clear();
    } else {
      contact_ = request.billing_email();
    }
    contact_changes_.push_back(request);
    return billing::v1::BillingAccount();
  }
  std::vector<billing::v1::ChangeBillingContactRequest> contact_changes() const {
    absl::MutexLock lock(&mutex_);
    return contact_changes_;
  }
  // The account's only subscription, with seats in their cancellation window: 446.25 USD would be credited.
  void AnswerSubscription(const billing::v1::Subscription& subscription) {
    absl::MutexLock lock(&mutex_);
    subscription_ = subscription;
  }
  void EndWindow() {
    absl::MutexLock lock(&mutex_);
    in_window_ = false;
  }
  // Of what is not only validated.
  void FailActs(const absl::Status& status) {
    absl::MutexLock lock(&mutex_);
    acts_status_ = status;
  }
  std::vector<billing::v1::CancelSubscriptionRequest> cancels() const {
    absl::MutexLock lock(&mutex_);
    return cancels_;
  }
  std::vector<billing::v1::SetAutoRenewRequest> renewals() const {
    absl::MutexLock lock(&mutex_);
    return renewals_;
  }
  absl::StatusOr<billing::v1::ListSubscriptionsResponse> ListSubscriptions(
      const rpc::Outgoing&, const billing::v1::ListSubscriptionsRequest&) override {
    absl::MutexLock lock(&mutex_);
    billing::v1::ListSubscriptionsResponse reply;
    if (!subscription_.name().empty()) *reply.add_subscriptions() = subscription_;
    return reply;
  }
  absl::StatusOr<billing::v1::Subscription> CancelSubscription(
      const rpc::Outgoing&, const billing::v1::CancelSubscriptionRequest& request) override {
    absl::MutexLock lock(&mutex_);
    if (!request.validate_only() && !acts_status_.ok()) return acts_status_;
    if (request.when() == billing::v1::CancelSubscriptionRequest::WHEN_NOW && !in_window_) {
      return FailedPrecondition("CANCELLATION_WINDOW_ENDED", "These seats could be cancelled until 2009-06-07.");
    }
    billing::v1::Subscription ended = subscription_;
    ended.mutable_cancellation()->mutable_end_date()->set_year(2009);
    ended.mutable_cancellation()->mutable_end_date()->set_month(6);
    ended.mutable_cancellation()->mutable_end_date()->set_day(1);
    ended.mutable_cancellation()->mutable_credited()->set_currency_code("USD");
    ended.mutable_cancellation()->mutable_credited()->set_units(446);
    ended.mutable_cancellation()->mutable_credited()->set_nanos(250'000'000);
    if (!request.validate_only()) cancels_.push_back(request);
    return ended;
  }
  absl::StatusOr<billing::v1::Subscription> SetAutoRenew(const rpc::Outgoing&,
                                                         const billing::v1::SetAutoRenewRequest& request) override {
    absl::MutexLock lock(&mutex_);
    if (!acts_status_.ok()) return acts_status_;
    renewals_.push_back(request);
    subscription_.mutable_renewal()->set_auto_renew(request.auto_renew());
    return subscription_;
  }
  absl::StatusOr<billing::v1::TransferCode> CreateTransferCode(
      const rpc::Outgoing&, const billing::v1::CreateTransferCodeRequest& request) override {
    absl::MutexLock lock(&mutex_);
    if (!acts_status_.ok()) return acts_status_;
    transfer_codes_.push_back(request);
    return billing::v1::TransferCode();
  }
  std::vector<billing::v1::CreateTransferCodeRequest> transfer_codes() const {
    absl::MutexLock lock(&mutex_);
    return transfer_codes_;
  }
  absl::StatusOr<billing::v1::Subscription> OptOutOfPartnerTransfer(
      const rpc::Outgoing&, const billing::v1::OptOutOfPartnerTransferRequest& request) override {
    absl::MutexLock lock(&mutex_);
    if (!request.validate_only() && !acts_status_.ok()) return acts_status_;
    if (subscription_.partner_assignments_size() < 2) {
      return FailedPrecondition("NO_PARTNER_CHANGE_PENDING", "No other partner of record is to come.");
    }
    billing::v1::Subscription refused = subscription_;
    billing::v1::Subscription::PartnerAssignment& coming = *refused.mutable_partner_assignments(1);
    *coming.mutable_end_date() = coming.start_date();
    if (request.validate_only()) return refused;
    refusals_.push_back(request);
    subscription_ = refused;
    return refused;
  }
  std::vector<billing::v1::OptOutOfPartnerTransferRequest> refusals() const {
    absl::MutexLock lock(&mutex_);
    return refusals_;
  }
  // "B-1" is "Partner B"; no other number names anybody.
  absl::StatusOr<billing::v1::PartnerRequest> CreatePartnerRequest(
      const rpc::Outgoing&, const billing::v1::CreatePartnerRequestRequest& request) override {
    absl::MutexLock lock(&mutex_);
    if (!request.validate_only() && !acts_status_.ok()) return acts_status_;
    if (request.partner_number() != "B-1") {
      return FailedPrecondition("PARTNER_UNAVAILABLE", "No partner with this number takes subscriptions over.");
    }
    if (!partner_requests_.empty() && partner_requests_.back().request_id() != request.request_id()) {
      return FailedPrecondition("PARTNER_REQUEST_WAITS", "This partner was asked already.");
    }
    billing::v1::PartnerRequest asked;
    asked.set_partner_display_name("Partner B");
    if (!request.validate_only()) partner_requests_.push_back(request);
    return asked;
  }
  std::vector<billing::v1::CreatePartnerRequestRequest> partner_requests() const {
    absl::MutexLock lock(&mutex_);
    return partner_requests_;
  }
  // From 2009-07-01 on; nobody is left to remove after it.
  absl::StatusOr<billing::v1::Subscription> RemovePartnerOfRecord(
      const rpc::Outgoing&, const billing::v1::RemovePartnerOfRecordRequest& request) override {
    absl::MutexLock lock(&mutex_);
    if (!request.validate_only() && !acts_status_.ok()) return acts_status_;
    if (!removals_.empty() && removals_.back().request_id() != request.request_id()) {
      return FailedPrecondition("PARTNER_CHANGE_PENDING", "The partner's time ends already.");
    }
    billing::v1::Subscription removed = subscription_;
    google::type::Date& end = *removed.add_partner_assignments()->mutable_end_date();
    end.set_year(2009);
    end.set_month(7);
    end.set_day(1);
    if (!request.validate_only()) removals_.push_back(request);
    return removed;
  }
  std::vector<billing::v1::RemovePartnerOfRecordRequest> removals() const {
    absl::MutexLock lock(&mutex_);
    return removals_;
  }
  std::string last_parent() const {
    absl::MutexLock lock(&mutex_);
    return last_parent_;
  }

 private:
  mutable absl::Mutex mutex_;
  absl::StatusOr<billing::v1::ListInvoicesResponse> answer_ ABSL_GUARDED_BY(mutex_) =
      absl::UnavailableError("billing-service is down");
  std::vector<billing::v1::ListInvoicesResponse> paged_ ABSL_GUARDED_BY(mutex_);
  billing::v1::ListLegalEntitiesResponse sellers_ ABSL_GUARDED_BY(mutex_);
  std::string printed_ ABSL_GUARDED_BY(mutex_);
  std::string html_ ABSL_GUARDED_BY(mutex_);
  absl::Status document_status_ ABSL_GUARDED_BY(mutex_);
  std::string contact_ ABSL_GUARDED_BY(mutex_);
  bool po_required_ ABSL_GUARDED_BY(mutex_) = false;
  std::string former_contact_ ABSL_GUARDED_BY(mutex_);
  std::string asked_account_ ABSL_GUARDED_BY(mutex_);
  std::string correctable_by_ ABSL_GUARDED_BY(mutex_);
  absl::Time codes_move_time_ ABSL_GUARDED_BY(mutex_);
  billing::v1::Subscription subscription_ ABSL_GUARDED_BY(mutex_);
  bool in_window_ ABSL_GUARDED_BY(mutex_) = true;
  absl::Status acts_status_ ABSL_GUARDED_BY(mutex_);
  std::vector<billing::v1::CancelSubscriptionRequest> cancels_ ABSL_GUARDED_BY(mutex_);
  std::vector<billing::v1::SetAutoRenewRequest> renewals_ ABSL_GUARDED_BY(mutex_);
  std::vector<billing::v1::CreateTransferCodeRequest> transfer_codes_ ABSL_GUARDED_BY(mutex_);
  std::vector<billing::v1::RemovePartnerOfRecordRequest> removals_ ABSL_GUARDED_BY(mutex_);
  std::vector<billing::v1::OptOutOfPartnerTransferRequest> refusals_ ABSL_GUARDED_BY(mutex_);
  std::vector<billing::v1::CreatePartnerRequestRequest> partner_requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<billing::v1::ChangeBillingContactRequest> contact_changes_ ABSL_GUARDED_BY(mutex_);
  std::string last_parent_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_API_FAKE_PEERS_H_
