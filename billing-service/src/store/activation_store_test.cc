// What an activation writes is read back as it was, and a second one loses the race whole.
#include "billing-service/src/store/activation_store.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/fee_schedule_store.h"
#include "billing-service/src/store/invoice_store.h"
#include "billing-service/src/store/migrations.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/base/error.h"
#include "common/events/committer.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using testing::TestDatabase;
using testing::TestDeadline;

const Date kStart(2009, 6, 1);
const absl::Time kNow = StartOf(kStart) + absl::Hours(9);

class ActivationStoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = &TestDatabase::Shared(AllMigrations()); }
  void SetUp() override { database_->Clear({"fee_schedules"}); }

  static ConfirmedOrder Order(absl::string_view name) {
    ConfirmedOrder order;
    order.account = Uuid::Derived({"account"});
    order.order = {Uuid::Derived({"partner"}), Uuid::Derived({name})};
    order.revision = 1;
    order.partner_of_record = order.order.partner;
    order.customer.company_name = "Fabrikam";
    order.currency = "USD";
    order.lines = {{"offers/suite", "Suite", 25, *Money::FromMicros(15'000'000, "USD"), 1, 12}};
    order.start = kStart;
    order.confirm_time = kNow;
    return order;
  }

  static FeeSchedules Schedules() {
    FeeSchedule schedule;
    schedule.effective_date = Date(2000, 1, 1);
    schedule.first_year_rate_basis_points = 1200;
    return std::make_shared<const std::vector<FeeSchedule>>(1, schedule);
  }

  static ActivationResult FirstActivation() {
    return *Activate({.number = "1234567897", .fee_schedules = Schedules()}, Order("first"), kNow);
  }

  absl::Status Commit(const ActivationResult& result) {
    events::Event event;
    event.tenant = event.aggregate = result.account.id;
    event.version = result.account.version;
    event.type = "ORDER_ACTIVATED";
    event.create_time = kNow;
    absl::StatusOr<std::vector<mysql::RowWrite>> rows = ActivationStore::Rows(result);
    if (!rows.ok()) return rows.status();
    return committer_.Commit(TestDeadline(), {.events = {event}, .reply = std::nullopt, .rows = *std::move(rows)});
  }

  static int64_t Count(const std::string& table) {
    return database_->Query("SELECT COUNT(*) FROM " + table).at(0).Int(0);
  }

  static TestDatabase* database_;
  events::Committer committer_{database_->database()};
  const ActivationStore store_{database_->database()};
  const SubscriptionStore subscriptions_{database_->database()};
  const InvoiceStore invoices_{database_->database()};
  const FeeScheduleStore fee_schedules_{database_->database()};
  const BillingAccountStore accounts_{database_->database(), /*rates=*/nullptr, &fee_schedules_};
};

TestDatabase* ActivationStoreTest::database_ = nullptr;

TEST_F(ActivationStoreTest, ReadsBackWhatWasWritten) {
  const ActivationResult result = FirstActivation();
  ASSERT_OK(Commit(result));
  ASSERT_OK_AND_ASSIGN(const std::optional<Activation> activation,
                       store_.Find(TestDeadline(), result.account.id, result.activation.order, 1));
  ASSERT_TRUE(activation.has_value());
  EXPECT_EQ(activation->invoice_count, 1);

  const Subscription& started = result.started.front();
  ASSERT_OK_AND_ASSIGN(const Subscription subscription,
                       subscriptions_.Get(TestDeadline(), result.account.id, started.id));
  EXPECT_EQ(subscription.state, SubscriptionState::kActive);
  EXPECT_EQ(subscription.anchor, kStart);
  EXPECT_EQ(subscription.tranches.front().unit_price, started.tranches.front().unit_price);
  EXPECT_EQ(subscription.tranches.front().billed_until, Date(2009, 7, 1));
  EXPECT_EQ(PartnerAt(subscription, kStart), started.partners.front().partner);
  EXPECT_EQ(subscription.partners.front().end, std::nullopt);

  const Invoice& opened = result.invoices.front();
  ASSERT_OK_AND_ASSIGN(const Invoice invoice, invoices_.Get(TestDeadline(), result.account.id, opened.id));
  EXPECT_EQ(invoice.total, opened.total);
  EXPECT_EQ(invoice.paid_time, std::nullopt);
  ASSERT_EQ(invoice.lines.size(), 1u);
  EXPECT_EQ(invoice.lines[0].service, opened.lines[0].service);
  EXPECT_EQ(invoice.lines[0].description, opened.lines[0].description);

  ASSERT_OK_AND_ASSIGN(const Receivables receivables, invoices_.ListReceivables(TestDeadline(), result.account.id));
  ASSERT_EQ(receivables.fees.size(), 1u);
  EXPECT_EQ(receivables.fees[0].id, FrozenFees(opened)[0].id);
  EXPECT_EQ(receivables.fees[0].segment, opened.lines[0].fee_segments[0]);
  EXPECT_EQ(receivables.fees[0].service, opened.lines[0].service);
}

TEST_F(ActivationStoreTest, InvoiceWithoutAFeeCanTakeMoney) {
  const ActivationResult result = FirstActivation();
  ASSERT_OK(Commit(result));
  database_->Execute("DELETE FROM fee_segments");
  ASSERT_OK_AND_ASSIGN(const Receivables receivables, invoices_.ListReceivables(TestDeadline(), result.account.id));
  ASSERT_EQ(receivables.invoices.size(), 1u);
  EXPECT_EQ(receivables.invoices[0].id, result.invoices[0].id);
  EXPECT_EQ(receivables.invoices[0].lines.size(), 1u);
  EXPECT_TRUE(receivables.fees.empty());
}

TEST_F(ActivationStoreTest, SubscriptionHasAllItsTranchesAndPartnersOnce) {
  ActivationResult result = FirstActivation();
  Subscription& changed = result.started.front();
  const Money price = changed.tranches.front().unit_price;
  ASSERT_OK(AddSeats(changed, Date(2009, 6, 10), 5, price));
  ASSERT_OK(AddSeats(changed, Date(2009, 6, 20), 7, price));
  ASSERT_OK_AND_ASSIGN(const Date change, ChangePartner(changed, Uuid::Derived({"other"}), Date(2009, 6, 20)));
  ASSERT_OK(Commit(result));
  ASSERT_OK_AND_ASSIGN(const mysql::Page<Subscription> page,
                       subscriptions_.List(TestDeadline(), result.account.id, {.size = 1}));
  ASSERT_EQ(page.items.size(), 1u);
  EXPECT_EQ(page.next, "");
  const Subscription& found = page.items[0];
  ASSERT_EQ(found.tranches.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(found.tranches[i].number, changed.tranches[i].number);
    EXPECT_EQ(found.tranches[i].quantity, changed.tranches[i].quantity);
    EXPECT_EQ(found.tranches[i].start, changed.tranches[i].start);
  }
  ASSERT_EQ(found.partners.size(), 2u);
  EXPECT_EQ(found.partners[0].end, change);
  EXPECT_EQ(found.partners[1].partner, Uuid::Derived({"other"}));
}

TEST_F(ActivationStoreTest, DamagedRowIsAnErrorAndNeverAZero) {
  const ActivationResult result = FirstActivation();
  ASSERT_OK(Commit(result));
  database_->Execute("UPDATE invoices SET state = 'LOST'");
  database_->Execute("UPDATE tranches SET currency = 'XXX'");
  EXPECT_TRUE(absl::IsDataLoss(invoices_.Get(TestDeadline(), result.account.id, result.invoices[0].id).status()));
  EXPECT_TRUE(absl::IsDataLoss(subscriptions_.Get(TestDeadline(), result.account.id, result.started[0].id).status()));
}

TEST_F(ActivationStoreTest, SecondActivationLosesTheRaceAndWritesNothing) {
  ASSERT_OK(Commit(FirstActivation()));
  EXPECT_TRUE(IsLostRace(Commit(FirstActivation())));
  EXPECT_EQ(Count("events"), 1);
  EXPECT_EQ(Count("ledger_entries"), 2);
}

TEST_F(ActivationStoreTest, OrderOfAnAccountThatChangedLosesTheRace) {
  ASSERT_OK(Commit(FirstActivation()));
  ASSERT_OK_AND_ASSIGN(const std::optional<BillingAccount> account,
                       accounts_.Find(TestDeadline(), Uuid::Derived({"account"})));
  ASSERT_OK(Commit(*Activate({.account = account}, Order("second"), kNow)));
  EXPECT_TRUE(IsLostRace(Commit(*Activate({.account = account}, Order("third"), kNow))));
  EXPECT_EQ(Count("invoices"), 2);
}

TEST_F(ActivationStoreTest, SubscriptionToComeIsStartedWhenItsDayHasCome) {
  ConfirmedOrder order = Order("first");
  order.start = Date(2009, 6, 15);
  ASSERT_OK(Commit(*Activate({.number = "1234567897", .fee_schedules = Schedules()}, order, kNow)));
  ASSERT_OK_AND_ASSIGN(const std::vector<Subscription> due,
                       subscriptions_.ListDue(TestDeadline(), order.account, order.start));
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].state, SubscriptionState::kPending);
  ASSERT_OK_AND_ASSIGN(const std::optional<BillingAccount> account, accounts_.Find(TestDeadline(), order.account));
  ConfirmedOrder second = Order("second");
  second.start = Date(2009, 6, 16);
  second.confirm_time = StartOf(second.start);
  ASSERT_OK(Commit(*Activate({.account = account, .due = due}, second, second.confirm_time)));
  ASSERT_OK_AND_ASSIGN(const Subscription started, subscriptions_.Get(TestDeadline(), order.account, due[0].id));
  EXPECT_EQ(started.state, SubscriptionState::kActive);
  EXPECT_EQ(Count("invoice_lines"), 2);
}

TEST_F(ActivationStoreTest, LinesOfOtherSubscriptionsAreListedAndMovedOn) {
  ASSERT_OK(Commit(FirstActivation()));
  const Uuid id = Uuid::Derived({"account"});
  ASSERT_OK_AND_ASSIGN(std::vector<Subscription> due, subscriptions_.ListDue(TestDeadline(), id, Date(2009, 6, 30)));
  EXPECT_TRUE(due.empty());
  ASSERT_OK_AND_ASSIGN(due, subscriptions_.ListDue(TestDeadline(), id, Date(2009, 7, 1)));
  ASSERT_EQ(due.size(), 1u);
  ASSERT_OK_AND_ASSIGN(const std::optional<BillingAccount> account, accounts_.Find(TestDeadline(), id));
  ConfirmedOrder order = Order("second");
  order.start = Date(2009, 7, 1);
  order.confirm_time = StartOf(order.start);
  ASSERT_OK(Commit(*Activate({.account = account, .due = due}, order, order.confirm_time)));
  ASSERT_OK_AND_ASSIGN(due, subscriptions_.ListDue(TestDeadline(), id, Date(2009, 7, 31)));
  EXPECT_TRUE(due.empty());
  EXPECT_EQ(Count("invoice_lines"), 3);
}

}  // namespace
}  // namespace countersign::billing
