#include "common/event_api/delivery_service.h"

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/events/event_log.h"
#include "common/events/log_fixture.h"
#include "common/rpc/status.h"
#include "common/testing/fake_clock.h"
#include "common/testing/in_process_server.h"
#include "common/testing/status_matchers.h"
#include "countersign/event/v1/delivery_event.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::event_api {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::SetCaller;
using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
namespace v1 = event::v1;
using Stub = v1::DeliveryService::StubInterface;

const absl::Status kRefused = absl::InvalidArgumentError("poison");

// Two aggregates of one tenant, and one of another: their second versions are refused by billing, and parked.
class DeliveryServiceTest : public events::LogTest {
 protected:
  void SetUp() override {
    LogTest::SetUp();
    const std::pair<Uuid, Uuid> aggregates[] = {{tenant_, first_}, {tenant_, second_}, {other_, third_}};
    for (const auto& [tenant, aggregate] : aggregates) {
      billing_.Answer(aggregate, 2, kRefused);
      CommitVersions(tenant, aggregate, 3);
    }
    Drain();
  }

  void Drain() { ASSERT_OK(relay_->Drain(Deadline())); }

  template <typename Request, typename Reply>
  absl::StatusOr<Reply> Do(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                           const Request& request, const std::string& caller = "operators/anna") {
    grpc::ClientContext context;
    SetCaller(context, caller);
    Reply reply;
    RETURN_IF_ERROR(rpc::FromGrpc((stub_.get()->*method)(&context, request, &reply)));
    return reply;
  }

  absl::Status Retry(const v1::RetryDeliveryRequest& request) { return Do(&Stub::RetryDelivery, request).status(); }
  absl::Status Abandon(const v1::AbandonDeliveryRequest& request) {
    return Do(&Stub::AbandonDelivery, request).status();
  }

  template <typename Request>
  Request RequestFor(const Uuid& aggregate) {
    Request request;
    request.set_tenant(tenant_.ToString());
    request.set_aggregate(aggregate.ToString());
    request.set_consumer("billing");
    request.set_reason("the customer is gone");
    request.set_request_id(Uuid::V7(clock_.Now()).ToString());
    return request;
  }
  v1::RetryDeliveryRequest RetryRequest(const Uuid& aggregate) {
    return RequestFor<v1::RetryDeliveryRequest>(aggregate);
  }
  v1::AbandonDeliveryRequest AbandonRequest(const Uuid& aggregate, int64_t version) {
    auto request = RequestFor<v1::AbandonDeliveryRequest>(aggregate);
    request.set_version(version);
    return request;
  }
  v1::RedeliverEventsRequest RedeliverRequest(const std::string& consumer) {
    v1::RedeliverEventsRequest request;
    request.set_consumer(consumer);
    request.mutable_since()->set_seconds(0);
    request.set_reason("restored from a backup");
    request.set_request_id(Uuid::V7(clock_.Now()).ToString());
    return request;
  }

  v1::ListHeldDeliveriesResponse List(const v1::ListHeldDeliveriesRequest& request = {}) {
    const auto reply = Do(&Stub::ListHeldDeliveries, request);
    EXPECT_OK(reply.status());
    return reply.value_or(v1::ListHeldDeliveriesResponse());
  }
  std::vector<std::string> AggregatesOf(const std::string& filter) {
    v1::ListHeldDeliveriesRequest request;
    request.set_filter(filter);
    std::vector<std::string> aggregates;
    const v1::ListHeldDeliveriesResponse reply = List(request);
    for (const v1::HeldDelivery& held : reply.held_deliveries()) aggregates.push_back(held.aggregate());
    return aggregates;
  }

  // The events of the aggregate, sealed by a Drain.
  static std::vector<events::Event> EventsOf(const Uuid& tenant, const Uuid& aggregate) {
    auto events = events::ReadAggregate(*schema().Connect(), tenant, aggregate, 1, 100);
    EXPECT_OK(events.status());
    return events.ok() ? *std::move(events) : std::vector<events::Event>();
  }
  std::vector<events::Event> EventsAbout(const Uuid& aggregate) {
    return EventsOf(tenant_, DeliveryId("billing", aggregate));
  }
  // The types of what is on record about the redelivery that anna asked for, in order.
  static std::vector<std::string> RecordOf(const v1::RedeliverEventsRequest& request) {
    std::vector<std::string> types;
    for (const events::Event& event : EventsOf(LogTenant(), RedeliveryId(request))) types.push_back(event.type);
    return types;
  }
  static Uuid RedeliveryId(const v1::RedeliverEventsRequest& request) {
    return Uuid::Derived(
        {"operators/anna", "countersign.event.v1.DeliveryService/RedeliverEvents", request.request_id(), "redelivery"});
  }

  events::Consumer BillingConsumer() {
    events::Consumer consumer = billing_.AsConsumer("billing");
    consumer.must_arrive = {"MONEY_CAME", "THING_CONFIRMED"};
    return consumer;
  }

  const Uuid tenant_ = Id("tenant");
  const Uuid other_ = Id("other tenant");
  const Uuid first_ = Id("first");
  const Uuid second_ = Id("second");
  const Uuid third_ = Id("third");
  events::Receiver billing_;
  events::Receiver link_;
  const std::unique_ptr<events::Relay> relay_ =
      events::MakeRelay(db(), {.owner = "test"}, {BillingConsumer(), link_.AsConsumer("link")}, {});
  testing::FakeClock clock_;
  const KeyRing keys_ = *KeyRing::Parse("test:" + std::string(64, '7'));
  const rpc::Endpoint endpoint_{{.service = "note-service", .database = &db(), .clock = &clock_, .reply_keys = &keys_}};
  DeliveryService handlers_{endpoint_, db(), committer(), *relay_};
  testing::InProcessServer server_{{&handlers_}};
  const std::unique_ptr<v1::DeliveryService::Stub> stub_ = v1::DeliveryService::NewStub(server_.channel());
};

TEST_F(DeliveryServiceTest, ListsPageByPage) {
  v1::ListHeldDeliveriesRequest request;
  request.set_page_size(2);
  const v1::ListHeldDeliveriesResponse first = List(request);
  ASSERT_EQ(first.held_deliveries_size(), 2);
  EXPECT_TRUE(first.held_deliveries(0).parked());
  EXPECT_EQ(first.held_deliveries(0).version(), 2);
  EXPECT_EQ(first.held_deliveries(0).attempts(), 1);
  EXPECT_THAT(first.held_deliveries(0).last_error(), ::testing::HasSubstr("poison"));
  request.set_page_token(first.next_page_token());
  EXPECT_THAT(Do(&Stub::ListHeldDeliveries, request, "operators/bob"), StatusIs(absl::StatusCode::kInvalidArgument));
  const v1::ListHeldDeliveriesResponse second = List(request);
  ASSERT_EQ(second.held_deliveries_size(), 1);
  EXPECT_EQ(second.next_page_token(), "");
  EXPECT_THAT((std::vector<std::string>{first.held_deliveries(0).aggregate(), first.held_deliveries(1).aggregate(),
                                        second.held_deliveries(0).aggregate()}),
              UnorderedElementsAre(first_.ToString(), second_.ToString(), third_.ToString()));
}

TEST_F(DeliveryServiceTest, FiltersByEveryFieldThatIsNamed) {
  billing_.Answer(second_, 2, absl::InternalError("broken"));
  ASSERT_OK(Retry(RetryRequest(second_)));
  EXPECT_FALSE(relay_->Drain(Deadline()).ok());
  EXPECT_THAT(AggregatesOf("parked = false"), ElementsAre(second_.ToString()));
  EXPECT_THAT(AggregatesOf(absl::StrCat("parked = true AND tenant = ", tenant_.ToString())),
              ElementsAre(first_.ToString()));
  EXPECT_THAT(AggregatesOf(absl::StrCat("aggregate = \"", third_.ToString(), "\"")), ElementsAre(third_.ToString()));
  EXPECT_EQ(AggregatesOf("consumer = billing").size(), 3u);
  EXPECT_THAT(AggregatesOf("consumer = link"), IsEmpty());

  // From page to page as well, and with no other filter.
  v1::ListHeldDeliveriesRequest request;
  request.set_page_size(1);
  request.set_filter(absl::StrCat("tenant = ", tenant_.ToString()));
  request.set_page_token(List(request).next_page_token());
  const v1::ListHeldDeliveriesResponse second = List(request);
  ASSERT_EQ(second.held_deliveries_size(), 1);
  EXPECT_EQ(second.held_deliveries(0).aggregate(), second_.ToString());
  EXPECT_EQ(second.next_page_token(), "");
  request.set_filter("parked = true");
  EXPECT_THAT(Do(&Stub::ListHeldDeliveries, request), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(DeliveryServiceTest, RefusesBadPagesAndFilters) {
  v1::ListHeldDeliveriesRequest request;
  request.set_page_size(-1);
  request.set_page_token("made up");
  request.set_filter("tenant = everybody");
  EXPECT_EQ(DetailsOf(Do(&Stub::ListHeldDeliveries, request).status()).violations.size(), 3u);
}

TEST_F(DeliveryServiceTest, RetriesWhatWaitsAndSaysWhoAndWhy) {
  billing_.Answer(first_, 2, absl::OkStatus());
  const v1::RetryDeliveryRequest request = RetryRequest(first_);
  ASSERT_OK(Retry(request));
  Drain();
  EXPECT_THAT(billing_.VersionsOf(first_), ElementsAre(1, 2, 3));
  const std::vector<events::Event> events = EventsAbout(first_);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].type, "DELIVERY_RETRIED");
  EXPECT_EQ(events[0].actor, "operators/anna");
  EXPECT_EQ(events[0].reason, "the customer is gone");
  EXPECT_EQ(events[0].request_id, request.request_id());
  EXPECT_EQ(events[0].payload_type, "countersign.event.v1.DeliveryEvent");
  v1::DeliveryEvent payload;
  ASSERT_TRUE(payload.ParseFromString(events[0].payload));
  EXPECT_EQ(payload.aggregate(), first_.ToString());
  EXPECT_EQ(payload.consumer(), "billing");
  EXPECT_EQ(payload.version(), 2);
}

TEST_F(DeliveryServiceTest, ARetryThatIsAskedAgainRetriesNothingAgain) {
  const v1::RetryDeliveryRequest request = RetryRequest(first_);
  ASSERT_OK_AND_ASSIGN(const v1::RetryDeliveryResponse reply, Do(&Stub::RetryDelivery, request));
  Drain();  // Refused, and parked, once more.
  ASSERT_OK_AND_ASSIGN(const v1::RetryDeliveryResponse again, Do(&Stub::RetryDelivery, request));
  EXPECT_EQ(again.SerializeAsString(), reply.SerializeAsString());
  EXPECT_EQ(AggregatesOf("parked = true").size(), 3u);
  EXPECT_EQ(EventsAbout(first_).size(), 1u);
  ASSERT_OK(Retry(RetryRequest(first_)));
  Drain();
  ASSERT_EQ(EventsAbout(first_).size(), 2u);
  EXPECT_EQ(EventsAbout(first_)[1].version, 2);
}

TEST_F(DeliveryServiceTest, WhatDoesNotWaitIsNeitherRetriedNorAbandoned) {
  EXPECT_THAT(Retry(RetryRequest(third_)), HasReason("DELIVERY_NOT_FOUND"));  // Another tenant's.
  EXPECT_THAT(Abandon(AbandonRequest(third_, 2)), HasReason("DELIVERY_NOT_FOUND"));
  EXPECT_EQ(DetailsOf(Retry({})).violations.size(), 5u);
  EXPECT_EQ(DetailsOf(Abandon({})).violations.size(), 6u);
  EXPECT_EQ(AggregatesOf("parked = true").size(), 3u);
}

TEST_F(DeliveryServiceTest, WhatIsAbandonedNeverArrivesAndWhatFollowsDoes) {
  billing_.Answer(first_, 2, absl::OkStatus());  // It would be taken now.
  const v1::AbandonDeliveryRequest request = AbandonRequest(first_, 2);
  ASSERT_OK(Abandon(request));
  Drain();
  ASSERT_OK(CommitEvents({MakeEvent(tenant_, first_, 4)}));
  Drain();
  EXPECT_THAT(billing_.VersionsOf(first_), ElementsAre(1, 3, 4));
  EXPECT_THAT(link_.VersionsOf(first_), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(AggregatesOf(absl::StrCat("aggregate = ", first_.ToString())), IsEmpty());
  const std::vector<events::Event> events = EventsAbout(first_);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].type, "DELIVERY_ABANDONED");
  EXPECT_EQ(events[0].actor, "operators/anna");
  EXPECT_EQ(events[0].reason, "the customer is gone");
  ASSERT_OK(Abandon(request));  // The stored reply, though nothing waits.
  EXPECT_EQ(EventsAbout(first_).size(), 1u);
}

TEST_F(DeliveryServiceTest, AnotherVersionThanTheOneThatWaitsIsNotAbandoned) {
  for (const int64_t version : {1, 3}) {
    const absl::Status status = Abandon(AbandonRequest(first_, version));
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kAborted));
    EXPECT_THAT(status, HasReason("DELIVERY_CHANGED"));
  }
  Drain();
  EXPECT_EQ(AggregatesOf("parked = true").size(), 3u);
  EXPECT_THAT(billing_.VersionsOf(first_), ElementsAre(1));
  EXPECT_THAT(EventsAbout(first_), IsEmpty());
}

TEST_F(DeliveryServiceTest, AnEventThatMustArriveIsNotAbandonedAndArrivesWhenItIsTaken) {
  const Uuid confirmed = Id("confirmed");
  events::Event event = MakeEvent(tenant_, confirmed, 1);
  event.type = "THING_CONFIRMED";
  billing_.Answer(confirmed, 1, kRefused);
  ASSERT_OK(CommitEvents({event, MakeEvent(tenant_, confirmed, 2)}));
  Drain();
  const absl::Status status = Abandon(AbandonRequest(confirmed, 1));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(status, HasReason("DELIVERY_MUST_ARRIVE"));
  EXPECT_THAT(DetailsOf(status).metadata, ::testing::Contains(::testing::Pair("type", "THING_CONFIRMED")));
  EXPECT_THAT(EventsAbout(confirmed), IsEmpty());
  Drain();
  EXPECT_EQ(AggregatesOf("parked = true").size(), 4u);

  billing_.Answer(confirmed, 1, absl::OkStatus());
  ASSERT_OK(Retry(RetryRequest(confirmed)));
  Drain();
  EXPECT_THAT(billing_.VersionsOf(confirmed), ElementsAre(1, 2));
}

// In the database such a name would be an error of its own.
TEST_F(DeliveryServiceTest, AConsumerThatIsNotAsciiIsRefusedEverywhere) {
  const std::string name = "Förderer";
  v1::ListHeldDeliveriesRequest list;
  list.set_filter(absl::StrCat("consumer = \"", name, "\""));
  v1::RetryDeliveryRequest retry = RetryRequest(first_);
  retry.set_consumer(name);
  v1::AbandonDeliveryRequest abandon = AbandonRequest(first_, 2);
  abandon.set_consumer(name);
  for (const absl::Status& status : {Do(&Stub::ListHeldDeliveries, list).status(), Retry(retry), Abandon(abandon),
                                     Do(&Stub::RedeliverEvents, RedeliverRequest(name)).status()}) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_EQ(DetailsOf(status).violations.size(), 1u) << status;
  }
}

TEST_F(DeliveryServiceTest, TwoWhoAbandonAtOnceAbandonOneEvent) {
  billing_.Answer(first_, 3, kRefused);
  std::vector<absl::Status> results(4);
  std::vector<std::thread> operators;
  for (absl::Status& result : results) {
    operators.emplace_back([&] { result = Abandon(AbandonRequest(first_, 2)); });
  }
  for (std::thread& each : operators) each.join();
  int done = 0;
  for (const absl::Status& result : results) {
    if (result.ok()) {
      ++done;
    } else {
      EXPECT_THAT(result, HasReason("DELIVERY_CHANGED"));
    }
  }
  EXPECT_EQ(done, 1);
  Drain();
  EXPECT_EQ(EventsAbout(first_).size(), 1u);
  const auto rows = schema().Query("SELECT version FROM held_deliveries WHERE aggregate_id = ?", {first_});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].Int(0), 3);
}

TEST_F(DeliveryServiceTest, MovesAConsumerBackOnce) {
  const v1::RedeliverEventsRequest request = RedeliverRequest("link");
  ASSERT_OK(Do(&Stub::RedeliverEvents, request).status());
  Drain();
  EXPECT_THAT(link_.VersionsOf(first_), ElementsAre(1, 2, 3, 1, 2, 3));
  EXPECT_THAT(billing_.VersionsOf(first_), ElementsAre(1));
  ASSERT_OK(Do(&Stub::RedeliverEvents, request).status());
  Drain();
  EXPECT_THAT(link_.VersionsOf(first_), ElementsAre(1, 2, 3, 1, 2, 3));

  EXPECT_EQ(LogTenant().ToString(), "cc103a72-7857-8e2d-876a-ae882b81a966");  // As delivery_event.proto says.
  EXPECT_THAT(RecordOf(request), ElementsAre("REDELIVERY_REQUESTED", "EVENTS_REDELIVERED"));
  const std::vector<events::Event> events = EventsOf(LogTenant(), RedeliveryId(request));
  EXPECT_EQ(events[0].actor, "operators/anna");
  EXPECT_EQ(events[0].reason, "restored from a backup");
  v1::RedeliveryEvent payload;
  ASSERT_TRUE(payload.ParseFromString(events[0].payload));
  EXPECT_EQ(payload.consumer(), "link");
  EXPECT_EQ(payload.since().seconds(), 0);
}

// Or a consumer could be moved and nobody would know by whom.
TEST_F(DeliveryServiceTest, ARedeliveryThatCannotBeRecordedMovesNoCursor) {
  const v1::RedeliverEventsRequest request = RedeliverRequest("link");
  schema().Execute("ALTER TABLE events ADD CONSTRAINT no_record CHECK (type <> 'REDELIVERY_REQUESTED')");
  EXPECT_FALSE(Do(&Stub::RedeliverEvents, request).ok());
  schema().Execute("ALTER TABLE events DROP CONSTRAINT no_record");
  Drain();
  EXPECT_THAT(link_.VersionsOf(first_), ElementsAre(1, 2, 3));
  EXPECT_THAT(RecordOf(request), IsEmpty());
}

TEST_F(DeliveryServiceTest, ARedeliveryThatDiedHalfWayIsOnRecordAndIsFinishedByTheSameRequest) {
  const v1::RedeliverEventsRequest request = RedeliverRequest("link");
  schema().Execute("ALTER TABLE events ADD CONSTRAINT died CHECK (type <> 'EVENTS_REDELIVERED')");
  EXPECT_FALSE(Do(&Stub::RedeliverEvents, request).ok());
  schema().Execute("ALTER TABLE events DROP CONSTRAINT died");
  Drain();
  EXPECT_THAT(RecordOf(request), ElementsAre("REDELIVERY_REQUESTED"));
  ASSERT_OK(Do(&Stub::RedeliverEvents, request).status());
  Drain();
  EXPECT_THAT(RecordOf(request), ElementsAre("REDELIVERY_REQUESTED", "EVENTS_REDELIVERED"));
  EXPECT_THAT(link_.VersionsOf(first_), ElementsAre(1, 2, 3, 1, 2, 3, 1, 2, 3));
}

TEST_F(DeliveryServiceTest, AnUnknownConsumerIsNotMoved) {
  const v1::RedeliverEventsRequest request = RedeliverRequest("nobody");
  EXPECT_THAT(Do(&Stub::RedeliverEvents, request), HasReason("CONSUMER_NOT_FOUND"));
  EXPECT_EQ(DetailsOf(Do(&Stub::RedeliverEvents, {}).status()).violations.size(), 4u);
  Drain();
  EXPECT_THAT(RecordOf(request), IsEmpty());
}

TEST_F(DeliveryServiceTest, ServesOperatorsOnly) {
  EXPECT_THAT(Do(&Stub::ListHeldDeliveries, {}, "services/order-service"), HasReason("METHOD_NOT_ALLOWED"));
  EXPECT_THAT(Do(&Stub::AbandonDelivery, AbandonRequest(first_, 2), "viewers/vera"), HasReason("METHOD_NOT_ALLOWED"));
  EXPECT_OK(Do(&Stub::ListHeldDeliveries, {}, "viewers/vera"));
}

}  // namespace
}  // namespace countersign::event_api
