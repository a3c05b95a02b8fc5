#include "absl/strings/str_cat.h"
#include "countersign/partner/v1/customer.pb.h"
#include "countersign/partner/v1/customer_service.grpc.pb.h"
#include "countersign/partner/v1/partner.pb.h"
#include "countersign/partner/v1/seller_service.grpc.pb.h"
#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

using SellerApiTest = ApiTest;

v1::CheckSellerRequest CheckRequest(const std::string& customer) {
  v1::CheckSellerRequest request;
  request.set_customer(customer);
  return request;
}

TEST_F(SellerApiTest, TellsOrderServiceOfPartnerAndCustomerAtOnce) {
  const v1::Partner partner = CreatePartner();
  const v1::Customer customer = CreateCustomer(partner.name());
  ASSERT_OK_AND_ASSIGN(const v1::CheckSellerResponse response,
                       Call(&v1::SellerService::Stub::CheckSeller, CheckRequest(customer.name()), kService));
  EXPECT_EQ(response.partner().SerializeAsString(), partner.SerializeAsString());
  EXPECT_EQ(response.customer().SerializeAsString(), customer.SerializeAsString());
  EXPECT_TRUE(response.unauthorized_offers().empty());
  EXPECT_THAT(Call(&v1::SellerService::Stub::CheckSeller, CheckRequest(customer.name()), partner.name()),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(SellerApiTest, SaysWhichOfPartnerAndCustomerIsMissing) {
  const std::string partner = CreatePartner().name();
  const std::string nobody = NewRequestId();
  EXPECT_THAT(
      Call(&v1::SellerService::Stub::CheckSeller, CheckRequest(absl::StrCat(partner, "/customers/", nobody)), kService),
      HasReason("CUSTOMER_NOT_FOUND"));
  EXPECT_THAT(Call(&v1::SellerService::Stub::CheckSeller,
                   CheckRequest(absl::StrCat("partners/", nobody, "/customers/", nobody)), kService),
              HasReason("PARTNER_NOT_FOUND"));
}

TEST_F(SellerApiTest, RefusesACustomerThatIsArchived) {
  const std::string partner = CreatePartner().name();
  const std::string customer = CreateCustomer(partner).name();
  v1::ArchiveCustomerRequest archive;
  archive.set_name(customer);
  archive.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::CustomerService::Stub::ArchiveCustomer, archive, partner));
  const auto refused = Call(&v1::SellerService::Stub::CheckSeller, CheckRequest(customer), kService);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(refused, HasReason("CUSTOMER_ARCHIVED"));
}

}  // namespace
}  // namespace countersign::partner
