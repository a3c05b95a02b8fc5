#include "link-service/src/page/shown_page.h"

#include "common/rpc/call.h"
#include "link-service/src/api/agreements.h"
#include "link-service/src/api/api_test_base.h"

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
  const absl::StatusOr<ShownPage> page = ShownPageOf(link, vendor_name);
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
  EXPECT_NE(HashOf(link), hash);
  EXPECT_NE(HashOf(LinkOf(TestReview()), "Another Vendor"), hash);
}

TEST(ShownPageTest, ComesBackFromKeepingByteForByte) {
  const ShownPage page = *ShownPageOf(LinkOf(TestReview()), "Vendor");
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
  EXPECT_THAT(ShownPageOf(link, "Vendor"), StatusIs(absl::StatusCode::kDataLoss));
  v1::OrderReview review = TestReview();
  review.set_agreement_version("1999-01");
  EXPECT_THAT(ShownPageOf(LinkOf(review), "Vendor"), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(AgreementsTest, KnowsItsVersionsOnly) {
  ASSERT_TRUE(AgreementText("2009-06").has_value());
  EXPECT_EQ(AgreementOf(*AgreementText("2009-06")).title, "Online Services Agreement");
  EXPECT_THAT(std::string(AgreementOf(*AgreementText("2009-06")).body), ::testing::StartsWith("This text was made up"));
  EXPECT_FALSE(AgreementText("").has_value());
  EXPECT_FALSE(AgreementText("../page").has_value());
}

}  // namespace
}  // namespace countersign::link
