// What partners and operators see of links: lists and evidence, and never a secret.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/events/relay.h"
#include "common/rpc/convert.h"
#include "countersign/link/v1/evidence.pb.h"
#include "countersign/link/v1/link.pb.h"
#include "countersign/link/v1/link_service.pb.h"
#include "link-service/src/page/page_test_base.h"

namespace countersign::link {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class LinkListTest : public PageTest {
 protected:
  static std::string PartnerOf(const v1::Link& link) { return link.order().substr(0, link.order().find("/orders/")); }

  absl::StatusOr<v1::ListLinksResponse> List(const v1::ListLinksRequest& request, absl::string_view caller) {
    return Call(&Stub::ListLinks, request, caller);
  }
  static v1::ListLinksRequest ListRequest(const std::string& parent, const std::string& filter = "") {
    v1::ListLinksRequest request;
    request.set_parent(parent);
    request.set_filter(filter);
    return request;
  }

  absl::StatusOr<v1::ListLinkEventsResponse> Events(absl::string_view caller, const std::string& filter = "") {
    EXPECT_OK(relay_->Drain(testing::TestDeadline()));  // Seals.
    v1::ListLinkEventsRequest request;
    request.set_parent(issued_.link().name());
    request.set_filter(filter);
    return Call(&Stub::ListLinkEvents, request, caller);
  }

  static v1::LinkRecord PressIn(const v1::ListLinkEventsResponse& reply) {
    for (const v1::LinkRecord& record : reply.events()) {
      if (record.type() == "PRESS_RECORDED") return record;
    }
    ADD_FAILURE() << "There is no press.";
    return {};
  }

  const std::unique_ptr<events::Relay> relay_ =
      events::MakeRelay(database_->database(), {.owner = "link-service@test"}, /*consumers=*/{}, /*tasks=*/{});
};

TEST_F(LinkListTest, APartnerListsItsOwnLinksPageByPage) {
  const std::string partner = PartnerOf(issued_.link());
  std::vector<std::string> names = {issued_.link().name()};
  for (int i = 0; i < 4; ++i) {
    v1::IssueLinkRequest request = IssueRequest();
    request.set_order(partner + "/orders/" + NewRequestId());
    ASSERT_OK(Call(&Stub::IssueLink, request));
    names.push_back(request.name());
  }
  Issue();  // Another partner's.
  std::sort(names.begin(), names.end());
  v1::ListLinksRequest request = ListRequest(partner);
  request.set_page_size(2);
  std::vector<std::string> listed;
  for (int page = 0; page < 3; ++page) {
    ASSERT_OK_AND_ASSIGN(const v1::ListLinksResponse reply, List(request, partner));
    EXPECT_LE(reply.links_size(), 2);
    for (const v1::Link& link : reply.links()) listed.push_back(link.name());
    request.set_page_token(reply.next_page_token());
  }
  EXPECT_EQ(listed, names);
  EXPECT_EQ(request.page_token(), "");
  ASSERT_OK_AND_ASSIGN(const v1::ListLinksResponse all, List(ListRequest("partners/-"), kOperator));
  EXPECT_EQ(all.links_size(), 6);
}

TEST_F(LinkListTest, FiltersByOrderStateAndViews) {
  const std::string partner = PartnerOf(issued_.link());
  testing::HttpGet(url_, {"Sec-Fetch-Mode: navigate", "Sec-Fetch-User: ?1"});
  views_.Flush(testing::TestDeadline());
  ASSERT_OK(Call(&Stub::ApplyOrderOutcome, OutcomeRequest(Issue().link().name(), v1::Link::STATE_EXPIRED)));
  for (const std::string& filter :
       std::vector<std::string>{"state = ACTIVE", "view_count > 0", "order = \"" + issued_.link().order() + "\"",
                                "expire_time > \"2009-06-20T00:00:00Z\" AND revision = 1 AND view_count = 1"}) {
    SCOPED_TRACE(filter);
    ASSERT_OK_AND_ASSIGN(const v1::ListLinksResponse reply, List(ListRequest("partners/-", filter), kOperator));
    ASSERT_EQ(reply.links_size(), 1);
    EXPECT_EQ(reply.links(0).name(), issued_.link().name());
    EXPECT_EQ(reply.links(0).view_count(), 1);
  }
  ASSERT_OK_AND_ASSIGN(const v1::ListLinksResponse none, List(ListRequest(partner, "state = EXPIRED"), partner));
  EXPECT_EQ(none.links_size(), 0);
}

TEST_F(LinkListTest, NoPartnerSeesAnothersLinks) {
  const std::string other = "partners/" + NewRequestId();
  EXPECT_THAT(List(ListRequest(PartnerOf(issued_.link())), other), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(List(ListRequest("partners/-"), other), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Events(other), HasReason("LINK_NOT_FOUND"));
  EXPECT_OK(Events(PartnerOf(issued_.link())));
}

TEST_F(LinkListTest, NamesTheBadField) {
  ExpectViolations(List(ListRequest("links/x", "token = \"x\""), kOperator).status(), {"parent", "filter"});
  v1::ListLinksRequest request = ListRequest("partners/-");
  request.set_page_size(-1);
  request.set_page_token("x");
  ExpectViolations(List(request, kOperator).status(), {"page_size", "page_token"});
  ExpectViolations(Events(kOperator, "evidence = \"x\"").status(), {"filter"});
}

TEST_F(LinkListTest, TheEventsAreTheEvidence) {
  ASSERT_EQ(PressConfirm().status, 303);
  ASSERT_OK_AND_ASSIGN(const v1::ListLinkEventsResponse reply, Events(kOperator));
  std::vector<std::string> types;
  for (const v1::LinkRecord& record : reply.events()) types.push_back(record.type());
  // The clock stands still here, so that the log has them in any order.
  EXPECT_THAT(types, UnorderedElementsAre("LINK_ISSUED", "PRESS_RECORDED", "LINK_CONFIRMED"));
  const v1::LinkRecord press = PressIn(reply);
  EXPECT_EQ(press.act(), v1::PressEvent::ACT_CONFIRM);
  EXPECT_EQ(press.outcome(), "CONFIRMED");
  EXPECT_EQ(press.revision(), 1);
  EXPECT_EQ(press.content_sha256(), orders_.confirms().at(0).acceptance().content_sha256());
  EXPECT_EQ(press.evidence_digest().size(), 32u);
  EXPECT_EQ(press.ip_address(), orders_.confirms().at(0).acceptance().ip_address());
  EXPECT_NE(press.ip_address(), "");
  ASSERT_OK_AND_ASSIGN(const v1::ListLinkEventsResponse presses, Events(kOperator, "type = \"PRESS_RECORDED\""));
  EXPECT_EQ(presses.events_size(), 1);
}

TEST_F(LinkListTest, APartnerReadsNoAddressAndNobodyASecret) {
  ASSERT_EQ(PressConfirm().status, 303);
  ASSERT_OK_AND_ASSIGN(const v1::ListLinkEventsResponse events, Events(PartnerOf(issued_.link())));
  ASSERT_EQ(events.events_size(), 3);
  EXPECT_EQ(PressIn(events).ip_address(), "");
  EXPECT_EQ(PressIn(events).user_agent(), "");
  EXPECT_EQ(PressIn(events).act(), v1::PressEvent::ACT_CONFIRM);
  ASSERT_OK_AND_ASSIGN(const v1::ListLinkEventsResponse all, Events(kOperator));
  ASSERT_OK_AND_ASSIGN(const v1::ListLinksResponse links, List(ListRequest("partners/-"), kOperator));
  const std::string secret = issued_.url().substr(issued_.url().size() - 43);
  for (const std::string& text : {all.DebugString(), links.DebugString(), all.SerializeAsString()}) {
    EXPECT_THAT(text, Not(HasSubstr(secret)));
    EXPECT_THAT(text, Not(HasSubstr("fabrikam.example")));
  }
}

TEST_F(LinkListTest, WhatAPersonSawIsEvidenceToo) {
  testing::HttpGet(url_, {"Sec-Fetch-Mode: navigate", "Sec-Fetch-User: ?1", "User-Agent: Browser/1"});
  views_.Flush(testing::TestDeadline());
  ASSERT_OK_AND_ASSIGN(const v1::ListLinkEventsResponse seen, Events(kOperator, "type = \"VIEW_RECORDED\""));
  ASSERT_EQ(seen.events_size(), 1);
  EXPECT_NE(seen.events(0).view(), "");
  EXPECT_EQ(seen.events(0).user_agent(), "Browser/1");
  EXPECT_EQ(seen.events(0).ip_address(), "127.0.0.1");
  EXPECT_EQ(seen.events(0).content_sha256().size(), 32u);
  EXPECT_EQ(seen.events(0).evidence_digest().size(), 32u);
  ASSERT_OK_AND_ASSIGN(const v1::ListLinkEventsResponse by_partner, Events(PartnerOf(issued_.link())));
  for (const v1::LinkRecord& record : by_partner.events()) {
    EXPECT_EQ(record.ip_address(), "");
    EXPECT_EQ(record.user_agent(), "");
  }
}

TEST_F(LinkListTest, AnErasedPressKeepsItsPlaceInTheList) {
  ASSERT_EQ(PressConfirm().status, 303);
  database_->Execute("UPDATE presses SET evidence = '', salt = ''");
  ASSERT_OK_AND_ASSIGN(const v1::ListLinkEventsResponse events, Events(kOperator));
  ASSERT_EQ(events.events_size(), 3);
  EXPECT_EQ(PressIn(events).act(), v1::PressEvent::ACT_CONFIRM);
  EXPECT_EQ(PressIn(events).evidence_digest(), "");
}

TEST_F(LinkListTest, ExtendsAnActiveLinkAndTheUrlStays) {
  v1::ExtendLinkRequest request;
  request.set_name(issued_.link().name());
  *request.mutable_expire_time() = rpc::ToProto(clock_.Now() + absl::Hours(60 * 24));
  request.set_request_id(NewRequestId());
  ASSERT_OK(Call(&Stub::ExtendLink, request));
  ASSERT_OK(Call(&Stub::ExtendLink, request));  // The relay delivers it again.
  const int64_t extended = request.expire_time().seconds();
  *request.mutable_expire_time() = rpc::ToProto(clock_.Now());  // An older one comes late.
  request.set_request_id(NewRequestId());
  ASSERT_OK(Call(&Stub::ExtendLink, request));
  EXPECT_THAT(testing::HttpGet(url_).body, HasSubstr("Confirm order"));
  EXPECT_THAT(EventTypes(), ElementsAre("LINK_ISSUED", "LINK_EXTENDED"));
  EXPECT_EQ(GetLink(issued_.link().name())->expire_time().seconds(), extended);
}

TEST_F(LinkListTest, ExtendsNoLinkThatIsDecided) {
  Decide(v1::Link::STATE_REVOKED);
  v1::ExtendLinkRequest request;
  request.set_name(issued_.link().name());
  *request.mutable_expire_time() = rpc::ToProto(clock_.Now() + absl::Hours(60 * 24));
  request.set_request_id(NewRequestId());
  ASSERT_OK(Call(&Stub::ExtendLink, request));
  EXPECT_EQ(State(), v1::Link::STATE_REVOKED);
  EXPECT_EQ(GetLink(issued_.link().name())->expire_time().seconds(), issued_.link().expire_time().seconds());
  request.set_name("links/" + NewRequestId());
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Stub::ExtendLink, request), HasReason("LINK_NOT_FOUND"));
  ExpectViolations(Call(&Stub::ExtendLink, v1::ExtendLinkRequest()).status(), {"name", "expire_time", "request_id"});
  EXPECT_THAT(Call(&Stub::ExtendLink, request, kOperator), StatusIs(absl::StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace countersign::link
