// Fixture of the endpoint's tests: a service of notes with its handlers, its server and its clients.
#ifndef COUNTERSIGN_COMMON_RPC_ENDPOINT_FIXTURE_H_
#define COUNTERSIGN_COMMON_RPC_ENDPOINT_FIXTURE_H_

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/crypto.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/mysql/database.h"
#include "common/rpc/access_control.h"
#include "common/rpc/access_policy.h"
#include "common/rpc/call.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/fields.h"
#include "common/rpc/names.h"
#include "common/rpc/status.h"
#include "common/rpc/testdata/note_service.grpc.pb.h"
#include "common/testing/fake_clock.h"
#include "common/testing/in_process_server.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"

namespace countersign::rpc {

inline constexpr MethodSpec kCreateNote{"countersign.rpc.testdata.NoteService", "CreateNote"};
inline constexpr MethodSpec kGetNote{"countersign.rpc.testdata.NoteService", "GetNote"};
inline constexpr MethodSpec kWatchNotes{"countersign.rpc.testdata.NoteService", "WatchNotes"};
inline constexpr char kPolicy[] = R"(
  countersign.rpc.testdata.NoteService/CreateNote  partner operator
  countersign.rpc.testdata.NoteService/GetNote     partner operator
  countersign.rpc.testdata.NoteService/WatchNotes  partner
)";

inline constexpr char kPartner[] = "partners/01890a5d-ac96-774b-bcce-b302099a8057";
inline constexpr char kOtherPartner[] = "partners/01890a5d-ac96-774b-bcce-b302099a8058";
inline constexpr char kRequestId[] = "0c0ffee0-0000-4000-8000-000000000001";

struct CreateNote {
  Uuid tenant;
  std::string text;
};

inline absl::StatusOr<CreateNote> ParseCreateNote(const Call& call, const testdata::CreateNoteRequest& request) {
  FieldViolations violations;
  CreateNote command;
  command.tenant = RequireName(violations, "parent", "partners/{partner}", request.parent())[0];
  command.text = RequireText(violations, "text", request.text(), 1, 100);
  RequireQuantity(violations, "copies", request.copies(), 1, 10);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

// A step that a test adds to the act.
using Twist = std::function<absl::Status(const Call&)>;

class NoteHandlers final : public testdata::NoteService::WithCallbackMethod_WatchNotes<testdata::NoteService::Service> {
 public:
  NoteHandlers(EndpointOptions options, mysql::Database& database)
      : endpoint_(std::move(options)), committer_(database) {}

  grpc::Status CreateNote(grpc::ServerContext* context, const testdata::CreateNoteRequest* request,
                          testdata::Note* reply) override {
    return endpoint_.Mutate(
        looks_after ? LookAfter(kCreateNote) : kCreateNote, context, *request, reply, ParseCreateNote,
        [this](const Call& call, const rpc::CreateNote& command) { return Create(call, command); },
        [this](const Call&, const rpc::CreateNote&, testdata::Note& note) {
          if (!restored_secret.empty()) note.set_secret(restored_secret);
          return absl::OkStatus();
        });
  }

  grpc::Status GetNote(grpc::ServerContext* context, const testdata::GetNoteRequest* request,
                       testdata::Note* reply) override {
    return endpoint_.Read(
        kGetNote, context, *request, reply,
        [](const Call&, const testdata::GetNoteRequest& get) { return absl::StatusOr<std::string>(get.name()); },
        [](const Call& call, const std::string& name) {
          testdata::Note note;
          note.set_name(name);
          note.set_text(call.on_behalf_of());
          return absl::StatusOr<testdata::Note>(note);
        });
  }

  // Writes one note with the trace id and ends.
  class Watcher final : public grpc::ServerWriteReactor<testdata::Note> {
   public:
    Watcher(const Endpoint& endpoint, grpc::CallbackServerContext& context, const testdata::GetNoteRequest& request)
        : endpoint_(endpoint) {
      const grpc::Status refused = endpoint_.AdmitStream(kWatchNotes, context, request, call_);
      if (!refused.ok()) {
        Finish(refused);
        return;
      }
      note_.set_name(call_->caller().name);
      note_.set_text(call_->deadline() == absl::InfiniteFuture() ? call_->trace_id() : "has a deadline");
      StartWrite(&note_);
    }
    void OnWriteDone(bool) override { Finish(endpoint_.EndStream(*call_, LostRace())); }
    void OnDone() override { delete this; }

   private:
    const Endpoint& endpoint_;
    std::optional<Call> call_;
    testdata::Note note_;
  };

  grpc::ServerWriteReactor<testdata::Note>* WatchNotes(grpc::CallbackServerContext* context,
                                                       const testdata::GetNoteRequest* request) override {
    return new Watcher(endpoint_, *context, *request);
  }

  std::string restored_secret;
  bool looks_after = false;
  bool finds_it_done = false;  // The act commits nothing.
  bool sealed = false;
  std::string secret;
  Twist before;  // An error ends the act.
  Twist after;   // After the commit.
  std::atomic<int> attempts{0};

 private:
  absl::StatusOr<testdata::Note> Create(const Call& call, const rpc::CreateNote& command) {
    ++attempts;
    if (before) RETURN_IF_ERROR(before(call));
    const Uuid id = call.DerivedId("note");
    testdata::Note note;
    note.set_name(FormatName("partners/{partner}/notes/{note}", {command.tenant, id}));
    note.set_text(command.text);
    note.set_create_micros(absl::ToUnixMicros(call.now()));
    note.set_secret(secret);
    if (call.validate_only() || finds_it_done) return note;
    const testdata::GetNoteRequest payload;
    const events::Event event =
        call.MakeEvent({.aggregate = id, .version = 1, .type = "NOTE_CREATED", .payload = payload, .resource = note});
    RETURN_IF_ERROR(
        committer_.Commit(call.deadline(), call.ChangeOf({.events = {event}, .reply = note, .sealed = sealed})));
    if (after) RETURN_IF_ERROR(after(call));
    return note;
  }

  const Endpoint endpoint_;
  events::Committer committer_;
};

class EndpointTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { test_database = std::make_unique<testing::TestDatabase>(); }
  static void TearDownTestSuite() { test_database.reset(); }

  void SetUp() override {
    test_database->Clear();
    EndpointOptions options;
    options.service = "note-service";
    options.database = &test_database->database();
    options.clock = &clock_;
    options.reply_keys = &keys_;
    options.access = &access_;
    options.observer = [this](const CallRecord& record) {
      absl::MutexLock lock(&mutex_);
      records_.push_back(absl::StrCat(record.method, " ", static_cast<int>(record.code), " ", record.reason));
    };
    handlers_ = std::make_unique<NoteHandlers>(options, test_database->database());
    server_ = std::make_unique<testing::InProcessServer>(std::vector<grpc::Service*>{handlers_.get()});
    stub_ = testdata::NoteService::NewStub(server_->channel());
  }

  static testdata::CreateNoteRequest GoodRequest() {
    testdata::CreateNoteRequest request;
    request.set_parent(kPartner);
    request.set_text("hello");
    request.set_copies(1);
    request.set_request_id(kRequestId);
    return request;
  }

  absl::StatusOr<testdata::Note> Create(const testdata::CreateNoteRequest& request,
                                        const std::string& caller = kPartner) {
    grpc::ClientContext context;
    if (!caller.empty()) testing::SetCaller(context, caller);
    testdata::Note note;
    const absl::Status status = FromGrpc(stub_->CreateNote(&context, request, &note));
    if (!status.ok()) return status;
    return note;
  }

  // Of the same request, each from a thread of its own.
  std::vector<std::string> RepliesToEightAtOnce() {
    std::vector<std::string> replies(8);
    std::vector<std::thread> threads;
    for (std::string& reply : replies) {
      threads.emplace_back([&] {
        const auto note = Create(GoodRequest());
        reply = note.ok() ? note->SerializeAsString() : note.status().ToString();
      });
    }
    for (std::thread& thread : threads) thread.join();
    return replies;
  }

  static int64_t CountEvents() { return test_database->Query("SELECT COUNT(*) FROM events")[0].Int(0); }
  static int64_t CountReplies() { return test_database->Query("SELECT COUNT(*) FROM stored_replies")[0].Int(0); }

  static inline std::unique_ptr<testing::TestDatabase> test_database;
  testing::FakeClock clock_;
  KeyRing keys_ = *KeyRing::Parse(absl::StrCat("k1:", std::string(64, 'a')));
  AccessControl access_{*AccessPolicy::Parse(kPolicy)};
  absl::Mutex mutex_;
  std::vector<std::string> records_;
  std::unique_ptr<NoteHandlers> handlers_;
  std::unique_ptr<testing::InProcessServer> server_;
  std::unique_ptr<testdata::NoteService::Stub> stub_;
};

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_ENDPOINT_FIXTURE_H_
