// The stored replies of the endpoint: the same request gets the same reply, and acts once.
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/crypto.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "common/rpc/endpoint_fixture.h"
#include "common/rpc/raw_call_for_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace countersign::rpc {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::SetCaller;
using ::countersign::testing::StatusIs;
using testdata::CreateNoteRequest;
using testdata::Note;

constexpr char kRawCreateNote[] = "/countersign.rpc.testdata.NoteService/CreateNote";

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

}  // namespace
}  // namespace countersign::rpc
