// order-service has a link erased whose customer pressed Confirm order: the real server, database and page.
#include "countersign/link/v1/evidence.pb.h"
#include "countersign/link/v1/link.pb.h"
#include "countersign/link/v1/link_service.pb.h"
#include "gmock/gmock.h"
#include "link-service/src/page/page_test_base.h"
#include "link-service/src/page/press.h"
#include "link-service/src/web/language.h"

namespace countersign::link {
namespace {

using ::countersign::testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;

class LinkErasureTest : public PageTest {
 protected:
  absl::Status Erase() {
    v1::EraseLinkRequest request;
    request.set_name(issued_.link().name());
    request.set_request_id(NewRequestId());
    return Call(&Stub::EraseLink, request).status();
  }

  // How many rows of the schema hold the text anywhere; what is stored compressed apart.
  static int64_t Holding(const std::string& text) {
    return database_
        ->Query(
            "SELECT (SELECT COUNT(*) FROM links WHERE INSTR(review, ?) > 0) + "
            "(SELECT COUNT(*) FROM presses WHERE INSTR(evidence, ?) > 0) + "
            "(SELECT COUNT(*) FROM events WHERE INSTR(payload, ?) > 0 OR INSTR(reason, ?) > 0) + "
            "(SELECT COUNT(*) FROM stored_replies WHERE INSTR(reply, ?) > 0)",
            {text, text, text, text, text})
        .at(0)
        .Int(0);
  }
};

TEST_F(LinkErasureTest, TakesEverythingThatWasShownAndTyped) {
  ASSERT_EQ(PressConfirm().status, 303);
  Decide(v1::Link::STATE_CONFIRMED);
  ASSERT_GT(Holding("ann@fabrikam.example"), 0);
  ASSERT_GT(Holding(TestReview().customer_display_name()), 0);
  ASSERT_OK(Erase());
  for (const std::string& text : {std::string("ann@fabrikam.example"), std::string("Ann Buyer"),
                                  std::string("1201 Harbour Road"), TestReview().customer_display_name()}) {
    EXPECT_EQ(Holding(text), 0) << text;
  }
  EXPECT_EQ(CountRows("page_contents"), 0);
  EXPECT_EQ(database_->Query("SELECT salt FROM presses").at(0).Bytes(0), "");
  EXPECT_EQ(State(), v1::Link::STATE_CONFIRMED);
}

TEST_F(LinkErasureTest, TakesWhoSawIt) {
  testing::HttpGet(url_, {"Sec-Fetch-Mode: navigate", "Sec-Fetch-User: ?1"});
  views_.Flush(testing::TestDeadline());
  ASSERT_NE(database_->Query("SELECT evidence FROM page_views").at(0).Bytes(0), "");
  Decide(v1::Link::STATE_EXPIRED);
  ASSERT_OK(Erase());
  EXPECT_EQ(database_->Query("SELECT CONCAT(evidence, salt) FROM page_views").at(0).Bytes(0), "");
}

TEST_F(LinkErasureTest, ItsUrlOpensNothingAnyMore) {
  const testing::HttpReply receipt = PressConfirm();
  Decide(v1::Link::STATE_CONFIRMED);
  const std::string unknown = testing::HttpGet(Local(absl::StrCat(kPublicUrl, "/c/none"))).body;
  EXPECT_EQ(testing::HttpGet(url_).status, 200);
  ASSERT_OK(Erase());
  const testing::HttpReply page = testing::HttpGet(url_);
  EXPECT_EQ(page.status, 404);
  EXPECT_THAT(page.body, Not(HasSubstr("Fabrikam")));
  const testing::HttpReply erased_receipt = testing::HttpGet(Followed(receipt));
  EXPECT_EQ(erased_receipt.status, 404);
  EXPECT_THAT(erased_receipt.body, Not(HasSubstr("Fabrikam")));
  EXPECT_EQ(testing::HttpPost(url_, kDecline).status, 404);
}

TEST_F(LinkErasureTest, AgainItChangesNothingAndALateOutcomeIsStillTaken) {
  ASSERT_OK(Erase());
  ASSERT_OK(Erase());
  Decide(v1::Link::STATE_REVOKED);
  EXPECT_EQ(State(), v1::Link::STATE_REVOKED);
  EXPECT_THAT(EventTypes(), ::testing::ElementsAre("LINK_ISSUED", "LINK_ERASED", "LINK_REVOKED"));
}

TEST_F(LinkErasureTest, NobodyIsWrittenToAfterwards) {
  ASSERT_EQ(PressConfirm().status, 303);
  Decide(v1::Link::STATE_CONFIRMED);
  ASSERT_OK(Erase());
  EXPECT_OK(DeliverConfirmed(issued_.link().name()));
  EXPECT_TRUE(mailer_.sent.empty());
}

TEST_F(LinkErasureTest, ItsPressCannotBeToldToOrderServiceAgain) {
  ASSERT_EQ(PressConfirm().status, 303);
  Decide(v1::Link::STATE_CONFIRMED);
  ASSERT_OK(Erase());
  v1::RestateLinkRequest request;
  request.set_name(issued_.link().name());
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Stub::RestateLink, request, kOperator), HasReason("PRESS_NOT_KEPT"));
}

TEST_F(LinkErasureTest, APressThatOpenedItBeforeItWasErasedLeavesNothing) {
  const Uuid link_id = *Uuid::Parse(absl::StripPrefix(issued_.link().name(), "links/"));
  const Link link = *links_.Get(testing::TestDeadline(), link_id);
  const ShownPage page = *ShownPageOf(link, {}, *web::Languages().front());
  const PressedPage pressed = {.link = link, .page = page, .deadline = testing::TestDeadline()};
  const PressStore store(database_->database());
  Presses presses(committer_, links_, store, orders_, clock_);
  ASSERT_OK(Erase());
  EXPECT_THAT(presses.Confirm(pressed, {.confirmer_email = "ann@fabrikam.example"}), HasReason("LINK_NOT_FOUND"));
  EXPECT_THAT(presses.Decline(pressed, "Ann is against it"), HasReason("LINK_NOT_FOUND"));
  EXPECT_TRUE(orders_.confirms().empty());
  EXPECT_TRUE(orders_.declines().empty());
  EXPECT_EQ(CountRows("presses"), 0);
  EXPECT_EQ(CountRows("page_contents"), 0);
}

TEST_F(LinkErasureTest, RefusesALinkThatIsNotThere) {
  v1::EraseLinkRequest request;
  request.set_name("links/0190a5b2-7c3d-7e4f-8a6b-0123456789ab");
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Stub::EraseLink, request), HasReason("LINK_NOT_FOUND"));
}

}  // namespace
}  // namespace countersign::link
