#include "link-service/src/domain/access_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "common/base/error.h"
#include "common/testing/status_matchers.h"

namespace countersign::link {
namespace {

const absl::Time kAskTime = absl::FromUnixSeconds(1'243'846'800);

Link LinkOfState(LinkState state) {
  Link link;
  link.state = state;
  return link;
}

Link ConfirmedLink() { return LinkOfState(LinkState::kConfirmed); }

std::string ReasonOf(const absl::StatusOr<AccessLink>& next) { return DetailsOf(next.status()).reason; }

TEST(AccessLinkTest, AreNumberedAndKeepApart) {
  ASSERT_OK_AND_ASSIGN(const AccessLink first,
                       NextAccessLink(ConfirmedLink(), {}, AccessLinkAsker::kPartner, kAskTime));
  EXPECT_EQ(first.number, 1);
  EXPECT_EQ(first.asked_by, AccessLinkAsker::kPartner);
  const std::vector<AccessLink> before = {first};
  const auto next_after = [&](absl::Duration time) {
    return NextAccessLink(ConfirmedLink(), before, AccessLinkAsker::kCustomer, kAskTime + time);
  };
  EXPECT_EQ(ReasonOf(next_after(absl::Seconds(599))), "TOO_MANY_ACCESS_LINKS");
  ASSERT_OK_AND_ASSIGN(const AccessLink second, next_after(absl::Minutes(10)));
  EXPECT_EQ(second.number, 2);
}

TEST(AccessLinkTest, AreFiveIn24Hours) {
  std::vector<AccessLink> before;
  for (int i = 0; i < 5; ++i) {
    ASSERT_OK_AND_ASSIGN(const AccessLink next, NextAccessLink(ConfirmedLink(), before, AccessLinkAsker::kCustomer,
                                                               kAskTime + i * absl::Hours(1)));
    before.insert(before.begin(), next);
  }
  EXPECT_EQ(ReasonOf(NextAccessLink(ConfirmedLink(), before, AccessLinkAsker::kCustomer, kAskTime + absl::Hours(23))),
            "TOO_MANY_ACCESS_LINKS");
  EXPECT_OK(NextAccessLink(ConfirmedLink(), before, AccessLinkAsker::kCustomer, kAskTime + absl::Hours(24)));
}

TEST(AccessLinkTest, OnlyAConfirmedLinkHasAReceipt) {
  for (const LinkState state : {LinkState::kActive, LinkState::kDeclined, LinkState::kRevoked}) {
    EXPECT_EQ(ReasonOf(NextAccessLink(LinkOfState(state), {}, AccessLinkAsker::kOperator, kAskTime)), "LINK_STATE");
  }
}

TEST(AccessLinkTest, ReadsANumberAsPeopleTypeIt) {
  const auto is = [](absl::string_view typed, SoughtNumber::Kind kind, absl::string_view number) {
    const SoughtNumber sought = NumberOf(typed);
    return sought.kind == kind && sought.number == number;
  };
  EXPECT_TRUE(is(" cs-7k3m-q9xt-2pbd ", SoughtNumber::Kind::kOrder, "CS-7K3M-Q9XT-2PBD"));
  EXPECT_TRUE(is("4821937564", SoughtNumber::Kind::kAccount, "4821937564"));
  EXPECT_TRUE(is("4821 937 564-3", SoughtNumber::Kind::kAccount, "4821937564"));
  EXPECT_TRUE(is("4821937564-C1", SoughtNumber::Kind::kAccount, "4821937564"));
  EXPECT_TRUE(is("482193756", SoughtNumber::Kind::kOrder, "482193756"));
}

TEST(AccessLinkTest, NoAddressOnFileIsNobodys) {
  EXPECT_TRUE(IsSameAddress("Ann@Contoso.Example", "ann@contoso.example"));
  EXPECT_FALSE(IsSameAddress("ann@contoso.example", "bob@contoso.example"));
  EXPECT_FALSE(IsSameAddress("", ""));
}

TEST(ReceiptReadableTest, WhileASubscriptionLivesAndThirteenMonthsMore) {
  const Date today(2012, 6, 1);
  EXPECT_FALSE(IsReceiptReadable({}, today));
  EXPECT_TRUE(IsReceiptReadable({{.runs = true}}, today));
  EXPECT_TRUE(IsReceiptReadable({{.end_date = Date(2009, 6, 1)}, {.end_date = Date(2011, 5, 2)}}, today));
  EXPECT_FALSE(IsReceiptReadable({{.end_date = Date(2011, 5, 1)}}, today));
}

}  // namespace
}  // namespace countersign::link
