// order-service has a billing account erased: the real server and database.
#include <memory>
#include <string>

#include "billing-service/src/api/api_test_base.h"
#include "billing-service/src/store/past_buyer_store.h"
#include "common/events/event_log.h"
#include "common/events/retention.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/billing_account.pb.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/invoice_service.grpc.pb.h"
#include "countersign/billing/v1/legal_entity.pb.h"
#include "countersign/billing/v1/legal_entity_service.grpc.pb.h"
#include "countersign/billing/v1/parked_activation_service.grpc.pb.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"
#include "countersign/billing/v1/tax_profile_service.grpc.pb.h"
#include "countersign/partner/v1/erasure.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ErasedReply = v1::EraseBillingAccountResponse;

constexpr char kHoldsTheOrder[] = "SELECT 1 FROM parked_activations WHERE INSTR(request, 'fabrikam.example') > 0";

class AccountErasureApiTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    v1::ActivateOrderRequest order = OrderRequest();
    order.mutable_confirmer()->set_name("Kim Buyer");
    order.mutable_confirmer()->set_role("Head of Purchasing");
    order.mutable_confirmer()->set_email("kim@fabrikam.example");
    ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(order));
    subscription_ = activated.subscriptions(0);
    invoice_ = activated.invoices(0);
    ASSERT_OK(Call(&v1::BillingAccountService::Stub::ChangeBillingContact, ContactRequest()));
    Drain();
  }

  v1::ChangeBillingContactRequest ContactRequest() const {
    v1::ChangeBillingContactRequest request;
    request.set_name(account_);
    request.set_billing_email("ann@fabrikam.example");
    request.set_reason("Kim left");
    request.set_request_id(NewRequestId());
    return request;
  }

  // In its free window: the open invoice is credited whole.
  void EndSubscription() {
    v1::CancelSubscriptionRequest request;
    request.set_name(subscription_);
    request.set_when(v1::CancelSubscriptionRequest::WHEN_NOW);
    request.set_policy(v1::CancelSubscriptionRequest::POLICY_FREE_WINDOW);
    request.set_reason("moved on");
    request.set_request_id(NewRequestId());
    ASSERT_OK(Call(&v1::SubscriptionService::Stub::CancelSubscription, request));
    Drain();
  }

  absl::StatusOr<ErasedReply> Erase(bool validate_only = false) {
    v1::EraseBillingAccountRequest request;
    request.set_name(account_);
    request.set_validate_only(validate_only);
    request.set_request_id(NewRequestId());
    return Call(&v1::BillingAccountService::Stub::EraseBillingAccount, request, kOrderService);
  }

  absl::StatusOr<v1::BillingAccount> GetAccount() {
    v1::GetBillingAccountRequest request;
    request.set_name(account_);
    return Call(&v1::BillingAccountService::Stub::GetBillingAccount, request);
  }

  static std::string PersonalTexts() {
    return database_
        ->Query(
            "SELECT CONCAT((SELECT CONCAT(company_name, billing_email, postal_code, administrative_area, locality, "
            "address_lines, recipients, organization, tax_id, payment_token) FROM billing_accounts), "
            "(SELECT CONCAT(confirmer_name, confirmer_role, confirmer_email) FROM activation_confirmers), "
            "(SELECT GROUP_CONCAT(customer_name SEPARATOR '') FROM order_labels))")
        .at(0)
        .Bytes(0);
  }

  std::string subscription_;
  std::string invoice_;
};

TEST_F(AccountErasureApiTest, IsRefusedWhileItRunsAndOwes) {
  const std::string before = PersonalTexts();
  const absl::StatusOr<ErasedReply> refused = Erase();
  EXPECT_THAT(refused, HasReason("BILLING_ACCOUNT_NOT_SETTLED"));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("1 subscriptions"));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("1 open invoices"));
  EXPECT_THAT(Erase(/*validate_only=*/true), HasReason("BILLING_ACCOUNT_NOT_SETTLED"));
  EXPECT_EQ(PersonalTexts(), before);
}

TEST_F(AccountErasureApiTest, IsRefusedWhileMoneyOfTheCustomerIsLeft) {
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1")));
  Drain();
  EndSubscription();
  const absl::StatusOr<ErasedReply> refused = Erase();
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("a credit of"));
}

TEST_F(AccountErasureApiTest, TakesEveryPersonalColumnAndSaysWhatStaysUntilWhen) {
  EndSubscription();
  EXPECT_THAT(PersonalTexts(), HasSubstr("kim@fabrikam.example"));
  ASSERT_OK_AND_ASSIGN(const ErasedReply planned, Erase(/*validate_only=*/true));
  EXPECT_THAT(PersonalTexts(), HasSubstr("kim@fabrikam.example"));
  ASSERT_OK_AND_ASSIGN(const ErasedReply erased, Erase());
  EXPECT_EQ(erased.SerializeAsString(), planned.SerializeAsString());
  EXPECT_TRUE(erased.erases());
  ASSERT_THAT(erased.kept(), SizeIs(1));
  EXPECT_EQ(erased.kept(0).ground(), partner::v1::KeptData::GROUND_ISSUED_INVOICES);
  EXPECT_EQ(erased.kept(0).billing_account(), account_);
  EXPECT_EQ(erased.kept(0).keep_until_date().year(), 2019);
  EXPECT_EQ(erased.kept(0).keep_until_date().month(), 12);
  EXPECT_EQ(erased.kept(0).keep_until_date().day(), 31);
  EXPECT_EQ(PersonalTexts(), "");
  EXPECT_EQ(GetAccount()->state(), v1::BillingAccount::STATE_ERASED);
  EXPECT_EQ(GetAccount()->billing_address().region_code(), "US");
  EXPECT_THAT(database_->Query("SELECT version FROM events WHERE tenant_id = aggregate_id AND salt IS NOT NULL "
                               "AND type <> 'ACCOUNT_ERASED'"),
              IsEmpty());
}

TEST_F(AccountErasureApiTest, AgainItChangesNothingAndSaysTheSame) {
  EndSubscription();
  ASSERT_OK_AND_ASSIGN(const ErasedReply first, Erase());
  ASSERT_OK_AND_ASSIGN(const ErasedReply again, Erase());
  EXPECT_FALSE(again.erases());
  ASSERT_THAT(again.kept(), SizeIs(1));
  EXPECT_EQ(again.kept(0).SerializeAsString(), first.kept(0).SerializeAsString());
  EXPECT_THAT(database_->Query("SELECT version FROM events WHERE type = 'ACCOUNT_ERASED'"), SizeIs(1));
}

TEST_F(AccountErasureApiTest, AnAccountThatNoOrderEverReachedIsNoError) {
  v1::EraseBillingAccountRequest request;
  request.set_name(absl::StrCat("billingAccounts/", Uuid::Derived({"another"}).ToString()));
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const ErasedReply erased,
                       Call(&v1::BillingAccountService::Stub::EraseBillingAccount, request, kOrderService));
  EXPECT_FALSE(erased.erases());
}

TEST_F(AccountErasureApiTest, AnOrderThatWasParkedAndAbandonedIsErasedToo) {
  v1::ActivateOrderRequest late = OrderRequest("late order");
  const std::string account = absl::StrCat("billingAccounts/", Uuid::Derived({"late"}).ToString());
  late.set_billing_account(account);
  clock_.Advance(absl::Hours(24 * 30));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse parked, Activate(late));
  v1::EraseBillingAccountRequest request;
  request.set_name(account);
  request.set_request_id(NewRequestId());
  const auto erase = [&] {
    return Call(&v1::BillingAccountService::Stub::EraseBillingAccount, request, kOrderService);
  };
  EXPECT_THAT(erase(), HasReason("BILLING_ACCOUNT_NOT_SETTLED"));
  v1::AbandonActivationRequest abandon;
  abandon.set_name(parked.parked_activation());
  abandon.set_reason("too late");
  abandon.set_request_id(NewRequestId());
  EXPECT_THAT(database_->Query(kHoldsTheOrder), SizeIs(1));
  ASSERT_OK(Call(&v1::ParkedActivationService::Stub::AbandonActivation, abandon));
  EXPECT_THAT(database_->Query(kHoldsTheOrder), IsEmpty());
  EXPECT_TRUE(erase()->erases());
  EXPECT_THAT(database_->Query("SELECT 1 FROM parked_activations WHERE request <> '' OR message <> ''"), IsEmpty());
  request.set_request_id(NewRequestId());
  EXPECT_FALSE(erase()->erases());
}

TEST_F(AccountErasureApiTest, ItsInvoicesNameTheirBuyerUntilTheGroundEnds) {
  v1::CreateLegalEntityRequest seller;
  v1::LegalEntity& entity = *seller.mutable_legal_entity();
  entity.set_currency_code("USD");
  *entity.mutable_effective_date() = rpc::ToProto(Date(2009, 1, 1));
  entity.set_legal_name("Vendor");
  entity.mutable_address()->set_region_code("US");
  entity.mutable_address()->set_locality("Redmond");
  entity.mutable_address()->add_address_lines("1 Way");
  entity.set_bank_name("Bank of Examples");
  entity.set_bank_account("000123456789");
  seller.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::LegalEntityService::Stub::CreateLegalEntity, seller));
  v1::GetInvoiceDocumentRequest request;
  request.set_name(invoice_);
  const auto html = [&] { return Call(&v1::InvoiceService::Stub::GetInvoiceDocument, request)->html(); };

  EndSubscription();
  ASSERT_OK(Erase());
  EXPECT_THAT(html(), HasSubstr("Fabrikam, Inc."));
  const events::BucketTask retention =
      events::RetentionTask("buyer retention", database_->database(), clock_, {PastBuyerRetention()});
  SetDay(Date(2019, 12, 31));
  ASSERT_OK(retention.run(0, testing::TestDeadline()));
  EXPECT_THAT(html(), HasSubstr("Fabrikam, Inc."));
  SetDay(Date(2020, 1, 1));
  ASSERT_OK(retention.run(0, testing::TestDeadline()));
  EXPECT_THAT(html(), Not(HasSubstr("Fabrikam")));
  EXPECT_THAT(Erase()->kept(), IsEmpty());
}

TEST_F(AccountErasureApiTest, NothingBeginsOnAnErasedAccount) {
  EndSubscription();
  ASSERT_OK(Erase());
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse next, Activate(OrderRequest("next order")));
  EXPECT_NE(next.parked_activation(), "");  // As every refusal for good.
  EXPECT_EQ(database_->Query("SELECT reason FROM parked_activations").at(0).Bytes(0), "BILLING_ACCOUNT_ERASED");
  v1::AbandonActivationRequest abandon;
  abandon.set_name(next.parked_activation());
  abandon.set_reason("the customer was erased");
  abandon.set_request_id(NewRequestId());
  EXPECT_THAT(database_->Query(kHoldsTheOrder), SizeIs(1));
  ASSERT_OK(Call(&v1::ParkedActivationService::Stub::AbandonActivation, abandon));
  EXPECT_THAT(database_->Query(kHoldsTheOrder), IsEmpty());
  EXPECT_THAT(Call(&v1::BillingAccountService::Stub::ChangeBillingContact, ContactRequest()),
              HasReason("BILLING_ACCOUNT_ERASED"));
  EXPECT_THAT(Call(&v1::BillingAccountService::Stub::SetPaymentMethod, MethodRequest("token")),
              HasReason("BILLING_ACCOUNT_ERASED"));
  v1::UpdateTaxProfileRequest profile;
  profile.mutable_tax_profile()->set_name(account_ + "/taxProfile");
  profile.mutable_tax_profile()->set_tax_id("91-1144442");
  profile.mutable_update_mask()->add_paths("tax_id");
  profile.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::TaxProfileService::Stub::UpdateTaxProfile, profile), HasReason("BILLING_ACCOUNT_ERASED"));
}

TEST_F(AccountErasureApiTest, TheAuditChainStillVerifies) {
  EndSubscription();
  ASSERT_OK(Erase());
  Drain();
  const std::unique_ptr<mysql::Connection> connection = database_->Connect();
  const Uuid account = Uuid::Derived({"account"});
  EXPECT_OK(events::VerifyChain(*connection, events::BucketOf(account)));
}

}  // namespace
}  // namespace countersign::billing
