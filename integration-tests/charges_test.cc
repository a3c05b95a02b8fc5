// Charges through the real services and the real sandbox processor, whose own book says how often a customer paid.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "integration-tests/charging.h"
#include "integration-tests/proof.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"
#include "sandbox-processor/src/book.h"

namespace countersign::integration {
namespace {

using billing::v1::Charge;

class ChargesTest : public SuiteTest {
 protected:
  static absl::Status Await(const Story& story, Charge::State state) { return AwaitCharge(suite(), story, state); }

  // How often the processor's book says that the story's customer paid.
  static int TimesPaid(const Story& story) {
    const absl::StatusOr<sandbox_processor::Charges> book = sandbox_processor::Book::Read(suite().processor_book());
    EXPECT_TRUE(book.ok()) << book.status();
    int times = 0;
    for (const Charge& charge : ChargesOf(suite(), story)) {
      const auto booked = book->find(charge.name().substr(charge.name().rfind('/') + 1));
      times += booked != book->end() && booked->second.state == sandbox_processor::BookedState::kSucceeded;
    }
    return times;
  }

  static void ExpectPaidOnce(const Story& story) {
    const auto invoice = story.GetInvoice();
    ASSERT_TRUE(invoice.ok()) << invoice.status();
    EXPECT_EQ(invoice->state(), billing::v1::Invoice::STATE_PAID);
    EXPECT_EQ(TimesPaid(story), 1);
    ProveInvariants();
  }
};

class BehaviourTest : public ChargesTest, public ::testing::WithParamInterface<std::string> {};

TEST_P(BehaviourTest, TheCustomerPaysOnce) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("pay").ok());
  const absl::Status charged = ChargeFor(suite(), story, GetParam());
  ASSERT_TRUE(charged.ok()) << charged;
  const absl::Status settled = Await(story, Charge::STATE_SUCCEEDED);
  ASSERT_TRUE(settled.ok()) << settled;
  EXPECT_TRUE(story.AwaitFee().ok());
  ExpectPaidOnce(story);
}

INSTANTIATE_TEST_SUITE_P(Each, BehaviourTest, ::testing::Values("tok", "twice", "delay", "timeout-after-charge"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST_F(ChargesTest, ADeclineChangesNothingAndAnotherCardPays) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("pay").ok());
  ASSERT_TRUE(ChargeFor(suite(), story, "decline").ok());
  ASSERT_TRUE(Await(story, Charge::STATE_DECLINED).ok());
  EXPECT_EQ(story.GetInvoice()->state(), billing::v1::Invoice::STATE_OPEN);
  ASSERT_TRUE(ChargeFor(suite(), story, "tok").ok());
  ASSERT_TRUE(Await(story, Charge::STATE_SUCCEEDED).ok());
  ExpectPaidOnce(story);
}

TEST_F(ChargesTest, AProcessorThatIsGoneIsAskedAgainUntilTheMethodChanges) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("pay").ok());
  ASSERT_TRUE(ChargeFor(suite(), story, "gone").ok());
  ASSERT_TRUE(Await(story, Charge::STATE_UNKNOWN).ok());
  ASSERT_TRUE(SetToken(suite(), story, "tok").ok());
  ASSERT_TRUE(Await(story, Charge::STATE_CANCELLED).ok());
  ASSERT_TRUE(ChargeFor(suite(), story, "tok").ok());
  ASSERT_TRUE(Await(story, Charge::STATE_SUCCEEDED).ok());
  ExpectPaidOnce(story);
}

TEST_F(ChargesTest, AKilledProcessorForgetsNothing) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("pay").ok());
  ASSERT_TRUE(ChargeFor(suite(), story, "timeout-after-charge").ok());
  ASSERT_TRUE(Eventually("the processor has taken the money", [&] { return TimesPaid(story) == 1; }).ok());
  suite().KillProcessor();
  ASSERT_TRUE(suite().StartProcessor().ok());
  ASSERT_TRUE(Await(story, Charge::STATE_SUCCEEDED).ok());
  ExpectPaidOnce(story);
}

TEST_F(ChargesTest, AKilledBillingServiceAsksWhatBecameOfIt) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("pay").ok());
  ASSERT_TRUE(ChargeFor(suite(), story, "timeout-after-charge").ok());
  ASSERT_TRUE(Eventually("the processor has taken the money", [&] { return TimesPaid(story) == 1; }).ok());
  suite().Kill(Service::kBilling);
  ASSERT_TRUE(suite().StartService(Service::kBilling).ok());
  ASSERT_TRUE(Await(story, Charge::STATE_SUCCEEDED).ok());
  ExpectPaidOnce(story);
}

}  // namespace
}  // namespace countersign::integration
