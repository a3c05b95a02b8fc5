// A customer that bought, paid and left is erased, through real servers, real HTTP and a real database. Afterwards
// every column of every table is searched for what was typed.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/refund_service.grpc.pb.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"
#include "countersign/event/v1/audit_service.grpc.pb.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "countersign/partner/v1/customer_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "integration-tests/proof.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

using partner::v1::CustomerErasure;
using partner::v1::KeptData;
using ::testing::IsEmpty;
using ::testing::IsSubsetOf;
using ::testing::SizeIs;

// Each as it was typed, or as it came with the press.
const std::vector<std::string>& Typed() {
  static const auto* const typed = new std::vector<std::string>{"Contoso & Söhne <Ltd>", "accounts@contoso.example",
                                                                "kim@contoso.example",   "Kim Buyer",
                                                                "Head of Purchasing",    "1 Main Street",
                                                                "Springfield",           "97403",
                                                                "Pat Address",           "pat@contoso.example"};
  return *typed;
}

class ErasureTest : public SuiteTest {
 protected:
  static grpc::Status Erase(const Story& story, bool validate_only, CustomerErasure& reply) {
    partner::v1::EraseCustomerRequest request;
    request.set_name(story.customer);
    request.set_reason("request 4711");
    request.set_validate_only(validate_only);
    request.set_request_id(NewRequestId());
    return suite().stub<partner::v1::CustomerService>().EraseCustomer(As(kOperator).get(), request, &reply);
  }

  static CustomerErasure ErasureOf(const Story& story) {
    partner::v1::GetCustomerErasureRequest request;
    request.set_name(story.customer);
    CustomerErasure reply;
    suite().stub<partner::v1::CustomerService>().GetCustomerErasure(As(kOperator).get(), request, &reply).ok();
    return reply;
  }

  static void NameContact(const Story& story) {
    partner::v1::UpdateCustomerRequest request;
    request.mutable_customer()->set_name(story.customer);
    request.mutable_customer()->set_contact_name("Pat Address");
    request.mutable_customer()->set_contact_email("pat@contoso.example");
    request.set_request_id(NewRequestId());
    partner::v1::Customer reply;
    ASSERT_TRUE(
        suite().stub<partner::v1::CustomerService>().UpdateCustomer(As(story.partner).get(), request, &reply).ok());
  }

  // In its free window: what was paid becomes credit.
  static void CancelSubscription(const Story& story) {
    billing::v1::CancelSubscriptionRequest request;
    request.set_name(story.subscription);
    request.set_when(billing::v1::CancelSubscriptionRequest::WHEN_NOW);
    request.set_policy(billing::v1::CancelSubscriptionRequest::POLICY_FREE_WINDOW);
    request.set_reason("the customer leaves");
    request.set_request_id(NewRequestId());
    billing::v1::Subscription reply;
    const grpc::Status status =
        suite().stub<billing::v1::SubscriptionService>().CancelSubscription(As(kOperator).get(), request, &reply);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  static void RefundCredit(const Story& story) {
    billing::v1::CreateRefundRequest request;
    request.set_parent(story.billing_account);
    request.mutable_refund()->mutable_amount()->set_currency_code("USD");
    request.mutable_refund()->mutable_amount()->set_units(375);
    request.mutable_refund()->set_bank_reference("OUT-1");
    request.mutable_refund()->set_reason("the customer leaves");
    request.set_request_id(NewRequestId());
    billing::v1::Refund reply;
    const grpc::Status status =
        suite().stub<billing::v1::RefundService>().CreateRefund(As(kOperator).get(), request, &reply);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  // The tables of all four services that hold any of the texts, each as "order.acceptances", with the texts.
  static std::map<std::string, std::set<std::string>> TablesHolding(const std::vector<std::string>& texts) {
    std::map<std::string, std::set<std::string>> holding;
    for (const Service service : kServices) {
      const auto session = suite().Database(service);
      EXPECT_TRUE(session.ok()) << session.status();
      if (!session.ok()) return {{"no session", {}}};
      const auto columns = (*session)->Query(
          "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = ? AND data_type IN "
          "('char', 'varchar', 'text', 'mediumtext', 'longtext', 'binary', 'varbinary', 'blob', 'mediumblob', "
          "'longblob')",
          {suite().schema(service)});
      EXPECT_TRUE(columns.ok()) << columns.status();
      for (const mysql::Row& column : *columns) {
        for (const std::string& text : texts) {
          const auto found =
              (*session)->Query(absl::StrCat("SELECT COUNT(*) FROM ", column.Bytes(0), " WHERE INSTR(CAST(",
                                             column.Bytes(1), " AS BINARY), CAST(? AS BINARY)) > 0"),
                                {text});
          EXPECT_TRUE(found.ok()) << found.status();
          if (found.ok() && found->at(0).Int(0) > 0) {
            holding[absl::StrCat(NameOf(service), ".", column.Bytes(0))].insert(text);
          }
        }
      }
    }
    return holding;
  }

  static std::set<std::string> NamesIn(const std::map<std::string, std::set<std::string>>& holding) {
    std::set<std::string> names;
    for (const auto& [name, texts] : holding) names.insert(name);
    return names;
  }

  static void ExpectChainsVerify() {
    for (const Service service : kServices) {
      event::v1::AuditService::Stub audit(suite().channel(service));
      event::v1::VerifyAuditChainRequest request;
      event::v1::VerifyAuditChainResponse reply;
      do {
        ASSERT_TRUE(audit.VerifyAuditChain(As(kOperator).get(), request, &reply).ok()) << NameOf(service);
        EXPECT_TRUE(reply.ok()) << NameOf(service) << ": " << reply.ShortDebugString();
        request.set_page_token(reply.next_page_token());
      } while (!request.page_token().empty());
    }
  }

  static void ExpectNewActsAreRefused(const Story& story) {
    order::v1::CreateOrderRequest create;
    create.set_parent(story.partner);
    create.mutable_order()->set_customer(story.customer);
    create.mutable_order()->set_partner_of_record(story.partner);
    create.mutable_order()->set_currency_code("USD");
    create.mutable_order()->add_lines()->set_offer(story.offer);
    create.mutable_order()->mutable_lines(0)->set_quantity(25);
    create.set_request_id(NewRequestId());
    order::v1::Order order;
    EXPECT_EQ(ReasonOf(suite().stub<order::v1::OrderService>().CreateOrder(As(story.partner).get(), create, &order)),
              "CUSTOMER_ERASED");
    order::v1::CancelOrderRequest cancel;
    cancel.set_name(story.order);
    cancel.set_reason("too late");
    cancel.set_request_id(NewRequestId());
    EXPECT_EQ(ReasonOf(suite().stub<order::v1::OrderService>().CancelOrder(As(story.partner).get(), cancel, &order)),
              "ORDER_ERASED");
    billing::v1::SetPaymentMethodRequest method;
    method.set_name(story.billing_account);
    method.mutable_payment_method()->set_type(billing::v1::PaymentMethod::TYPE_BANK_TRANSFER);
    method.set_reason("too late");
    method.set_request_id(NewRequestId());
    billing::v1::BillingAccount account;
    EXPECT_EQ(ReasonOf(suite().stub<billing::v1::BillingAccountService>().SetPaymentMethod(As(kOperator).get(), method,
                                                                                           &account)),
              "BILLING_ACCOUNT_ERASED");
    EXPECT_EQ(testing::HttpGet(story.url).status, 404);
    EXPECT_EQ(testing::HttpGet(story.receipt_url).status, 404);
    EXPECT_EQ(testing::HttpPost(story.url, story.ConfirmForm()).status, 404);
  }
};

TEST_F(ErasureTest, NothingThatWasTypedIsLeftButWhatAGroundAllowsAndUntilItEnds) {
  Story story(suite());
  ASSERT_TRUE(story.Run().ok());
  NameContact(story);
  // So the search does find what is there. The page's contents are compressed.
  const std::set<std::string> before = NamesIn(TablesHolding(Typed()));
  for (const char* table : {"partner.customers", "order.acceptances", "link.links", "link.presses",
                            "billing.billing_accounts", "billing.activation_confirmers"}) {
    EXPECT_TRUE(before.contains(table)) << table;
  }

  CustomerErasure erasure;
  EXPECT_EQ(ReasonOf(Erase(story, /*validate_only=*/false, erasure)), "BILLING_ACCOUNT_NOT_SETTLED");
  CancelSubscription(story);
  ASSERT_TRUE(Eventually("the fee is reversed", [] {
                const auto session = suite().Database(Service::kBilling);
                return session.ok() && (*session)->Query("SELECT 1 FROM fees WHERE reversal > 0", {})->size() == 1;
              }).ok());
  EXPECT_EQ(ReasonOf(Erase(story, /*validate_only=*/false, erasure)), "BILLING_ACCOUNT_NOT_SETTLED");  // Its credit.
  RefundCredit(story);
  EXPECT_EQ(NamesIn(TablesHolding(Typed())), before);

  grpc::Status planned = Erase(story, /*validate_only=*/true, erasure);
  ASSERT_TRUE(planned.ok()) << planned.error_message();
  EXPECT_THAT(erasure.goes(), SizeIs(4));
  EXPECT_EQ(NamesIn(TablesHolding(Typed())), before);
  ASSERT_TRUE(Erase(story, /*validate_only=*/false, erasure).ok());
  EXPECT_EQ(erasure.order_count(), 1);
  ASSERT_TRUE(Eventually("the customer is erased everywhere", [&] { return ErasureOf(story).complete(); }).ok());

  erasure = ErasureOf(story);
  ASSERT_THAT(erasure.kept(), SizeIs(2));
  EXPECT_EQ(erasure.kept(0).ground(), KeptData::GROUND_ISSUED_INVOICES);
  EXPECT_EQ(erasure.kept(0).billing_account(), story.billing_account);
  EXPECT_EQ(erasure.kept(0).keep_until_date().year(), 2019);
  EXPECT_EQ(erasure.kept(1).ground(), KeptData::GROUND_REPEATED_REQUESTS);

  // The two grounds, and nothing else.
  const auto left = TablesHolding(Typed());
  EXPECT_THAT(NamesIn(left), IsSubsetOf({"billing.past_buyers", "partner.stored_replies", "order.stored_replies",
                                         "link.stored_replies", "billing.stored_replies"}));
  ASSERT_TRUE(left.contains("billing.past_buyers"));
  EXPECT_THAT(left.at("billing.past_buyers"),
              IsSubsetOf({"Contoso & Söhne <Ltd>", "1 Main Street", "Springfield", "97403"}));
  const auto links = suite().Database(Service::kLink);
  ASSERT_TRUE(links.ok());
  EXPECT_THAT(*(*links)->Query("SELECT sha256 FROM page_contents", {}), IsEmpty());

  ExpectNewActsAreRefused(story);
  ExpectChainsVerify();
  ProveInvariants();

  // A month later nobody may ask for the replies again.
  for (const Service service : kServices) suite().Kill(service);
  for (const Service service : kServices) ASSERT_TRUE(suite().StartService(service, /*days_later=*/33).ok());
  EXPECT_TRUE(Eventually("the replies are gone", [] {
                return NamesIn(TablesHolding(Typed())) == std::set<std::string>{"billing.past_buyers"};
              }).ok());
  EXPECT_THAT(ErasureOf(story).kept(), SizeIs(1));
}

}  // namespace
}  // namespace countersign::integration
