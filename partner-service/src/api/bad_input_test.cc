// Every field of every method: a clear INVALID_ARGUMENT that lists all violations, and nothing stored.
#include <functional>
#include <string>
#include <vector>

#include "countersign/partner/v1/agreement_service.grpc.pb.h"
#include "countersign/partner/v1/api_key_service.grpc.pb.h"
#include "countersign/partner/v1/authorization_service.grpc.pb.h"
#include "countersign/partner/v1/customer_service.grpc.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "countersign/partner/v1/payee_profile_service.grpc.pb.h"
#include "countersign/partner/v1/seller_service.grpc.pb.h"
#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

class BadInputTest : public ApiTest {
 protected:
  void TearDown() override {
    for (const char* table : {"partners", "partner_numbers", "customers", "api_keys", "authorizations",
                              "payee_profiles", "agreement_acceptances", "events", "stored_replies"}) {
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
  ExpectViolations(Call(&v1::PartnerService::Stub::CreatePartner, v1::CreatePartnerRequest()).status(),
                   {"partner.partner_number", "partner.display_name", "partner.contact_email", "request_id"});
  for (const char* number : {"", "AB", "abc", "A B C", "P/1001", "№1001"}) {
    ExpectViolations(Call(&v1::PartnerService::Stub::CreatePartner, CreateRequest(number)).status(),
                     {"partner.partner_number"});
  }
  ExpectViolations(Call(&v1::PartnerService::Stub::CreatePartner, CreateRequest(std::string(33, 'A'))).status(),
                   {"partner.partner_number"});
  for (const std::string& name : {std::string(), std::string(201, 'x'), std::string("a\u200Bb"), std::string("a\nb"),
                                  std::string("a\0b", 3), std::string(500'000, 'x')}) {
    v1::CreatePartnerRequest request = CreateRequest();
    request.mutable_partner()->set_display_name(name);
    ExpectViolations(Call(&v1::PartnerService::Stub::CreatePartner, request).status(), {"partner.display_name"});
  }
  for (const std::string& email : {std::string(), std::string("x"), std::string("a@"), std::string("@b.example"),
                                   "a@" + std::string(260, 'b') + ".example"}) {
    v1::CreatePartnerRequest request = CreateRequest();
    request.mutable_partner()->set_contact_email(email);
    ExpectViolations(Call(&v1::PartnerService::Stub::CreatePartner, request).status(), {"partner.contact_email"});
  }
  for (const std::string& id : kBadRequestIds) {
    v1::CreatePartnerRequest request = CreateRequest();
    request.set_request_id(id);
    ExpectViolations(Call(&v1::PartnerService::Stub::CreatePartner, request).status(), {"request_id"});
  }
}

TEST_F(BadInputTest, NamesEveryBadFieldOfAcceptAgreement) {
  for (const std::string& name : kBadNames) {
    v1::AcceptAgreementRequest request;
    request.set_name(name);
    ExpectViolations(Call(&v1::AgreementService::Stub::AcceptAgreement, request).status(),
                     {"name", "agreement", "accepted_by", "request_id"});
  }
  for (const std::string& agreement : {std::string("2009-06"), std::string("agreements/"),
                                       std::string("agreements/A B"), "agreements/" + std::string(33, 'a')}) {
    v1::AcceptAgreementRequest request;
    request.set_name("partners/" + kId);
    request.set_agreement(agreement);
    request.set_accepted_by("Ann Lee");
    request.set_request_id(kId);
    ExpectViolations(Call(&v1::AgreementService::Stub::AcceptAgreement, request).status(), {"agreement"});
  }
}

TEST_F(BadInputTest, NamesEveryBadFieldOfTheTransitions) {
  const std::vector<std::string> all = {"name", "reason", "request_id"};
  ExpectViolations(Call(&v1::PartnerService::Stub::ApprovePartner, v1::ApprovePartnerRequest()).status(), all);
  ExpectViolations(Call(&v1::PartnerService::Stub::RejectPartner, v1::RejectPartnerRequest()).status(), all);
  ExpectViolations(Call(&v1::PartnerService::Stub::SuspendPartner, v1::SuspendPartnerRequest()).status(), all);
  ExpectViolations(Call(&v1::PartnerService::Stub::ReinstatePartner, v1::ReinstatePartnerRequest()).status(), all);
  ExpectViolations(Call(&v1::PartnerService::Stub::TerminatePartner, v1::TerminatePartnerRequest()).status(), all);
  for (const std::string& name : kBadNames) {
    ExpectViolations(
        Call(&v1::PartnerService::Stub::ApprovePartner, TransitionRequest<v1::ApprovePartnerRequest>(name)).status(),
        {"name"});
  }
  auto request = TransitionRequest<v1::ApprovePartnerRequest>("partners/" + kId);
  request.set_reason(std::string(501, 'x'));
  ExpectViolations(Call(&v1::PartnerService::Stub::ApprovePartner, request).status(), {"reason"});
}

TEST_F(BadInputTest, NamesEveryBadFieldOfCreateCustomer) {
  ExpectViolations(Call(&v1::CustomerService::Stub::CreateCustomer, v1::CreateCustomerRequest()).status(),
                   {"parent", "customer.display_name", "request_id"});
  v1::CreateCustomerRequest request;
  request.set_parent("partners/" + kId);
  request.mutable_customer()->set_display_name(std::string(201, 'x'));
  request.mutable_customer()->set_contact_name("a\tb");
  request.mutable_customer()->set_contact_email("nobody");
  request.mutable_customer()->set_partner_reference(std::string(65, 'x'));
  request.set_request_id(kId);
  ExpectViolations(
      Call(&v1::CustomerService::Stub::CreateCustomer, request).status(),
      {"customer.display_name", "customer.contact_name", "customer.contact_email", "customer.partner_reference"});
}

TEST_F(BadInputTest, NamesEveryBadFieldOfCreateApiKey) {
  ExpectViolations(Call(&v1::ApiKeyService::Stub::CreateApiKey, v1::CreateApiKeyRequest()).status(),
                   {"parent", "api_key.display_name", "request_id"});
  v1::CreateApiKeyRequest request;
  request.set_parent("partners/" + kId);
  request.mutable_api_key()->set_display_name(std::string(201, 'x'));
  request.mutable_api_key()->mutable_expire_time()->set_nanos(-1);
  request.set_request_id(kId);
  ExpectViolations(Call(&v1::ApiKeyService::Stub::CreateApiKey, request).status(),
                   {"api_key.display_name", "api_key.expire_time"});
}

TEST_F(BadInputTest, NamesEveryBadFieldOfCreateAuthorization) {
  ExpectViolations(
      Call(&v1::AuthorizationService::Stub::CreateAuthorization, v1::CreateAuthorizationRequest()).status(),
      {"parent", "authorization.product", "request_id"});
  v1::CreateAuthorizationRequest request;
  request.set_parent("partners/" + kId);
  request.set_request_id(kId);
  request.mutable_authorization()->mutable_start_time()->set_nanos(-1);
  request.mutable_authorization()->mutable_end_time()->set_seconds(1LL << 60);
  for (const std::string& product :
       {std::string(), std::string("bpos"), std::string("offers/"), std::string("offers/*"), std::string("offers/A"),
        std::string("offers/a/prices/b"), "offers/" + std::string(64, 'x')}) {
    request.mutable_authorization()->set_product(product);
    ExpectViolations(Call(&v1::AuthorizationService::Stub::CreateAuthorization, request).status(),
                     {"authorization.product", "authorization.start_time", "authorization.end_time"});
  }
}

TEST_F(BadInputTest, NamesEveryBadOfferOfCheckSeller) {
  v1::CheckSellerRequest request;
  request.set_customer("partners/" + kId + "/customers/" + kId);
  request.add_offers("offers/good");
  request.add_offers("bad");
  request.add_offers("offers/");
  ExpectViolations(Call(&v1::SellerService::Stub::CheckSeller, request, kService).status(), {"offers[1]", "offers[2]"});
  for (int i = 0; i < 100; ++i) request.add_offers("offers/good");
  ExpectViolations(Call(&v1::SellerService::Stub::CheckSeller, request, kService).status(), {"offers"});
}

TEST_F(BadInputTest, NamesEveryBadFieldOfCreateAgreement) {
  ExpectViolations(Call(&v1::AgreementService::Stub::CreateAgreement, v1::CreateAgreementRequest()).status(),
                   {"agreement_id", "agreement.title", "agreement.document_sha256", "request_id"});
  v1::CreateAgreementRequest request;
  request.set_request_id(kId);
  request.mutable_agreement()->set_title("a\nb");
  request.mutable_agreement()->mutable_effective_time()->set_nanos(-1);
  for (const std::string& id :
       {std::string("A"), std::string("a b"), std::string("agreements/a"), std::string(33, 'a')}) {
    request.set_agreement_id(id);
    for (const std::string& digest : {std::string(63, 'a'), std::string(64, 'A'), std::string(64, 'g')}) {
      request.mutable_agreement()->set_document_sha256(digest);
      for (const std::string& uri : {std::string("http://example.com"), std::string("https://a b"),
                                     std::string("javascript:alert(1)"), "https://" + std::string(500, 'x')}) {
        request.mutable_agreement()->set_document_uri(uri);
        ExpectViolations(Call(&v1::AgreementService::Stub::CreateAgreement, request).status(),
                         {"agreement_id", "agreement.title", "agreement.effective_time", "agreement.document_sha256",
                          "agreement.document_uri"});
      }
    }
  }
}

TEST_F(BadInputTest, NamesEveryBadFieldOfTheUpdates) {
  ExpectViolations(Call(&v1::PartnerService::Stub::UpdatePartner, v1::UpdatePartnerRequest()).status(),
                   {"partner.name", "update_mask", "request_id"});
  v1::UpdatePartnerRequest partner;
  partner.mutable_partner()->set_name("partners/" + kId);
  partner.mutable_update_mask()->add_paths("*");
  partner.set_request_id(kId);
  ExpectViolations(Call(&v1::PartnerService::Stub::UpdatePartner, partner).status(),
                   {"partner.display_name", "partner.contact_email"});

  ExpectViolations(Call(&v1::CustomerService::Stub::UpdateCustomer, v1::UpdateCustomerRequest()).status(),
                   {"customer.name", "update_mask", "request_id"});
  v1::UpdateCustomerRequest customer;
  customer.mutable_customer()->set_name("partners/" + kId + "/customers/" + kId);
  customer.mutable_customer()->set_contact_name(std::string(201, 'x'));
  customer.mutable_customer()->set_contact_email("nobody");
  customer.mutable_customer()->set_partner_reference(std::string(65, 'x'));
  customer.mutable_update_mask()->add_paths("*");
  customer.set_request_id(kId);
  ExpectViolations(
      Call(&v1::CustomerService::Stub::UpdateCustomer, customer).status(),
      {"customer.display_name", "customer.contact_name", "customer.contact_email", "customer.partner_reference"});

  ExpectViolations(
      Call(&v1::AuthorizationService::Stub::UpdateAuthorization, v1::UpdateAuthorizationRequest()).status(),
      {"authorization.name", "update_mask", "request_id"});
  v1::UpdateAuthorizationRequest authorization;
  authorization.mutable_authorization()->set_name("partners/" + kId + "/authorizations/" + kId);
  authorization.mutable_authorization()->mutable_end_time()->set_nanos(-1);
  authorization.mutable_update_mask()->add_paths("product");
  authorization.set_request_id(kId);
  ExpectViolations(Call(&v1::AuthorizationService::Stub::UpdateAuthorization, authorization).status(),
                   {"update_mask", "authorization.end_time"});
}

TEST_F(BadInputTest, NamesEveryBadFieldOfUpdatePayeeProfile) {
  ExpectViolations(Call(&v1::PayeeProfileService::Stub::UpdatePayeeProfile, v1::UpdatePayeeProfileRequest()).status(),
                   {"payee_profile.name", "update_mask", "request_id"});
  v1::UpdatePayeeProfileRequest request;
  request.mutable_payee_profile()->set_name("partners/" + kId + "/payeeProfile");
  request.mutable_payee_profile()->set_currency_code("usd");
  request.mutable_payee_profile()->set_tax_form_kind("W/9");
  request.mutable_payee_profile()->set_tax_region_code("usa");
  request.mutable_payee_profile()->mutable_tax_form_date()->set_year(2009);
  request.set_request_id(kId);
  for (const std::string& account :
       {std::string("1234567"), std::string(65, '1'), std::string("de89370400440532013000"), std::string(" 12345678"),
        std::string("12345678 "), std::string("1234\n5678"), std::string("1234•5678")}) {
    request.mutable_payee_profile()->set_bank_reference(account);
    const absl::Status refused = Call(&v1::PayeeProfileService::Stub::UpdatePayeeProfile, request).status();
    ExpectViolations(refused,
                     {"payee_profile.currency_code", "payee_profile.bank_reference", "payee_profile.tax_form_kind",
                      "payee_profile.tax_form_date", "payee_profile.tax_region_code"});
    for (const FieldViolation& violation : DetailsOf(refused).violations) {
      EXPECT_THAT(violation.description, ::testing::Not(::testing::HasSubstr(account)));
    }
  }
  request.mutable_payee_profile()->set_name("partners/" + kId + "/payeeProfiles/1");
  request.mutable_update_mask()->add_paths("masked_bank_reference");
  ExpectViolations(Call(&v1::PayeeProfileService::Stub::UpdatePayeeProfile, request).status(),
                   {"payee_profile.name", "update_mask"});
}

TEST_F(BadInputTest, NamesEveryBadFieldOfTheLists) {
  v1::ListPartnersRequest partners;
  partners.set_page_size(-1);
  partners.set_page_token("forged");
  for (const char* filter : {"state", "state = OPEN", "state < ACTIVE", "secret = 1", "state = ACTIVE AND",
                             "create_time > yesterday", "(state = ACTIVE", "state = ACTIVE; DROP TABLE partners"}) {
    partners.set_filter(filter);
    ExpectViolations(Call(&v1::PartnerService::Stub::ListPartners, partners).status(),
                     {"filter", "page_size", "page_token"});
  }
  const auto bad = [](auto request) {
    request.set_filter("secret = 1");
    request.set_page_size(-1);
    request.set_page_token("forged");
    return request;
  };
  ExpectViolations(Call(&v1::AgreementService::Stub::ListAgreements, bad(v1::ListAgreementsRequest())).status(),
                   {"filter", "page_size", "page_token"});
  const std::vector<std::string> all = {"parent", "filter", "page_size", "page_token"};
  ExpectViolations(Call(&v1::CustomerService::Stub::ListCustomers, bad(v1::ListCustomersRequest())).status(), all);
  ExpectViolations(
      Call(&v1::AuthorizationService::Stub::ListAuthorizations, bad(v1::ListAuthorizationsRequest())).status(), all);
  ExpectViolations(Call(&v1::ApiKeyService::Stub::ListApiKeys, bad(v1::ListApiKeysRequest())).status(), all);
  ExpectViolations(
      Call(&v1::AgreementService::Stub::ListAgreementAcceptances, bad(v1::ListAgreementAcceptancesRequest())).status(),
      all);
}

TEST_F(BadInputTest, NamesTheBadNameOfEveryCallByName) {
  const auto named = [](auto request, const std::string& name) {
    request.set_name(name);
    return request;
  };
  for (const std::string& name : kBadNames) {
    ExpectViolations(Call(&v1::PartnerService::Stub::GetPartner, named(v1::GetPartnerRequest(), name)).status(),
                     {"name"});
    ExpectViolations(Call(&v1::CustomerService::Stub::GetCustomer, named(v1::GetCustomerRequest(), name)).status(),
                     {"name"});
    ExpectViolations(Call(&v1::AgreementService::Stub::GetAgreement, named(v1::GetAgreementRequest(), name)).status(),
                     {"name"});
    ExpectViolations(
        Call(&v1::AuthorizationService::Stub::GetAuthorization, named(v1::GetAuthorizationRequest(), name)).status(),
        {"name"});
    ExpectViolations(Call(&v1::ApiKeyService::Stub::GetApiKey, named(v1::GetApiKeyRequest(), name)).status(), {"name"});
    ExpectViolations(
        Call(&v1::PayeeProfileService::Stub::GetPayeeProfile, named(v1::GetPayeeProfileRequest(), name)).status(),
        {"name"});
    ExpectViolations(
        Call(&v1::CustomerService::Stub::ArchiveCustomer, named(v1::ArchiveCustomerRequest(), name)).status(),
        {"name", "request_id"});
    ExpectViolations(Call(&v1::ApiKeyService::Stub::RevokeApiKey, named(v1::RevokeApiKeyRequest(), name)).status(),
                     {"name", "request_id"});
    v1::CheckSellerRequest seller;
    seller.set_customer(name);
    ExpectViolations(Call(&v1::SellerService::Stub::CheckSeller, seller, kService).status(), {"customer"});
  }
  for (const char* number : {"", "AB", "abc", "P/1001"}) {
    v1::LookupPartnerRequest lookup;
    lookup.set_partner_number(number);
    ExpectViolations(Call(&v1::PartnerService::Stub::LookupPartner, lookup).status(), {"partner_number"});
  }
}

TEST_F(BadInputTest, RefusesTextThatIsNotUtf8) {
  v1::CreatePartnerRequest request = CreateRequest();
  request.mutable_partner()->set_display_name("Contoso \xff\xfe");
  EXPECT_THAT(Call(&v1::PartnerService::Stub::CreatePartner, request), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(BadInputTest, RefusesARequestOfMoreThanAMebibyte) {
  v1::CreatePartnerRequest request = CreateRequest();
  request.mutable_partner()->set_display_name(std::string(1 << 20, 'x'));
  EXPECT_THAT(Call(&v1::PartnerService::Stub::CreatePartner, request), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(BadInputTest, RefusesACallerThatSaysNotWhoItIs) {
  for (const char* caller : {"nobody", "partners/1", "operators/", "root"}) {
    EXPECT_THAT(Call(&v1::PartnerService::Stub::CreatePartner, CreateRequest(), caller),
                StatusIs(absl::StatusCode::kUnauthenticated));
  }
}

}  // namespace
}  // namespace countersign::partner
