#include "billing-service/src/domain/account_erasure.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;

constexpr absl::Time kErasedAt = absl::UnixEpoch();

BillingAccount SettledAccount() {
  BillingAccount account;
  account.id = Uuid::Derived({"account"});
  account.number = "4821937564";
  account.currency = "USD";
  account.customer = {.company_name = "Fabrikam",
                      .billing_email = "kim@fabrikam.example",
                      .billing_address = {.region_code = "US", .postal_code = "98101", .locality = "Seattle"}};
  account.tax_profile.tax_id = "91-1144442";
  account.former_email = "ann@fabrikam.example";
  account.codes_move_time = kErasedAt;
  account.payment_method = {PaymentMethodType::kProcessor, "token"};
  account.credit = *Money::Zero("USD");
  account.next_invoice_sequence = 3;
  account.version = 7;
  return account;
}

TEST(AccountErasureTest, EveryOpenMatterIsAnObstacle) {
  const BillingAccount account = SettledAccount();
  EXPECT_OK(CheckSettled(account, {}));
  EXPECT_THAT(CheckSettled(account, {.subscriptions = 1}), HasReason("BILLING_ACCOUNT_NOT_SETTLED"));
  EXPECT_THAT(CheckSettled(account, {.invoices = 1}), HasReason("BILLING_ACCOUNT_NOT_SETTLED"));
  EXPECT_THAT(CheckSettled(account, {.charges = 1}), HasReason("BILLING_ACCOUNT_NOT_SETTLED"));
  EXPECT_THAT(CheckSettled(account, {.parked_activations = 1}), HasReason("BILLING_ACCOUNT_NOT_SETTLED"));
  EXPECT_THAT(CheckSettled(account, {.queued_notices = 1}), HasReason("BILLING_ACCOUNT_NOT_SETTLED"));
  BillingAccount with_credit = account;
  with_credit.credit = *Money::FromMicros(1'000'000, "USD");
  EXPECT_THAT(CheckSettled(with_credit, {}), HasReason("BILLING_ACCOUNT_NOT_SETTLED"));
}

TEST(AccountErasureTest, SaysAllThatIsOpenAtOnce) {
  const absl::Status refused = CheckSettled(SettledAccount(), {.subscriptions = 2, .invoices = 1});
  EXPECT_THAT(std::string(refused.message()), ::testing::HasSubstr("2 subscriptions that run or are to start, 1 open"));
}

TEST(AccountErasureTest, BooksAreKeptToTheEndOfTheTenthYearAfterTheLastDocument) {
  EXPECT_EQ(KeepBuyerUntil(Date(2009, 6, 1)), Date(2019, 12, 31));
  EXPECT_EQ(KeepBuyerUntil(Date(2009, 1, 1)), Date(2019, 12, 31));
  EXPECT_EQ(KeepBuyerUntil(Date(2009, 12, 31)), Date(2019, 12, 31));
  EXPECT_EQ(KeepBuyerUntil(Date(2010, 1, 1)), Date(2020, 12, 31));
}

TEST(AccountErasureTest, ItsInvoicesGoOnNamingTheBuyerUntilThen) {
  const BillingAccount account = SettledAccount();
  const AccountErasure erasure = Erase(account, {}, {}, {.last_document_date = Date(2009, 6, 1)}, kErasedAt);
  ASSERT_TRUE(erasure.past_buyer.has_value());
  EXPECT_EQ(BuyerOf(2, *erasure.account, {*erasure.past_buyer}), BuyerOf(2, account, {}));
  EXPECT_EQ(erasure.keep_until, Date(2019, 12, 31));
  EXPECT_EQ(erasure.delete_time, StartOf(Date(2020, 1, 1)));
  EXPECT_EQ(erasure.past_buyer->delete_time, erasure.delete_time);
}

TEST(AccountErasureTest, TakesAllButTheRegion) {
  const AccountErasure erasure = Erase(SettledAccount(), {}, {}, {}, kErasedAt);
  ASSERT_TRUE(erasure.account.has_value());
  const BillingAccount& erased = *erasure.account;
  EXPECT_EQ(erased.customer.company_name, "");
  EXPECT_EQ(erased.customer.billing_email, "");
  EXPECT_EQ(erased.customer.billing_address.locality, "");
  EXPECT_EQ(erased.customer.billing_address.region_code, "US");
  EXPECT_EQ(erased.tax_profile.tax_id, "");
  EXPECT_EQ(erased.former_email, "");
  EXPECT_EQ(erased.payment_method, PaymentMethod());
  EXPECT_EQ(erased.number, "4821937564");
  EXPECT_EQ(erased.version, 8);
  EXPECT_THAT(CheckNotErased(erased), HasReason("BILLING_ACCOUNT_ERASED"));
}

TEST(AccountErasureTest, WithoutDocumentsNothingIsKept) {
  BillingAccount account = SettledAccount();
  account.next_invoice_sequence = 1;
  const AccountErasure erasure = Erase(account, {}, {}, {}, kErasedAt);
  EXPECT_FALSE(erasure.past_buyer.has_value());
  EXPECT_FALSE(erasure.keep_until.has_value());
}

TEST(AccountErasureTest, WhatWasParkedIsErasedWithAndWithoutAnAccount) {
  ParkedActivation parked;
  parked.request = "who ordered what";
  parked.message = "why not";
  parked.state = ParkedActivationState::kAbandoned;
  parked.version = 2;
  for (const std::optional<BillingAccount>& account : {std::optional<BillingAccount>(), {SettledAccount()}}) {
    const AccountErasure erasure = Erase(account, {}, {parked}, {}, kErasedAt);
    ASSERT_EQ(erasure.parked.size(), 1);
    EXPECT_EQ(erasure.parked[0].request, "");
    EXPECT_EQ(erasure.parked[0].message, "");
    EXPECT_EQ(erasure.parked[0].version, 3);
    EXPECT_EQ(erasure.account.has_value(), account.has_value());
  }
  EXPECT_THAT(CheckSettled(std::nullopt, {.parked_activations = 1}), HasReason("BILLING_ACCOUNT_NOT_SETTLED"));
  EXPECT_TRUE(Erase(std::nullopt, {}, {}, {}, kErasedAt).empty());
}

TEST(AccountErasureTest, AnErasedAccountIsLeftAsItIsAndSaysTheSameDay) {
  const AccountErasure first = Erase(SettledAccount(), {}, {}, {.last_document_date = Date(2009, 6, 1)}, kErasedAt);
  // A payment that bounces later opens an invoice again: books go on.
  EXPECT_OK(CheckSettled(first.account, {.invoices = 1}));
  const AccountErasure again = Erase(first.account, {*first.past_buyer}, {}, {}, kErasedAt);
  EXPECT_TRUE(again.empty());
  EXPECT_EQ(again.keep_until, first.keep_until);
}

}  // namespace
}  // namespace countersign::billing
