// A full run's logs contain no token, key or password: the story, keys that are made, used wrongly and revoked, links
// that are reissued and guessed, certificates that are exchanged, and errors, all at the most talkative level.
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/mysql/server_url.h"
#include "common/testing/http_client.h"
#include "common/testing/test_database.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "countersign/partner/v1/api_key_service.grpc.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "integration-tests/proof.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr size_t kShortestSecret = 8;

// What is secret, and what it is.
using Secrets = std::map<std::string, std::string>;

void Add(Secrets& secrets, const std::string& what, const std::string& secret) {
  ASSERT_GE(secret.size(), kShortestSecret) << what;
  secrets[secret] = what;
}

// The whole, and the part that nobody can guess: "cs_…_…_SECRET", "http://…/c/ID.SECRET".
void AddKey(Secrets& secrets, const std::string& what, const std::string& key) {
  Add(secrets, what, key);
  const std::vector<std::string> parts = absl::StrSplit(key, absl::MaxSplits('_', 3));
  ASSERT_EQ(parts.size(), 4) << what;
  Add(secrets, what + "'s secret", parts[3]);
}
void AddUrl(Secrets& secrets, const std::string& what, const std::string& url) {
  Add(secrets, what, url.substr(url.find("/c/")));
  Add(secrets, what + "'s secret", url.substr(url.rfind('.') + 1));
}

// The words of the files in which the services find passwords and keys: "k1:0123…" is a key's id and the key.
void AddFiles(Secrets& secrets, const std::string& directory) {
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string extension = entry.path().extension();
    if (extension != ".password" && extension != ".reply_keys" && extension != ".keys") continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      Add(secrets, entry.path().filename(), line.substr(line.find(':') + 1));  // All of it where there is no colon.
    }
  }
}

class LogSecretsTest : public SuiteTest {
 protected:
  static void SetUpTestSuite() {
    setenv("FLAGS_log_level", "debug", 1);
    SuiteTest::SetUpTestSuite();
  }
};

// A refusal of every kind that takes a secret in.
void MakeErrors(Suite& suite, Story& story, const std::string& key, Secrets& secrets) {
  // A key with another secret, cut off, and where it does not belong.
  std::string wrong = key;
  wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
  AddKey(secrets, "the wrong key", wrong);
  for (const std::string& bearer : {wrong, key.substr(0, key.size() - 3), "cs_" + key, absl::StrCat(key, " ", key)}) {
    const std::unique_ptr<grpc::ClientContext> context = NewContext();
    context->AddMetadata("authorization", "Bearer " + bearer);
    partner::v1::GetPartnerRequest request;
    request.set_name(story.partner);
    partner::v1::Partner reply;
    EXPECT_FALSE(suite.stub<partner::v1::PartnerService>().GetPartner(context.get(), request, &reply).ok());
  }
  partner::v1::GetPartnerRequest misplaced;
  misplaced.set_name("partners/" + key);
  partner::v1::Partner reply;
  EXPECT_FALSE(suite.stub<partner::v1::PartnerService>().GetPartner(As(story.partner).get(), misplaced, &reply).ok());

  // A link that is nobody's, with the right link's id and another secret; presses that are refused.
  std::string guessed = story.url;
  guessed.back() = guessed.back() == 'A' ? 'Q' : 'A';
  AddUrl(secrets, "the guessed URL", guessed);
  for (const std::string& url : {guessed, story.url + "x", story.url + "?next=" + story.url}) {
    testing::HttpGet(url);
    testing::HttpPost(url, {{"action", "confirm"}});
  }
}

TEST_F(LogSecretsTest, AFullRunLogsNoSecret) {
  Secrets secrets;
  Story story(suite());
  ASSERT_EQ(story.Run(), absl::OkStatus());
  const std::string first_key = KeyOf(story.partner);
  AddKey(secrets, "the first API key", first_key);
  AddUrl(secrets, "the first URL", story.url);

  // A second key, and the first one revoked.
  partner::v1::CreateApiKeyRequest create;
  create.set_parent(story.partner);
  create.mutable_api_key()->set_display_name("second");
  create.set_request_id(NewRequestId());
  partner::v1::ApiKey second;
  ASSERT_TRUE(suite().stub<partner::v1::ApiKeyService>().CreateApiKey(As(story.partner).get(), create, &second).ok());
  AddKey(secrets, "the second API key", second.key());
  RememberKey(story.partner, second.key());
  partner::v1::RevokeApiKeyRequest revoke;
  revoke.set_name(story.api_key);
  revoke.set_request_id(NewRequestId());
  partner::v1::ApiKey revoked;
  ASSERT_TRUE(suite().stub<partner::v1::ApiKeyService>().RevokeApiKey(As(story.partner).get(), revoke, &revoked).ok());

  // Another order, whose link is reissued.
  Story other(suite());
  other.partner = story.partner;
  other.customer = story.customer;
  ASSERT_EQ(other.CreateOrder(), absl::OkStatus());
  ASSERT_EQ(other.Submit(), absl::OkStatus());
  AddUrl(secrets, "the second URL", other.url);
  order::v1::ReissueLinkRequest reissue;
  reissue.set_name(other.order);
  reissue.set_request_id(NewRequestId());
  order::v1::SubmitOrderResponse reissued;
  ASSERT_TRUE(suite().stub<order::v1::OrderService>().ReissueLink(As(story.partner).get(), reissue, &reissued).ok());
  AddUrl(secrets, "the reissued URL", reissued.confirmation_url());

  MakeErrors(suite(), story, first_key, secrets);

  // Every certificate exchanged, and a start after a crash.
  for (const Service service : kServices) {
    const testing::TestCertificate next = suite().authority().Issue(testing::ServiceSpec(NameOf(service) + "-service"));
    suite().ReplaceCertificate(service, next, suite().authority().pem());
    suite().Kill(service);
    ASSERT_EQ(suite().StartService(service), absl::OkStatus());
  }
  ASSERT_EQ(other.GetOrder().status(), absl::OkStatus());

  AddFiles(secrets, suite().directory());
  const absl::StatusOr<mysql::ServerUrl> server = mysql::ParseServerUrl(testing::TestServerOptions().url);
  ASSERT_EQ(server.status(), absl::OkStatus());
  if (!server->password.empty()) Add(secrets, "the administrator's password", server->password);
  EXPECT_GE(secrets.size(), 20) << "passwords and keys of four services, and what was made above";

  const std::regex patterns(R"(cs_[0-9a-f]{8,}_[0-9a-f]+_[A-Za-z0-9_-]+|[Bb]earer\s|/c/[0-9a-f-]+\.|PRIVATE KEY)");
  for (const Service service : kServices) {
    const std::string log = suite().Log(service);
    EXPECT_THAT(log, HasSubstr("ready")) << NameOf(service);
    for (const auto& [secret, what] : secrets) {
      EXPECT_FALSE(absl::StrContains(log, secret)) << NameOf(service) << "-service logged " << what;
    }
    for (const absl::string_view line : absl::StrSplit(log, '\n')) {
      EXPECT_FALSE(std::regex_search(std::string(line), patterns)) << NameOf(service) << ": " << line;
    }
  }
}

}  // namespace
}  // namespace countersign::integration
