// Who gets a connection, and for whom the caller of a call is taken, over real TLS with certificates of every kind.
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/rpc/channel.h"
#include "common/rpc/credentials.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/raw_call_for_test.h"
#include "common/rpc/server.h"
#include "common/rpc/status.h"
#include "common/rpc/testdata/note_service.grpc.pb.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_certificates.h"
#include "grpcpp/create_channel.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::CallerSpec;
using ::countersign::testing::CertificateFiles;
using ::countersign::testing::CertificateSpec;
using ::countersign::testing::Expired;
using ::countersign::testing::HasReason;
using ::countersign::testing::ServiceSpec;
using ::countersign::testing::StatusIs;
using ::countersign::testing::TestAuthority;
using ::countersign::testing::TestCertificate;
using testdata::Note;
using testdata::NoteService;

constexpr char kServer[] = "note-service";
constexpr char kPartner[] = "partners/01890a5d-ac96-774b-bcce-b302099a8057";
constexpr MethodSpec kGetNote{"countersign.rpc.testdata.NoteService", "GetNote"};
constexpr char kPolicy[] =
    "countersign.rpc.testdata.NoteService/GetNote operator viewer partner suspended-partner order-service";

// Answers who calls: "operators/anna operator".
class NoteHandlers final : public NoteService::Service {
 public:
  explicit NoteHandlers(EndpointOptions options) : endpoint_(std::move(options)) {}

  grpc::Status GetNote(grpc::ServerContext* context, const testdata::GetNoteRequest* request, Note* reply) override {
    return endpoint_.Read(
        kGetNote, context, *request, reply,
        [](const Call&, const testdata::GetNoteRequest& get) { return absl::StatusOr<std::string>(get.name()); },
        [](const Call& call, const std::string&) {
          Note note;
          note.set_name(absl::StrCat(call.caller().name, " ", std::string(PolicyWord(call.caller()))));
          return absl::StatusOr<Note>(note);
        });
  }

 private:
  const Endpoint endpoint_;
};

// A key as it must be written, and what to send with it.
std::string KeyOf(char secret) {
  return absl::StrCat("cs_", std::string(32, 'a'), "_", std::string(16, 'b'), "_", std::string(43, secret));
}
std::string Bearer(char secret) { return absl::StrCat("Bearer ", KeyOf(secret)); }

absl::StatusOr<VerifiedKey> VerifyKey(absl::string_view key, absl::Time) {
  const Uuid partner = ParseCaller(kPartner)->partner;
  if (key == KeyOf('G')) return VerifiedKey{partner, false};
  if (key == KeyOf('S')) return VerifiedKey{partner, true};
  if (key == KeyOf('U')) return absl::UnavailableError("the one who knows is down");
  return NotFound("API_KEY_INVALID", "No such key.");
}

// A channel that shares its connection with no other, as another process would have it.
std::shared_ptr<grpc::Channel> OwnChannel(const std::string& address, const std::string& peer,
                                          const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(peer);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

using Metadata = std::vector<std::pair<std::string, std::string>>;

// Who the server takes the caller for.
absl::StatusOr<std::string> WhoAmI(const std::shared_ptr<grpc::Channel>& channel, const Metadata& metadata = {}) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  for (const auto& [key, value] : metadata) context.AddMetadata(key, value);
  Note note;
  const grpc::Status status = NoteService::NewStub(channel)->GetNote(&context, testdata::GetNoteRequest(), &note);
  if (!status.ok()) return FromGrpc(status);
  return note.name();
}

class TlsTest : public ::testing::Test {
 protected:
  TlsTest() {
    EndpointOptions options;
    options.service = kServer;
    options.clock = &clock_;
    options.access = &access_;
    options.verify_key = VerifyKey;
    handlers_ = std::make_unique<NoteHandlers>(std::move(options));
    server_ = Serve(server_files_);
  }

  static TlsFiles Files(const CertificateFiles& files) {
    return {files.cert_file(), files.key_file(), files.ca_file()};
  }

  std::unique_ptr<Server> Serve(const CertificateFiles& files) {
    ServerOptions options;
    options.credentials = *Credentials::Tls(Files(files));
    return *Server::Start(options, {handlers_.get()}, [] { return absl::OkStatus(); });
  }

  // As gRPC's own client makes it, with a certificate or with none.
  std::shared_ptr<grpc::Channel> Channel(const std::optional<TestCertificate>& certificate) {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = ca_.pem();
    if (certificate.has_value()) {
      options.pem_cert_chain = certificate->cert;
      options.pem_private_key = certificate->key;
    }
    return OwnChannel(server_->address(), kServer, grpc::SslCredentials(options));
  }

  std::shared_ptr<grpc::Channel> ChannelOf(const CertificateSpec& spec) { return Channel(ca_.Issue(spec)); }

  testing::FakeClock clock_;
  AccessControl access_{*AccessPolicy::Parse(kPolicy)};
  const TestAuthority ca_;
  const TestAuthority other_ca_;
  CertificateFiles server_files_{ca_.Issue(ServiceSpec(kServer)), ca_.pem()};
  std::unique_ptr<NoteHandlers> handlers_;
  std::unique_ptr<Server> server_;
};

TEST_F(TlsTest, KnowsItsCallersByTheirCertificates) {
  for (const auto& [id, who] : {
           std::pair("operator/anna", "operators/anna operator"),
           std::pair("viewer/anna", "viewers/anna viewer"),
           std::pair("service/order-service", "services/order-service order-service"),
       }) {
    const auto caller = WhoAmI(ChannelOf(CallerSpec(id)));
    ASSERT_OK(caller) << id;
    EXPECT_EQ(*caller, who);
  }
  EXPECT_THAT(WhoAmI(ChannelOf(ServiceSpec("link-service"))), HasReason("METHOD_NOT_ALLOWED"));
  EXPECT_THAT(WhoAmI(ChannelOf(CallerSpec("service/operator"))), HasReason("METHOD_NOT_ALLOWED"));
}

TEST_F(TlsTest, BelievesNobodyWhoProvesNothing) {
  for (const Metadata& metadata : {Metadata{}, Metadata{{kCallerMetadata, "operators/anna"}}}) {
    const auto caller = WhoAmI(Channel(std::nullopt), metadata);
    EXPECT_THAT(caller, StatusIs(absl::StatusCode::kUnauthenticated));
    EXPECT_THAT(caller, HasReason("CALLER_MISSING"));
  }
  const auto viewer = WhoAmI(ChannelOf(CallerSpec("viewer/eve")), {{kCallerMetadata, "operators/anna"}});
  ASSERT_OK(viewer);
  EXPECT_EQ(*viewer, "viewers/eve viewer");
}

TEST_F(TlsTest, LogsWhereCallsComeFromAndLittleOfNamelessOnes) {
  const auto nameless = Channel(std::nullopt);
  ::testing::internal::CaptureStderr();
  for (int i = 0; i < 500; ++i) EXPECT_FALSE(WhoAmI(nameless).ok());
  EXPECT_OK(WhoAmI(ChannelOf(CallerSpec("operator/anna"))));
  const std::vector<std::string> lines =
      absl::StrSplit(::testing::internal::GetCapturedStderr(), '\n',
                     [](absl::string_view line) { return absl::StrContains(line, "\"message\":\"call\""); });
  EXPECT_THAT(lines, ::testing::Each(::testing::HasSubstr("\"peer\":\"ipv4:127.0.0.1:")));
  EXPECT_THAT(lines, ::testing::Contains(::testing::HasSubstr("operators/anna")));
  EXPECT_LE(lines.size(), 10u * kSparingRecordsPerSecond);  // The calls take far less than ten seconds.
}

TEST_F(TlsTest, GivesNoConnectionToABadCertificate) {
  const auto unavailable = StatusIs(absl::StatusCode::kUnavailable);
  EXPECT_THAT(WhoAmI(Channel(other_ca_.Issue(CallerSpec("operator/anna")))), unavailable);
  EXPECT_THAT(WhoAmI(ChannelOf(Expired(CallerSpec("operator/anna")))), unavailable);
  // Not even with a key.
  EXPECT_THAT(WhoAmI(ChannelOf(Expired(CallerSpec("operator/anna"))), {{kAuthorizationMetadata, Bearer('G')}}),
              unavailable);
  EXPECT_THAT(WhoAmI(OwnChannel(server_->address(), kServer, grpc::InsecureChannelCredentials())), unavailable);
}

TEST_F(TlsTest, TakesOnlyOneNameOfOurOwnKind) {
  const std::string anna = "spiffe://countersign/operator/anna";
  const std::vector<std::vector<std::string>> uris = {
      {},
      {anna, "spiffe://countersign/viewer/anna"},
      {anna, "https://example.org/anna"},
      {"spiffe://elsewhere/operator/anna"},
      {"spiffe://countersign.example/operator/anna"},
      {"spiffe://countersign/partner/01890a5d-ac96-774b-bcce-b302099a8057"},
      {"spiffe://countersign/operators/anna"},
      {"spiffe://countersign/operator"},
      {"spiffe://countersign/operator/anna/extra"},
      {"spiffe://countersign/operator/Anna"},
      {"https://countersign/operator/anna"},
  };
  for (const std::vector<std::string>& names : uris) {
    const auto caller = WhoAmI(ChannelOf({.uris = names}));
    EXPECT_THAT(caller, StatusIs(absl::StatusCode::kUnauthenticated)) << ::testing::PrintToString(names);
    EXPECT_THAT(caller, HasReason("CALLER_MALFORMED")) << ::testing::PrintToString(names);
  }
}

TEST_F(TlsTest, TakesTheHolderOfAKeyForItsPartnerWhateverTheCertificate) {
  const std::string partner = absl::StrCat(kPartner, " partner");
  for (const std::string& header : {Bearer('G'), absl::StrCat("bearer ", KeyOf('G'))}) {
    EXPECT_EQ(WhoAmI(Channel(std::nullopt), {{kAuthorizationMetadata, header}}).value_or(""), partner);
    EXPECT_EQ(WhoAmI(ChannelOf(CallerSpec("operator/anna")), {{kAuthorizationMetadata, header}}).value_or(""), partner);
  }
  EXPECT_EQ(WhoAmI(Channel(std::nullopt), {{kAuthorizationMetadata, Bearer('S')}}).value_or(""),
            absl::StrCat(kPartner, " suspended-partner"));
  // What it says of others is for the record only.
  EXPECT_EQ(WhoAmI(Channel(std::nullopt), {{kAuthorizationMetadata, Bearer('G')},
                                           {kOnBehalfOfMetadata, "operators/anna"},
                                           {kCallerMetadata, "operators/anna"}})
                .value_or(""),
            partner);
}

TEST_F(TlsTest, LetsNobodyInWithAKeyThatIsNotVerified) {
  // Not even one whose certificate would do.
  for (const auto& certificate :
       {std::optional<TestCertificate>(), std::optional(ca_.Issue(CallerSpec("operator/a")))}) {
    const auto channel = Channel(certificate);
    const auto revoked = WhoAmI(channel, {{kAuthorizationMetadata, Bearer('R')}});
    EXPECT_THAT(revoked, StatusIs(absl::StatusCode::kUnauthenticated));
    EXPECT_THAT(revoked, HasReason("API_KEY_INVALID"));
    const auto unknowable = WhoAmI(channel, {{kAuthorizationMetadata, Bearer('U')}});
    EXPECT_THAT(unknowable, StatusIs(absl::StatusCode::kUnavailable));
    EXPECT_THAT(unknowable, HasReason("KEY_NOT_VERIFIED"));
    for (const Metadata& malformed :
         {Metadata{{kAuthorizationMetadata, absl::StrCat("Basic ", KeyOf('G'))}},
          Metadata{{kAuthorizationMetadata, KeyOf('G')}}, Metadata{{kAuthorizationMetadata, ""}},
          Metadata{{kAuthorizationMetadata, std::string(5000, 'x')}},
          Metadata{{kAuthorizationMetadata, Bearer('G')}, {kAuthorizationMetadata, Bearer('G')}}}) {
      EXPECT_THAT(WhoAmI(channel, malformed), HasReason("CALLER_MALFORMED"));
    }
  }
}

TEST_F(TlsTest, TellsHealthToAnybodyWhoGetsAConnection) {
  grpc::ClientContext context;
  const RawReply health = RawCall(Channel(std::nullopt), context, "/grpc.health.v1.Health/Check", "");
  EXPECT_TRUE(health.status.ok()) << health.status.error_message();
}

TEST_F(TlsTest, CallsNoServerThatIsSomebodyElse) {
  const CertificateFiles client_files(ca_.Issue(ServiceSpec("order-service")), ca_.pem());
  const Credentials credentials = *Credentials::Tls(Files(client_files));
  EXPECT_EQ(WhoAmI(*MakeChannel(credentials, kServer, server_->address())).value_or(""),
            "services/order-service order-service");
  // The address is right, the authority is right, and it is not the one that was meant.
  EXPECT_THAT(WhoAmI(*MakeChannel(credentials, "partner-service", server_->address())),
              StatusIs(absl::StatusCode::kUnavailable));
  const CertificateFiles impostor_files(other_ca_.Issue(ServiceSpec(kServer)), ca_.pem());
  const std::unique_ptr<Server> impostor = Serve(impostor_files);
  EXPECT_THAT(WhoAmI(*MakeChannel(credentials, kServer, impostor->address())),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(TlsTest, ServesEveryAddressOnceCallersProveWhoTheyAre) {
  ServerOptions options;
  options.listen = "0.0.0.0:0";
  options.credentials = *Credentials::Tls(Files(server_files_));
  EXPECT_OK(Server::Start(options, {handlers_.get()}, [] { return absl::OkStatus(); }));
  options.credentials = Credentials();
  EXPECT_THAT(Server::Start(options, {handlers_.get()}, [] { return absl::OkStatus(); }), HasReason("LISTEN_ADDRESS"));
}

TEST_F(TlsTest, RefusesFilesThatAreNoIdentity) {
  const TlsFiles good = Files(server_files_);
  EXPECT_OK(Credentials::Tls(good));
  const CertificateFiles other(ca_.Issue(ServiceSpec(kServer)), "no certificate");
  for (const TlsFiles& bad : {
           TlsFiles{"/nowhere", good.key_file, good.ca_file},
           TlsFiles{good.cert_file, "/nowhere", good.ca_file},
           TlsFiles{good.cert_file, good.key_file, "/nowhere"},
           TlsFiles{good.key_file, good.key_file, good.ca_file},
           TlsFiles{good.cert_file, good.cert_file, good.ca_file},
           TlsFiles{good.cert_file, other.key_file(), good.ca_file},  // Another's key.
           TlsFiles{good.cert_file, good.key_file, other.ca_file()},
       }) {
    EXPECT_THAT(Credentials::Tls(bad), HasReason("TLS_FILES"));
  }
}

// Asks again until `reached` says so; a minute is far more than the files' watcher takes.
template <typename Reached>
bool Await(const Reached& reached) {
  const absl::Time end = absl::Now() + absl::Minutes(1);
  while (absl::Now() < end) {
    if (reached()) return true;
  }
  return false;
}

// As it is done in production: first both authorities are trusted, then everybody gets a new certificate, then the old
// authority goes. Every call opens a connection of its own, and none may fail.
TEST_F(TlsTest, LosesNoCallWhileEveryCertificateAndTheAuthorityAreExchanged) {
  CertificateFiles client_files(ca_.Issue(ServiceSpec("order-service")), ca_.pem());
  const Credentials client = *Credentials::Tls(Files(client_files));
  // The client is a service: its own server reads the same files all the time. (Where the last channel goes in the very
  // moment in which the next one comes, gRPC 1.51 may forget to give that one the files.)
  ServerOptions own_options;
  own_options.credentials = client;
  const std::unique_ptr<Server> own_server =
      *Server::Start(own_options, {handlers_.get()}, [] { return absl::OkStatus(); });
  const TestAuthority new_ca;
  const std::string both = absl::StrCat(ca_.pem(), new_ca.pem());
  const TestCertificate old_caller = ca_.Issue(CallerSpec("operator/anna"));
  const TestCertificate new_caller = new_ca.Issue(CallerSpec("operator/anna"));
  const CertificateFiles new_server_files(new_ca.Issue(ServiceSpec(kServer)), both);
  const std::unique_ptr<Server> new_server = Serve(new_server_files);

  std::atomic<bool> stop{false};
  std::atomic<int> calls{0};
  std::vector<std::string> failures(2);
  std::vector<std::thread> threads;
  for (std::string& failure : failures) {
    threads.emplace_back([&] {
      while (!stop && failure.empty()) {
        const auto caller = WhoAmI(OwnChannel(server_->address(), kServer, client.client()));
        if (!caller.ok()) failure = caller.status().ToString();
        ++calls;
      }
    });
  }
  // A certificate of the new authority shows that the server trusts it, and the new server that the client does.
  server_files_.Replace(ca_.Issue(ServiceSpec(kServer)), both);
  client_files.Replace(ca_.Issue(ServiceSpec("order-service")), both);
  EXPECT_TRUE(Await([&] { return WhoAmI(Channel(new_caller)).ok(); }));
  EXPECT_TRUE(Await([&] { return WhoAmI(OwnChannel(new_server->address(), kServer, client.client())).ok(); }));

  server_files_.Replace(new_ca.Issue(ServiceSpec(kServer)), both);
  client_files.Replace(new_ca.Issue(ServiceSpec("order-service")), both);
  // Who trusts only the old authority gets no connection any more once the server shows a certificate of the new one.
  EXPECT_TRUE(Await([&] { return absl::IsUnavailable(WhoAmI(Channel(old_caller)).status()); }));
  const CertificateFiles strict_files(new_ca.Issue(ServiceSpec(kServer)), new_ca.pem());
  const std::unique_ptr<Server> strict_server = Serve(strict_files);
  EXPECT_TRUE(Await([&] { return WhoAmI(OwnChannel(strict_server->address(), kServer, client.client())).ok(); }));

  server_files_.Replace(new_ca.Issue(ServiceSpec(kServer)), new_ca.pem());
  client_files.Replace(new_ca.Issue(ServiceSpec("order-service")), new_ca.pem());
  grpc::SslCredentialsOptions old_options{both, old_caller.key, old_caller.cert};
  EXPECT_TRUE(Await([&] {
    return absl::IsUnavailable(
        WhoAmI(OwnChannel(server_->address(), kServer, grpc::SslCredentials(old_options))).status());
  }));
  const int seen = calls;
  EXPECT_TRUE(Await([&] { return calls > seen + 2; }));
  stop = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(failures, ::testing::Each(""));
}

}  // namespace
}  // namespace countersign::rpc
