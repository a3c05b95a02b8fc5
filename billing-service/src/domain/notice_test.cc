#include "billing-service/src/domain/notice.h"

#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

TEST(NoticeTest, TakesTheEdgesOfItsStatesOnly) {
  const absl::Time now = StartOf(Day("2009-07-08"));
  const Notice queued = InvoiceNotice(IdOf("account"), IdOf("invoice"), now);
  const Notice sent = *MoveNotice(queued, NoticeState::kSent, "", now);
  EXPECT_EQ(sent.send_time, now);
  EXPECT_EQ(sent.version, 2);
  EXPECT_EQ(DetailsOf(MoveNotice(sent, NoticeState::kQueued, "", now).status()).reason, "NOTICE_STATE");
  EXPECT_FALSE(MoveNotice(sent, NoticeState::kSent, "", now).ok());
  const Notice bounced = *MoveNotice(sent, NoticeState::kBounced, "no such mailbox", now);
  EXPECT_EQ(bounced.bounce_reason, "no such mailbox");
  const Notice again = *MoveNotice(bounced, NoticeState::kQueued, "", now);
  EXPECT_EQ(again.bounce_reason, "");
  EXPECT_FALSE(MoveNotice(again, NoticeState::kQueued, "", now).ok());
}

TEST(NoticeTest, IsOnePerInvoiceAndOnePerRungOfAClimb) {
  const absl::Time now = StartOf(Day("2009-07-08"));
  EXPECT_EQ(InvoiceNotice(IdOf("account"), IdOf("a"), now).id, InvoiceNotice(IdOf("account"), IdOf("a"), now).id);
  EXPECT_NE(InvoiceNotice(IdOf("account"), IdOf("a"), now).id, InvoiceNotice(IdOf("account"), IdOf("b"), now).id);
  Dunning climbed = {.account = IdOf("account"), .cycle = 1, .invoice = IdOf("a"), .rung = 1};
  const Uuid first = DunningNotice(climbed, now).id;
  climbed.rung = 2;
  EXPECT_NE(DunningNotice(climbed, now).id, first);
  climbed.rung = 1;
  climbed.cycle = 2;
  EXPECT_NE(DunningNotice(climbed, now).id, first) << "paid, bounced, and overdue again";
  climbed.cycle = 1;
  climbed.invoice = IdOf("b");
  EXPECT_NE(DunningNotice(climbed, now).id, first);
}

}  // namespace
}  // namespace countersign::billing
