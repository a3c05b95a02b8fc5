// partner-service has a customer erased. The real server and database; link- and billing-service are fakes.
#include "order-service/src/api/erasure_service.h"

#include <memory>
#include <string>

#include "common/events/relay.h"
#include "countersign/order/v1/erasure_service.grpc.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.pb.h"
#include "countersign/partner/v1/erasure.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::TestDeadline;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ErasureServiceTest : public ApiTest {
 protected:
  v1::EraseCustomerRequest EraseRequest() const {
    v1::EraseCustomerRequest request;
    request.set_name(customer_);
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::EraseCustomerResponse> Erase(const v1::EraseCustomerRequest& request) {
    return Call(&v1::ErasureService::Stub::EraseCustomer, request, kPartnerService);
  }
  absl::StatusOr<v1::EraseCustomerResponse> Erase() { return Erase(EraseRequest()); }

  v1::Order CompletedOrder() {
    v1::Order order = ConfirmedOrder();
    const std::unique_ptr<events::Relay> relay =
        events::MakeRelay(database_->database(), {.owner = "order-service@test"}, parts_.consumers(), /*tasks=*/{});
    EXPECT_OK(relay->Drain(TestDeadline()));
    return Read(order);
  }

  // Everything that the acceptances hold of a person.
  std::string AcceptedTexts() {
    std::string texts;
    for (const auto& row : database_->Query(
             "SELECT CONCAT(purchase_order_number, company_name, billing_email, billing_address, ip_address, "
             "user_agent, confirmer_name, confirmer_title, confirmer_email, tax_id) FROM acceptances")) {
      texts += row.Bytes(0);
    }
    return texts;
  }
};

TEST_F(ErasureServiceTest, TakesAcceptancesWordsLinksAndAccounts) {
  const v1::Order completed = CompletedOrder();
  v1::Order declined = WaitingOrder().order();
  v1::DeclineOrderRequest decline = DeclineRequest(declined);
  decline.set_reason("Kim does not like it");
  ASSERT_OK(Call(&Stub::DeclineOrder, decline, kLinkService));
  EXPECT_NE(AcceptedTexts(), "");
  billing_.erasure.set_erases(true);
  billing_.erasure.add_kept()->set_ground(partner::v1::KeptData::GROUND_ISSUED_INVOICES);

  ASSERT_OK_AND_ASSIGN(const v1::EraseCustomerResponse reply, Erase());
  EXPECT_EQ(reply.order_count(), 2);
  EXPECT_THAT(reply.billing_accounts(), ElementsAre(completed.billing_account()));
  EXPECT_THAT(reply.kept(), SizeIs(1));
  EXPECT_EQ(AcceptedTexts().find("Fabrikam"), std::string::npos) << AcceptedTexts();
  EXPECT_EQ(AcceptedTexts().find("example"), std::string::npos) << AcceptedTexts();
  EXPECT_EQ(Read(declined).state_reason(), "");
  EXPECT_TRUE(Read(completed).has_erase_time());
  EXPECT_THAT(links_.erased,
              ElementsAre(std::min(completed.link(), declined.link()), std::max(completed.link(), declined.link())));
  ASSERT_THAT(billing_.erasures, SizeIs(2));
  EXPECT_TRUE(billing_.erasures[0].validate_only());
  EXPECT_FALSE(billing_.erasures[1].validate_only());
  EXPECT_THAT(database_->Query("SELECT version FROM events WHERE salt IS NOT NULL AND type LIKE 'ORDER_%' "
                               "AND type <> 'ORDER_ERASED'"),
              IsEmpty());
}

TEST_F(ErasureServiceTest, AnEarlierRevisionLosesItsWordsAsWell) {
  v1::CreateOrderRequest create = CreateRequest();
  create.mutable_order()->set_customer_note("Dear Kim");
  ASSERT_OK_AND_ASSIGN(const v1::Order order, Call(&Stub::CreateOrder, create));
  SubmitOrder(order);
  ASSERT_OK(Call(&Stub::ReviseOrder, ReviseRequest(Read(order))));
  ASSERT_OK(Call(&Stub::CancelOrder, CancelRequest(Read(order))));
  EXPECT_THAT(database_->Query("SELECT revision FROM order_revisions WHERE customer_note = 'Dear Kim'"), SizeIs(1));
  ASSERT_OK(Erase());
  EXPECT_THAT(database_->Query("SELECT revision FROM order_revisions WHERE customer_note <> '' OR state_reason <> ''"),
              IsEmpty());
}

TEST_F(ErasureServiceTest, NothingGoesWhileAnOrderIsOpen) {
  CompletedOrder();
  const std::string before = AcceptedTexts();
  const v1::Order waiting = WaitingOrder().order();
  EXPECT_THAT(Erase(), HasReason("CUSTOMER_NOT_SETTLED"));
  EXPECT_EQ(AcceptedTexts(), before);
  EXPECT_THAT(links_.erased, IsEmpty());
  ASSERT_OK(Call(&Stub::CancelOrder, CancelRequest(waiting)));
  EXPECT_OK(Erase());
}

TEST_F(ErasureServiceTest, NothingGoesWhileAnAccountIsNotSettled) {
  CompletedOrder();
  const std::string before = AcceptedTexts();
  billing_.failure = FailedPrecondition("BILLING_ACCOUNT_NOT_SETTLED", "The account has 1 running subscription.");
  EXPECT_THAT(Erase(), HasReason("BILLING_ACCOUNT_NOT_SETTLED"));
  EXPECT_EQ(AcceptedTexts(), before);
  EXPECT_THAT(links_.erased, IsEmpty());
}

TEST_F(ErasureServiceTest, ACallThatWasCutOffGoesOnWhereItEnded) {
  CompletedOrder();
  links_.failure = PeerDown();
  const v1::EraseCustomerRequest request = EraseRequest();
  EXPECT_FALSE(Erase(request).ok());
  links_.failure = absl::OkStatus();
  ASSERT_OK_AND_ASSIGN(const v1::EraseCustomerResponse reply, Erase(request));
  EXPECT_EQ(reply.order_count(), 1);
  ASSERT_OK_AND_ASSIGN(const v1::EraseCustomerResponse again, Erase(request));
  EXPECT_EQ(again.SerializeAsString(), reply.SerializeAsString());
  EXPECT_EQ(Erase()->order_count(), 0);
}

TEST_F(ErasureServiceTest, ValidateOnlyCountsAndTakesNothing) {
  const v1::Order completed = CompletedOrder();
  v1::EraseCustomerRequest request = EraseRequest();
  request.set_validate_only(true);
  EXPECT_EQ(Erase(request)->order_count(), 1);
  EXPECT_FALSE(Read(completed).has_erase_time());
}

TEST_F(ErasureServiceTest, AnErasedOrderCannotBeRevised) {
  const v1::Order declined = WaitingOrder().order();
  ASSERT_OK(Call(&Stub::DeclineOrder, DeclineRequest(declined), kLinkService));
  ASSERT_OK(Erase());
  EXPECT_THAT(Call(&Stub::ReviseOrder, ReviseRequest(Read(declined))), HasReason("ORDER_ERASED"));
}

TEST_F(ErasureServiceTest, ACustomerWithoutOrdersIsNoError) { EXPECT_EQ(Erase()->order_count(), 0); }

}  // namespace
}  // namespace countersign::order
