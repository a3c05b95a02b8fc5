#include "common/rpc/endpoint.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/base/error.h"
#include "common/base/span.h"
#include "common/base/status_macros.h"
#include "common/base/trace.h"
#include "common/events/committer.h"
#include "common/rpc/call_slots.h"
#include "common/rpc/channel.h"
#include "common/rpc/fields.h"
#include "common/rpc/names.h"
#include "common/rpc/raw_call_for_test.h"
#include "common/rpc/status.h"
#include "common/rpc/testdata/note_service.grpc.pb.h"
#include "common/testing/fake_clock.h"
#include "common/testing/in_process_server.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::SetCaller;
using ::countersign::testing::StatusIs;
using testdata::CreateNoteRequest;
using testdata::GetNoteRequest;
using testdata::Note;

constexpr MethodSpec kCreateNote{"countersign.rpc.testdata.NoteService", "CreateNote"};
constexpr MethodSpec kGetNote{"countersign.rpc.testdata.NoteService", "GetNote"};
constexpr MethodSpec kWatchNotes{"countersign.rpc.testdata.NoteService", "WatchNotes"};
constexpr char kPolicy[] = R"(
  countersign.rpc.testdata.NoteService/CreateNote  partner operator
  countersign.rpc.testdata.NoteService/GetNote     partner operator
  countersign.rpc.testdata.NoteService/WatchNotes  partner
)";
constexpr char kRawCreateNote[] = "/countersign.rpc.testdata.NoteService/CreateNote";

constexpr char kPartner[] = "partners/01890a5d-ac96-774b-bcce-b302099a8057";
constexpr char kOtherPartner[] = "partners/01890a5d-ac96-774b-bcce-b302099a8058";
constexpr char kRequestId[] = "0c0ffee0-0000-4000-8000-000000000001";

struct CreateNote {
  Uuid tenant;
  std::string text;
};

absl::StatusOr<CreateNote> ParseCreateNote(const Call& call, const CreateNoteRequest& request) {
  FieldViolations violations;
  CreateNote command;
  command.tenant = RequireName(violations, "parent", "partners/{partner}", request.parent())[0];
  command.text = RequireText(violations, "text", request.text(), 1, 100);
  RequireQuantity(violations, "copies", request.copies(), 1, 10);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

// What the act of a test does before or instead of the usual.
using Twist = std::function<absl::Status(const Call&)>;

class NoteHandlers final : public testdata::NoteService::WithCallbackMethod_WatchNotes<testdata::NoteService::Service> {
 public:
  NoteHandlers(EndpointOptions options, mysql::Database& database)
      : endpoint_(std::move(options)), committer_(database) {}

  grpc::Status CreateNote(grpc::ServerContext* context, const CreateNoteRequest* request, Note* reply) override {
    return endpoint_.Mutate(
        looks_after ? LookAfter(kCreateNote) : kCreateNote, context, *request, reply, ParseCreateNote,
        [this](const Call& call, const rpc::CreateNote& command) { return Create(call, command); },
        [this](const Call&, const rpc::CreateNote&, Note& note) {
          if (!restored_secret.empty()) note.set_secret(restored_secret);
          return absl::OkStatus();
        });
  }

  grpc::Status GetNote(grpc::ServerContext* context, const GetNoteRequest* request, Note* reply) override {
    return endpoint_.Read(
        kGetNote, context, *request, reply,
        [](const Call&, const GetNoteRequest& get) { return absl::StatusOr<std::string>(get.name()); },
        [](const Call& call, const std::string& name) {
          Note note;
          note.set_name(name);
          note.set_text(call.on_behalf_of());
          return absl::StatusOr<Note>(note);
        });
  }

  // Writes one note with the trace id and ends.
  class Watcher final : public grpc::ServerWriteReactor<Note> {
   public:
    Watcher(const Endpoint& endpoint, grpc::CallbackServerContext& context, const GetNoteRequest& request)
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
    Note note_;
  };

  grpc::ServerWriteReactor<Note>* WatchNotes(grpc::CallbackServerContext* context,
                                             const GetNoteRequest* request) override {
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
  absl::StatusOr<Note> Create(const Call& call, const rpc::CreateNote& command) {
    ++attempts;
    if (before) RETURN_IF_ERROR(before(call));
    const Uuid id = call.DerivedId("note");
    Note note;
    note.set_name(FormatName("partners/{partner}/notes/{note}", {command.tenant, id}));
    note.set_text(command.text);
    note.set_create_micros(absl::ToUnixMicros(call.now()));
    note.set_secret(secret);
    if (call.validate_only() || finds_it_done) return note;
    const GetNoteRequest payload;
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

  static CreateNoteRequest GoodRequest() {
    CreateNoteRequest request;
    request.set_parent(kPartner);
    request.set_text("hello");
    request.set_copies(1);
    request.set_request_id(kRequestId);
    return request;
  }

  absl::StatusOr<Note> Create(const CreateNoteRequest& request, const std::string& caller = kPartner) {
    grpc::ClientContext context;
    if (!caller.empty()) SetCaller(context, caller);
    Note note;
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

  static std::unique_ptr<testing::TestDatabase> test_database;
  testing::FakeClock clock_;
  KeyRing keys_ = *KeyRing::Parse(absl::StrCat("k1:", std::string(64, 'a')));
  AccessControl access_{*AccessPolicy::Parse(kPolicy)};
  absl::Mutex mutex_;
  std::vector<std::string> records_;
  std::unique_ptr<NoteHandlers> handlers_;
  std::unique_ptr<testing::InProcessServer> server_;
  std::unique_ptr<testdata::NoteService::Stub> stub_;
};

std::unique_ptr<testing::TestDatabase> EndpointTest::test_database;

TEST_F(EndpointTest, AnswersTheSameRequestAgainByteForByte) {
  const std::string bytes = GoodRequest().SerializeAsString();
  grpc::ClientContext first_context;
  SetCaller(first_context, kPartner);
  const RawReply first = RawCall(server_->channel(), first_context, kRawCreateNote, bytes);
  ASSERT_TRUE(first.status.ok()) << first.status.error_message();
  clock_.Advance(absl::Hours(1));  // A second run would give another create time.
  grpc::ClientContext second_context;
  SetCaller(second_context, kPartner);
  const RawReply second = RawCall(server_->channel(), second_context, kRawCreateNote, bytes);
  EXPECT_EQ(first.bytes, second.bytes);
  EXPECT_FALSE(first.bytes.empty());
  EXPECT_EQ(handlers_->attempts, 1);
  EXPECT_EQ(CountEvents(), 1);
}

TEST_F(EndpointTest, KeepsTheReplyOfOneCallerFromAnother) {
  ASSERT_OK(Create(GoodRequest()));
  ASSERT_OK(Create(GoodRequest(), "operators/anna"));
  EXPECT_EQ(handlers_->attempts, 2);
  EXPECT_EQ(CountEvents(), 2);
}

TEST_F(EndpointTest, RefusesARequestIdThatServedAnotherRequest) {
  ASSERT_OK(Create(GoodRequest()));
  CreateNoteRequest other = GoodRequest();
  other.set_text("good bye");
  const auto result = Create(other);
  EXPECT_THAT(result, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(result, HasReason("REQUEST_ID_REUSED"));
  ASSERT_EQ(DetailsOf(result.status()).violations.size(), 1u);
  EXPECT_EQ(DetailsOf(result.status()).violations[0].field, "request_id");
  EXPECT_EQ(CountEvents(), 1);
}

TEST_F(EndpointTest, StoresNoHashOfARequestThatCanBeMadeWithoutAKey) {
  ASSERT_OK(Create(GoodRequest()));
  CreateNoteRequest without_id = GoodRequest();
  without_id.clear_request_id();
  const std::string stored = test_database->Query("SELECT request_hash FROM stored_replies")[0].Bytes(0);
  EXPECT_EQ(stored.size(), 32U);
  EXPECT_NE(stored, Sha256(DeterministicBytes(without_id)));
  // Nor does it tell that two requests are the same.
  CreateNoteRequest again = GoodRequest();
  again.set_request_id("0c0ffee0-0000-4000-8000-000000000002");
  ASSERT_OK(Create(again));
  EXPECT_EQ(test_database->Query("SELECT COUNT(DISTINCT request_hash) FROM stored_replies")[0].Int(0), 2);
}

TEST_F(EndpointTest, AnswersAgainWhileTheKeyOfThatTimeIsInTheRing) {
  const std::string old_key = absl::StrCat("k1:", std::string(64, 'a'));
  const std::string new_key = absl::StrCat("k2:", std::string(64, 'b'));
  ASSERT_OK(Create(GoodRequest()));
  keys_ = *KeyRing::Parse(absl::StrCat(new_key, "\n", old_key));
  EXPECT_OK(Create(GoodRequest()));
  EXPECT_EQ(handlers_->attempts, 1);
  CreateNoteRequest other = GoodRequest();
  other.set_text("good bye");
  EXPECT_THAT(Create(other), HasReason("REQUEST_ID_REUSED"));
  keys_ = *KeyRing::Parse(new_key);
  EXPECT_THAT(Create(GoodRequest()), HasReason("REQUEST_ID_REUSED"));
  EXPECT_EQ(handlers_->attempts, 1);
}

TEST_F(EndpointTest, AnswersAgainWhatWasStoredWithThePlainHashOfBefore) {
  ASSERT_OK(Create(GoodRequest()));
  CreateNoteRequest without_id = GoodRequest();
  without_id.clear_request_id();
  const std::string before = absl::BytesToHexString(Sha256(DeterministicBytes(without_id)));
  test_database->Execute(absl::StrCat("UPDATE stored_replies SET request_hash = UNHEX('", before, "')"));
  EXPECT_OK(Create(GoodRequest()));
  EXPECT_EQ(handlers_->attempts, 1);
  CreateNoteRequest other = GoodRequest();
  other.set_text("good bye");
  EXPECT_THAT(Create(other), HasReason("REQUEST_ID_REUSED"));
}

TEST_F(EndpointTest, DoesNotStoreAFailure) {
  handlers_->before = [](const Call&) { return FailedPrecondition("NOTES_CLOSED", "No notes today."); };
  EXPECT_THAT(Create(GoodRequest()), HasReason("NOTES_CLOSED"));
  handlers_->before = nullptr;
  EXPECT_OK(Create(GoodRequest()));
}

TEST_F(EndpointTest, ListsAllViolationsTogetherWithTheRequestId) {
  CreateNoteRequest request;
  request.set_parent("partners/nobody");
  request.set_copies(-1);
  const auto result = Create(request);
  EXPECT_THAT(result, StatusIs(absl::StatusCode::kInvalidArgument));
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailsOf(result.status()).violations) fields.push_back(violation.field);
  EXPECT_THAT(fields, ::testing::UnorderedElementsAre("parent", "text", "copies", "request_id"));
  EXPECT_EQ(handlers_->attempts, 0);
}

TEST_F(EndpointTest, ChecksWithoutWritingWhenAsked) {
  CreateNoteRequest request = GoodRequest();
  request.set_validate_only(true);
  ASSERT_OK(Create(request));
  EXPECT_EQ(CountEvents(), 0);
  EXPECT_EQ(CountReplies(), 0);
  ASSERT_OK(Create(GoodRequest()));  // The request_id is still free.
  EXPECT_EQ(CountEvents(), 1);
}

TEST_F(EndpointTest, RunsAgainAfterALostRace) {
  handlers_->before = [this](const Call&) { return handlers_->attempts < 3 ? LostRace() : absl::OkStatus(); };
  ASSERT_OK(Create(GoodRequest()));
  EXPECT_EQ(handlers_->attempts, 3);
}

TEST_F(EndpointTest, GivesUpAfterFiveLostRaces) {
  handlers_->before = [](const Call&) { return LostRace(); };
  const auto result = Create(GoodRequest());
  EXPECT_THAT(result, StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(result, HasReason("LOST_RACE"));
  EXPECT_EQ(handlers_->attempts, events::kMaxAttempts);
}

TEST_F(EndpointTest, AnswersWithTheStoredReplyWhenItsOwnTwinWasFaster) {
  // As when another try of the request commits while this one runs and finds the state already changed.
  handlers_->after = [](const Call&) { return FailedPrecondition("NOTE_STATE", "There is a note already."); };
  EXPECT_OK(Create(GoodRequest()));
  EXPECT_EQ(CountEvents(), 1);
}

TEST_F(EndpointTest, SaysThatARequestWasDoneWhoseReplyIsNoLongerKept) {
  for (const bool looks_after : {false, true}) {
    SCOPED_TRACE(looks_after);
    test_database->Clear();
    handlers_->looks_after = looks_after;
    ASSERT_OK(Create(GoodRequest()));
    test_database->Execute("DELETE FROM stored_replies");
    const auto late = Create(GoodRequest());
    EXPECT_THAT(late, StatusIs(absl::StatusCode::kAlreadyExists));
    EXPECT_THAT(late, HasReason("REQUEST_DONE_LONG_AGO"));
    EXPECT_EQ(CountEvents(), 1);
    // Somebody else's event in its place is a lost race as ever.
    test_database->Execute("UPDATE events SET actor = 'operators/else'");
    EXPECT_THAT(Create(GoodRequest()), HasReason("LOST_RACE"));
  }
}

TEST_F(EndpointTest, AnswersAnActThatFindsItsWorkDoneWithTheStoredReplyWhereItLooksAfterwards) {
  handlers_->looks_after = true;
  ASSERT_OK_AND_ASSIGN(const Note first, Create(GoodRequest()));
  clock_.Advance(absl::Hours(1));
  handlers_->finds_it_done = true;
  ASSERT_OK_AND_ASSIGN(const Note again, Create(GoodRequest()));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  CreateNoteRequest other = GoodRequest();
  other.set_text("good bye");
  EXPECT_THAT(Create(other), HasReason("REQUEST_ID_REUSED"));
  EXPECT_EQ(CountEvents(), 1);
}

TEST_F(EndpointTest, AnswersARefusedActWithTheStoredReplyWhereItLooksAfterwards) {
  handlers_->looks_after = true;
  ASSERT_OK_AND_ASSIGN(const Note first, Create(GoodRequest()));
  clock_.Advance(absl::Hours(1));
  const std::vector<absl::Status> refusals = {FailedPrecondition("NOTE_STATE", "There is a note already."),
                                              absl::UnavailableError("a peer"), InvalidField("text", "is taken"),
                                              absl::OkStatus()};  // The last is refused by its commit.
  for (const absl::Status& refusal : refusals) {
    handlers_->before = [&](const Call&) { return refusal; };
    ASSERT_OK_AND_ASSIGN(const Note again, Create(GoodRequest()));
    EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString()) << refusal;
  }
  EXPECT_EQ(CountEvents(), 1);
}

TEST_F(EndpointTest, AnswersTheTwinsOfARequestAlikeWhereItLooksAfterwards) {
  handlers_->looks_after = true;
  const std::vector<std::string> replies = RepliesToEightAtOnce();
  EXPECT_THAT(replies, ::testing::Each(replies[0]));
  EXPECT_EQ(CountEvents(), 1);
}

TEST_F(EndpointTest, WritesOnceWhenTheSameRequestComesManyTimesAtOnce) {
  const std::vector<std::string> replies = RepliesToEightAtOnce();
  EXPECT_THAT(replies, ::testing::Each(replies[0]));
  EXPECT_EQ(CountEvents(), 1);
}

TEST_F(EndpointTest, StoresASealedReplyUnreadableAndShowsItForADay) {
  handlers_->sealed = true;
  handlers_->secret = "open-sesame";
  ASSERT_OK(Create(GoodRequest()));
  EXPECT_EQ(test_database->Query("SELECT COUNT(*) FROM stored_replies WHERE INSTR(reply, 'open-sesame') > 0")[0].Int(0),
            0);
  clock_.Advance(absl::Hours(23));
  ASSERT_OK_AND_ASSIGN(const Note note, Create(GoodRequest()));
  EXPECT_EQ(note.secret(), "open-sesame");
  clock_.Advance(absl::Hours(2));
  const auto late = Create(GoodRequest());
  EXPECT_THAT(late, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(late, HasReason("SECRET_NO_LONGER_SHOWN"));
}

TEST_F(EndpointTest, CompletesAReplayWithWhatIsNotStoredHere) {
  ASSERT_OK(Create(GoodRequest()));
  handlers_->restored_secret = "from-elsewhere";
  ASSERT_OK_AND_ASSIGN(const Note note, Create(GoodRequest()));
  EXPECT_EQ(note.secret(), "from-elsewhere");
}

TEST_F(EndpointTest, DeniesWhatIsNotGranted) {
  EXPECT_THAT(Create(GoodRequest(), ""), HasReason("CALLER_MISSING"));
  EXPECT_THAT(Create(GoodRequest(), "partners/x"), StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(Create(GoodRequest(), "services/order-service"), HasReason("METHOD_NOT_ALLOWED"));
  EXPECT_THAT(Create(GoodRequest(), "services/operator"), HasReason("METHOD_NOT_ALLOWED"));
  EXPECT_THAT(Create(GoodRequest(), "viewers/anna"), HasReason("METHOD_NOT_ALLOWED"));
  EXPECT_THAT(Create(CreateNoteRequest(), "services/order-service"), StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(EndpointTest, SaysWhenACallerMayCallAgainThatCallsTooOften) {
  AccessControl access(*AccessPolicy::Parse(absl::StrCat(kPolicy, "quota operator 4 1")),
                       [] { return QuotaBuckets::TimePoint(); });
  EndpointOptions options;
  options.service = "note-service";
  options.database = &test_database->database();
  options.clock = &clock_;
  options.reply_keys = &keys_;
  options.access = &access;
  NoteHandlers handlers(options, test_database->database());
  const testing::InProcessServer server({&handlers});
  stub_ = testdata::NoteService::NewStub(server.channel());
  ASSERT_OK(Create(GoodRequest(), "operators/anna"));
  const auto result = Create(GoodRequest(), "operators/anna");
  EXPECT_THAT(result, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(result, HasReason("QUOTA_EXCEEDED"));
  EXPECT_THAT(DetailsOf(result.status()).metadata, ::testing::Contains(::testing::Pair(kRetryDelayMetadata, "250")));
  EXPECT_OK(Create(GoodRequest()));  // Another caller, another role.
}

TEST_F(EndpointTest, HidesAnotherPartnersResources) {
  const auto result = Create(GoodRequest(), kOtherPartner);
  EXPECT_THAT(result, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(handlers_->attempts, 0);
}

TEST_F(EndpointTest, RefusesARequestOfMoreThanAMebibyteClearly) {
  CreateNoteRequest request = GoodRequest();
  request.set_text(std::string(kMaxRequestBytes, 'x'));
  const auto result = Create(request);
  EXPECT_THAT(result, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(result, HasReason("REQUEST_TOO_LARGE"));
}

TEST_F(EndpointTest, KeepsInternalTextInside) {
  handlers_->before = [](const Call&) { return absl::InternalError("the password is swordfish"); };
  const auto internal = Create(GoodRequest());
  EXPECT_THAT(internal, StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(internal, HasReason("INTERNAL"));
  EXPECT_THAT(std::string(internal.status().message()), ::testing::Not(::testing::HasSubstr("swordfish")));
  handlers_->before = [](const Call&) -> absl::Status { throw std::runtime_error("swordfish"); };
  const auto thrown = Create(GoodRequest());
  EXPECT_THAT(thrown, StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(std::string(thrown.status().message()), ::testing::Not(::testing::HasSubstr("swordfish")));
}

TEST_F(EndpointTest, GivesBackTheTraceIdAlsoInErrors) {
  const std::string trace_id(32, 'b');
  grpc::ClientContext context;
  SetCaller(context, kPartner);
  context.AddMetadata(kTraceIdMetadata, trace_id);
  Note note;
  const grpc::Status status = stub_->CreateNote(&context, CreateNoteRequest(), &note);
  const auto trailing = context.GetServerTrailingMetadata().find(kTraceIdMetadata);
  ASSERT_NE(trailing, context.GetServerTrailingMetadata().end());
  EXPECT_EQ(std::string(trailing->second.data(), trailing->second.size()), trace_id);
  google::rpc::Status wire;
  ASSERT_TRUE(wire.ParseFromString(status.error_details()));
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(wire.details(0).UnpackTo(&info));
  EXPECT_EQ(info.domain(), "countersign");
  EXPECT_EQ(info.reason(), "INVALID_FIELD");
  EXPECT_EQ(info.metadata().at("traceId"), trace_id);
  google::rpc::BadRequest bad;
  EXPECT_TRUE(wire.details(1).UnpackTo(&bad));
}

TEST_F(EndpointTest, TakesPartInTheTraceOfItsCaller) {
  const std::string trace_id(32, 'c');
  grpc::ClientContext context;
  SetCaller(context, kPartner);
  context.AddMetadata(kTraceparent, TraceparentOf(trace_id));
  context.AddMetadata(kTraceIdMetadata, std::string(32, 'd'));
  Note note;
  ASSERT_TRUE(stub_->CreateNote(&context, GoodRequest(), &note).ok());
  const auto trailing = context.GetServerTrailingMetadata().find(kTraceIdMetadata);
  ASSERT_NE(trailing, context.GetServerTrailingMetadata().end());
  EXPECT_EQ(std::string(trailing->second.data(), trailing->second.size()), trace_id);
}

TEST_F(EndpointTest, MakesATraceIdWhereNoneOrABadOneCame) {
  grpc::ClientContext context;
  SetCaller(context, kPartner);
  context.AddMetadata(kTraceIdMetadata, "not hex");
  Note note;
  ASSERT_TRUE(stub_->CreateNote(&context, GoodRequest(), &note).ok());
  const auto trailing = context.GetServerTrailingMetadata().find(kTraceIdMetadata);
  ASSERT_NE(trailing, context.GetServerTrailingMetadata().end());
  EXPECT_THAT(std::string(trailing->second.data(), trailing->second.size()), ::testing::MatchesRegex("[0-9a-f]{32}"));
}

TEST_F(EndpointTest, GivesACallTenSecondsUnlessItSaysAndAMinuteAtMost) {
  absl::Time deadline;
  handlers_->before = [&](const Call& call) {
    deadline = call.deadline();
    return absl::OkStatus();
  };
  for (const auto& [given, expected] :
       {std::pair(absl::InfiniteDuration(), kDefaultDeadline), std::pair(absl::Hours(1), kMaxDeadline)}) {
    grpc::ClientContext context;
    context.AddMetadata(kCallerMetadata, kPartner);
    if (given != absl::InfiniteDuration()) context.set_deadline(absl::ToChronoTime(absl::Now() + given));
    CreateNoteRequest request = GoodRequest();
    request.set_validate_only(true);
    Note note;
    const absl::Time before = absl::Now();
    ASSERT_TRUE(stub_->CreateNote(&context, request, &note).ok());
    EXPECT_GE(deadline, before + expected);
    EXPECT_LE(deadline, absl::Now() + expected);
  }
}

TEST_F(EndpointTest, CarriesThePrincipalToPeersAndTheEvent) {
  Outgoing outgoing;
  handlers_->before = [&](const Call& call) {
    outgoing = call.outgoing();
    return absl::OkStatus();
  };
  ASSERT_OK(Create(GoodRequest()));
  EXPECT_EQ(outgoing.caller, "services/note-service");
  EXPECT_EQ(outgoing.on_behalf_of, kPartner);
  const auto rows = test_database->Query("SELECT actor, request_id, type, create_time FROM events");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].Bytes(0), kPartner);
  EXPECT_EQ(rows[0].Bytes(1), kRequestId);
  EXPECT_EQ(rows[0].Bytes(2), "NOTE_CREATED");
  EXPECT_EQ(rows[0].Time(3), clock_.Now());
}

TEST_F(EndpointTest, RecordsForWhomACallerSaysItActsUnlessItIsAPartner) {
  for (const std::string caller : {kPartner, "operators/anna"}) {
    grpc::ClientContext context;
    SetCaller(context, caller);
    context.AddMetadata(kOnBehalfOfMetadata, "operators/berta");
    Note note;
    ASSERT_TRUE(stub_->CreateNote(&context, GoodRequest(), &note).ok());
  }
  const auto rows = test_database->Query("SELECT actor, on_behalf_of FROM events ORDER BY actor");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].Bytes(0), "operators/anna");
  EXPECT_EQ(rows[0].Bytes(1), "operators/berta");
  EXPECT_EQ(rows[1].Bytes(0), kPartner);
  EXPECT_EQ(rows[1].Bytes(1), "");
}

TEST_F(EndpointTest, OnlyAServicesEventIsSomebodyElsesAct) {
  events::Event event;
  event.actor = "operators/anna";
  event.on_behalf_of = "operators/berta";
  EXPECT_EQ(PrincipalOf(event), "operators/anna");
  event.actor = "services/order-service";
  EXPECT_EQ(PrincipalOf(event), "operators/berta");
  event.on_behalf_of = "";
  EXPECT_EQ(PrincipalOf(event), "services/order-service");
  event.actor = absl::StrCat(kPartner, "/apiKeys/0190a5b2-7c3d-7e4f-8a6b-0123456789ac");
  EXPECT_EQ(PrincipalOf(event), kPartner);
}

TEST_F(EndpointTest, AnEventKeepsASaltedDigestOfWhatBecameOfTheResource) {
  ASSERT_OK_AND_ASSIGN(const Note note, Create(GoodRequest()));
  const auto rows = test_database->Query("SELECT payload_type, resource_digest, salt FROM events");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].Bytes(0), GetNoteRequest::descriptor()->full_name());
  EXPECT_EQ(rows[0].Bytes(2).size(), 16u);
  EXPECT_EQ(rows[0].Bytes(1), Sha256(absl::StrCat(rows[0].Bytes(2), DeterministicBytes(note))));
}

TEST_F(EndpointTest, TellsTheObserverOfEveryCall) {
  ASSERT_OK(Create(GoodRequest()));
  EXPECT_FALSE(Create(GoodRequest(), "services/x").ok());
  absl::MutexLock lock(&mutex_);
  EXPECT_THAT(records_, ::testing::ElementsAre(absl::StrCat(kCreateNote.FullName(), " 0 "),
                                               absl::StrCat(kCreateNote.FullName(), " 7 METHOD_NOT_ALLOWED")));
}

TEST_F(EndpointTest, AdmitsAStreamAsItAdmitsACall) {
  grpc::ClientContext context;
  SetCaller(context, kPartner);
  context.AddMetadata(kTraceIdMetadata, std::string(32, 'd'));
  const auto stream = stub_->WatchNotes(&context, GetNoteRequest());
  Note note;
  ASSERT_TRUE(stream->Read(&note));
  EXPECT_EQ(note.name(), kPartner);
  EXPECT_EQ(note.text(), std::string(32, 'd'));
  EXPECT_FALSE(stream->Read(&note));
  EXPECT_THAT(FromGrpc(stream->Finish()), HasReason("LOST_RACE"));
  for (const auto& [caller, reason] :
       {std::pair("", "CALLER_MISSING"), std::pair("operators/x", "METHOD_NOT_ALLOWED")}) {
    grpc::ClientContext refused;
    if (*caller != '\0') SetCaller(refused, caller);
    const auto none = stub_->WatchNotes(&refused, GetNoteRequest());
    EXPECT_FALSE(none->Read(&note));
    EXPECT_THAT(FromGrpc(none->Finish()), HasReason(reason));
  }
  absl::MutexLock lock(&mutex_);
  EXPECT_THAT(records_, ::testing::ElementsAre(absl::StrCat(kWatchNotes.FullName(), " 10 LOST_RACE"),
                                               absl::StrCat(kWatchNotes.FullName(), " 16 CALLER_MISSING"),
                                               absl::StrCat(kWatchNotes.FullName(), " 7 METHOD_NOT_ALLOWED")));
}

TEST_F(EndpointTest, ReadsThroughATypedPeerCall) {
  GetNoteRequest request;
  request.set_name("partners/x/notes/y");
  Outgoing outgoing{"operators/berta", "operators/anna", std::string(32, 'c')};
  ASSERT_OK_AND_ASSIGN(const Note note,
                       CallPeer(outgoing, *stub_, &testdata::NoteService::StubInterface::GetNote, request));
  EXPECT_EQ(note.name(), "partners/x/notes/y");
  EXPECT_EQ(note.text(), "operators/anna");
  // A peer that refuses us is our own fault, not our caller's.
  outgoing.caller = "services/note-service";
  EXPECT_THAT(CallPeer(outgoing, *stub_, &testdata::NoteService::StubInterface::GetNote, request),
              StatusIs(absl::StatusCode::kInternal));
}

// Keeps the spans of one test; it stays the process's sink, as every sink does.
class KeptSpans : public SpanSink {
 public:
  static KeptSpans& OfTests() {
    static KeptSpans* const spans = [] {
      auto made = std::make_unique<KeptSpans>();
      KeptSpans* const kept = made.get();
      SpanSink::SetOfProcess(std::move(made));
      return kept;
    }();
    return *spans;
  }
  void Record(const Span& span) override {
    const absl::MutexLock lock(&mutex_);
    spans_.push_back(span);
  }
  void Flush() override {}
  std::vector<Span> Of(absl::string_view trace_id) {
    const absl::MutexLock lock(&mutex_);
    std::vector<Span> found;
    std::copy_if(spans_.begin(), spans_.end(), std::back_inserter(found),
                 [&](const Span& span) { return span.trace_id == trace_id; });
    return found;
  }

 private:
  absl::Mutex mutex_;
  std::vector<Span> spans_ ABSL_GUARDED_BY(mutex_);
};

TEST_F(EndpointTest, ACallToAPeerIsASpanAndWhatThePeerDoesIsOneWithinIt) {
  KeptSpans& spans = KeptSpans::OfTests();
  const std::string trace = NewTraceId();
  Outgoing outgoing{kPartner, "", trace};
  outgoing.span_id = NewSpanId();
  ASSERT_OK(CallPeer(outgoing, *stub_, &testdata::NoteService::StubInterface::CreateNote, GoodRequest()));
  const std::vector<Span> made = spans.Of(trace);
  ASSERT_EQ(made.size(), 2u);
  const Span& server = made[0];
  const Span& client = made[1];
  EXPECT_EQ(client.kind, Span::Kind::kClient);
  EXPECT_EQ(client.parent_id, outgoing.span_id);
  EXPECT_EQ(client.name, "countersign.rpc.testdata.CreateNote");
  EXPECT_EQ(server.kind, Span::Kind::kServer);
  EXPECT_EQ(server.parent_id, client.span_id);
  EXPECT_EQ(server.name, kCreateNote.FullName());
  EXPECT_EQ(server.code, absl::StatusCode::kOk);
  EXPECT_GE(client.duration, server.duration);
}

TEST_F(EndpointTest, WhatARelayDoesForAnEventIsInTheTraceOfTheCallThatMadeIt) {
  Outgoing outgoing{kPartner, "", NewTraceId()};
  ASSERT_OK(CallPeer(outgoing, *stub_, &testdata::NoteService::StubInterface::CreateNote, GoodRequest()));
  const auto rows = test_database->Query("SELECT HEX(trace_id) FROM events");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(absl::AsciiStrToLower(rows[0].Bytes(0)), outgoing.trace_id);
  events::Event event;
  event.trace_id = outgoing.trace_id;
  EXPECT_EQ(WorkerOutgoing("note-service", absl::Now(), event).trace_id, outgoing.trace_id);
  event.trace_id.clear();
  EXPECT_TRUE(IsTraceId(WorkerOutgoing("note-service", absl::Now(), event).trace_id)) << "of an old event";
}

TEST_F(EndpointTest, OnePartnersFloodLeavesRoomForAnother) {
  CallSlots::OfProcess().SetSlots(16);
  absl::Notification leave;
  handlers_->before = [&](const Call& call) {
    if (call.caller().name == kPartner) leave.WaitForNotification();
    return absl::OkStatus();
  };
  std::vector<absl::Status> refusals;
  std::vector<std::thread> flood;
  constexpr size_t kRefused = 8;
  constexpr size_t kCalls = 2 + 32 + kRefused;  // Of 16 calls one partner has two, and 32 may wait.
  for (size_t i = 0; i < kCalls; ++i) {
    flood.emplace_back([&, i] {
      CreateNoteRequest request = GoodRequest();
      request.set_request_id(Uuid::Derived({"flood", absl::StrCat(i)}).ToString());
      const absl::Status status = Create(request).status();
      absl::MutexLock lock(&mutex_);
      if (!status.ok()) refusals.push_back(status);
    });
  }
  {
    const auto refused = [&] { return refusals.size() >= kRefused; };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&refused));
  }
  CreateNoteRequest request = GoodRequest();
  request.set_parent(kOtherPartner);
  EXPECT_OK(Create(request, kOtherPartner).status());
  leave.Notify();
  for (std::thread& each : flood) each.join();
  EXPECT_THAT(refusals, ::testing::Each(HasReason("TOO_MANY_CALLS")));
  EXPECT_EQ(CountReplies(), kCalls - refusals.size() + 1);  // What was refused has left nothing.
  CallSlots::OfProcess().SetSlots(64);
}

}  // namespace
}  // namespace countersign::rpc
