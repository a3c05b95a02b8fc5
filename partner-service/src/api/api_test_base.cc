#include "partner-service/src/api/api_test_base.h"

#include "countersign/partner/v1/agreement_service.pb.h"
#include "countersign/partner/v1/api_key.pb.h"
#include "countersign/partner/v1/api_key_service.grpc.pb.h"
#include "countersign/partner/v1/customer.pb.h"
#include "countersign/partner/v1/customer_service.grpc.pb.h"
#include "countersign/partner/v1/partner.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"

namespace countersign::partner {

void ApiTest::SetUp() {
  database_->Clear({"agreements"});
  database_->Execute("DELETE FROM agreements WHERE agreement_id <> '2009-06'");
}

v1::CreatePartnerRequest ApiTest::CreateRequest(absl::string_view number) {
  v1::CreatePartnerRequest request;
  request.mutable_partner()->set_partner_number(std::string(number));
  request.mutable_partner()->set_display_name("Contoso Consulting");
  request.mutable_partner()->set_contact_email("sales@contoso.example");
  request.set_request_id(NewRequestId());
  return request;
}

v1::Partner ApiTest::CreatePartner(absl::string_view number) {
  const absl::StatusOr<v1::Partner> partner = Call(&v1::PartnerService::Stub::CreatePartner, CreateRequest(number));
  EXPECT_OK(partner);
  return partner.value_or(v1::Partner());
}

v1::Customer ApiTest::CreateCustomer(const std::string& partner) {
  v1::CreateCustomerRequest request;
  request.set_parent(partner);
  request.mutable_customer()->set_display_name("Fabrikam, Inc.");
  request.mutable_customer()->set_contact_name("Jo Brown");
  request.mutable_customer()->set_contact_email("jo@fabrikam.example");
  request.mutable_customer()->set_partner_reference("F-17");
  request.set_request_id(NewRequestId());
  const absl::StatusOr<v1::Customer> customer = Call(&v1::CustomerService::Stub::CreateCustomer, request, partner);
  EXPECT_OK(customer);
  return customer.value_or(v1::Customer());
}

v1::AcceptAgreementRequest ApiTest::AcceptRequest(const std::string& partner, absl::string_view agreement,
                                                  absl::string_view person) {
  v1::AcceptAgreementRequest request;
  request.set_name(partner);
  request.set_agreement(std::string(agreement));
  request.set_accepted_by(std::string(person));
  request.set_request_id(NewRequestId());
  return request;
}

v1::CreateApiKeyRequest ApiTest::CreateKeyRequest(const std::string& partner) {
  v1::CreateApiKeyRequest request;
  request.set_parent(partner);
  request.mutable_api_key()->set_display_name("ordering");
  request.set_request_id(NewRequestId());
  return request;
}

v1::ApiKey ApiTest::CreateKey(const std::string& partner) {
  const absl::StatusOr<v1::ApiKey> key = Call(&v1::ApiKeyService::Stub::CreateApiKey, CreateKeyRequest(partner));
  EXPECT_OK(key);
  return key.value_or(v1::ApiKey());
}

absl::StatusOr<v1::VerifyApiKeyResponse> ApiTest::Verify(const std::string& key, absl::string_view caller) {
  v1::VerifyApiKeyRequest request;
  request.set_api_key(key);
  return Call(&v1::ApiKeyService::Stub::VerifyApiKey, request, caller);
}

}  // namespace countersign::partner
