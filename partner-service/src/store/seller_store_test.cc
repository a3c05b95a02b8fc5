#include "partner-service/src/store/seller_store.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "partner-service/src/store/store_test_base.h"

namespace countersign::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SellerStoreTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    partner_.state = PartnerState::kActive;
    partner_.state_reason = "known";
    customer_.archive_time = kNow;
    ASSERT_OK(Save(partner_));
    ASSERT_OK(Save(customer_));
  }

  Authorization NewAuthorization(absl::string_view product) const {
    return {.partner_id = partner_.partner_id,
            .authorization_id = Uuid::V7(kNow),
            .product = std::string(product),
            .start_time = kNow,
            .create_time = kNow - absl::Hours(1),
            .update_time = kNow};
  }

  absl::StatusOr<Seller> SellerAt(absl::Time now) {
    return store_.Get(TestDeadline(), partner_.partner_id, customer_.customer_id, now);
  }
  std::set<std::string> ProductsAt(absl::Time now) {
    const absl::StatusOr<Seller> seller = SellerAt(now);
    EXPECT_OK(seller);
    return seller.ok() ? seller->products : std::set<std::string>{"error"};
  }

  Partner partner_ = NewPartner(Uuid::V7(kNow), "P-1001", {.display_name = "Contoso ☕"}, kNow);
  Customer customer_ =
      NewCustomer(partner_.partner_id, Uuid::V7(kNow), {.display_name = "Fabrikam, Inc."}, kNow + absl::Hours(1));
  const SellerStore store_{database_->database()};
};

TEST_F(SellerStoreTest, ReadsPartnerCustomerAndAgreementAtOnce) {
  ASSERT_OK(Save(AgreementFrom("2010-01", kNow + absl::Hours(1))));
  ASSERT_OK_AND_ASSIGN(const Seller before, SellerAt(kNow));
  EXPECT_EQ(before.current_agreement, "2009-06");
  ASSERT_OK_AND_ASSIGN(const Seller seller, SellerAt(kNow + absl::Hours(1)));
  EXPECT_EQ(seller.current_agreement, "2010-01");
  EXPECT_EQ(seller.partner.partner_id, partner_.partner_id);
  EXPECT_EQ(seller.partner.partner_number, "P-1001");
  EXPECT_EQ(seller.partner.display_name, "Contoso ☕");
  EXPECT_EQ(seller.partner.state, PartnerState::kActive);
  EXPECT_EQ(seller.partner.create_time, kNow);
  EXPECT_EQ(seller.partner.agreement_accept_time, std::nullopt);
  EXPECT_EQ(seller.customer.partner_id, partner_.partner_id);
  EXPECT_EQ(seller.customer.customer_id, customer_.customer_id);
  EXPECT_EQ(seller.customer.display_name, "Fabrikam, Inc.");
  EXPECT_EQ(seller.customer.create_time, kNow + absl::Hours(1));
  EXPECT_EQ(seller.customer.archive_time, kNow);
  EXPECT_THAT(seller.products, IsEmpty());
}

TEST_F(SellerStoreTest, SaysWhatIsMissing) {
  const Uuid nobody = Uuid::V7(kNow);
  EXPECT_THAT(store_.Get(TestDeadline(), nobody, customer_.customer_id, kNow), HasReason("PARTNER_NOT_FOUND"));
  EXPECT_THAT(store_.Get(TestDeadline(), partner_.partner_id, nobody, kNow), HasReason("CUSTOMER_NOT_FOUND"));
  database_->Execute("UPDATE agreements SET effective_time = '2199-01-01'");
  EXPECT_THAT(SellerAt(kNow), HasReason("AGREEMENT_NOT_FOUND"));
  database_->Execute("UPDATE agreements SET effective_time = create_time");
  const Partner other = NewPartner(nobody, "P-1002", {}, kNow);
  ASSERT_OK(Save(other));
  EXPECT_THAT(store_.Get(TestDeadline(), nobody, customer_.customer_id, kNow), HasReason("CUSTOMER_NOT_FOUND"));
}

TEST_F(SellerStoreTest, KnowsWhatMayBeSoldAtAnyTime) {
  Authorization all = NewAuthorization(kAllOffers);
  all.end_time = kNow + absl::Hours(2);
  ASSERT_OK(Save(all));
  Authorization suite = NewAuthorization("bpos-standard-suite");
  suite.start_time = kNow + absl::Hours(1);
  ASSERT_OK(Save(suite));
  suite.authorization_id = Uuid::V7(kNow);
  ASSERT_OK(Save(suite));  // Two that overlap.

  EXPECT_THAT(ProductsAt(kNow - absl::Microseconds(1)), IsEmpty());
  EXPECT_THAT(ProductsAt(kNow), ElementsAre("-"));
  EXPECT_THAT(ProductsAt(kNow + absl::Hours(1)), ElementsAre("-", "bpos-standard-suite"));
  EXPECT_THAT(ProductsAt(kNow + absl::Hours(2)), ElementsAre("bpos-standard-suite"));
}

TEST_F(SellerStoreTest, WhatStartsAtOnceMayBeSoldAtOnceWhereTheClockIsAnHourBehind) {
  Authorization all = NewAuthorization(kAllOffers);
  all.create_time = kNow;
  ASSERT_OK(Save(all));
  Authorization later = NewAuthorization("bpos-standard-suite");
  later.start_time = kNow + absl::Seconds(1);
  ASSERT_OK(Save(later));
  EXPECT_THAT(ProductsAt(kNow - absl::Hours(1)), ElementsAre("-"));
}

TEST_F(SellerStoreTest, GivesNothingOfAnotherPartner) {
  Authorization all = NewAuthorization(kAllOffers);
  all.partner_id = Uuid::V7(kNow);
  ASSERT_OK(Save(all));
  EXPECT_THAT(ProductsAt(kNow), IsEmpty());
}

}  // namespace
}  // namespace countersign::partner
