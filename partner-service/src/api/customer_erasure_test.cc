// An operator erases a customer. The real server, database and relay; order-service is a fake.
#include <memory>
#include <string>

#include "common/events/event_log.h"
#include "common/events/relay.h"
#include "countersign/partner/v1/customer.pb.h"
#include "countersign/partner/v1/customer_service.grpc.pb.h"
#include "countersign/partner/v1/erasure.pb.h"
#include "countersign/partner/v1/seller_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

using Stub = v1::CustomerService::Stub;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CustomerErasureTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    partner_ = CreatePartner().name();
    v1::CreateCustomerRequest request;
    request.set_parent(partner_);
    request.mutable_customer()->set_display_name("Fabrikam Personal");
    request.mutable_customer()->set_contact_name("Kim Personal");
    request.mutable_customer()->set_contact_email("kim@personal.example");
    request.mutable_customer()->set_partner_reference("personal-17");
    request.set_request_id(NewRequestId());
    ASSERT_OK_AND_ASSIGN(customer_, Call(&Stub::CreateCustomer, request));
  }

  v1::EraseCustomerRequest EraseRequest() const {
    v1::EraseCustomerRequest request;
    request.set_name(customer_.name());
    request.set_reason("request 4711");
    request.set_request_id(NewRequestId());
    return request;
  }

  v1::Customer Read() {
    v1::GetCustomerRequest request;
    request.set_name(customer_.name());
    const absl::StatusOr<v1::Customer> customer = Call(&Stub::GetCustomer, request);
    EXPECT_OK(customer);
    return customer.value_or(v1::Customer());
  }

  absl::StatusOr<v1::CustomerErasure> GetErasure() {
    v1::GetCustomerErasureRequest request;
    request.set_name(customer_.name());
    return Call(&Stub::GetCustomerErasure, request);
  }

  std::string partner_;
  v1::Customer customer_;
};

TEST_F(CustomerErasureTest, TakesEveryPersonalColumnAndTheSaltsOfItsLog) {
  ASSERT_OK(Call(&Stub::EraseCustomer, EraseRequest()));
  const auto rows =
      database_->Query("SELECT CONCAT(display_name, contact_name, contact_email, partner_reference) FROM customers");
  EXPECT_EQ(rows.at(0).Bytes(0), "");
  EXPECT_THAT(database_->Query("SELECT version FROM events WHERE type LIKE 'CUSTOMER_%' AND salt IS NOT NULL "
                               "AND type <> 'CUSTOMER_ERASED'"),
              IsEmpty());
  const v1::Customer erased = Read();
  EXPECT_TRUE(erased.erased());
  EXPECT_TRUE(erased.archived());
  EXPECT_EQ(erased.erase_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
}

TEST_F(CustomerErasureTest, TheAnswerSaysWhatGoesAndWhatStaysUntilWhen) {
  orders_.erasure.set_order_count(3);
  orders_.erasure.add_billing_accounts("billingAccounts/1");
  partner::v1::KeptData& invoices = *orders_.erasure.add_kept();
  invoices.set_ground(v1::KeptData::GROUND_ISSUED_INVOICES);
  ASSERT_OK_AND_ASSIGN(const v1::CustomerErasure erasure, Call(&Stub::EraseCustomer, EraseRequest()));
  EXPECT_FALSE(erasure.complete());
  EXPECT_THAT(erasure.goes(),
              ElementsAre(HasSubstr("3 orders"), HasSubstr("link-service"), HasSubstr("billingAccounts/1")));
  ASSERT_THAT(erasure.kept(), SizeIs(2));
  EXPECT_EQ(erasure.kept(0).ground(), v1::KeptData::GROUND_ISSUED_INVOICES);
  EXPECT_EQ(erasure.kept(1).ground(), v1::KeptData::GROUND_REPEATED_REQUESTS);
  EXPECT_EQ(erasure.kept(1).keep_until_date().month(), 7);  // Erased on 2009-06-01.
  EXPECT_EQ(erasure.kept(1).keep_until_date().day(), 2);

  orders_.erasure.Clear();
  ASSERT_OK_AND_ASSIGN(const v1::CustomerErasure done, GetErasure());
  EXPECT_TRUE(done.complete());
  EXPECT_THAT(done.goes(), IsEmpty());
  clock_.Advance(absl::Hours(24 * 32));
  EXPECT_THAT(GetErasure()->kept(), IsEmpty());
}

TEST_F(CustomerErasureTest, ValidateOnlySaysTheSameAndTakesNothing) {
  v1::EraseCustomerRequest request = EraseRequest();
  request.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const v1::CustomerErasure erasure, Call(&Stub::EraseCustomer, request));
  EXPECT_THAT(erasure.goes(), ElementsAre(HasSubstr("partner-service")));
  EXPECT_FALSE(erasure.has_erase_time());
  EXPECT_EQ(Read().display_name(), "Fabrikam Personal");
  EXPECT_THAT(GetErasure(), HasReason("CUSTOMER_NOT_ERASED"));
  ASSERT_THAT(orders_.erasures, SizeIs(1));
  EXPECT_TRUE(orders_.erasures[0].validate_only());
}

TEST_F(CustomerErasureTest, IsRefusedWhileSomethingIsNotSettled) {
  orders_.status = FailedPrecondition("CUSTOMER_NOT_SETTLED", "The customer has 1 order that is not ended.");
  EXPECT_THAT(Call(&Stub::EraseCustomer, EraseRequest()), HasReason("CUSTOMER_NOT_SETTLED"));
  EXPECT_EQ(Read().contact_email(), "kim@personal.example");
}

TEST_F(CustomerErasureTest, AnErasedCustomerRefusesEveryActButBeingErasedAgain) {
  ASSERT_OK(Call(&Stub::EraseCustomer, EraseRequest()));
  v1::UpdateCustomerRequest update;
  update.mutable_customer()->set_name(customer_.name());
  update.mutable_customer()->set_contact_name("Kim again");
  update.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Stub::UpdateCustomer, update), HasReason("CUSTOMER_ERASED"));
  v1::ArchiveCustomerRequest archive;
  archive.set_name(customer_.name());
  archive.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Stub::ArchiveCustomer, archive), HasReason("CUSTOMER_ERASED"));
  v1::CheckSellerRequest seller;
  seller.set_customer(customer_.name());
  EXPECT_THAT(Call(&v1::SellerService::Stub::CheckSeller, seller, kService), HasReason("CUSTOMER_ERASED"));
  EXPECT_OK(Call(&Stub::EraseCustomer, EraseRequest()));
}

TEST_F(CustomerErasureTest, TellsOrderServiceAndIsNeverGivenUp) {
  const std::unique_ptr<events::Relay> relay =
      events::MakeRelay(database_->database(), {.owner = "test"}, parts_.consumers(), /*tasks=*/{});
  ASSERT_OK(Call(&Stub::EraseCustomer, EraseRequest()));
  orders_.erasures.clear();  // Of the check.
  ASSERT_OK(relay->Drain(testing::TestDeadline()));
  ASSERT_OK(relay->Redeliver(testing::TestDeadline(), "order", absl::UnixEpoch()));
  ASSERT_OK(relay->Drain(testing::TestDeadline()));
  ASSERT_THAT(orders_.erasures, SizeIs(2));
  EXPECT_EQ(orders_.erasures[0].name(), customer_.name());
  EXPECT_FALSE(orders_.erasures[0].validate_only());
  EXPECT_EQ(orders_.erasures[0].SerializeAsString(), orders_.erasures[1].SerializeAsString());
  EXPECT_TRUE(relay->MustArrive("order", "CUSTOMER_ERASED"));
}

TEST_F(CustomerErasureTest, TheAuditChainStillVerifies) {
  const std::unique_ptr<events::Relay> relay =
      events::MakeRelay(database_->database(), {.owner = "test"}, parts_.consumers(), /*tasks=*/{});
  ASSERT_OK(Call(&Stub::EraseCustomer, EraseRequest()));
  ASSERT_OK(relay->Drain(testing::TestDeadline()));
  const std::unique_ptr<mysql::Connection> connection = database_->Connect();
  const Uuid partner = *Uuid::Parse(partner_.substr(std::string("partners/").size()));
  EXPECT_OK(events::VerifyChain(*connection, events::BucketOf(partner)));
}

}  // namespace
}  // namespace countersign::partner
