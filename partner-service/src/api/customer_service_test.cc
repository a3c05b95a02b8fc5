#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

using CustomerApiTest = ApiTest;

TEST_F(CustomerApiTest, AddsACustomerToThePartnersAddressBook) {
  const std::string partner = CreatePartner().name();
  const v1::Customer customer = CreateCustomer(partner);
  EXPECT_TRUE(absl::StartsWith(customer.name(), absl::StrCat(partner, "/customers/"))) << customer.name();
  EXPECT_EQ(customer.display_name(), "Fabrikam, Inc.");
  EXPECT_EQ(customer.contact_name(), "Jo Brown");
  EXPECT_EQ(customer.contact_email(), "jo@fabrikam.example");
  EXPECT_EQ(customer.partner_reference(), "F-17");

  v1::GetCustomerRequest request;
  request.set_name(customer.name());
  ASSERT_OK_AND_ASSIGN(const v1::Customer read, Call(&Stub::GetCustomer, request, partner));
  EXPECT_EQ(read.SerializeAsString(), customer.SerializeAsString());
}

TEST_F(CustomerApiTest, KeepsPersonalDataOutOfTheEvents) {
  CreateCustomer(CreatePartner().name());
  for (const mysql::Row& row : database_->Query("SELECT payload FROM events")) {
    for (const char* secret : {"Fabrikam", "Jo Brown", "jo@fabrikam.example", "Contoso", "sales@contoso.example"}) {
      EXPECT_THAT(row.Bytes(0), ::testing::Not(::testing::HasSubstr(secret)));
    }
  }
}

TEST_F(CustomerApiTest, AddsNoCustomerToAPartnerThatNeverWas) {
  v1::CreateCustomerRequest request;
  request.set_parent(absl::StrCat("partners/", NewRequestId()));
  request.mutable_customer()->set_display_name("Fabrikam, Inc.");
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Stub::CreateCustomer, request), HasReason("PARTNER_NOT_FOUND"));
  EXPECT_EQ(CountRows("customers"), 0);
}

TEST_F(CustomerApiTest, AddsNoCustomerToAPartnerThatIsOut) {
  const std::string partner = CreatePartner().name();
  ASSERT_OK(Call(&Stub::RejectPartner, TransitionRequest<v1::RejectPartnerRequest>(partner)));
  v1::CreateCustomerRequest request;
  request.set_parent(partner);
  request.mutable_customer()->set_display_name("Fabrikam, Inc.");
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Stub::CreateCustomer, request), HasReason("PARTNER_STATE"));
  request.set_validate_only(true);
  EXPECT_THAT(Call(&Stub::CreateCustomer, request), HasReason("PARTNER_STATE"));
  EXPECT_EQ(CountRows("customers"), 0);
}

TEST_F(CustomerApiTest, ChecksWithoutWritingWhenAskedTo) {
  v1::CreateCustomerRequest request;
  request.set_parent(CreatePartner().name());
  request.mutable_customer()->set_display_name("Fabrikam, Inc.");
  request.set_request_id(NewRequestId());
  request.set_validate_only(true);
  EXPECT_OK(Call(&Stub::CreateCustomer, request));
  EXPECT_EQ(CountRows("customers"), 0);
  EXPECT_EQ(CountRows("events"), 1);  // The partner's.
}

TEST_F(CustomerApiTest, HidesACustomerFromEveryOtherPartner) {
  const std::string customer = CreateCustomer(CreatePartner("P-1001").name()).name();
  const std::string other = CreatePartner("P-1002").name();
  v1::GetCustomerRequest request;
  request.set_name(customer);
  EXPECT_THAT(Call(&Stub::GetCustomer, request, other), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_OK(Call(&Stub::GetCustomer, request, kOperator));
}

TEST_F(CustomerApiTest, TakesACustomerOutOfTheAddressBookForGood) {
  const std::string partner = CreatePartner().name();
  const v1::Customer customer = CreateCustomer(partner);
  v1::ArchiveCustomerRequest request;
  request.set_name(customer.name());
  request.set_etag("7");
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Stub::ArchiveCustomer, request, partner), HasReason("ETAG_MISMATCH"));
  request.set_etag(customer.etag());
  ASSERT_OK_AND_ASSIGN(const v1::Customer archived, Call(&Stub::ArchiveCustomer, request, partner));
  EXPECT_TRUE(archived.archived());
  EXPECT_EQ(archived.archive_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  ASSERT_OK_AND_ASSIGN(const v1::Customer again, Call(&Stub::ArchiveCustomer, request, partner));
  EXPECT_EQ(again.SerializeAsString(), archived.SerializeAsString());

  request.clear_etag();
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Stub::ArchiveCustomer, request, partner), HasReason("CUSTOMER_ARCHIVED"));
  v1::UpdateCustomerRequest update;
  update.mutable_customer()->set_name(customer.name());
  update.mutable_customer()->set_display_name("Fabrikam");
  update.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Stub::UpdateCustomer, update, partner), HasReason("CUSTOMER_ARCHIVED"));
}

}  // namespace
}  // namespace countersign::partner
