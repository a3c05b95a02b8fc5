// Every field of every method: a clear INVALID_ARGUMENT that lists all violations, and nothing stored.
#include <functional>
#include <string>
#include <vector>

#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

using ::countersign::testing::StatusIs;
using ::testing::UnorderedElementsAreArray;

class BadInputTest : public ApiTest {
 protected:
  // The call is refused because of exactly `fields`.
  static void ExpectViolations(const absl::Status& status, const std::vector<std::string>& fields) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
    std::vector<std::string> violated;
    for (const FieldViolation& violation : DetailsOf(status).violations) violated.push_back(violation.field);
    EXPECT_THAT(violated, UnorderedElementsAreArray(fields));
  }

  void TearDown() override {
    for (const char* table :
         {"partners", "partner_numbers", "customers", "api_keys", "authorizations", "events", "stored_replies"}) {
      EXPECT_EQ(CountRows(table), 0) << table;
    }
  }
};

const std::string kId = "0190a5b2-7c3d-7e4f-8a6b-0123456789ab";
const std::vector<std::string> kBadNames = {"",
                                            "partners/",
                                            "partners/1",
                                            "partners/0190A5B2-7C3D-7E4F-8A6B-0123456789AB",
                                            "orders/" + kId,
                                            "partners/" + kId + "/",
                                            "/partners/" + kId,
                                            "partners/-",
                                            "partners/' OR 1=1 --"};
const std::vector<std::string> kBadRequestIds = {"", "1", "0190A5B2-7C3D-7E4F-8A6B-0123456789AB",
                                                 std::string(1000, 'x')};

TEST_F(BadInputTest, NamesEveryBadFieldOfCreatePartner) {
  ExpectViolations(Call(&Stub::CreatePartner, v1::CreatePartnerRequest()).status(),
                   {"partner.partner_number", "partner.display_name", "partner.contact_email", "request_id"});
  for (const char* number : {"", "AB", "abc", "A B C", "P/1001", "№1001"}) {
    ExpectViolations(Call(&Stub::CreatePartner, CreateRequest(number)).status(), {"partner.partner_number"});
  }
  ExpectViolations(Call(&Stub::CreatePartner, CreateRequest(std::string(33, 'A'))).status(),
                   {"partner.partner_number"});
  for (const std::string& name : {std::string(), std::string(201, 'x'), std::string(" x"), std::string("a\nb"),
                                  std::string("a\0b", 3), std::string(500'000, 'x')}) {
    v1::CreatePartnerRequest request = CreateRequest();
    request.mutable_partner()->set_display_name(name);
    ExpectViolations(Call(&Stub::CreatePartner, request).status(), {"partner.display_name"});
  }
  for (const std::string& email : {std::string(), std::string("x"), std::string("a@"), std::string("@b.example"),
                                   "a@" + std::string(260, 'b') + ".example"}) {
    v1::CreatePartnerRequest request = CreateRequest();
    request.mutable_partner()->set_contact_email(email);
    ExpectViolations(Call(&Stub::CreatePartner, request).status(), {"partner.contact_email"});
  }
  for (const std::string& id : kBadRequestIds) {
    v1::CreatePartnerRequest request = CreateRequest();
    request.set_request_id(id);
    ExpectViolations(Call(&Stub::CreatePartner, request).status(), {"request_id"});
  }
}

TEST_F(BadInputTest, NamesEveryBadFieldOfAcceptAgreement) {
  for (const std::string& name : kBadNames) {
    v1::AcceptAgreementRequest request;
    request.set_name(name);
    ExpectViolations(Call(&Stub::AcceptAgreement, request).status(),
                     {"name", "agreement", "accepted_by", "request_id"});
  }
  for (const std::string& agreement : {std::string("2009-06"), std::string("agreements/"),
                                       std::string("agreements/A B"), "agreements/" + std::string(33, 'a')}) {
    v1::AcceptAgreementRequest request;
    request.set_name("partners/" + kId);
    request.set_agreement(agreement);
    request.set_accepted_by("Ann Lee");
    request.set_request_id(kId);
    ExpectViolations(Call(&Stub::AcceptAgreement, request).status(), {"agreement"});
  }
}

TEST_F(BadInputTest, NamesEveryBadFieldOfTheTransitions) {
  const std::vector<std::string> all = {"name", "reason", "request_id"};
  ExpectViolations(Call(&Stub::ApprovePartner, v1::ApprovePartnerRequest()).status(), all);
  ExpectViolations(Call(&Stub::RejectPartner, v1::RejectPartnerRequest()).status(), all);
  ExpectViolations(Call(&Stub::SuspendPartner, v1::SuspendPartnerRequest()).status(), all);
  ExpectViolations(Call(&Stub::ReinstatePartner, v1::ReinstatePartnerRequest()).status(), all);
  ExpectViolations(Call(&Stub::TerminatePartner, v1::TerminatePartnerRequest()).status(), all);
  for (const std::string& name : kBadNames) {
    ExpectViolations(Call(&Stub::ApprovePartner, TransitionRequest<v1::ApprovePartnerRequest>(name)).status(),
                     {"name"});
  }
  auto request = TransitionRequest<v1::ApprovePartnerRequest>("partners/" + kId);
  request.set_reason(std::string(501, 'x'));
  ExpectViolations(Call(&Stub::ApprovePartner, request).status(), {"reason"});
}

TEST_F(BadInputTest, NamesEveryBadFieldOfCreateCustomer) {
  ExpectViolations(Call(&Stub::CreateCustomer, v1::CreateCustomerRequest()).status(),
                   {"parent", "customer.display_name", "request_id"});
  v1::CreateCustomerRequest request;
  request.set_parent("partners/" + kId);
  request.mutable_customer()->set_display_name(std::string(201, 'x'));
  request.mutable_customer()->set_contact_name("a\tb");
  request.mutable_customer()->set_contact_email("nobody");
  request.mutable_customer()->set_partner_reference(std::string(65, 'x'));
  request.set_request_id(kId);
  ExpectViolations(
      Call(&Stub::CreateCustomer, request).status(),
      {"customer.display_name", "customer.contact_name", "customer.contact_email", "customer.partner_reference"});
}

TEST_F(BadInputTest, NamesEveryBadFieldOfCreateApiKey) {
  ExpectViolations(Call(&Stub::CreateApiKey, v1::CreateApiKeyRequest()).status(),
                   {"parent", "api_key.display_name", "request_id"});
  v1::CreateApiKeyRequest request;
  request.set_parent("partners/" + kId);
  request.mutable_api_key()->set_display_name(std::string(201, 'x'));
  request.mutable_api_key()->mutable_expire_time()->set_nanos(-1);
  request.set_request_id(kId);
  ExpectViolations(Call(&Stub::CreateApiKey, request).status(), {"api_key.display_name", "api_key.expire_time"});
}

TEST_F(BadInputTest, NamesEveryBadFieldOfCreateAuthorization) {
  ExpectViolations(Call(&Stub::CreateAuthorization, v1::CreateAuthorizationRequest()).status(),
                   {"parent", "authorization.product", "request_id"});
  v1::CreateAuthorizationRequest request;
  request.set_parent("partners/" + kId);
  request.set_request_id(kId);
  request.mutable_authorization()->mutable_start_time()->set_nanos(-1);
  request.mutable_authorization()->mutable_end_time()->set_seconds(1LL << 60);
  for (const std::string& product :
       {std::string(), std::string("bpos"), std::string("offers/"), std::string("offers/*"), std::string("offers/A"),
        std::string("offers/a/prices/b"), "offers/" + std::string(65, 'x')}) {
    request.mutable_authorization()->set_product(product);
    ExpectViolations(Call(&Stub::CreateAuthorization, request).status(),
                     {"authorization.product", "authorization.start_time", "authorization.end_time"});
  }
}

TEST_F(BadInputTest, NamesEveryBadOfferOfCheckSeller) {
  v1::CheckSellerRequest request;
  request.set_customer("partners/" + kId + "/customers/" + kId);
  request.add_offers("offers/good");
  request.add_offers("bad");
  request.add_offers("offers/");
  ExpectViolations(Call(&Stub::CheckSeller, request, kService).status(), {"offers[1]", "offers[2]"});
  for (int i = 0; i < 100; ++i) request.add_offers("offers/good");
  ExpectViolations(Call(&Stub::CheckSeller, request, kService).status(), {"offers"});
}

TEST_F(BadInputTest, NamesTheBadNameOfEveryRead) {
  for (const std::string& name : kBadNames) {
    v1::GetPartnerRequest partner;
    partner.set_name(name);
    ExpectViolations(Call(&Stub::GetPartner, partner).status(), {"name"});
    v1::GetCustomerRequest customer;
    customer.set_name(name);
    ExpectViolations(Call(&Stub::GetCustomer, customer).status(), {"name"});
    v1::CheckSellerRequest seller;
    seller.set_customer(name);
    ExpectViolations(Call(&Stub::CheckSeller, seller, kService).status(), {"customer"});
  }
}

TEST_F(BadInputTest, RefusesTextThatIsNotUtf8) {
  v1::CreatePartnerRequest request = CreateRequest();
  request.mutable_partner()->set_display_name("Contoso \xff\xfe");
  EXPECT_THAT(Call(&Stub::CreatePartner, request), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(BadInputTest, RefusesARequestOfFiveMegabytes) {
  v1::CreatePartnerRequest request = CreateRequest();
  request.mutable_partner()->set_display_name(std::string(5 << 20, 'x'));
  EXPECT_THAT(Call(&Stub::CreatePartner, request), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(BadInputTest, RefusesACallerThatSaysNotWhoItIs) {
  for (const char* caller : {"nobody", "partners/1", "operators/", "root"}) {
    EXPECT_THAT(Call(&Stub::CreatePartner, CreateRequest(), caller), StatusIs(absl::StatusCode::kUnauthenticated));
  }
}

}  // namespace
}  // namespace countersign::partner
