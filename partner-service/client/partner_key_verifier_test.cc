#include "partner-service/client/partner_key_verifier.h"

#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/rpc/caller.h"
#include "common/rpc/status.h"
#include "common/testing/in_process_server.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "countersign/partner/v1/api_key_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::partner {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::countersign::testing::TestDeadline;
using ::testing::ElementsAre;

constexpr char kKey[] = "partners/0190a5b2-7c3d-7e4f-8a6b-0123456789ab/apiKeys/0190a5b2-7c3d-7e4f-8a6b-0123456789ac";
constexpr char kPartner[] = "partners/0190a5b2-7c3d-7e4f-8a6b-0123456789ab";

// Answers every key the same.
class FakeApiKeyService final : public v1::ApiKeyService::Service {
 public:
  grpc::Status VerifyApiKey(grpc::ServerContext* context, const v1::VerifyApiKeyRequest* request,
                            v1::VerifyApiKeyResponse* reply) override {
    keys.push_back(request->api_key());
    const auto caller = context->client_metadata().find("countersign-caller");
    if (caller != context->client_metadata().end()) callers.emplace_back(caller->second.data(), caller->second.size());
    reply->set_partner(kPartner);
    reply->set_partner_state(state);
    reply->set_name(name);
    return rpc::ToGrpc(status, "");
  }

  v1::Partner::State state = v1::Partner::STATE_ACTIVE;
  std::string name = kKey;
  absl::Status status;
  std::vector<std::string> keys;
  std::vector<std::string> callers;
};

class PartnerKeyVerifierTest : public ::testing::Test {
 protected:
  absl::StatusOr<rpc::VerifiedKey> Verify(const std::string& key) { return verify_(key, TestDeadline()); }

  FakeApiKeyService service_;
  testing::InProcessServer server_{{&service_}};
  rpc::KeyVerifier verify_ = PartnerKeyVerifier("link-service", server_.channel());
};

TEST_F(PartnerKeyVerifierTest, SaysWhoseAKeyIs) {
  ASSERT_OK_AND_ASSIGN(const rpc::VerifiedKey verified, Verify("cs_1"));
  EXPECT_EQ(verified.partner, rpc::ParseCaller(kPartner)->partner);
  EXPECT_FALSE(verified.suspended);
  EXPECT_EQ(verified.name, kKey);
  EXPECT_THAT(service_.keys, ElementsAre("cs_1"));
  EXPECT_THAT(service_.callers, ElementsAre("services/link-service"));
}

TEST_F(PartnerKeyVerifierTest, OnlyAnActiveOrPendingPartnerHasAllRights) {
  service_.state = v1::Partner::STATE_PENDING;
  EXPECT_FALSE(Verify("pending")->suspended);
  service_.state = v1::Partner::STATE_SUSPENDED;
  EXPECT_TRUE(Verify("suspended")->suspended);
  service_.state = static_cast<v1::Partner::State>(99);  // Of a newer partner-service.
  EXPECT_TRUE(Verify("unknown")->suspended);
}

TEST_F(PartnerKeyVerifierTest, TakesNoNameThatIsNotOneOfThePartnersKeys) {
  for (const std::string name :
       {"partners/0190a5b2-7c3d-7e4f-8a6b-0123456789ff/apiKeys/0190a5b2-7c3d-7e4f-8a6b-0123456789ac", kPartner,
        "operators/anna"}) {
    service_.name = name;
    EXPECT_FALSE(Verify("cs_4").ok()) << name;
  }
  service_.name = "";  // Of an older partner-service.
  ASSERT_OK_AND_ASSIGN(const rpc::VerifiedKey verified, Verify("cs_4"));
  EXPECT_EQ(verified.name, "");
}

TEST_F(PartnerKeyVerifierTest, SaysThatAKeyIsNoGood) {
  service_.status = NotFound("API_KEY_INVALID", "no");
  const auto verified = Verify("cs_2");
  EXPECT_THAT(verified, HasReason("API_KEY_INVALID"));
  EXPECT_THAT(verified, StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(PartnerKeyVerifierTest, LetsNobodyInWhilePartnerServiceIsDownAndAsksAgain) {
  service_.status = absl::UnavailableError("down");
  EXPECT_THAT(Verify("cs_3"), StatusIs(absl::StatusCode::kUnavailable));
  service_.status = absl::OkStatus();
  EXPECT_OK(Verify("cs_3"));
}

}  // namespace
}  // namespace countersign::partner
