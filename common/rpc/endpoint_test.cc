// The endpoint as callers meet it: admission, checks of the request, errors, deadlines and lost races.
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/uuid.h"
#include "common/events/committer.h"
#include "common/rpc/access_control.h"
#include "common/rpc/call_slots.h"
#include "common/rpc/endpoint_fixture.h"
#include "common/rpc/quota.h"
#include "common/rpc/status.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::SetCaller;
using ::countersign::testing::StatusIs;
using testdata::CreateNoteRequest;
using testdata::GetNoteRequest;
using testdata::Note;

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
