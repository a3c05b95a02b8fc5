#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "countersign/partner/v1/api_key_service.grpc.pb.h"
#include "countersign/partner/v1/customer.pb.h"
#include "countersign/partner/v1/customer_service.grpc.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

class CustomerApiTest : public ApiTest {
 protected:
  static v1::UpdateCustomerRequest UpdateRequest(const std::string& name) {
    v1::UpdateCustomerRequest request;
    request.mutable_customer()->set_name(name);
    request.set_request_id(NewRequestId());
    return request;
  }

  static v1::ArchiveCustomerRequest ArchiveRequest(const std::string& name) {
    v1::ArchiveCustomerRequest request;
    request.set_name(name);
    request.set_request_id(NewRequestId());
    return request;
  }

  std::vector<std::string> Customers(const std::string& partner, absl::string_view filter) {
    v1::ListCustomersRequest request;
    request.set_parent(partner);
    request.set_filter(std::string(filter));
    return Names(&v1::CustomerService::Stub::ListCustomers, request, &v1::ListCustomersResponse::customers, partner);
  }

  // The token of the second page of a partner's customers.
  std::string SecondPage(const std::string& partner) {
    v1::ListCustomersRequest request;
    request.set_parent(partner);
    request.set_page_size(1);
    return Call(&v1::CustomerService::Stub::ListCustomers, request, partner)
        .value_or(v1::ListCustomersResponse())
        .next_page_token();
  }
};

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
  ASSERT_OK_AND_ASSIGN(const v1::Customer read, Call(&v1::CustomerService::Stub::GetCustomer, request, partner));
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
  EXPECT_THAT(Call(&v1::CustomerService::Stub::CreateCustomer, request), HasReason("PARTNER_NOT_FOUND"));
  EXPECT_EQ(CountRows("customers"), 0);
}

TEST_F(CustomerApiTest, AddsNoCustomerToAPartnerThatIsOut) {
  const std::string partner = CreatePartner().name();
  ASSERT_OK(Call(&v1::PartnerService::Stub::RejectPartner, TransitionRequest<v1::RejectPartnerRequest>(partner)));
  v1::CreateCustomerRequest request;
  request.set_parent(partner);
  request.mutable_customer()->set_display_name("Fabrikam, Inc.");
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::CustomerService::Stub::CreateCustomer, request), HasReason("PARTNER_STATE"));
  request.set_validate_only(true);
  EXPECT_THAT(Call(&v1::CustomerService::Stub::CreateCustomer, request), HasReason("PARTNER_STATE"));
  EXPECT_EQ(CountRows("customers"), 0);
}

TEST_F(CustomerApiTest, ChecksWithoutWritingWhenAskedTo) {
  v1::CreateCustomerRequest request;
  request.set_parent(CreatePartner().name());
  request.mutable_customer()->set_display_name("Fabrikam, Inc.");
  request.set_request_id(NewRequestId());
  request.set_validate_only(true);
  EXPECT_OK(Call(&v1::CustomerService::Stub::CreateCustomer, request));
  EXPECT_EQ(CountRows("customers"), 0);
  EXPECT_EQ(CountRows("events"), 1);  // The partner's.
}

TEST_F(CustomerApiTest, HidesACustomerFromEveryOtherPartner) {
  const std::string customer = CreateCustomer(CreatePartner("P-1001").name()).name();
  const std::string other = CreatePartner("P-1002").name();
  v1::GetCustomerRequest request;
  request.set_name(customer);
  EXPECT_THAT(Call(&v1::CustomerService::Stub::GetCustomer, request, other), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_OK(Call(&v1::CustomerService::Stub::GetCustomer, request, kOperator));
}

TEST_F(CustomerApiTest, TakesACustomerOutOfTheAddressBookForGood) {
  const std::string partner = CreatePartner().name();
  const v1::Customer customer = CreateCustomer(partner);
  v1::ArchiveCustomerRequest request;
  request.set_name(customer.name());
  request.set_etag("7");
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::CustomerService::Stub::ArchiveCustomer, request, partner), HasReason("ETAG_MISMATCH"));
  request.set_etag(customer.etag());
  ASSERT_OK_AND_ASSIGN(const v1::Customer archived,
                       Call(&v1::CustomerService::Stub::ArchiveCustomer, request, partner));
  EXPECT_TRUE(archived.archived());
  EXPECT_EQ(archived.archive_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  ASSERT_OK_AND_ASSIGN(const v1::Customer again, Call(&v1::CustomerService::Stub::ArchiveCustomer, request, partner));
  EXPECT_EQ(again.SerializeAsString(), archived.SerializeAsString());

  request.clear_etag();
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::CustomerService::Stub::ArchiveCustomer, request, partner), HasReason("CUSTOMER_ARCHIVED"));
  v1::UpdateCustomerRequest update;
  update.mutable_customer()->set_name(customer.name());
  update.mutable_customer()->set_display_name("Fabrikam");
  update.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::CustomerService::Stub::UpdateCustomer, update, partner), HasReason("CUSTOMER_ARCHIVED"));
}

TEST_F(CustomerApiTest, LetsAPartnerChangeItsCustomers) {
  const std::string partner = CreatePartner("P-1001").name();
  const v1::Customer created = CreateCustomer(partner);
  v1::UpdateCustomerRequest request = UpdateRequest(created.name());
  request.mutable_customer()->set_display_name("Fabrikam");
  request.mutable_update_mask()->add_paths("display_name");
  request.mutable_update_mask()->add_paths("contact_name");  // Not set: emptied.
  request.set_etag(created.etag());
  ASSERT_OK_AND_ASSIGN(const v1::Customer updated, Call(&v1::CustomerService::Stub::UpdateCustomer, request, partner));
  EXPECT_EQ(updated.display_name(), "Fabrikam");
  EXPECT_EQ(updated.contact_name(), "");
  EXPECT_EQ(updated.contact_email(), created.contact_email());
  EXPECT_EQ(updated.partner_reference(), created.partner_reference());
  ASSERT_OK_AND_ASSIGN(const v1::Customer again, Call(&v1::CustomerService::Stub::UpdateCustomer, request, partner));
  EXPECT_EQ(again.SerializeAsString(), updated.SerializeAsString());
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::CustomerService::Stub::UpdateCustomer, request, partner), HasReason("ETAG_MISMATCH"));
  EXPECT_THAT(Call(&v1::CustomerService::Stub::UpdateCustomer, request, CreatePartner("P-1002").name()),
              StatusIs(absl::StatusCode::kNotFound));
  request.mutable_customer()->set_name(absl::StrCat(partner, "/customers/", NewRequestId()));
  EXPECT_THAT(Call(&v1::CustomerService::Stub::UpdateCustomer, request, partner), HasReason("CUSTOMER_NOT_FOUND"));
}

TEST_F(CustomerApiTest, ShowsAnAddressBookWithoutWhatIsArchivedUnlessAsked) {
  const std::string partner = CreatePartner("P-1001").name();
  std::vector<std::string> made;
  for (int i = 0; i < 5; ++i) {
    made.push_back(CreateCustomer(partner).name());
    clock_.Advance(absl::Seconds(1));
  }
  const std::string other = CreatePartner("P-1002").name();
  CreateCustomer(other);
  EXPECT_THAT(Customers(partner, ""), ElementsAreArray(made));
  ASSERT_OK(Call(&v1::CustomerService::Stub::ArchiveCustomer, ArchiveRequest(made[1])));
  EXPECT_THAT(Customers(partner, ""), ElementsAre(made[0], made[2], made[3], made[4]));
  EXPECT_THAT(Customers(partner, "partner_reference = \"F-17\""), ElementsAre(made[0], made[2], made[3], made[4]));
  EXPECT_THAT(Customers(partner, "contact_email = \"jo@fabrikam.example\" AND archived = true"), ElementsAre(made[1]));
  EXPECT_THAT(Customers(partner, "contact_email != \"jo@fabrikam.example\""), IsEmpty());
  EXPECT_THAT(Customers(partner, "archived = true"), ElementsAre(made[1]));
  EXPECT_THAT(Customers(partner, "archived = true OR archived = false"), ElementsAreArray(made));
  EXPECT_THAT(Customers(partner, "display_name = \"archived\""), IsEmpty());
  EXPECT_THAT(Customers(partner, "create_time >= \"2009-06-01T09:00:03Z\""), ElementsAre(made[3], made[4]));
  v1::ListCustomersRequest list;
  list.set_parent(partner);
  EXPECT_THAT(Call(&v1::CustomerService::Stub::ListCustomers, list, other), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(CustomerApiTest, TakesAPageTokenOfTheSameListOnly) {
  const std::string partner = CreatePartner("P-1001").name();
  const std::string other = CreatePartner("P-1002").name();
  for (const std::string& owner : {partner, partner, other, other}) CreateCustomer(owner);
  v1::ListCustomersRequest request;
  request.set_parent(partner);
  request.set_page_size(1);
  request.set_page_token(SecondPage(partner));
  ASSERT_NE(request.page_token(), "");
  EXPECT_OK(Call(&v1::CustomerService::Stub::ListCustomers, request, partner));
  EXPECT_THAT(Call(&v1::CustomerService::Stub::ListCustomers, request, kOperator),
              StatusIs(absl::StatusCode::kInvalidArgument));
  request.set_filter("archived = false");
  EXPECT_THAT(Call(&v1::CustomerService::Stub::ListCustomers, request, partner),
              StatusIs(absl::StatusCode::kInvalidArgument));
  v1::ListApiKeysRequest keys;
  keys.set_parent(partner);
  keys.set_page_token(request.page_token());
  EXPECT_THAT(Call(&v1::ApiKeyService::Stub::ListApiKeys, keys, partner), StatusIs(absl::StatusCode::kInvalidArgument));
  v1::ListPartnersRequest partners;
  partners.set_page_token(request.page_token());
  EXPECT_THAT(Call(&v1::PartnerService::Stub::ListPartners, partners), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace countersign::partner
