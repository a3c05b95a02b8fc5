#include "common/event_api/event_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/event_api/event_service_fixture.h"
#include "common/events/event_feed.h"
#include "common/events/relay.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::event_api {
namespace {

using ::countersign::testing::HasReason;
using event::v1::Event;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(EventServiceTest, ListsATenantsEventsPageByPage) {
  CommitAndSeal(tenant_, "a", 1, 7);
  CommitAndSeal(Id("other"), "b", 1, 2);
  event::v1::ListEventsRequest request;
  request.set_parent(ParentOf(tenant_));
  request.set_page_size(3);
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> events, List(request));
  EXPECT_THAT(VersionsOf(events), ElementsAre(1, 2, 3, 4, 5, 6, 7));
  EXPECT_EQ(events[0].tenant(), tenant_.ToString());
  EXPECT_EQ(events[0].type(), "THING_CHANGED");
  EXPECT_EQ(events[0].payload().type_url(), "type.googleapis.com/countersign.test.v1.Thing");
  EXPECT_EQ(events[0].payload().value(), std::string("\0\xff payload", 10));
  request.set_parent("-");
  EXPECT_THAT(List(request).value(), SizeIs(9));
}

TEST_F(EventServiceTest, FiltersAndStartsAfterAPosition) {
  CommitAndSeal(tenant_, "a", 1, 5);
  event::v1::ListEventsRequest request;
  request.set_parent(ParentOf(tenant_));
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> all, List(request));
  request.set_position(all[2].position());
  EXPECT_THAT(VersionsOf(List(request).value()), ElementsAre(4, 5));
  request.set_filter("type = \"THING_CHANGED\" AND create_time >= \"2009-06-01T00:00:05Z\"");
  EXPECT_THAT(VersionsOf(List(request).value()), ElementsAre(5));
  request.set_filter("payload = 1");
  request.set_position("made up");
  EXPECT_EQ(DetailsOf(List(request).status()).violations.size(), 2u);
}

TEST_F(EventServiceTest, APartnerSeesItsOwnEventsOnly) {
  CommitAndSeal(tenant_, "a", 1, 1);
  const std::string partner = ParentOf(tenant_);
  event::v1::ListEventsRequest request;
  request.set_parent(partner);
  EXPECT_THAT(List(request, partner).value(), SizeIs(1));
  for (const std::string& parent :
       {ParentOf(Id("other")), std::string("-"), "links/" + tenant_.ToString(), "links/" + Id("other").ToString()}) {
    request.set_parent(parent);
    EXPECT_THAT(List(request, partner), HasReason("RESOURCE_NOT_FOUND")) << parent;
    Stream stream(*stub_, parent, "", partner);
    Event event;
    EXPECT_FALSE(stream.ReadOne(&event));
    EXPECT_THAT(stream.Finish(), HasReason("RESOURCE_NOT_FOUND")) << parent;
  }
}

TEST_F(EventServiceTest, APositionBeyondTheEndIsRefused) {
  CommitAndSeal(tenant_, "a", 1, 2);
  for (const std::optional<Uuid>& tenant : {std::optional<Uuid>(tenant_), std::optional<Uuid>()}) {
    events::FeedCursor cursor(tenant);
    cursor.MoveTo(events::BucketOf(tenant_), 3);
    const std::string parent = tenant.has_value() ? ParentOf(*tenant) : "-";
    Event event;
    Stream stream(*stub_, parent, cursor.ToToken());
    EXPECT_FALSE(stream.ReadOne(&event));
    EXPECT_THAT(stream.Finish(), HasReason("POSITION_UNKNOWN"));
    event::v1::ListEventsRequest request;
    request.set_parent(parent);
    request.set_position(cursor.ToToken());
    EXPECT_THAT(List(request), HasReason("POSITION_UNKNOWN"));
    cursor.MoveTo(events::BucketOf(tenant_), 2);
    request.set_position(cursor.ToToken());
    EXPECT_THAT(List(request).value(), IsEmpty());
  }
}

TEST_F(EventServiceTest, APositionIsRefusedWhenTheLogWasPutBackAndHasGrownPastIt) {
  CommitAndSeal(tenant_, "a", 1, 3);
  std::vector<std::pair<std::string, std::string>> positions;
  for (const std::string& parent : {ParentOf(tenant_), std::string("-")}) {
    event::v1::ListEventsRequest request;
    request.set_parent(parent);
    ASSERT_OK_AND_ASSIGN(const std::vector<Event> events, List(request));
    positions.emplace_back(parent, events[1].position());
    positions.emplace_back(parent, events[2].position());
  }
  // The dump was taken when there was one event; then others were committed.
  schema().Execute("DELETE FROM events WHERE version > 1");
  relay_ = events::MakeRelay(db(), {.owner = "restored", .on_sealed = handlers_->Waker()}, {}, {});
  CommitAndSeal(tenant_, "b", 1, 5);
  for (const auto& [parent, position] : positions) {
    event::v1::ListEventsRequest request;
    request.set_parent(parent);
    request.set_position(position);
    EXPECT_THAT(List(request), HasReason("POSITION_UNKNOWN"));
    Event event;
    Stream stream(*stub_, parent, position);
    EXPECT_FALSE(stream.ReadOne(&event));
    EXPECT_THAT(stream.Finish(), HasReason("POSITION_UNKNOWN"));
  }
}

}  // namespace
}  // namespace countersign::event_api
