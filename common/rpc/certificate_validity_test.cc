// A certificate that expires while its connection is open, or while its TLS sessions are resumed.
#include "common/rpc/certificate_validity.h"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/server.h"
#include "common/rpc/status.h"
#include "common/rpc/testdata/note_service.grpc.pb.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_certificates.h"
#include "grpc/grpc_security.h"
#include "grpcpp/create_channel.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::CallerSpec;
using ::countersign::testing::CertificateFiles;
using ::countersign::testing::HasReason;
using ::countersign::testing::ServiceSpec;
using ::countersign::testing::StatusIs;
using ::countersign::testing::TestAuthority;
using ::countersign::testing::TestCertificate;
using testdata::GetNoteRequest;
using testdata::Note;
using testdata::NoteService;

constexpr MethodSpec kGetNote{"countersign.rpc.testdata.NoteService", "GetNote"};
constexpr MethodSpec kWatchNotes{"countersign.rpc.testdata.NoteService", "WatchNotes"};
constexpr char kPolicy[] =
    "countersign.rpc.testdata.NoteService/GetNote operator\n"
    "countersign.rpc.testdata.NoteService/WatchNotes operator";

// Real time as the endpoint sees it; the certificates of these tests are valid from two hours ago to in an hour.
class Time {
 public:
  std::function<absl::Time()> now() {
    return [this] { return absl::Now() + absl::Seconds(ahead_seconds_.load()); };
  }
  void Set(absl::Duration ahead) { ahead_seconds_ = absl::ToInt64Seconds(ahead); }

 private:
  std::atomic<int64_t> ahead_seconds_{0};
};

class NoteHandlers final : public NoteService::WithCallbackMethod_WatchNotes<NoteService::Service> {
 public:
  NoteHandlers(EndpointOptions options, Time& time) : endpoint_(std::move(options)), time_(time) {}

  // The note's name says whether the call's TLS session was resumed.
  grpc::Status GetNote(grpc::ServerContext* context, const GetNoteRequest* request, Note* reply) override {
    const auto resumed = context->auth_context()->FindPropertyValues("ssl_session_reused");
    return endpoint_.Read(
        kGetNote, context, *request, reply,
        [](const Call&, const GetNoteRequest&) { return absl::StatusOr<std::string>(""); },
        [&](const Call&, const std::string&) {
          Note note;
          note.set_name(resumed.empty() ? "" : std::string(resumed[0].data(), resumed[0].size()));
          return absl::StatusOr<Note>(note);
        });
  }

  // Is admitted, and looked at again two hours later.
  grpc::ServerWriteReactor<Note>* WatchNotes(grpc::CallbackServerContext* context,
                                             const GetNoteRequest* request) override {
    struct Watch : grpc::ServerWriteReactor<Note> {
      void OnDone() override { delete this; }
    };
    auto* const watch = new Watch();
    std::optional<Call> call;
    const grpc::Status refusal = endpoint_.AdmitStream(kWatchNotes, *context, *request, call);
    time_.Set(absl::Hours(2));
    watch->Finish(call.has_value() ? endpoint_.EndStream(*call, endpoint_.RecheckStream(kWatchNotes, *context))
                                   : refusal);
    return watch;
  }

 private:
  const Endpoint endpoint_;
  Time& time_;
};

class CertificateValidityTest : public ::testing::Test {
 protected:
  CertificateValidityTest() {
    EndpointOptions options;
    options.service = "note-service";
    options.clock = &clock_;
    options.access = &access_;
    options.real_now = time_.now();
    options.verify_key = [](absl::string_view, absl::Time) { return absl::StatusOr<VerifiedKey>(VerifiedKey()); };
    handlers_ = std::make_unique<NoteHandlers>(std::move(options), time_);
    ServerOptions server;
    server.credentials = *Credentials::Tls({files_.cert_file(), files_.key_file(), files_.ca_file()});
    server_ = *Server::Start(server, {handlers_.get()}, [] { return absl::OkStatus(); });
  }

  // A connection of its own, which may resume the sessions of others with the same cache.
  std::shared_ptr<grpc::Channel> Connect(grpc_ssl_session_cache* sessions = nullptr) {
    const grpc::SslCredentialsOptions options{ca_.pem(), anna_.key, anna_.cert};
    grpc::ChannelArguments arguments;
    arguments.SetSslTargetNameOverride("note-service");
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    if (sessions != nullptr) {
      const grpc_arg cache = grpc_ssl_session_cache_create_channel_arg(sessions);
      arguments.SetPointerWithVtable(cache.key, cache.value.pointer.p, cache.value.pointer.vtable);
    }
    return grpc::CreateCustomChannel(server_->address(), grpc::SslCredentials(options), arguments);
  }

  static absl::StatusOr<std::string> GetNote(const std::shared_ptr<grpc::Channel>& channel, bool with_key = false) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    if (with_key) {
      context.AddMetadata(kAuthorizationMetadata, absl::StrCat("Bearer cs_", std::string(32, 'a'), "_",
                                                               std::string(16, 'b'), "_", std::string(43, 'c')));
    }
    Note note;
    const grpc::Status status = NoteService::NewStub(channel)->GetNote(&context, GetNoteRequest(), &note);
    if (!status.ok()) return FromGrpc(status);
    return note.name();
  }

  Time time_;
  testing::FakeClock clock_;  // Business time, by which no certificate expires.
  AccessControl access_{*AccessPolicy::Parse(kPolicy)};
  const TestAuthority ca_;
  const TestCertificate anna_ = ca_.Issue(CallerSpec("operator/anna"));
  const CertificateFiles files_{ca_.Issue(ServiceSpec("note-service")), ca_.pem()};
  std::unique_ptr<NoteHandlers> handlers_;
  std::unique_ptr<Server> server_;
};

TEST_F(CertificateValidityTest, RefusesAnExpiredCertificateOnAnOpenConnection) {
  const auto channel = Connect();
  EXPECT_OK(GetNote(channel));
  time_.Set(absl::Minutes(59));
  EXPECT_OK(GetNote(channel));
  time_.Set(absl::Minutes(61));
  EXPECT_THAT(GetNote(channel), StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(GetNote(channel), HasReason("CERTIFICATE_EXPIRED"));
  EXPECT_THAT(GetNote(channel, /*with_key=*/true), HasReason("CERTIFICATE_EXPIRED"));
  time_.Set(-absl::Hours(3));
  EXPECT_THAT(GetNote(channel), HasReason("CERTIFICATE_NOT_YET_VALID"));
}

TEST_F(CertificateValidityTest, RefusesAnExpiredCertificateOfAResumedSession) {
  const std::unique_ptr<grpc_ssl_session_cache, decltype(&grpc_ssl_session_cache_destroy)> sessions(
      grpc_ssl_session_cache_create_lru(8), &grpc_ssl_session_cache_destroy);
  EXPECT_EQ(GetNote(Connect(sessions.get())).value_or(""), "false");
  EXPECT_EQ(GetNote(Connect(sessions.get())).value_or(""), "true");
  time_.Set(absl::Hours(2));
  EXPECT_THAT(GetNote(Connect(sessions.get())), HasReason("CERTIFICATE_EXPIRED"));
}

TEST_F(CertificateValidityTest, EndsAStreamWhoseCertificateExpired) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  const auto reader = NoteService::NewStub(Connect())->WatchNotes(&context, GetNoteRequest());
  Note note;
  EXPECT_FALSE(reader->Read(&note));
  EXPECT_THAT(FromGrpc(reader->Finish()), HasReason("CERTIFICATE_EXPIRED"));
}

TEST_F(CertificateValidityTest, RefusesWhatIsNoCertificate) {
  EXPECT_OK(CheckCertificateValid(anna_.cert, absl::Now()));
  for (const std::string& pem : {std::string(), std::string("none"), anna_.key}) {
    EXPECT_THAT(CheckCertificateValid(pem, absl::Now()), HasReason("CALLER_MALFORMED"));
  }
}

}  // namespace
}  // namespace countersign::rpc
