#include "common/event_api/event_page.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/time/clock.h"
#include "common/event_api/audit_service.h"
#include "common/event_api/event_service.h"
#include "common/events/log_fixture.h"
#include "common/events/relay.h"
#include "common/rpc/status.h"
#include "common/testing/fake_clock.h"
#include "common/testing/in_process_server.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::event_api {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::SetCaller;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace v1 = event::v1;

constexpr char kOperator[] = "operators/anna";
constexpr size_t kAMessage = 20 << 10;  // A payload of 16 KiB and what is said of it.

// Both lists, from a real server, by clients with gRPC's usual limits.
class EventPageTest : public events::LogTest {
 protected:
  void TearDown() override { events_.Stop(); }

  static void Seal() {
    const auto sealer = events::MakeRelay(db(), {.owner = "test"}, {}, {});
    ASSERT_OK(sealer->Drain(Deadline()));
  }

  static std::string ParentOf(const Uuid& tenant) { return "partners/" + tenant.ToString(); }

  absl::StatusOr<v1::ListEventsResponse> Page(const v1::ListEventsRequest& request, absl::string_view caller) {
    grpc::ClientContext context;
    SetCaller(context, caller);
    v1::ListEventsResponse page;
    RETURN_IF_ERROR(rpc::FromGrpc(event_stub_->ListEvents(&context, request, &page)));
    return page;
  }
  absl::StatusOr<v1::ListAuditRecordsResponse> Page(const v1::ListAuditRecordsRequest& request,
                                                    absl::string_view caller) {
    grpc::ClientContext context;
    SetCaller(context, caller);
    v1::ListAuditRecordsResponse page;
    RETURN_IF_ERROR(rpc::FromGrpc(audit_stub_->ListAuditRecords(&context, request, &page)));
    return page;
  }

  // Every page until there is no token, however many messages each has.
  template <typename Request>
  auto Pages(Request request, absl::string_view caller = kOperator) {
    using Response = typename decltype(Page(request, caller))::value_type;
    std::vector<Response> pages;
    do {
      auto page = Page(request, caller);
      EXPECT_OK(page.status());
      if (!page.ok()) break;
      request.set_page_token(page->next_page_token());
      pages.push_back(*std::move(page));
    } while (!request.page_token().empty());
    return pages;
  }

  template <typename Request>
  std::vector<int64_t> Versions(const Request& request, absl::string_view caller = kOperator) {
    std::vector<int64_t> versions;
    for (const auto& page : Pages(request, caller)) {
      for (const auto& message : MessagesOf(page)) versions.push_back(message.version());
    }
    return versions;
  }

  static const auto& MessagesOf(const v1::ListEventsResponse& page) { return page.events(); }
  static const auto& MessagesOf(const v1::ListAuditRecordsResponse& page) { return page.audit_records(); }

  template <typename Request>
  static Request Of(const std::string& parent, const std::string& filter = "", int page_size = 1'000) {
    Request request;
    request.set_parent(parent);
    request.set_filter(filter);
    request.set_page_size(page_size);
    return request;
  }

  // A message for each of 20,500 rows that nobody asks for, and of the one after them.
  template <typename Request>
  void ExpectAnEmptyFirstPage(const std::string& parent) {
    const auto pages = Pages(Of<Request>(parent, "actor = \"operators/bob\""));
    ASSERT_THAT(pages, SizeIs(2)) << parent;
    EXPECT_THAT(MessagesOf(pages[0]), IsEmpty()) << parent;
    ASSERT_THAT(MessagesOf(pages[1]), SizeIs(1)) << parent;
    EXPECT_EQ(MessagesOf(pages[1])[0].version(), 20'500) << parent;
  }

  const Uuid tenant_ = Id("tenant");
  testing::FakeClock clock_;
  const KeyRing keys_ = *KeyRing::Parse("test:" + std::string(64, '7'));
  const rpc::Endpoint endpoint_{{.service = "note-service", .database = &db(), .clock = &clock_, .reply_keys = &keys_}};
  EventService events_{endpoint_, db()};
  AuditService audit_{endpoint_, db()};
  testing::InProcessServer server_{{&events_, &audit_}};
  std::unique_ptr<v1::EventService::Stub> event_stub_ = v1::EventService::NewStub(server_.channel());
  std::unique_ptr<v1::AuditService::Stub> audit_stub_ = v1::AuditService::NewStub(server_.channel());
};

TEST_F(EventPageTest, APageEndsBeforeItIsLargerThanAClientTakes) {
  constexpr int kEvents = 300;
  std::vector<events::Event> events;
  for (int version = 1; version <= kEvents; ++version) {
    events.push_back(MakeEvent(tenant_, Id("a"), version));
    events.back().payload = std::string(16 << 10, 'x');
    if (events.size() < 100) continue;
    ASSERT_OK(CommitEvents(std::exchange(events, {})));
  }
  Seal();
  int64_t version = 0;
  for (const std::string& parent : {ParentOf(tenant_), std::string("-")}) {
    const auto pages = Pages(Of<v1::ListEventsRequest>(parent));
    EXPECT_THAT(pages, SizeIs(3));
    for (const auto& page : pages) {
      EXPECT_LE(page.ByteSizeLong(), kMaxEventPageBytes + kAMessage);
      for (const v1::Event& event : page.events()) EXPECT_EQ(event.version(), ++version);
    }
    EXPECT_EQ(std::exchange(version, 0), kEvents);
  }
}

TEST_F(EventPageTest, ASelectiveFilterLooksAtABoundedPartOfTheLogInACall) {
  InsertSealed(tenant_, Id("a"), 20'500);
  schema().Execute("UPDATE events SET actor = 'operators/bob' WHERE version = 20500");
  for (const std::string& parent : {std::string("-"), ParentOf(tenant_)}) {
    ExpectAnEmptyFirstPage<v1::ListEventsRequest>(parent);
    ExpectAnEmptyFirstPage<v1::ListAuditRecordsRequest>(parent);
  }
}

TEST_F(EventPageTest, AFullPageAtTheEndHasNoToken) {
  CommitVersions(tenant_, Id("a"), 6);
  Seal();
  EXPECT_THAT(Pages(Of<v1::ListEventsRequest>("-", "", 3)), SizeIs(2));
  EXPECT_THAT(Pages(Of<v1::ListAuditRecordsRequest>("-", "", 2)), SizeIs(3));
  EXPECT_THAT(Pages(Of<v1::ListEventsRequest>("-", "type = \"THING_CHANGED\"", 6)), SizeIs(1));
  EXPECT_THAT(Pages(Of<v1::ListEventsRequest>("-", "type = \"NO_SUCH\"", 6)), SizeIs(1));
}

TEST_F(EventPageTest, PagesOfAFilterHaveEveryMatchOnce) {
  InsertSealed(tenant_, Id("a"), 2'500);
  schema().Execute("UPDATE events SET actor = 'operators/bob' WHERE MOD(version, 7) = 0");
  for (const int page_size : {1'000, 100, 13}) {
    const auto request = Of<v1::ListEventsRequest>(ParentOf(tenant_), "actor = \"operators/bob\"", page_size);
    const std::vector<int64_t> versions = Versions(request);
    ASSERT_THAT(versions, SizeIs(357));
    for (int i = 0; i < 357; ++i) EXPECT_EQ(versions[i], 7 * (i + 1));
  }
}

TEST_F(EventPageTest, BothListsTakeTheSameFiltersAndOneResource) {
  std::vector<events::Event> events;
  for (int version = 1; version <= 4; ++version) events.push_back(MakeEvent(tenant_, Id("a"), version));
  events[1].request_id = "request-2";
  events[2].on_behalf_of = "operators/bob";
  events.push_back(MakeEvent(tenant_, Id("b"), 1));
  ASSERT_OK(CommitEvents(events));
  CommitVersions(Id("other"), Id("c"), 2);
  Seal();
  const auto expect = [&](const std::string& filter, const std::string& aggregate, const auto& versions) {
    for (const std::string& parent : {ParentOf(tenant_), std::string("-")}) {
      auto of_events = Of<v1::ListEventsRequest>(parent, filter);
      of_events.set_aggregate(aggregate);
      EXPECT_THAT(Versions(of_events), versions) << parent << filter;
      auto of_records = Of<v1::ListAuditRecordsRequest>(parent, filter);
      of_records.set_aggregate(aggregate);
      EXPECT_THAT(Versions(of_records), versions) << parent << filter;
    }
  };
  const std::string aggregate = Id("a").ToString();
  expect("request_id = \"request-2\"", "", ElementsAre(2));
  expect("on_behalf_of = \"operators/bob\"", "", ElementsAre(3));
  expect("", aggregate, ElementsAre(1, 2, 3, 4));
  expect("create_time > \"2009-06-01T00:00:03Z\"", aggregate, ElementsAre(3, 4));
  expect("", Id("nothing").ToString(), IsEmpty());
  auto nonsense = Of<v1::ListEventsRequest>("-", "payload = 1");
  nonsense.set_aggregate("x");
  EXPECT_THAT(DetailsOf(Page(nonsense, kOperator).status()).violations, SizeIs(2));
}

TEST_F(EventPageTest, APartnerFindsNothingOfOthersByTheirResource) {
  CommitVersions(tenant_, Id("a"), 1);
  CommitVersions(Id("other"), Id("theirs"), 1);
  Seal();
  const std::string partner = ParentOf(tenant_);
  auto request = Of<v1::ListEventsRequest>(partner);
  EXPECT_THAT(Versions(request, partner), SizeIs(1));
  request.set_aggregate(Id("theirs").ToString());
  EXPECT_THAT(Versions(request, partner), IsEmpty());
  request.set_parent(ParentOf(Id("other")));
  EXPECT_THAT(Page(request, partner), HasReason("RESOURCE_NOT_FOUND"));
}

TEST_F(EventPageTest, ATokenIsRefusedWhereTheLogWasPutBack) {
  CommitVersions(tenant_, Id("a"), 3);
  Seal();
  auto of_events = Of<v1::ListEventsRequest>("-", "", 2);
  ASSERT_OK_AND_ASSIGN(const auto events, Page(of_events, kOperator));
  of_events.set_page_token(events.next_page_token());
  auto of_records = Of<v1::ListAuditRecordsRequest>("-", "", 2);
  ASSERT_OK_AND_ASSIGN(const auto records, Page(of_records, kOperator));
  of_records.set_page_token(records.next_page_token());
  schema().Execute("DELETE FROM events WHERE position > 1");
  EXPECT_THAT(Page(of_events, kOperator), HasReason("POSITION_UNKNOWN"));
  EXPECT_THAT(Page(of_records, kOperator), HasReason("POSITION_UNKNOWN"));
}

// A database that answers however late it is.
class PatientDatabase final : public mysql::Database {
 public:
  PatientDatabase(mysql::Database& database, absl::Time deadline) : database_(database), deadline_(deadline) {}
  absl::Status Read(absl::Time, absl::FunctionRef<absl::Status(mysql::Reader&)> act) override {
    return database_.Read(deadline_, act);
  }
  absl::StatusOr<std::vector<mysql::Row>> ReadByKey(absl::Time, const mysql::KeyedSelect& select,
                                                    const std::vector<mysql::Parameter>& key,
                                                    const std::vector<mysql::Parameter>& asked) override {
    return database_.ReadByKey(deadline_, select, key, asked);
  }
  absl::Status Autocommit(absl::Time, absl::FunctionRef<absl::Status(mysql::Connection&)> act) override {
    return database_.Autocommit(deadline_, act);
  }
  absl::Status Transact(absl::Time, mysql::TransactionBody body, const mysql::WasCommitted& was_committed,
                        int attempts) override {
    return database_.Transact(deadline_, body, was_committed, attempts);
  }
  absl::Status Ping(absl::Time) override { return database_.Ping(deadline_); }
  void Close() override {}

 private:
  mysql::Database& database_;
  const absl::Time deadline_;
};

TEST_F(EventPageTest, ACallBeyondItsDeadlineTakesNoFurtherStep) {
  InsertSealed(tenant_, Id("a"), 10);
  PatientDatabase database(db(), Deadline());
  const rpc::Call late({.deadline = absl::Now(), .reply_keys = &keys_});
  const EventPageQuery query{.cursor = events::FeedCursor(tenant_)};
  int added = 0;
  const auto add = [&](const events::FeedEntry&, const events::FeedCursor&) -> size_t { return ++added; };
  EXPECT_THAT(ReadEventPage(database, late, query, add), HasReason("DEADLINE_EXCEEDED"));
  EXPECT_EQ(added, 0);
}

TEST_F(EventPageTest, APageThatRunsOutOfTimeEndsShortAndTheNextGoesOn) {
  InsertSealed(tenant_, Id("a"), 250);
  PatientDatabase database(db(), Deadline());
  EventPageQuery query{.cursor = events::FeedCursor(tenant_), .page_size = 1'000};
  rpc::Call call({.deadline = absl::InfiniteFuture(), .reply_keys = &keys_});
  int added = 0;
  const auto add = [&](const events::FeedEntry& entry, const events::FeedCursor& position) -> size_t {
    EXPECT_EQ(entry.event.version, ++added);
    query.cursor = position;
    call = rpc::Call({.deadline = absl::Now(), .reply_keys = &keys_});  // The time is up during the first step.
    return 1;
  };
  ASSERT_OK_AND_ASSIGN(const std::string token, ReadEventPage(database, call, query, add));
  EXPECT_NE(token, "");
  EXPECT_EQ(added, events::kScanBatch);
  call = rpc::Call({.deadline = absl::InfiniteFuture(), .reply_keys = &keys_});
  ASSERT_OK(ReadEventPage(database, call, query, add).status());
  EXPECT_EQ(added, 2 * events::kScanBatch);
}

}  // namespace
}  // namespace countersign::event_api
