#include "common/events/change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/crypto.h"
#include "common/base/error.h"
#include "common/events/log_fixture.h"

namespace countersign::events {
namespace {

using ::countersign::testing::StatusIs;

class ChangeTest : public LogTest {
 protected:
  const Uuid tenant_ = Id("tenant");
  const Uuid aggregate_ = Id("aggregate");

  StoredReply MakeReply(const std::string& request_id) const {
    return StoredReply{.key = {.tenant = tenant_,
                               .caller = "operators/test",
                               .method = "test.v1.Things/ChangeThing",
                               .request_id = request_id,
                               .request_hash = Sha256(request_id)},
                       .reply = std::string("\0reply\xff", 7),
                       .create_time = absl::FromUnixSeconds(1243814400)};
  }
  Change MakeChange(int64_t version, const std::string& request_id) const {
    return Change{.events = {MakeEvent(tenant_, aggregate_, version)}, .reply = MakeReply(request_id)};
  }
  static absl::Status CommitOnly(const Change& change) { return committer().Commit(Deadline(), change); }
  // A row of some table.
  static mysql::RowWrite OwnerRow(const std::string& owner, absl::Status if_duplicate = LostRace()) {
    static constexpr mysql::Table kOwners = {.name = "lease_owners", .key = "owner", .changing = "seen_until"};
    return mysql::Insert(kOwners, {owner, absl::FromUnixSeconds(1243814400)}, std::move(if_duplicate));
  }
  static int64_t CountOf(absl::string_view sql) { return schema().Query(sql)[0].Int(0); }
  static int64_t Events() { return CountOf("SELECT COUNT(*) FROM events"); }
  static int64_t Replies() { return CountOf("SELECT COUNT(*) FROM stored_replies"); }
};

TEST_F(ChangeTest, StoresEventsAndReplyTogether) {
  ASSERT_OK(CommitOnly(MakeChange(1, "r1")));
  EXPECT_EQ(Events(), 1);
  ASSERT_OK_AND_ASSIGN(const std::optional<StoredReply> found, FindReply(db(), Deadline(), MakeReply("r1").key));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->reply, MakeReply("r1").reply);
  EXPECT_EQ(found->key.request_hash, Sha256("r1"));
  EXPECT_EQ(found->create_time, MakeReply("r1").create_time);
  EXPECT_FALSE(found->sealed);
}

TEST_F(ChangeTest, FindsNoReplyOfAnotherRequest) {
  ASSERT_OK(CommitOnly(MakeChange(1, "r1")));
  ASSERT_OK_AND_ASSIGN(const std::optional<StoredReply> found, FindReply(db(), Deadline(), MakeReply("r2").key));
  EXPECT_FALSE(found.has_value());
}

TEST_F(ChangeTest, TellsASecondCommitOfTheSameRequest) {
  ASSERT_OK(CommitOnly(MakeChange(1, "r1")));
  const absl::Status status = CommitOnly(MakeChange(2, "r1"));
  EXPECT_TRUE(IsReplyAlreadyStored(status)) << status;
  EXPECT_FALSE(IsLostRace(status));
  EXPECT_EQ(Events(), 1);
}

TEST_F(ChangeTest, LosesTheRaceForAVersion) {
  ASSERT_OK(CommitOnly(MakeChange(1, "r1")));
  const absl::Status status = CommitOnly(MakeChange(1, "r2"));
  EXPECT_TRUE(IsLostRace(status)) << status;
  EXPECT_EQ(Replies(), 1);
}

TEST_F(ChangeTest, RollsBackTogetherWithTheRows) {
  Change change = MakeChange(1, "r1");
  change.rows = {OwnerRow("row")};
  change.also = [](mysql::Connection&) { return FailedPrecondition("TEST", "No."); };
  EXPECT_THAT(CommitOnly(change), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(Events() + Replies() + CountOf("SELECT COUNT(*) FROM lease_owners"), 0);
}

TEST_F(ChangeTest, RollsTheRowsBackWhenTheVersionIsTaken) {
  ASSERT_OK(CommitOnly(MakeChange(1, "r1")));
  Change change = MakeChange(1, "r2");
  change.rows = {OwnerRow("row")};
  const absl::Status status = CommitOnly(change);
  EXPECT_TRUE(IsLostRace(status)) << status;
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM lease_owners"), 0);
}

TEST_F(ChangeTest, ARowsOwnRefusalIsTheAnswerAndNothingIsWritten) {
  Change first = MakeChange(1, "r1");
  first.rows = {OwnerRow("row")};
  ASSERT_OK(CommitOnly(first));
  Change second = MakeChange(2, "r2");
  second.rows = {OwnerRow("row", AlreadyExists("OWNER_TAKEN", "The owner is taken."))};
  EXPECT_THAT(CommitOnly(second), testing::HasReason("OWNER_TAKEN"));
  EXPECT_EQ(Events(), 1);
}

TEST_F(ChangeTest, StoresAReplyOf64KibWholeAndRefusesOneByteMore) {
  Change change = MakeChange(1, "r1");
  change.reply->reply = std::string(64 << 10, 'x') + '\xff';
  EXPECT_THAT(CommitOnly(change), testing::HasReason("REPLY_TOO_LARGE"));
  EXPECT_EQ(Events(), 0);
  change.reply->reply.erase(0, 1);
  ASSERT_OK(CommitOnly(change));
  ASSERT_OK_AND_ASSIGN(const std::optional<StoredReply> found, FindReply(db(), Deadline(), change.reply->key));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->reply, change.reply->reply);
}

TEST_F(ChangeTest, RefusesAChangeOfTooManyRows) {
  Change change = MakeChange(1, "r1");
  for (size_t i = 0; i <= kMaxRowsOfChange; ++i) change.rows.push_back(OwnerRow(absl::StrCat("row", i)));
  EXPECT_THAT(CommitOnly(change), testing::HasReason("CHANGE_TOO_LARGE"));
  change.rows.pop_back();
  EXPECT_OK(CommitOnly(change));
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM lease_owners"), 500);
}

TEST_F(ChangeTest, RefusesAChangeOfTwoTenants) {
  Change change = MakeChange(1, "r1");
  change.events.push_back(MakeEvent(Id("another tenant"), aggregate_, 1));
  EXPECT_THAT(CommitOnly(change), StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(Events(), 0);
}

TEST_F(ChangeTest, DigestDependsOnEveryColumn) {
  const Event event = MakeEvent(tenant_, aggregate_, 1);
  std::vector<Event> others(12, event);
  others[0].tenant = Id("other");
  others[1].aggregate = Id("other");
  others[2].version = 2;
  others[3].type += "X";
  others[4].actor += "x";
  others[5].on_behalf_of = others[6].reason = others[7].request_id = "x";
  others[8].create_time += absl::Microseconds(1);
  others[9].payload += "x";
  others[10].payload_type += "x";
  others[11].resource_digest[0] ^= 1;
  for (const Event& other : others) EXPECT_NE(DigestOf(other), DigestOf(event));
  Event moved = event;  // The same bytes, cut elsewhere.
  moved.actor = event.actor.substr(0, 3);
  moved.on_behalf_of = event.actor.substr(3);
  EXPECT_NE(DigestOf(moved), DigestOf(event));
}

TEST_F(ChangeTest, DigestLeavesTheSaltOutSoThatItCanBeErased) {
  Event event = MakeEvent(tenant_, aggregate_, 1);
  const std::string digest = DigestOf(event);
  event.salt.clear();
  EXPECT_EQ(DigestOf(event), digest);
}

TEST_F(ChangeTest, AnEventFromBeforeThePayloadHadATypeKeepsItsDigest) {
  Event event = MakeEvent(tenant_, aggregate_, 1);
  event.payload_type = event.resource_digest = event.salt = "";
  EXPECT_EQ(absl::BytesToHexString(DigestOf(event)),
            "0092cb39c20196ba60a536e6a6b16e16fd0cbed91daad149b863909c4826eb8b");
}

}  // namespace
}  // namespace countersign::events
