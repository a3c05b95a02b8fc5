#include "link-service/src/page/shown_page.h"

#include "common/rpc/call.h"
#include "common/rpc/convert.h"
#include "countersign/link/v1/evidence.pb.h"
#include "countersign/link/v1/link.pb.h"
#include "link-service/src/api/api_test_base.h"
#include "link-service/src/page/page_changes.h"
#include "link-service/src/page/page_sentences.h"
#include "link-service/src/page/page_views.h"
#include "link-service/src/web/agreements.h"

namespace countersign::link {
namespace {

using ::countersign::testing::StatusIs;

Link LinkOf(const v1::OrderReview& review) {
  Link link;
  link.revision = 1;
  link.expire_time = absl::FromUnixSeconds(1'246'438'800);
  link.review = rpc::DeterministicBytes(review);
  return link;
}

std::string HashOf(const Link& link, const std::string& vendor_name = "Vendor") {
  const absl::StatusOr<ShownPage> page = ShownPageOf(link, {.name = vendor_name});
  EXPECT_OK(page);
  return page.ok() ? page->sha256 : "";
}

TEST(ShownPageTest, HasTheSameHashAsLongAsItShowsTheSame) {
  EXPECT_EQ(HashOf(LinkOf(TestReview())), HashOf(LinkOf(TestReview())));
}

TEST(ShownPageTest, HasAnotherHashWhenItShowsAnythingElse) {
  const std::string hash = HashOf(LinkOf(TestReview()));
  v1::OrderReview review = TestReview();
  review.mutable_lines(0)->set_quantity(26);
  EXPECT_NE(HashOf(LinkOf(review)), hash);
  Link link = LinkOf(TestReview());
  link.revision = 2;
  EXPECT_NE(HashOf(link), hash);
  link = LinkOf(TestReview());
  link.expire_time += absl::Seconds(1);
  EXPECT_EQ(HashOf(link), hash) << "how long there is time to decide binds nobody";
  EXPECT_NE(HashOf(LinkOf(TestReview()), "Another Vendor"), hash);
}

TEST(ShownPageTest, ComesBackFromKeepingByteForByte) {
  const ShownPage page = *ShownPageOf(LinkOf(TestReview()), {.name = "Vendor"});
  const ShownContent kept = ToBeKept(page);
  EXPECT_LT(kept.content.size(), page.bytes.size());
  ASSERT_OK_AND_ASSIGN(const std::string bytes, Uncompressed(kept.content));
  EXPECT_EQ(bytes, page.bytes);
  EXPECT_EQ(kept.agreement_version, "2009-06");
  EXPECT_EQ(kept.template_version, TemplateVersion());
  EXPECT_THAT(Uncompressed(kept.content.substr(0, 20)), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Uncompressed("no zlib"), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(ShownPageTest, SaysThatADamagedRowIsDamaged) {
  Link link = LinkOf(TestReview());
  link.review = "\xff\xff";
  EXPECT_THAT(ShownPageOf(link, {.name = "Vendor"}), StatusIs(absl::StatusCode::kDataLoss));
  v1::OrderReview review = TestReview();
  review.set_agreement_version("1999-01");
  EXPECT_THAT(ShownPageOf(LinkOf(review), {.name = "Vendor"}), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(PageSentencesTest, SaysEverythingThatBinds) {
  const ShownPage page = *ShownPageOf(LinkOf(TestReview()), {.name = "Vendor", .legal_entity = "Vendor Ltd"});
  const auto sentence = [&](absl::string_view name) { return std::string(SentenceOf(page.content, name)); };
  EXPECT_EQ(sentence(kStartSentence), "The day you confirm; each month runs from that day.");
  EXPECT_EQ(sentence(kTermSentence), "12 months, billed in advance each month.");
  EXPECT_EQ(sentence(kFirstInvoiceSentence), "$375.00 plus tax, dated the day your services start, due 30 days later.");
  EXPECT_EQ(sentence(kObligationSentence),
            "With “Confirm order” your company orders these services from Vendor Ltd for 12 months and owes $4,500.00 "
            "plus tax, payable as invoiced.");
  for (const absl::string_view name : {kTaxSentence, kRenewalSentence, kCancellingSentence, kAcceptanceSentence}) {
    EXPECT_NE(sentence(name), "") << name;
  }
}

TEST(PageSentencesTest, NamesTheRequestedStartAndAYearsBill) {
  v1::OrderReview review = TestReview();
  review.mutable_requested_start_date()->set_year(2009);
  review.mutable_requested_start_date()->set_month(8);
  review.mutable_requested_start_date()->set_day(1);
  review.set_billing_period_months(12);
  const ShownPage page = *ShownPageOf(LinkOf(review), {.name = "Vendor"});
  EXPECT_EQ(SentenceOf(page.content, kStartSentence),
            "1 August 2009, or the day you confirm if that is later; each year runs from that day.");
  EXPECT_EQ(CommitmentOf(review)->ToDisplayString(), "$375.00");
}

v1::OrderReview ChangeReview(const std::string& kind, bool at_renewal) {
  v1::OrderReview review = TestReview();
  review.set_kind(kind);
  review.set_customer_note("Five more for the new office.");
  v1::OrderReview::Line& line = *review.mutable_lines(0);
  line.set_quantity(at_renewal ? 20 : 5);
  line.set_seats_before(25);
  line.set_seats_after(at_renewal ? 20 : 30);
  line.set_at_renewal(at_renewal);
  line.mutable_renewal_date()->set_year(2010);
  line.mutable_renewal_date()->set_month(6);
  line.mutable_renewal_date()->set_day(1);
  review.mutable_total()->set_units(75);
  return review;
}

TEST(PageSentencesTest, SaysWhatAChangeOfSeatsChanges) {
  const ShownPage page =
      *ShownPageOf(LinkOf(ChangeReview("CHANGE_SEATS", false)), {.name = "Vendor", .legal_entity = "Vendor Ltd"});
  EXPECT_EQ(SentenceOf(page.content, kChangeSentence),
            "25 seats become 30: 5 more, for $75.00 plus tax each month. Seats that you have keep their price.");
  EXPECT_EQ(SentenceOf(page.content, kObligationSentence),
            "With “Confirm order” your company orders 5 more seats of BPOS Standard Suite from Vendor Ltd and owes "
            "$75.00 plus tax each month until 1 June 2010, payable as invoiced.");
}

TEST(PageSentencesTest, NamesNoPriceOfSeatsThatARenewalWillPrice) {
  const ShownPage page = *ShownPageOf(LinkOf(ChangeReview("CHANGE_SEATS", true)), {.name = "Vendor"});
  EXPECT_EQ(SentenceOf(page.content, kChangeSentence), "25 seats become 20 on 1 June 2010.");
  for (const v1::PageContent::Sentence& sentence : page.content.sentences()) {
    EXPECT_THAT(sentence.text(), ::testing::Not(::testing::HasSubstr("$")));
  }
}

TEST(PageSentencesTest, AChangeOfPartnerNamesBothAndCostsNothing) {
  v1::OrderReview review = TestReview();
  review.set_kind("CHANGE_PARTNER");
  review.clear_lines();
  review.mutable_total()->set_units(0);
  review.clear_commitment();
  review.set_partner_display_name("Contoso Consulting");
  review.set_former_partner_display_name("Fabrikam Consulting");
  const ShownPage page = *ShownPageOf(LinkOf(review), {.name = "Vendor", .legal_entity = "Vendor Ltd"});
  EXPECT_EQ(
      SentenceOf(page.content, kChangeSentence),
      "Contoso Consulting becomes your partner of record instead of Fabrikam Consulting, for the subscription for "
      "which you gave it a transfer code.");
  EXPECT_EQ(SentenceOf(page.content, kStartSentence), "The next monthly day of your subscription after you confirm.");
  EXPECT_EQ(
      SentenceOf(page.content, kObligationSentence),
      "With “Confirm order” your company names Contoso Consulting as its partner of record. It orders nothing new "
      "from Vendor Ltd and owes nothing more.");
  for (const absl::string_view name : {kTaxSentence, kRenewalSentence, kCancellingSentence, kFirstInvoiceSentence}) {
    EXPECT_EQ(SentenceOf(page.content, name), "") << name;
  }
  const web::OrderPageView view =
      *ViewOf(LinkOf(review), page, web::OrderPageState::kReview, {.name = "Vendor"}, absl::UnixEpoch());
  EXPECT_TRUE(view.needs_code);
  const std::string html = web::RenderOrderPage(view);
  EXPECT_THAT(html, ::testing::HasSubstr("instead of Fabrikam Consulting"));
  EXPECT_THAT(html, ::testing::Not(::testing::HasSubstr("What you would pay")));
  EXPECT_THAT(html, ::testing::Not(::testing::HasSubstr("$0")));
  review.clear_former_partner_display_name();
  EXPECT_THAT(std::string(SentenceOf(ShownPageOf(LinkOf(review), {.name = "Vendor"})->content, kChangeSentence)),
              ::testing::HasSubstr("It has none today"));
}

TEST(PageSentencesTest, ARenewalOwesItsWholeTerm) {
  v1::OrderReview review = ChangeReview("RENEW", true);
  review.mutable_commitment()->set_currency_code("USD");
  review.mutable_commitment()->set_units(900);
  const ShownPage page = *ShownPageOf(LinkOf(review), {.name = "Vendor", .legal_entity = "Vendor Ltd"});
  EXPECT_EQ(SentenceOf(page.content, kObligationSentence),
            "With “Confirm order” your company orders this renewal from Vendor Ltd for 12 months from 1 June 2010 and "
            "owes $900.00 plus tax, payable as invoiced.");
}

TEST(PageSentencesTest, SaysWhatAPromotionPromisesAndWhatComesAfterIt) {
  v1::OrderReview review = TestReview();
  review.mutable_lines(0)->set_trial_days(30);
  *review.mutable_list_total() = review.total();
  review.mutable_list_total()->set_units(400);
  const ShownPage page = *ShownPageOf(LinkOf(review), {.name = "Vendor"});
  EXPECT_EQ(SentenceOf(page.content, kPromotionSentence),
            "BPOS Standard Suite is free for 30 days; its term, its invoices and its days of cancelling begin after "
            "them. $375.00 each month in the initial term; by the prices published now, $400.00 after it.");
}

TEST(FreeCancelDateTest, IsTheSeventhDayOfWhatIsPaid) {
  const Date confirmed(2009, 6, 1);
  v1::OrderReview review = TestReview();
  EXPECT_EQ(FreeCancelDateOf(review, confirmed), Date(2009, 6, 7));
  *review.mutable_requested_start_date() = rpc::ToProto(Date(2009, 8, 1));
  EXPECT_EQ(FreeCancelDateOf(review, confirmed), Date(2009, 8, 7));
  review.clear_requested_start_date();
  review.mutable_lines(0)->set_trial_days(30);
  EXPECT_EQ(FreeCancelDateOf(review, confirmed), Date(2009, 7, 7)) << "its days of cancelling begin after them";
  review = TestReview();
  review.set_kind("CHANGE_SEATS");
  *review.mutable_lines(0)->mutable_renewal_date() = rpc::ToProto(Date(2010, 6, 1));
  EXPECT_EQ(FreeCancelDateOf(review, confirmed), Date(2009, 6, 7));
  review.mutable_lines(0)->set_at_renewal(true);
  EXPECT_EQ(FreeCancelDateOf(review, confirmed), Date(2010, 6, 7));
  review.set_kind("CHANGE_PARTNER");
  EXPECT_EQ(FreeCancelDateOf(review, confirmed), std::nullopt);
}

TEST(PriceBoxTest, BeginsAfterTheFreeDays) {
  v1::OrderReview review = TestReview();
  review.mutable_lines(0)->set_trial_days(30);
  const absl::Time confirmed = StartOf(Date(2009, 6, 1)) + absl::Hours(9);
  const auto box_of = [&] {
    const Link link = LinkOf(review);
    const ShownPage page = *ShownPageOf(link, {.name = "Vendor"});
    return ViewOf(link, page, web::OrderPageState::kReview, {.name = "Vendor"}, confirmed)->box;
  };
  const web::PriceBoxView box = box_of();
  EXPECT_EQ(box.first_invoice.ToDisplayString(), "$375.00");
  EXPECT_EQ(box.first_invoice_date, Date(2009, 7, 1));
  EXPECT_EQ(box.due_date, Date(2009, 7, 31));
  EXPECT_EQ(box.free_until, Date(2009, 7, 7));
  EXPECT_EQ(box.renew_date, Date(2010, 7, 1));
  // A line without free days comes first, alone.
  *review.add_lines() = review.lines(0);
  review.mutable_lines(1)->set_trial_days(0);
  review.mutable_lines(1)->mutable_amount()->set_units(50);
  review.mutable_total()->set_units(425);
  EXPECT_EQ(box_of().first_invoice.ToDisplayString(), "$50.00");
  EXPECT_EQ(box_of().first_invoice_date, Date(2009, 6, 1));
  EXPECT_EQ(box_of().free_until, Date(2009, 6, 7));
}

TEST(PageChangesTest, NamesAnotherNumberOfSeatsToAdd) {
  v1::OrderReview review = ChangeReview("CHANGE_SEATS", false);
  const v1::PageContent before = ShownPageOf(LinkOf(review), {.name = "Vendor"})->content;
  review.mutable_lines(0)->set_quantity(6);
  review.set_customer_note("");
  EXPECT_THAT(
      ChangesBetween(before, ShownPageOf(LinkOf(review), {.name = "Vendor"})->content),
      ::testing::IsSupersetOf({"BPOS Standard Suite: more seats 5 → 6", "Note: Five more for the new office. → none"}));
}

TEST(PageChangesTest, NamesEveryChangeThatACustomerReads) {
  const v1::PageContent before = ShownPageOf(LinkOf(TestReview()), {.name = "Vendor"})->content;
  EXPECT_THAT(ChangesBetween(before, before), ::testing::IsEmpty());
  v1::OrderReview review = TestReview();
  review.mutable_lines(0)->set_quantity(30);
  review.mutable_lines(0)->mutable_amount()->set_units(450);
  review.mutable_total()->set_units(450);
  *review.add_lines() = review.lines(0);
  review.mutable_lines(1)->set_offer_title("Exchange Online");
  const v1::PageContent now = ShownPageOf(LinkOf(review), {.name = "Vendor"})->content;
  EXPECT_THAT(ChangesBetween(before, now),
              ::testing::ElementsAre(
                  "BPOS Standard Suite: seats 25 → 30", "Exchange Online: new, 30 seats", "Total $375.00 → $450.00",
                  "First invoice: $375.00 plus tax, dated the day your services start, due 30 days "
                  "later. → $450.00 plus tax, dated the day your services start, due 30 days later."));
  EXPECT_THAT(ChangesBetween(now, before), ::testing::Contains("Exchange Online: removed"));
}

}  // namespace
}  // namespace countersign::link
