#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/slug.h"
#include "common/rpc/convert.h"
#include "countersign/partner/v1/authorization.pb.h"
#include "countersign/partner/v1/authorization_service.grpc.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "countersign/partner/v1/seller_service.grpc.pb.h"
#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

class AuthorizationApiTest : public ApiTest {
 protected:
  static v1::CreateAuthorizationRequest AuthorizeRequest(const std::string& partner, absl::string_view product) {
    v1::CreateAuthorizationRequest request;
    request.set_parent(partner);
    request.mutable_authorization()->set_product(std::string(product));
    request.set_request_id(NewRequestId());
    return request;
  }

  // The answer of CheckSeller about the Suite and Exchange Online.
  std::vector<std::string> Unauthorized(const std::string& customer) {
    v1::CheckSellerRequest request;
    request.set_customer(customer);
    request.add_offers("offers/bpos-standard-suite");
    request.add_offers("offers/exchange-online");
    const absl::StatusOr<v1::CheckSellerResponse> response =
        Call(&v1::SellerService::Stub::CheckSeller, request, kService);
    EXPECT_OK(response);
    if (!response.ok()) return {"error"};
    return {response->unauthorized_offers().begin(), response->unauthorized_offers().end()};
  }
};

TEST_F(AuthorizationApiTest, LetsAPartnerSellAProductFromNowOn) {
  const std::string partner = CreatePartner().name();
  const std::string customer = CreateCustomer(partner).name();
  EXPECT_THAT(Unauthorized(customer), ElementsAre("offers/bpos-standard-suite", "offers/exchange-online"));
  ASSERT_OK_AND_ASSIGN(const v1::Authorization authorization,
                       Call(&v1::AuthorizationService::Stub::CreateAuthorization,
                            AuthorizeRequest(partner, "offers/bpos-standard-suite")));
  EXPECT_TRUE(absl::StartsWith(authorization.name(), absl::StrCat(partner, "/authorizations/")));
  EXPECT_EQ(authorization.product(), "offers/bpos-standard-suite");
  EXPECT_EQ(authorization.start_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_FALSE(authorization.has_end_time());
  EXPECT_THAT(Unauthorized(customer), ElementsAre("offers/exchange-online"));
  ASSERT_OK(Call(&v1::AuthorizationService::Stub::CreateAuthorization, AuthorizeRequest(partner, "offers/-")));
  EXPECT_THAT(Unauthorized(customer), ElementsAre());
}

TEST_F(AuthorizationApiTest, CountsFromItsStartToItsEnd) {
  const std::string partner = CreatePartner().name();
  const std::string customer = CreateCustomer(partner).name();
  v1::CreateAuthorizationRequest request = AuthorizeRequest(partner, "offers/-");
  *request.mutable_authorization()->mutable_start_time() = rpc::ToProto(clock_.Now() + absl::Hours(1));
  *request.mutable_authorization()->mutable_end_time() = rpc::ToProto(clock_.Now() + absl::Hours(2));
  ASSERT_OK(Call(&v1::AuthorizationService::Stub::CreateAuthorization, request));
  EXPECT_THAT(Unauthorized(customer), ::testing::SizeIs(2));
  clock_.Advance(absl::Hours(1));
  EXPECT_THAT(Unauthorized(customer), ElementsAre());
  clock_.Advance(absl::Hours(1));
  EXPECT_THAT(Unauthorized(customer), ::testing::SizeIs(2));
}

TEST_F(AuthorizationApiTest, RefusesOneThatStartsInThePastOrEndsBeforeItStarts) {
  v1::CreateAuthorizationRequest request = AuthorizeRequest(CreatePartner().name(), "offers/-");
  *request.mutable_authorization()->mutable_start_time() = rpc::ToProto(clock_.Now() - absl::Seconds(1));
  EXPECT_THAT(Call(&v1::AuthorizationService::Stub::CreateAuthorization, request),
              StatusIs(absl::StatusCode::kInvalidArgument));
  request.mutable_authorization()->clear_start_time();
  *request.mutable_authorization()->mutable_end_time() = rpc::ToProto(clock_.Now() - absl::Seconds(1));
  EXPECT_THAT(Call(&v1::AuthorizationService::Stub::CreateAuthorization, request),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(CountRows("authorizations"), 0);
}

TEST_F(AuthorizationApiTest, AnswersTheSameRequestWithTheSameBytesLongAfterItsStart) {
  v1::CreateAuthorizationRequest request = AuthorizeRequest(CreatePartner().name(), "offers/-");
  *request.mutable_authorization()->mutable_start_time() = rpc::ToProto(clock_.Now());
  ASSERT_OK_AND_ASSIGN(const v1::Authorization first,
                       Call(&v1::AuthorizationService::Stub::CreateAuthorization, request));
  clock_.Advance(absl::Hours(48));
  ASSERT_OK_AND_ASSIGN(const v1::Authorization again,
                       Call(&v1::AuthorizationService::Stub::CreateAuthorization, request));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(CountRows("authorizations"), 1);
}

TEST_F(AuthorizationApiTest, GoesOnUntilFurtherNoticeOrEndsAtOnceAndForGood) {
  const std::string partner = CreatePartner().name();
  const std::string customer = CreateCustomer(partner).name();
  v1::CreateAuthorizationRequest create = AuthorizeRequest(partner, "offers/-");
  *create.mutable_authorization()->mutable_end_time() = rpc::ToProto(clock_.Now() + absl::Hours(2));
  ASSERT_OK_AND_ASSIGN(const v1::Authorization created,
                       Call(&v1::AuthorizationService::Stub::CreateAuthorization, create));
  clock_.Advance(absl::Hours(1));
  v1::UpdateAuthorizationRequest request;
  request.mutable_authorization()->set_name(created.name());
  request.mutable_update_mask()->add_paths("end_time");
  request.set_etag(created.etag());
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Authorization open,
                       Call(&v1::AuthorizationService::Stub::UpdateAuthorization, request));
  EXPECT_FALSE(open.has_end_time());
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::AuthorizationService::Stub::UpdateAuthorization, request), HasReason("ETAG_MISMATCH"));
  clock_.Advance(absl::Hours(2));
  EXPECT_THAT(Unauthorized(customer), ElementsAre());

  request.clear_etag();
  *request.mutable_authorization()->mutable_end_time() = rpc::ToProto(clock_.Now());
  ASSERT_OK_AND_ASSIGN(const v1::Authorization ended,
                       Call(&v1::AuthorizationService::Stub::UpdateAuthorization, request));
  EXPECT_EQ(ended.end_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_THAT(Unauthorized(customer), ::testing::SizeIs(2));
  request.mutable_authorization()->clear_end_time();
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::AuthorizationService::Stub::UpdateAuthorization, request), HasReason("AUTHORIZATION_ENDED"));
  EXPECT_THAT(Unauthorized(customer), ::testing::SizeIs(2));

  v1::GetAuthorizationRequest get;
  get.set_name(created.name());
  ASSERT_OK_AND_ASSIGN(const v1::Authorization read,
                       Call(&v1::AuthorizationService::Stub::GetAuthorization, get, partner));
  EXPECT_EQ(read.SerializeAsString(), ended.SerializeAsString());
  EXPECT_THAT(Call(&v1::AuthorizationService::Stub::GetAuthorization, get, CreatePartner("P-1002").name()),
              StatusIs(absl::StatusCode::kNotFound));
  get.set_name(absl::StrCat(partner, "/authorizations/", NewRequestId()));
  EXPECT_THAT(Call(&v1::AuthorizationService::Stub::GetAuthorization, get), HasReason("AUTHORIZATION_NOT_FOUND"));
}

TEST_F(AuthorizationApiTest, LetsOnlyOperatorsSayWhatMayBeSold) {
  const std::string partner = CreatePartner().name();
  EXPECT_THAT(
      Call(&v1::AuthorizationService::Stub::CreateAuthorization, AuthorizeRequest(partner, "offers/-"), partner),
      StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(
      Call(&v1::AuthorizationService::Stub::CreateAuthorization, AuthorizeRequest(partner, "offers/-"), kService),
      StatusIs(absl::StatusCode::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(const v1::Authorization created, Call(&v1::AuthorizationService::Stub::CreateAuthorization,
                                                             AuthorizeRequest(partner, "offers/-")));
  v1::UpdateAuthorizationRequest update;
  *update.mutable_authorization() = created;
  update.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::AuthorizationService::Stub::UpdateAuthorization, update, partner),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(AuthorizationApiTest, AuthorizesNobodyWhoIsOut) {
  const std::string partner = CreatePartner().name();
  ASSERT_OK(Call(&v1::PartnerService::Stub::RejectPartner, TransitionRequest<v1::RejectPartnerRequest>(partner)));
  EXPECT_THAT(Call(&v1::AuthorizationService::Stub::CreateAuthorization, AuthorizeRequest(partner, "offers/-")),
              HasReason("PARTNER_STATE"));
  EXPECT_THAT(Call(&v1::AuthorizationService::Stub::CreateAuthorization,
                   AuthorizeRequest(absl::StrCat("partners/", NewRequestId()), "offers/-")),
              HasReason("PARTNER_NOT_FOUND"));
}

TEST_F(AuthorizationApiTest, TakesAnOfferIdOfTheGreatestLength) {
  const std::string partner = CreatePartner().name();
  const std::string longest = "offers/" + std::string(kMaxSlugBytes, 'x');
  ASSERT_OK(Call(&v1::AuthorizationService::Stub::CreateAuthorization, AuthorizeRequest(partner, longest)));
  ExpectViolations(
      Call(&v1::AuthorizationService::Stub::CreateAuthorization, AuthorizeRequest(partner, longest + "x")).status(),
      {"authorization.product"});
}

TEST_F(AuthorizationApiTest, ShowsThePartnersAuthorizationsPageByPage) {
  const std::string partner = CreatePartner("P-1001").name();
  std::vector<std::string> made;
  for (int i = 0; i < 3; ++i) {
    const auto request = AuthorizeRequest(partner, "offers/-");
    made.push_back(
        Call(&v1::AuthorizationService::Stub::CreateAuthorization, request).value_or(v1::Authorization()).name());
    clock_.Advance(absl::Seconds(1));
  }
  v1::ListAuthorizationsRequest list;
  list.set_parent(partner);
  for (const std::string& caller : {partner, std::string(kOperator), std::string(kViewer)}) {
    EXPECT_THAT(Names(&v1::AuthorizationService::Stub::ListAuthorizations, list,
                      &v1::ListAuthorizationsResponse::authorizations, caller),
                ElementsAreArray(made));
  }
  EXPECT_THAT(Call(&v1::AuthorizationService::Stub::ListAuthorizations, list, CreatePartner("P-1002").name()),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(AuthorizationApiTest, FiltersByProductAndTime) {
  const std::string partner = CreatePartner("P-1001").name();
  const auto authorize = [&](const std::string& product, absl::Duration duration) {
    v1::CreateAuthorizationRequest request = AuthorizeRequest(partner, product);
    if (duration < absl::InfiniteDuration()) {
      *request.mutable_authorization()->mutable_end_time() = rpc::ToProto(clock_.Now() + duration);
    }
    const absl::StatusOr<v1::Authorization> made = Call(&v1::AuthorizationService::Stub::CreateAuthorization, request);
    EXPECT_OK(made);
    clock_.Advance(absl::Hours(1));
    return made.value_or(v1::Authorization()).name();
  };
  const std::string suite = authorize("offers/suite", absl::Hours(24));
  const std::string all = authorize("offers/-", absl::InfiniteDuration());
  const auto listed = [&](const std::string& filter) {
    v1::ListAuthorizationsRequest request;
    request.set_parent(partner);
    request.set_filter(filter);
    return Names(&v1::AuthorizationService::Stub::ListAuthorizations, request,
                 &v1::ListAuthorizationsResponse::authorizations, partner);
  };
  EXPECT_THAT(listed("product = \"offers/suite\""), ElementsAre(suite));
  EXPECT_THAT(listed("product != \"offers/suite\""), ElementsAre(all));
  EXPECT_THAT(listed("start_time > \"2009-06-01T09:30:00Z\""), ElementsAre(all));
  EXPECT_THAT(listed("create_time < \"2009-06-01T09:30:00Z\""), ElementsAre(suite));
  // Until further notice is later than any time.
  EXPECT_THAT(listed("end_time > \"2009-06-02T00:00:00Z\""), ElementsAre(suite, all));
  EXPECT_THAT(listed("end_time > \"2009-06-02T09:00:00Z\""), ElementsAre(all));
  EXPECT_THAT(listed("end_time <= \"2009-06-02T09:00:00Z\""), ElementsAre(suite));
}

}  // namespace
}  // namespace countersign::partner
