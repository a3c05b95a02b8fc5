// billing-service as its callers see it: a real gRPC server on loopback over a real database, and its relay.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_API_TEST_BASE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_API_TEST_BASE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "billing-service/src/billing.h"
#include "billing-service/src/store/migrations.h"
#include "common/events/relay.h"
#include "common/mail/mailer.h"
#include "common/testing/api_test.h"
#include "common/testing/in_process_server.h"
#include "countersign/billing/v1/activation_service.grpc.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/charge_service.grpc.pb.h"
#include "countersign/billing/v1/credit_note_service.grpc.pb.h"
#include "countersign/billing/v1/entitlement_service.grpc.pb.h"
#include "countersign/billing/v1/fee.pb.h"
#include "countersign/billing/v1/fee_service.grpc.pb.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/invoice_service.grpc.pb.h"
#include "countersign/billing/v1/parked_activation_service.grpc.pb.h"
#include "countersign/billing/v1/refund_service.grpc.pb.h"
#include "countersign/billing/v1/small_difference_service.grpc.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"
#include "countersign/billing/v1/tax_profile_service.grpc.pb.h"
#include "countersign/billing/v1/tax_rate_service.grpc.pb.h"
#include "countersign/order/v1/activation_outcome_service.pb.h"
#include "countersign/order/v1/offer.pb.h"
#include "countersign/order/v1/offer_service.pb.h"
#include "countersign/order/v1/price_service.pb.h"
#include "countersign/partner/v1/partner.pb.h"
#include "countersign/partner/v1/partner_service.pb.h"
#include "countersign/partner/v1/payee_profile.pb.h"
#include "countersign/partner/v1/payee_profile_service.pb.h"
#include "countersign/payment/v1/payment_processor.pb.h"

namespace countersign::billing {

inline constexpr char kOperator[] = "operators/test";
inline constexpr char kOrderService[] = "services/order-service";

inline const std::string kId = "0190a5b2-7c3d-7e4f-8a6b-0123456789ab";

// Names that no method takes.
inline std::vector<std::string> BadNames() {
  return {"", "billingAccounts/" + kId + "/", "billingAccounts/-", std::string(100'000, 'x')};
}

using testing::NewRequestId;

// order-service, which remembers what it was told and can be told to fail.
class FakeOrders final : public OrderClient {
 public:
  absl::Status ApplyActivationOutcome(const rpc::Outgoing&,
                                      const order::v1::ApplyActivationOutcomeRequest& request) override {
    const absl::MutexLock lock(&mutex_);
    if (failure.ok()) outcomes.push_back(request);
    return failure;
  }

  absl::Status ExpireWaitingChange(const rpc::Outgoing&,
                                   const order::v1::ExpireWaitingChangeRequest& request) override {
    const absl::MutexLock lock(&mutex_);
    if (failure.ok()) expired_changes.push_back(request);
    return failure;
  }

  // The price of every offer in USD; there is none in other currencies.
  absl::StatusOr<order::v1::ResolvePriceResponse> ResolvePrice(const rpc::Outgoing&,
                                                               const order::v1::ResolvePriceRequest& request) override {
    if (!failure.ok()) return failure;
    {
      const absl::MutexLock lock(&mutex_);
      asked_day_ = request.date().day();
    }
    if (request.currency_code() != "USD") return FailedPrecondition("PRICE_NOT_FOUND_IN_CURRENCY", "No price.");
    order::v1::ResolvePriceResponse response;
    response.mutable_price()->set_name(request.offer() + "/prices/next");
    response.mutable_unit_price()->set_currency_code("USD");
    response.mutable_unit_price()->set_units(unit_price_units);
    return response;
  }

  // Every offer is a bundle of two.
  absl::StatusOr<order::v1::Offer> GetOffer(const rpc::Outgoing&, const order::v1::GetOfferRequest& request) override {
    if (!failure.ok()) return failure;
    order::v1::Offer offer;
    offer.set_name(request.name());
    offer.add_components("offers/exchange-online");
    offer.add_components("offers/sharepoint-online");
    return offer;
  }

  // To be read and set while nothing is delivered.
  int64_t unit_price_units = 10;
  std::vector<order::v1::ApplyActivationOutcomeRequest> outcomes;
  std::vector<order::v1::ExpireWaitingChangeRequest> expired_changes;
  absl::Status failure;

  // Of the month, for which a price was asked last; 0: none was.
  int32_t asked_day() {
    const absl::MutexLock lock(&mutex_);
    return asked_day_;
  }

 private:
  absl::Mutex mutex_;  // Several deliveries are under way at once.
  int32_t asked_day_ ABSL_GUARDED_BY(mutex_) = 0;
};

// A payee for every partner, in `currency`.
class FakePayees final : public PayeeClient {
 public:
  absl::StatusOr<partner::v1::PayeeProfile> GetPayeeProfile(
      const rpc::Outgoing& outgoing, const partner::v1::GetPayeeProfileRequest& request) override {
    EXPECT_EQ(outgoing.caller, "services/billing-service");
    if (!status.ok()) return status;
    profile.set_name(request.name());
    return profile;
  }

  absl::StatusOr<partner::v1::ResolvePayeeAccountResponse> ResolvePayeeAccount(
      const rpc::Outgoing& outgoing, const partner::v1::ResolvePayeeAccountRequest& request) override {
    EXPECT_EQ(outgoing.caller, "services/billing-service");
    if (!status.ok()) return status;
    if (const std::function<void()> once = std::exchange(before_account, nullptr)) once();
    if (without_account.count(request.name()) != 0) return FailedPrecondition("PAYEE_MISSING", "There is no account.");
    partner::v1::ResolvePayeeAccountResponse account;
    account.set_currency_code(profile.currency_code());
    account.set_bank_reference(bank_reference);
    account.set_masked_bank_reference("••••" + bank_reference.substr(bank_reference.size() - 4));
    return account;
  }

  absl::StatusOr<partner::v1::Partner> GetPartner(const rpc::Outgoing&,
                                                  const partner::v1::GetPartnerRequest& request) override {
    if (!status.ok()) return status;
    partner::v1::Partner partner;
    partner.set_name(request.name());
    partner.set_state(state);
    partner.set_agreement_current(agreement_current);
    if (const auto found = display_names.find(request.name()); found != display_names.end()) {
      partner.set_display_name(found->second);
    }
    return partner;
  }

  // Partners have the numbers of `numbers`.
  absl::StatusOr<partner::v1::Partner> LookupPartner(const rpc::Outgoing& outgoing,
                                                     const partner::v1::LookupPartnerRequest& request) override {
    if (!status.ok()) return status;
    const auto found = numbers.find(request.partner_number());
    if (found == numbers.end()) return NotFound("PARTNER_NOT_FOUND", "There is none.");
    partner::v1::GetPartnerRequest get;
    get.set_name(found->second);
    return GetPartner(outgoing, get);
  }

  absl::Status status;
  bool agreement_current = true;
  std::map<std::string, std::string> numbers;  // The partners' names, by number.
  partner::v1::PayeeProfile profile;
  std::string bank_reference = "DE89370400440532013000";
  partner::v1::Partner::State state = partner::v1::Partner::STATE_ACTIVE;
  std::map<std::string, std::string> display_names;  // By the partner's name.
  std::set<std::string> without_account;             // Names of payee profiles.
  std::function<void()> before_account = nullptr;    // Called once, by the next ResolvePayeeAccount.
};

// A mail server that remembers what it took, or answers as it is told.
class FakeMailer final : public mail::Mailer {
 public:
  absl::Status Send(const mail::Message& message, absl::Time deadline) override {
    if (!answer.ok()) return answer;
    if (through != nullptr) return through->Send(message, deadline);
    const absl::MutexLock lock(&mutex_);
    sent_.push_back(message);
    return absl::OkStatus();
  }
  std::vector<mail::Message> sent() {
    const absl::MutexLock lock(&mutex_);
    return sent_;
  }

  absl::Status answer;
  mail::Mailer* through = nullptr;  // Takes them instead, where set.

 private:
  absl::Mutex mutex_;
  std::vector<mail::Message> sent_ ABSL_GUARDED_BY(mutex_);
};

// A payment processor with a book of its own, which does as it is told. Thread-safe but for what tells it.
class FakeProcessor final : public ProcessorClient {
 public:
  using Charge = payment::v1::Charge;

  absl::StatusOr<Charge> CreateCharge(const rpc::Outgoing& outgoing,
                                      const payment::v1::CreateChargeRequest& request) override {
    EXPECT_EQ(outgoing.caller, "services/billing-service");
    if (before_booking) before_booking();
    const absl::MutexLock lock(&mutex_);
    ++creates;
    if (!reachable.ok()) return reachable;
    Charge& charge = book[request.idempotency_key()];
    if (charge.state() == Charge::STATE_UNSPECIFIED) {
      charge.set_idempotency_key(request.idempotency_key());
      charge.set_state(next);
      *charge.mutable_amount() = request.amount();
      charge.set_processor_reference("ref-" + request.payment_token());
      if (next == Charge::STATE_DECLINED) charge.set_decline_reason("INSUFFICIENT_FUNDS");
    }
    if (after_booking) after_booking();
    if (!answer.ok()) return answer;
    return charge;
  }
  absl::StatusOr<Charge> GetCharge(const rpc::Outgoing&, const payment::v1::GetChargeRequest& request) override {
    const absl::MutexLock lock(&mutex_);
    if (!reachable.ok()) return reachable;
    const auto found = book.find(request.idempotency_key());
    if (found == book.end()) return NotFound("CHARGE_NOT_FOUND", "There is none.");
    return found->second;
  }
  absl::StatusOr<Charge> CancelCharge(const rpc::Outgoing&, const payment::v1::CancelChargeRequest& request) override {
    const absl::MutexLock lock(&mutex_);
    if (!reachable.ok()) return reachable;
    Charge& charge = book[request.idempotency_key()];
    charge.set_idempotency_key(request.idempotency_key());
    if (charge.state() == Charge::STATE_UNSPECIFIED || charge.state() == Charge::STATE_PENDING) {
      charge.set_state(Charge::STATE_CANCELLED);
    }
    return charge;
  }

  Charge::State next = Charge::STATE_SUCCEEDED;    // How a new charge ends.
  absl::Status reachable;                          // An error: nothing arrives.
  absl::Status answer;                             // An error: the charge is booked, and its answer lost.
  std::function<void()> before_booking = nullptr;  // May throw, for a process that dies there.
  std::function<void()> after_booking = nullptr;
  std::map<std::string, Charge> book;  // By key.
  int creates = 0;

 private:
  absl::Mutex mutex_;
};

class ApiTest : public testing::ApiTestFrame<AllMigrations> {
 protected:
  // The built-in fee schedule stays.
  void SetUp() override { database_->Clear({"fee_schedules"}); }

  // Order `order` of partner_: 25 seats at 15.00, confirmed on 2009-06-01, for account_.
  v1::ActivateOrderRequest OrderRequest(absl::string_view order = "order") const;
  absl::StatusOr<v1::ActivateOrderResponse> Activate(const v1::ActivateOrderRequest& request) {
    return Call(&v1::ActivationService::Stub::ActivateOrder, request, kOrderService);
  }
  // The name of the first invoice of a new order.
  std::string OpenInvoice(absl::string_view order = "order");
  absl::StatusOr<v1::Invoice> GetInvoice(const std::string& name);

  // `units` of the account's currency arrive at the bank.
  v1::CreateBankReceiptRequest ReceiptRequest(int64_t units, const std::string& reference,
                                              const std::string& invoice = "") const;

  // The partner's fees, as `caller` sees them.
  std::vector<v1::Fee> Fees(absl::string_view caller, const std::string& filter = "");

  // The payload of the only event of that type, which must be of `Payload`.
  template <typename Payload>
  static Payload EventOf(absl::string_view type) {
    const std::vector<mysql::Row> rows =
        database_->Query("SELECT payload_type, payload FROM events WHERE type = ?", {type});
    Payload payload;
    EXPECT_EQ(rows.size(), 1u) << type;
    if (rows.size() != 1) return payload;
    EXPECT_EQ(rows[0].Bytes(0), payload.GetTypeName());
    EXPECT_TRUE(payload.ParseFromString(rows[0].Bytes(1))) << type;
    return payload;
  }

  // The relay delivers what is there.
  void Drain() { ASSERT_OK(relay_->Drain(testing::TestDeadline())); }
  const events::Relay& relay() const { return *relay_; }
  const BillingParts& parts() const { return parts_; }
  // The event goes to every consumer, as the relay would deliver it.
  void Deliver(const events::Event& event);

  // Debits = credits in every transaction, and the clearing account's balance over all tenants.
  static void ExpectBalancedBooks(int64_t open_clearing_micros = 0);

  // One of the figures that an operator watches (BillingParts::ReadFigures).
  double FigureNamed(absl::string_view name) const;

  // No table holds anything.
  static void ExpectNothingWritten();

  std::shared_ptr<grpc::Channel> channel() override { return server_.channel(); }

  // The business day becomes `date`, 09:00 UTC.
  // Each subscription's tranches come to `count`, a power of two: what years of changes leave. The new ones are empty.
  static void GrowTranches(int count);
  void SetDay(Date date) { clock_.Set(StartOf(date) + absl::Hours(9)); }
  absl::StatusOr<v1::Subscription> GetSubscription(const std::string& name);

  FakeOrders orders_;
  const std::string partner_ = absl::StrCat("partners/", Uuid::Derived({"partner"}).ToString());
  const std::string account_ = absl::StrCat("billingAccounts/", Uuid::Derived({"account"}).ToString());

  FakePayees payees_;
  FakeMailer mailer_;
  FakeProcessor processor_;

  v1::SetPaymentMethodRequest MethodRequest(const std::string& token) const;

 private:
  BillingParts parts_{
      {.service = "billing-service", .database = &database_->database(), .clock = &clock_, .reply_keys = &keys_},
      {database_->database(), committer_, clock_, orders_, payees_, &mailer_, &processor_,
       "https://page.example/find"}};
  std::unique_ptr<events::Relay> relay_ =
      events::MakeRelay(database_->database(), {.owner = "test"}, parts_.consumers(), {});
  testing::InProcessServer server_{parts_.services()};
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_API_TEST_BASE_H_
