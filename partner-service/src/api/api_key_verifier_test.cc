#include <string>
#include <vector>

#include "common/rpc/convert.h"
#include "countersign/partner/v1/api_key.pb.h"
#include "countersign/partner/v1/api_key_service.grpc.pb.h"
#include "countersign/partner/v1/customer.pb.h"
#include "countersign/partner/v1/customer_service.grpc.pb.h"
#include "countersign/partner/v1/partner.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

using ApiKeyVerifierTest = ApiTest;

TEST_F(ApiKeyVerifierTest, RefusesEverythingThatIsNoLiveKeyWithOneAnswer) {
  const std::string partner = CreatePartner().name();
  const v1::ApiKey key = CreateKey(partner);
  std::string wrong = key.key();
  wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
  v1::CreateApiKeyRequest short_lived = CreateKeyRequest(partner);
  *short_lived.mutable_api_key()->mutable_expire_time() = rpc::ToProto(clock_.Now() + absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const v1::ApiKey expired, Call(&v1::ApiKeyService::Stub::CreateApiKey, short_lived));
  ASSERT_OK_AND_ASSIGN(const v1::VerifyApiKeyResponse before, Verify(expired.key()));
  EXPECT_EQ(before.expire_time().seconds(), expired.expire_time().seconds());
  clock_.Advance(absl::Hours(1));
  std::string unknown = key.key();
  unknown[40] = unknown[40] == '0' ? '1' : '0';  // Of the key id.

  const absl::Status first = Verify("no key at all").status();
  EXPECT_THAT(first, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(first, HasReason("API_KEY_INVALID"));
  for (const std::string& text : {std::string(), wrong, unknown, expired.key(), std::string(10'000, 'x')}) {
    const absl::Status refused = Verify(text).status();
    EXPECT_THAT(refused, HasReason("API_KEY_INVALID")) << text;
    EXPECT_EQ(refused.message(), first.message());
  }
  EXPECT_OK(Verify(key.key()));
}

TEST_F(ApiKeyVerifierTest, RefusesTheKeysOfAPartnerThatIsOut) {
  const std::string partner = CreatePartner().name();
  const v1::ApiKey key = CreateKey(partner);
  ASSERT_OK(Call(&v1::PartnerService::Stub::ApprovePartner, TransitionRequest<v1::ApprovePartnerRequest>(partner)));
  ASSERT_OK(Call(&v1::PartnerService::Stub::SuspendPartner, TransitionRequest<v1::SuspendPartnerRequest>(partner)));
  ASSERT_OK_AND_ASSIGN(const v1::VerifyApiKeyResponse suspended, Verify(key.key()));
  EXPECT_EQ(suspended.partner_state(), v1::Partner::STATE_SUSPENDED);
  ASSERT_OK(Call(&v1::PartnerService::Stub::TerminatePartner, TransitionRequest<v1::TerminatePartnerRequest>(partner)));
  EXPECT_THAT(Verify(key.key()), HasReason("API_KEY_INVALID"));
  EXPECT_THAT(Call(&v1::ApiKeyService::Stub::CreateApiKey, CreateKeyRequest(partner)), HasReason("PARTNER_STATE"));
}

TEST_F(ApiKeyVerifierTest, WritesTheLastUseOnceAMinute) {
  const v1::ApiKey key = CreateKey(CreatePartner().name());
  const auto last_use = [&] { return database_->Query("SELECT last_use_time FROM api_keys").at(0).Time(0); };
  const absl::Time start = clock_.Now();
  ASSERT_OK(Verify(key.key()));
  EXPECT_EQ(last_use(), start);
  clock_.Advance(absl::Seconds(30));
  ASSERT_OK(Verify(key.key()));
  EXPECT_EQ(last_use(), start);
  clock_.Advance(absl::Seconds(30));
  ASSERT_OK(Verify(key.key()));
  EXPECT_EQ(last_use(), start + absl::Minutes(1));
}

TEST_F(ApiKeyVerifierTest, AnswersOnlyServicesWhoseAKeyIs) {
  const std::string partner = CreatePartner().name();
  const std::string key = CreateKey(partner).key();
  EXPECT_THAT(Verify(key, kOperator), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Verify(key, partner), StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(ApiKeyVerifierTest, AdmitsAPartnerByItsKeyAndWithItsRightsOnly) {
  const std::string partner = CreatePartner("P-1001").name();
  const std::string other = CreatePartner("P-1002").name();
  const v1::ApiKey key = CreateKey(partner);
  v1::GetPartnerRequest get;
  get.set_name(partner);
  ASSERT_OK_AND_ASSIGN(const v1::Partner self, Call(&v1::PartnerService::Stub::GetPartner, get, kOperator, key.key()));
  EXPECT_EQ(self.name(), partner);
  get.set_name(other);
  EXPECT_THAT(Call(&v1::PartnerService::Stub::GetPartner, get, kOperator, key.key()),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Call(&v1::PartnerService::Stub::ListPartners, v1::ListPartnersRequest(), kOperator, key.key()),
              StatusIs(absl::StatusCode::kPermissionDenied));
  get.set_name(partner);
  EXPECT_THAT(Call(&v1::PartnerService::Stub::GetPartner, get, kOperator, "cs_nonsense"),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(ApiKeyVerifierTest, RecordsWhichOfAPartnersKeysActedAndAnswersARetryWithTheOther) {
  const std::string partner = CreatePartner().name();
  const std::vector<v1::ApiKey> keys = {CreateKey(partner), CreateKey(partner)};
  v1::CreateCustomerRequest request;
  request.set_parent(partner);
  request.mutable_customer()->set_display_name("Contoso");
  std::vector<std::string> request_ids;
  for (const v1::ApiKey& key : keys) {
    request.set_request_id(request_ids.emplace_back(NewRequestId()));
    ASSERT_OK_AND_ASSIGN(const v1::Customer first,
                         Call(&v1::CustomerService::Stub::CreateCustomer, request, kOperator, key.key()));
    for (const v1::ApiKey& other : keys) {
      ASSERT_OK_AND_ASSIGN(const v1::Customer again,
                           Call(&v1::CustomerService::Stub::CreateCustomer, request, kOperator, other.key()));
      EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
    }
  }
  for (size_t i = 0; i < keys.size(); ++i) {
    const auto rows = database_->Query("SELECT actor, on_behalf_of FROM events WHERE request_id = ?", {request_ids[i]});
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].Bytes(0), keys[i].name());
    EXPECT_EQ(rows[0].Bytes(1), "");
  }
  const auto callers = database_->Query("SELECT DISTINCT caller FROM stored_replies WHERE method LIKE '%Customer'");
  ASSERT_EQ(callers.size(), 1u);
  EXPECT_EQ(callers[0].Bytes(0), partner);
}

TEST_F(ApiKeyVerifierTest, TakesTheRightToBeginSomethingFromASuspendedPartner) {
  const std::string partner = CreatePartner().name();
  const v1::ApiKey key = CreateKey(partner);
  ASSERT_OK(Call(&v1::PartnerService::Stub::ApprovePartner, TransitionRequest<v1::ApprovePartnerRequest>(partner)));
  ASSERT_OK(Call(&v1::PartnerService::Stub::SuspendPartner, TransitionRequest<v1::SuspendPartnerRequest>(partner)));
  const auto denied = Call(&v1::ApiKeyService::Stub::CreateApiKey, CreateKeyRequest(partner), kOperator, key.key());
  EXPECT_THAT(denied, StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(denied.status().message(), ::testing::HasSubstr("suspended"));
  v1::RevokeApiKeyRequest revoke;
  revoke.set_name(key.name());
  revoke.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::ApiKeyService::Stub::RevokeApiKey, revoke, kOperator, key.key()));
  v1::GetPartnerRequest get;
  get.set_name(partner);
  const auto dead =
      Call(&v1::PartnerService::Stub::GetPartner, get, kOperator, key.key());  // At once, in this service.
  EXPECT_THAT(dead, StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(dead, HasReason("API_KEY_INVALID"));
}

}  // namespace
}  // namespace countersign::partner
