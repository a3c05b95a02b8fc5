#include "common/event_api/audit_service.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/events/head_export.h"
#include "common/events/log_fixture.h"
#include "common/events/relay.h"
#include "common/rpc/status.h"
#include "common/testing/fake_clock.h"
#include "common/testing/in_process_server.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace countersign::event_api {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::SetCaller;
using ::testing::HasSubstr;
using ::testing::SizeIs;
namespace v1 = event::v1;

class AuditServiceTest : public events::LogTest {
 protected:
  void SetUp() override {
    LogTest::SetUp();
    for (const char* aggregate : {"a", "b"}) CommitVersions(tenant_, Id(aggregate), 3);
    for (int i = 0; i < 10; ++i) CommitVersions(Id(absl::StrCat("other", i)), Id("c"), 2);
    Seal();
  }

  static void Seal() {
    const auto sealer = events::MakeRelay(db(), {.owner = "test"}, {}, {});
    ASSERT_OK(sealer->Drain(Deadline()));
  }

  template <typename Request, typename Reply>
  absl::StatusOr<Reply> Do(grpc::Status (v1::AuditService::StubInterface::*method)(grpc::ClientContext*, const Request&,
                                                                                   Reply*),
                           const Request& request, const std::string& caller = "viewers/vera") {
    grpc::ClientContext context;
    SetCaller(context, caller);
    Reply reply;
    RETURN_IF_ERROR(rpc::FromGrpc((stub_.get()->*method)(&context, request, &reply)));
    return reply;
  }

  absl::StatusOr<v1::ListAuditRecordsResponse> List(const v1::ListAuditRecordsRequest& request) {
    return Do(&v1::AuditService::StubInterface::ListAuditRecords, request);
  }

  absl::StatusOr<v1::VerifyAuditChainResponse> Verify(const v1::VerifyAuditChainRequest& request = {}) {
    return Do(&v1::AuditService::StubInterface::VerifyAuditChain, request);
  }

  std::vector<v1::AuditHead> Heads() {
    std::vector<v1::AuditHead> heads;
    v1::ListAuditHeadsRequest request;
    request.set_page_size(30);
    do {
      const auto page = Do(&v1::AuditService::StubInterface::ListAuditHeads, request);
      EXPECT_OK(page.status());
      if (!page.ok()) return heads;
      heads.insert(heads.end(), page->audit_heads().begin(), page->audit_heads().end());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return heads;
  }

  // Of all calls that the request takes.
  std::vector<v1::AuditFinding> FindingsOf(v1::VerifyAuditChainRequest request) {
    std::vector<v1::AuditFinding> findings;
    do {
      const auto reply = Verify(request);
      EXPECT_OK(reply.status());
      if (!reply.ok()) break;
      findings.insert(findings.end(), reply->findings().begin(), reply->findings().end());
      request.set_page_token(reply->next_page_token());
    } while (!request.page_token().empty());
    return findings;
  }

  // Those that a process which has just begun writes to its log, as they stand there.
  static void AddHeadsLogged(v1::VerifyAuditChainRequest& request) {
    const events::BucketTask task = events::HeadExport(db(), absl::Minutes(10));
    ::testing::internal::CaptureStderr();
    for (int bucket = 0; bucket < events::kBuckets; ++bucket) EXPECT_OK(task.run(bucket, Deadline()));
    const std::string log = ::testing::internal::GetCapturedStderr();
    for (const absl::string_view line : absl::StrSplit(log, '\n', absl::SkipEmpty())) {
      const auto record = nlohmann::json::parse(std::string(line));
      if (record.at("message") != "audit head") continue;
      const nlohmann::json head = {
          {"bucket", record.at("bucket")}, {"position", record.at("position")}, {"seal", record.at("seal")}};
      ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(head.dump(), request.add_heads()).ok()) << head;
    }
  }

  // The log is as it was again at the end of the scope.
  class Tampering {
   public:
    explicit Tampering(const std::string& sql) {
      schema().Execute("CREATE TABLE kept LIKE events");
      schema().Execute("INSERT INTO kept SELECT * FROM events");
      schema().Execute(sql);
    }
    ~Tampering() {
      schema().Execute("DELETE FROM events");
      schema().Execute("INSERT INTO events SELECT * FROM kept");
      schema().Execute("DROP TABLE kept");
    }
  };

  const Uuid tenant_ = Id("tenant");
  const int bucket_ = events::BucketOf(tenant_);
  testing::FakeClock clock_;
  const KeyRing keys_ = *KeyRing::Parse("test:" + std::string(64, '7'));
  const rpc::Endpoint endpoint_{{.service = "note-service", .database = &db(), .clock = &clock_, .reply_keys = &keys_}};
  AuditService handlers_{endpoint_, db()};
  testing::InProcessServer server_{{&handlers_}};
  std::unique_ptr<v1::AuditService::Stub> stub_ = v1::AuditService::NewStub(server_.channel());
};

TEST_F(AuditServiceTest, ARecordSaysWhoDidWhatAndWhatBecameOfIt) {
  v1::ListAuditRecordsRequest request;
  request.set_parent("partners/" + tenant_.ToString());
  request.set_aggregate(Id("b").ToString());
  ASSERT_OK_AND_ASSIGN(const auto reply, List(request));
  ASSERT_EQ(reply.audit_records_size(), 3);
  const events::Event event = MakeEvent(tenant_, Id("b"), 2);
  const v1::AuditRecord& record = reply.audit_records(1);
  EXPECT_EQ(record.tenant(), tenant_.ToString());
  EXPECT_EQ(record.aggregate(), Id("b").ToString());
  EXPECT_EQ(record.version(), 2);
  EXPECT_EQ(record.type(), event.type);
  EXPECT_EQ(record.actor(), event.actor);
  EXPECT_EQ(record.reason(), event.reason);
  EXPECT_EQ(record.create_time().seconds(), 1'243'814'402);
  EXPECT_EQ(record.payload_type(), event.payload_type);
  EXPECT_EQ(record.digest_after(), event.resource_digest);
  EXPECT_EQ(record.digest_before(), event.resource_digest);
  EXPECT_EQ(record.salt(), event.salt);
  EXPECT_EQ(record.bucket(), bucket_);
  EXPECT_GT(record.position(), 0);
  EXPECT_EQ(record.seal().size(), 32u);
  EXPECT_EQ(reply.audit_records(0).digest_before(), "");
}

TEST_F(AuditServiceTest, ListsByActorAndTimePageByPage) {
  schema().Execute("UPDATE events SET actor = 'operators/bob' WHERE version = 2");
  v1::ListAuditRecordsRequest request;
  request.set_parent("-");
  request.set_page_size(5);
  request.set_filter("actor = \"operators/bob\" AND create_time > \"2009-06-01T00:00:00Z\"");
  int count = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, List(request));
    for (const v1::AuditRecord& record : page.audit_records()) {
      EXPECT_EQ(record.actor(), "operators/bob");
      ++count;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(count, 12);
}

TEST_F(AuditServiceTest, ServesOperatorsAndViewersOnly) {
  for (const std::string& caller : {"partners/" + tenant_.ToString(), std::string("services/order-service")}) {
    EXPECT_THAT(Do(&v1::AuditService::StubInterface::VerifyAuditChain, v1::VerifyAuditChainRequest(), caller),
                HasReason("METHOD_NOT_ALLOWED"));
  }
}

TEST_F(AuditServiceTest, VerifiesALogInSeveralCalls) {
  v1::VerifyAuditChainRequest request;
  request.set_page_size(4);
  for (const v1::AuditHead& head : Heads()) *request.add_heads() = head;
  int64_t verified = 0;
  int calls = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const auto reply, Verify(request));
    EXPECT_TRUE(reply.ok()) << reply.ShortDebugString();
    EXPECT_LE(reply.verified_count(), 4);
    verified += reply.verified_count();
    ++calls;
    request.set_page_token(reply.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(verified, 26);
  EXPECT_GE(calls, 7);
}

TEST_F(AuditServiceTest, FindsOneChangedByteInEveryColumn) {
  const std::string where = " WHERE version = 2 AND tenant_id = x'" +
                            std::string(absl::BytesToHexString(tenant_.bytes())) + "' AND aggregate_id = x'" +
                            absl::BytesToHexString(Id("a").bytes()) + "'";
  // Every column but the salt, which may be erased.
  for (const char* change : {
           "tenant_id = CONCAT('x', SUBSTR(tenant_id, 2))",
           "aggregate_id = CONCAT('x', SUBSTR(aggregate_id, 2))",
           "version = 9",
           "bucket = (bucket + 1) % 64",
           "type = 'THING_CHANGEE'",
           "actor = 'operators/tesu'",
           "on_behalf_of = 'x'",
           "reason = CONCAT(reason, '.')",
           "request_id = 'x'",
           "create_time = create_time + INTERVAL 1 MICROSECOND",
           "payload = CONCAT(payload, 'x')",
           "payload_type = 'countersign.test.v1.Thinh'",
           "resource_digest = CONCAT('x', SUBSTR(resource_digest, 2))",
           "digest = CONCAT('x', SUBSTR(digest, 2))",
           "position = 1000",
           "position = NULL",
           "seal = CONCAT('x', SUBSTR(seal, 2))",
       }) {
    const Tampering tampering(absl::StrCat("UPDATE events SET ", change, where));
    ASSERT_OK_AND_ASSIGN(const auto reply, Verify());
    EXPECT_FALSE(reply.ok()) << change;
    ASSERT_GE(reply.findings_size(), 1) << change;
    EXPECT_GT(reply.findings(0).position(), 0) << change;
  }
  ASSERT_OK_AND_ASSIGN(const auto restored, Verify());
  EXPECT_TRUE(restored.ok());
}

TEST_F(AuditServiceTest, FindsARemovedAndAnInsertedRecord) {
  {
    const Tampering tampering(absl::StrCat("DELETE FROM events WHERE position = 2 AND bucket = ", bucket_));
    ASSERT_OK_AND_ASSIGN(const auto reply, Verify());
    ASSERT_EQ(reply.findings_size(), 1);
    EXPECT_EQ(reply.findings(0).bucket(), bucket_);
    EXPECT_EQ(reply.findings(0).position(), 2);
  }
  const Tampering tampering(absl::StrCat("UPDATE events SET position = position WHERE bucket = ", bucket_));
  CommitVersions(tenant_, Id("inserted"), 1);
  schema().Execute("UPDATE events SET position = 0, seal = REPEAT('x', 32) WHERE position IS NULL");
  ASSERT_OK_AND_ASSIGN(const auto reply, Verify());
  EXPECT_EQ(reply.findings_size(), 1);
}

TEST_F(AuditServiceTest, FindsACutTailByTheHeadsThatWereKept) {
  v1::VerifyAuditChainRequest request;
  for (const v1::AuditHead& head : Heads()) *request.add_heads() = head;
  EXPECT_THAT(request.heads(), SizeIs(64));
  const Tampering tampering(
      absl::StrCat("DELETE FROM events WHERE bucket = ", bucket_, " ORDER BY position DESC LIMIT 1"));
  EXPECT_TRUE(Verify()->ok());  // By itself a shorter log is as good as any.
  ASSERT_OK_AND_ASSIGN(const auto reply, Verify(request));
  ASSERT_EQ(reply.findings_size(), 1);
  EXPECT_EQ(reply.findings(0).bucket(), bucket_);
  EXPECT_THAT(reply.findings(0).description(), HasSubstr("cut off"));
}

TEST_F(AuditServiceTest, FindsACutTailByTheHeadsInTheLogAsTheyStandThere) {
  v1::VerifyAuditChainRequest request;
  AddHeadsLogged(request);
  ASSERT_OK_AND_ASSIGN(const auto whole, Verify(request));
  EXPECT_TRUE(whole.ok()) << whole.ShortDebugString();
  const Tampering tampering(
      absl::StrCat("DELETE FROM events WHERE bucket = ", bucket_, " ORDER BY position DESC LIMIT 2"));
  EXPECT_TRUE(Verify()->ok());
  ASSERT_OK_AND_ASSIGN(const auto reply, Verify(request));
  ASSERT_EQ(reply.findings_size(), 1);
  EXPECT_EQ(reply.findings(0).bucket(), bucket_);
  EXPECT_THAT(reply.findings(0).description(), HasSubstr("cut off"));
}

TEST_F(AuditServiceTest, FindsACutTailThatHasGrownAgainThoughTheNewHeadsAreInTheLogToo) {
  v1::VerifyAuditChainRequest request;
  AddHeadsLogged(request);
  const Tampering tampering(
      absl::StrCat("DELETE FROM events WHERE bucket = ", bucket_, " ORDER BY position DESC LIMIT 2"));
  CommitVersions(tenant_, Id("grown"), 4);
  Seal();
  AddHeadsLogged(request);  // By a process that knows of no other.
  EXPECT_TRUE(Verify()->ok());
  std::reverse(request.mutable_heads()->begin(), request.mutable_heads()->end());
  for (const int page_size : {0, 1}) {  // At once, and in many steps.
    request.set_page_size(page_size);
    const std::vector<v1::AuditFinding> findings = FindingsOf(request);
    ASSERT_THAT(findings, SizeIs(1));
    EXPECT_EQ(findings[0].bucket(), bucket_);
    EXPECT_EQ(findings[0].position(), 6);
    EXPECT_THAT(findings[0].description(), HasSubstr("not the one"));
  }
}

TEST_F(AuditServiceTest, AllHeadsThatWereEverLoggedHoldInAWholeLog) {
  v1::VerifyAuditChainRequest request;
  for (int64_t version = 1; version <= 3; ++version) {
    ASSERT_OK(CommitEvents({MakeEvent(tenant_, Id("more"), version)}));
    Seal();
    for (int times = 0; times < 2; ++times) AddHeadsLogged(request);
  }
  EXPECT_TRUE(Verify(request)->ok());
  // Two different ones of a position cannot both hold.
  v1::AuditHead& wrong = *request.add_heads();
  wrong = *std::find_if(request.heads().begin(), request.heads().end(),
                        [this](const v1::AuditHead& head) { return head.bucket() == bucket_; });
  wrong.mutable_seal()->front() ^= 1;
  EXPECT_EQ(Verify(request)->findings_size(), 1);
}

TEST_F(AuditServiceTest, FindsAChainThatWasForgedAsAWhole) {
  v1::VerifyAuditChainRequest request;
  for (const v1::AuditHead& head : Heads()) *request.add_heads() = head;
  // Everything anew, with other words and good seals.
  const Tampering tampering("DELETE FROM events");
  schema().Execute("DELETE FROM leases");
  for (const char* aggregate : {"a", "b"}) {
    for (int version = 1; version <= 3; ++version) {
      events::Event event = MakeEvent(tenant_, Id(aggregate), version);
      event.reason = "forged";
      ASSERT_OK(CommitEvents({event}));
    }
  }
  Seal();
  EXPECT_TRUE(Verify()->ok());
  request.add_buckets(bucket_);
  ASSERT_OK_AND_ASSIGN(const auto reply, Verify(request));
  ASSERT_EQ(reply.findings_size(), 1);
  EXPECT_THAT(reply.findings(0).description(), ::testing::AnyOf(HasSubstr("not the one"), HasSubstr("cut off")));
}

TEST_F(AuditServiceTest, AForgedRowInABucketThatNoChainCoversIsFoundAndNeverShown) {
  const WithoutRangeCheck unchecked;
  schema().Execute(
      "INSERT INTO events (tenant_id, aggregate_id, version, bucket, type, actor, on_behalf_of, reason, request_id, "
      "create_time, payload, digest, position, seal) SELECT tenant_id, aggregate_id, 4, 64, type, actor, on_behalf_of, "
      "'forged', request_id, create_time, payload, digest, 1000, seal FROM events WHERE version = 3 AND tenant_id = ? "
      "AND aggregate_id = ?",
      {tenant_, Id("b")});
  v1::ListAuditRecordsRequest request;
  request.set_parent("partners/" + tenant_.ToString());
  for (const char* aggregate : {"", "b"}) {
    request.set_aggregate(*aggregate == '\0' ? "" : Id(aggregate).ToString());
    ASSERT_OK_AND_ASSIGN(const auto reply, List(request));
    for (const v1::AuditRecord& record : reply.audit_records()) EXPECT_NE(record.reason(), "forged");
  }
  ASSERT_OK_AND_ASSIGN(const auto reply, Verify());
  EXPECT_FALSE(reply.ok());
  ASSERT_EQ(reply.findings_size(), 1);
  EXPECT_EQ(reply.findings(0).bucket(), 64);
  EXPECT_EQ(reply.findings(0).position(), 1000);
}

TEST_F(AuditServiceTest, RefusesWhatMakesNoSense) {
  v1::VerifyAuditChainRequest request;
  request.add_buckets(64);
  request.add_heads()->set_bucket(-1);
  request.add_heads()->set_position(3);
  request.set_page_size(-1);
  request.set_page_token("made up");
  EXPECT_THAT(DetailsOf(Verify(request).status()).violations, SizeIs(5));
}

}  // namespace
}  // namespace countersign::event_api
