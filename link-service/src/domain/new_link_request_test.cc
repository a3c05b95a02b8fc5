#include "link-service/src/domain/new_link_request.h"

#include "gtest/gtest.h"

namespace countersign::link {
namespace {

const absl::Time kExpiry = absl::FromUnixSeconds(1'246'438'800);  // 2009-07-01, 09:00 UTC.

Link LinkIn(LinkState state) {
  Link link;
  link.link_id = Uuid::Derived({"link"});
  link.partner_id = Uuid::Derived({"partner"});
  link.order_id = Uuid::Derived({"order"});
  link.expire_time = kExpiry;
  link.state = state;
  return link;
}

TEST(NewLinkRequestTest, OnlyAnExpiredLinkOffersIt) {
  EXPECT_TRUE(MayAskForNewLink(LinkIn(LinkState::kExpired)));
  for (const LinkState state :
       {LinkState::kActive, LinkState::kConfirmed, LinkState::kDeclined, LinkState::kRevoked, LinkState::kSuperseded}) {
    EXPECT_FALSE(MayAskForNewLink(LinkIn(state))) << NameOf(state);
  }
}

TEST(NewLinkRequestTest, IsOnePerLinkAndDay) {
  const Link link = LinkIn(LinkState::kExpired);
  const NewLinkRequest first = AskForNewLink(link, "CS-1", kExpiry);
  EXPECT_EQ(first.partner_id, link.partner_id);
  EXPECT_EQ(first.request_date, DateOf(kExpiry));
  EXPECT_EQ(AskForNewLink(link, "CS-1", kExpiry + absl::Hours(14)).request_id, first.request_id);
  EXPECT_NE(AskForNewLink(link, "CS-1", kExpiry + absl::Hours(15)).request_id, first.request_id);
  Link other = link;
  other.link_id = Uuid::Derived({"other"});
  EXPECT_NE(AskForNewLink(other, "CS-1", kExpiry).request_id, first.request_id);
}

}  // namespace
}  // namespace countersign::link
