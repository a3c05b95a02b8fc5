#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "countersign/partner/v1/api_key.pb.h"
#include "countersign/partner/v1/api_key_service.grpc.pb.h"
#include "countersign/partner/v1/partner.pb.h"
#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

using ApiKeyApiTest = ApiTest;

TEST_F(ApiKeyApiTest, MakesAKeyThatTellsWhoseItIs) {
  const std::string partner = CreatePartner().name();
  const v1::ApiKey key = CreateKey(partner);
  EXPECT_TRUE(absl::StartsWith(key.name(), absl::StrCat(partner, "/apiKeys/"))) << key.name();
  EXPECT_TRUE(absl::StartsWith(key.key(), absl::StrCat(key.prefix(), "_"))) << key.prefix();
  EXPECT_TRUE(key.live());
  ASSERT_OK_AND_ASSIGN(const v1::VerifyApiKeyResponse verified, Verify(key.key()));
  EXPECT_EQ(verified.partner(), partner);
  EXPECT_EQ(verified.name(), key.name());
  EXPECT_EQ(verified.partner_state(), v1::Partner::STATE_PENDING);
  EXPECT_FALSE(verified.has_expire_time());
}

TEST_F(ApiKeyApiTest, ShowsTheKeyToTheSameRequestForADayAndKeepsItSealed) {
  const v1::CreateApiKeyRequest request = CreateKeyRequest(CreatePartner().name());
  ASSERT_OK_AND_ASSIGN(const v1::ApiKey first, Call(&v1::ApiKeyService::Stub::CreateApiKey, request));
  clock_.Advance(absl::Hours(23));
  ASSERT_OK_AND_ASSIGN(const v1::ApiKey again, Call(&v1::ApiKeyService::Stub::CreateApiKey, request));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  clock_.Advance(absl::Hours(2));
  EXPECT_THAT(Call(&v1::ApiKeyService::Stub::CreateApiKey, request), HasReason("SECRET_NO_LONGER_SHOWN"));

  const std::string secret = first.key().substr(first.prefix().size() + 1);
  for (const char* column : {"reply FROM stored_replies", "payload FROM events", "secret_sha256 FROM api_keys"}) {
    for (const mysql::Row& row : database_->Query(absl::StrCat("SELECT ", column))) {
      EXPECT_THAT(row.Bytes(0), ::testing::Not(::testing::HasSubstr(secret))) << column;
    }
  }
}

TEST_F(ApiKeyApiTest, LetsAPartnerMakeItsOwnKeysAndNobodyElses) {
  const std::string partner = CreatePartner("P-1001").name();
  const std::string other = CreatePartner("P-1002").name();
  EXPECT_OK(Call(&v1::ApiKeyService::Stub::CreateApiKey, CreateKeyRequest(partner), partner));
  EXPECT_THAT(Call(&v1::ApiKeyService::Stub::CreateApiKey, CreateKeyRequest(partner), other),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(CountRows("api_keys"), 1);
}

TEST_F(ApiKeyApiTest, MakesNoThirdLiveKey) {
  const std::string partner = CreatePartner().name();
  v1::CreateApiKeyRequest short_lived = CreateKeyRequest(partner);
  *short_lived.mutable_api_key()->mutable_expire_time() = rpc::ToProto(clock_.Now() + absl::Hours(1));
  ASSERT_OK(Call(&v1::ApiKeyService::Stub::CreateApiKey, short_lived));
  CreateKey(partner);
  EXPECT_THAT(Call(&v1::ApiKeyService::Stub::CreateApiKey, CreateKeyRequest(partner)), HasReason("API_KEY_LIMIT"));
  v1::CreateApiKeyRequest dry = CreateKeyRequest(partner);
  dry.set_validate_only(true);
  EXPECT_THAT(Call(&v1::ApiKeyService::Stub::CreateApiKey, dry), HasReason("API_KEY_LIMIT"));
  clock_.Advance(absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const v1::ApiKey checked, Call(&v1::ApiKeyService::Stub::CreateApiKey, dry));
  EXPECT_EQ(checked.key(), "");
  EXPECT_EQ(CountRows("api_keys"), 2);
  EXPECT_OK(Call(&v1::ApiKeyService::Stub::CreateApiKey, CreateKeyRequest(partner)));
}

TEST_F(ApiKeyApiTest, RevokesAKeyAtOnceAndMakesRoomForAnother) {
  const std::string partner = CreatePartner().name();
  const v1::ApiKey key = CreateKey(partner);
  CreateKey(partner);
  v1::RevokeApiKeyRequest request;
  request.set_name(key.name());
  request.set_etag("7");
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::ApiKeyService::Stub::RevokeApiKey, request, partner), HasReason("ETAG_MISMATCH"));
  request.set_etag(key.etag());
  ASSERT_OK_AND_ASSIGN(const v1::ApiKey revoked, Call(&v1::ApiKeyService::Stub::RevokeApiKey, request, partner));
  EXPECT_FALSE(revoked.live());
  EXPECT_EQ(revoked.key(), "");
  EXPECT_EQ(revoked.revoke_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_THAT(Verify(key.key()), HasReason("API_KEY_INVALID"));
  ASSERT_OK_AND_ASSIGN(const v1::ApiKey again, Call(&v1::ApiKeyService::Stub::RevokeApiKey, request, partner));
  EXPECT_EQ(again.SerializeAsString(), revoked.SerializeAsString());
  request.clear_etag();
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::ApiKeyService::Stub::RevokeApiKey, request, partner), HasReason("API_KEY_REVOKED"));
  EXPECT_OK(Call(&v1::ApiKeyService::Stub::CreateApiKey, CreateKeyRequest(partner)));
}

TEST_F(ApiKeyApiTest, ShowsAKeyToItsOwnerWithoutTheSecret) {
  const std::string partner = CreatePartner("P-1001").name();
  const v1::ApiKey key = CreateKey(partner);
  ASSERT_OK(Verify(key.key()));
  v1::GetApiKeyRequest request;
  request.set_name(key.name());
  ASSERT_OK_AND_ASSIGN(const v1::ApiKey read, Call(&v1::ApiKeyService::Stub::GetApiKey, request, partner));
  EXPECT_EQ(read.key(), "");
  EXPECT_EQ(read.prefix(), key.prefix());
  EXPECT_EQ(read.last_use_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  const std::string other = CreatePartner("P-1002").name();
  EXPECT_THAT(Call(&v1::ApiKeyService::Stub::GetApiKey, request, other), StatusIs(absl::StatusCode::kNotFound));
  v1::RevokeApiKeyRequest revoke;
  revoke.set_name(key.name());
  revoke.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::ApiKeyService::Stub::RevokeApiKey, revoke, other), StatusIs(absl::StatusCode::kNotFound));
  request.set_name(absl::StrCat(partner, "/apiKeys/", NewRequestId()));
  EXPECT_THAT(Call(&v1::ApiKeyService::Stub::GetApiKey, request, partner), HasReason("API_KEY_NOT_FOUND"));
}

TEST_F(ApiKeyApiTest, MakesNoKeyThatExpiredAlready) {
  v1::CreateApiKeyRequest request = CreateKeyRequest(CreatePartner().name());
  *request.mutable_api_key()->mutable_expire_time() = rpc::ToProto(clock_.Now());
  EXPECT_THAT(Call(&v1::ApiKeyService::Stub::CreateApiKey, request), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(CountRows("api_keys"), 0);
}

TEST_F(ApiKeyApiTest, ShowsThePartnersKeysPageByPage) {
  const std::string partner = CreatePartner("P-1001").name();
  std::vector<std::string> made;
  for (int i = 0; i < 3; ++i) {
    v1::CreateApiKeyRequest request = CreateKeyRequest(partner);
    *request.mutable_api_key()->mutable_expire_time() = rpc::ToProto(clock_.Now() + absl::Seconds(1));
    made.push_back(Call(&v1::ApiKeyService::Stub::CreateApiKey, request).value_or(v1::ApiKey()).name());
    clock_.Advance(absl::Seconds(1));
  }
  v1::ListApiKeysRequest list;
  list.set_parent(partner);
  for (const std::string& caller : {partner, std::string(kOperator), std::string(kViewer)}) {
    EXPECT_THAT(Names(&v1::ApiKeyService::Stub::ListApiKeys, list, &v1::ListApiKeysResponse::api_keys, caller),
                ElementsAreArray(made));
  }
  EXPECT_THAT(Call(&v1::ApiKeyService::Stub::ListApiKeys, list, CreatePartner("P-1002").name()),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ApiKeyApiTest, FiltersByWhatTheyAreForAndByTime) {
  const std::string partner = CreatePartner("P-1001").name();
  const auto key = [&](const std::string& display_name, bool expires) {
    v1::CreateApiKeyRequest request = CreateKeyRequest(partner);
    request.mutable_api_key()->set_display_name(display_name);
    if (expires) *request.mutable_api_key()->mutable_expire_time() = rpc::ToProto(clock_.Now() + absl::Hours(24));
    const absl::StatusOr<v1::ApiKey> made = Call(&v1::ApiKeyService::Stub::CreateApiKey, request);
    EXPECT_OK(made);
    clock_.Advance(absl::Hours(1));
    return made.value_or(v1::ApiKey());
  };
  const std::string revoked = key("ordering", /*expires=*/false).name();
  v1::RevokeApiKeyRequest revoke;
  revoke.set_name(revoked);
  revoke.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::ApiKeyService::Stub::RevokeApiKey, revoke));  // At 10:00.
  const std::string expiring = key("ordering", /*expires=*/true).name();
  const v1::ApiKey used = key("fees", /*expires=*/false);
  ASSERT_OK(Verify(used.key()));  // At 12:00.
  const auto listed = [&](const std::string& filter) {
    v1::ListApiKeysRequest request;
    request.set_parent(partner);
    request.set_filter(filter);
    return Names(&v1::ApiKeyService::Stub::ListApiKeys, request, &v1::ListApiKeysResponse::api_keys, partner);
  };
  EXPECT_THAT(listed("display_name = ordering"), ElementsAre(revoked, expiring));
  EXPECT_THAT(listed("create_time > \"2009-06-01T09:30:00Z\""), ElementsAre(expiring, used.name()));
  // An unset time is later than any time; the last use of an unused key is earlier than any.
  EXPECT_THAT(listed("expire_time < \"2009-06-03T00:00:00Z\""), ElementsAre(expiring));
  EXPECT_THAT(listed("expire_time > \"2009-06-03T00:00:00Z\""), ElementsAre(revoked, used.name()));
  EXPECT_THAT(listed("revoke_time <= \"2009-06-01T10:00:00Z\""), ElementsAre(revoked));
  EXPECT_THAT(listed("last_use_time < \"2009-06-01T12:00:00Z\""), ElementsAre(revoked, expiring));
  EXPECT_THAT(listed("last_use_time >= \"2009-06-01T12:00:00Z\""), ElementsAre(used.name()));
  EXPECT_THAT(listed("expire_time > \"2009-06-01T12:00:00Z\" AND revoke_time > \"2009-06-01T12:00:00Z\""),
              ElementsAre(expiring, used.name()));
}

}  // namespace
}  // namespace countersign::partner
