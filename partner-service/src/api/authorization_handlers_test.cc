#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;

class AuthorizationApiTest : public ApiTest {
 protected:
  static v1::CreateAuthorizationRequest AuthorizeRequest(const std::string& partner, absl::string_view product) {
    v1::CreateAuthorizationRequest request;
    request.set_parent(partner);
    request.mutable_authorization()->set_product(std::string(product));
    request.set_request_id(NewRequestId());
    return request;
  }

  // What CheckSeller says of the Suite and of Exchange Online.
  std::vector<std::string> Unauthorized(const std::string& customer) {
    v1::CheckSellerRequest request;
    request.set_customer(customer);
    request.add_offers("offers/bpos-standard-suite");
    request.add_offers("offers/exchange-online");
    const absl::StatusOr<v1::CheckSellerResponse> response = Call(&Stub::CheckSeller, request, kService);
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
                       Call(&Stub::CreateAuthorization, AuthorizeRequest(partner, "offers/bpos-standard-suite")));
  EXPECT_TRUE(absl::StartsWith(authorization.name(), absl::StrCat(partner, "/authorizations/")));
  EXPECT_EQ(authorization.product(), "offers/bpos-standard-suite");
  EXPECT_EQ(authorization.start_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_FALSE(authorization.has_end_time());
  EXPECT_THAT(Unauthorized(customer), ElementsAre("offers/exchange-online"));
  ASSERT_OK(Call(&Stub::CreateAuthorization, AuthorizeRequest(partner, "offers/-")));
  EXPECT_THAT(Unauthorized(customer), ElementsAre());
}

TEST_F(AuthorizationApiTest, CountsFromItsStartToItsEnd) {
  const std::string partner = CreatePartner().name();
  const std::string customer = CreateCustomer(partner).name();
  v1::CreateAuthorizationRequest request = AuthorizeRequest(partner, "offers/-");
  *request.mutable_authorization()->mutable_start_time() = rpc::ToProto(clock_.Now() + absl::Hours(1));
  *request.mutable_authorization()->mutable_end_time() = rpc::ToProto(clock_.Now() + absl::Hours(2));
  ASSERT_OK(Call(&Stub::CreateAuthorization, request));
  EXPECT_THAT(Unauthorized(customer), ::testing::SizeIs(2));
  clock_.Advance(absl::Hours(1));
  EXPECT_THAT(Unauthorized(customer), ElementsAre());
  clock_.Advance(absl::Hours(1));
  EXPECT_THAT(Unauthorized(customer), ::testing::SizeIs(2));
}

TEST_F(AuthorizationApiTest, RefusesOneThatStartsInThePastOrEndsBeforeItStarts) {
  v1::CreateAuthorizationRequest request = AuthorizeRequest(CreatePartner().name(), "offers/-");
  *request.mutable_authorization()->mutable_start_time() = rpc::ToProto(clock_.Now() - absl::Seconds(1));
  EXPECT_THAT(Call(&Stub::CreateAuthorization, request), StatusIs(absl::StatusCode::kInvalidArgument));
  request.mutable_authorization()->clear_start_time();
  *request.mutable_authorization()->mutable_end_time() = rpc::ToProto(clock_.Now() - absl::Seconds(1));
  EXPECT_THAT(Call(&Stub::CreateAuthorization, request), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(CountRows("authorizations"), 0);
}

TEST_F(AuthorizationApiTest, AnswersTheSameRequestWithTheSameBytesLongAfterItsStart) {
  v1::CreateAuthorizationRequest request = AuthorizeRequest(CreatePartner().name(), "offers/-");
  *request.mutable_authorization()->mutable_start_time() = rpc::ToProto(clock_.Now());
  ASSERT_OK_AND_ASSIGN(const v1::Authorization first, Call(&Stub::CreateAuthorization, request));
  clock_.Advance(absl::Hours(48));
  ASSERT_OK_AND_ASSIGN(const v1::Authorization again, Call(&Stub::CreateAuthorization, request));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(CountRows("authorizations"), 1);
}

TEST_F(AuthorizationApiTest, GoesOnUntilFurtherNoticeOrEndsAtOnceAndForGood) {
  const std::string partner = CreatePartner().name();
  const std::string customer = CreateCustomer(partner).name();
  v1::CreateAuthorizationRequest create = AuthorizeRequest(partner, "offers/-");
  *create.mutable_authorization()->mutable_end_time() = rpc::ToProto(clock_.Now() + absl::Hours(2));
  ASSERT_OK_AND_ASSIGN(const v1::Authorization created, Call(&Stub::CreateAuthorization, create));
  clock_.Advance(absl::Hours(1));
  v1::UpdateAuthorizationRequest request;
  request.mutable_authorization()->set_name(created.name());
  request.mutable_update_mask()->add_paths("end_time");
  request.set_etag(created.etag());
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Authorization open, Call(&Stub::UpdateAuthorization, request));
  EXPECT_FALSE(open.has_end_time());
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Stub::UpdateAuthorization, request), HasReason("ETAG_MISMATCH"));
  clock_.Advance(absl::Hours(2));
  EXPECT_THAT(Unauthorized(customer), ElementsAre());

  request.clear_etag();
  *request.mutable_authorization()->mutable_end_time() = rpc::ToProto(clock_.Now());
  ASSERT_OK_AND_ASSIGN(const v1::Authorization ended, Call(&Stub::UpdateAuthorization, request));
  EXPECT_EQ(ended.end_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_THAT(Unauthorized(customer), ::testing::SizeIs(2));
  request.mutable_authorization()->clear_end_time();
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Stub::UpdateAuthorization, request), HasReason("AUTHORIZATION_ENDED"));
  EXPECT_THAT(Unauthorized(customer), ::testing::SizeIs(2));

  v1::GetAuthorizationRequest get;
  get.set_name(created.name());
  ASSERT_OK_AND_ASSIGN(const v1::Authorization read, Call(&Stub::GetAuthorization, get, partner));
  EXPECT_EQ(read.SerializeAsString(), ended.SerializeAsString());
  EXPECT_THAT(Call(&Stub::GetAuthorization, get, CreatePartner("P-1002").name()),
              StatusIs(absl::StatusCode::kNotFound));
  get.set_name(absl::StrCat(partner, "/authorizations/", NewRequestId()));
  EXPECT_THAT(Call(&Stub::GetAuthorization, get), HasReason("AUTHORIZATION_NOT_FOUND"));
}

TEST_F(AuthorizationApiTest, LetsOnlyOperatorsSayWhatMayBeSold) {
  const std::string partner = CreatePartner().name();
  EXPECT_THAT(Call(&Stub::CreateAuthorization, AuthorizeRequest(partner, "offers/-"), partner),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Call(&Stub::CreateAuthorization, AuthorizeRequest(partner, "offers/-"), kService),
              StatusIs(absl::StatusCode::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(const v1::Authorization created,
                       Call(&Stub::CreateAuthorization, AuthorizeRequest(partner, "offers/-")));
  v1::UpdateAuthorizationRequest update;
  *update.mutable_authorization() = created;
  update.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Stub::UpdateAuthorization, update, partner), StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(AuthorizationApiTest, AuthorizesNobodyWhoIsOut) {
  const std::string partner = CreatePartner().name();
  ASSERT_OK(Call(&Stub::RejectPartner, TransitionRequest<v1::RejectPartnerRequest>(partner)));
  EXPECT_THAT(Call(&Stub::CreateAuthorization, AuthorizeRequest(partner, "offers/-")), HasReason("PARTNER_STATE"));
  EXPECT_THAT(Call(&Stub::CreateAuthorization, AuthorizeRequest(absl::StrCat("partners/", NewRequestId()), "offers/-")),
              HasReason("PARTNER_NOT_FOUND"));
}

}  // namespace
}  // namespace countersign::partner
