// What holds fees back: a suspended partner, suspected self-dealing; and what becomes of it.
#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/credit_note_service.grpc.pb.h"
#include "countersign/billing/v1/fee.pb.h"
#include "countersign/billing/v1/fee_hold.pb.h"
#include "countersign/billing/v1/fee_hold_service.grpc.pb.h"
#include "countersign/billing/v1/fee_service.grpc.pb.h"
#include "countersign/billing/v1/partner_state_service.grpc.pb.h"
#include "countersign/partner/v1/partner.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

class FeeHoldServiceTest : public ApiTest {
 protected:
  // `ahead`: how much partner-service's clock differs from billing-service's.
  void Partner(partner::v1::Partner::State state, absl::Duration ahead = absl::ZeroDuration()) {
    v1::ApplyPartnerStateRequest request;
    request.set_partner(partner_);
    request.set_version(++partner_version_);
    request.set_state(state);
    *request.mutable_change_time() = rpc::ToProto(clock_.Now() + ahead);
    request.set_reason("because of the test");
    request.set_request_id(NewRequestId());
    ASSERT_OK(Call(&v1::PartnerStateService::Stub::ApplyPartnerState, request, "services/partner-service"));
  }

  // The invoice of an order that is confirmed now.
  std::string OpenInvoiceNow(const std::string& name) {
    v1::ActivateOrderRequest request = OrderRequest(name);
    *request.mutable_start_date() = rpc::ToProto(DateOf(clock_.Now()));
    *request.mutable_confirm_time() = rpc::ToProto(clock_.Now());
    const absl::StatusOr<v1::ActivateOrderResponse> activated = Activate(request);
    EXPECT_OK(activated);
    return activated.ok() && activated->invoices_size() > 0 ? activated->invoices(0) : "";
  }

  // An invoice is opened and paid a day later: a fee of 45.00.
  void PayAnInvoice(const std::string& name) {
    const std::string invoice = OpenInvoiceNow(name);
    clock_.Advance(absl::Hours(24));
    ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-" + name, invoice)));
    Drain();
  }

  std::vector<v1::FeeHold> Holds(const std::string& filter = "") {
    v1::ListFeeHoldsRequest request;
    request.set_parent(partner_);
    request.set_filter(filter);
    const auto page = Call(&v1::FeeHoldService::Stub::ListFeeHolds, request);
    EXPECT_OK(page);
    return page.ok() ? std::vector<v1::FeeHold>(page->fee_holds().begin(), page->fee_holds().end())
                     : std::vector<v1::FeeHold>();
  }

  absl::StatusOr<v1::FeeHold> Set(const std::string& subscription, absl::string_view caller = kOperator) {
    v1::SetFeeHoldRequest request;
    request.set_parent(partner_);
    request.set_subscription(subscription);
    request.set_reason("the same address");
    request.set_request_id(NewRequestId());
    return Call(&v1::FeeHoldService::Stub::SetFeeHold, request, caller);
  }

  absl::StatusOr<v1::FeeHold> Release(const std::string& name) {
    v1::ReleaseFeeHoldRequest request;
    request.set_name(name);
    request.set_reason("cleared");
    request.set_request_id(NewRequestId());
    return Call(&v1::FeeHoldService::Stub::ReleaseFeeHold, request);
  }

  int partner_version_ = 0;
};

TEST_F(FeeHoldServiceTest, FeesOfASuspendedPartnerAreHeldUntilItIsReinstated) {
  PayAnInvoice("before");
  Partner(partner::v1::Partner::STATE_SUSPENDED);
  PayAnInvoice("held");
  std::vector<v1::Fee> fees = Fees(partner_);
  ASSERT_EQ(fees.size(), 2u);
  EXPECT_EQ(fees[0].state(), v1::Fee::STATE_ACCRUED);
  EXPECT_EQ(fees[1].state(), v1::Fee::STATE_HELD);
  EXPECT_EQ(Fees(partner_, "state = HELD").size(), 1u);
  ASSERT_EQ(Holds().size(), 1u);
  EXPECT_EQ(fees[1].fee_hold(), Holds()[0].name());
  EXPECT_EQ(Holds()[0].reason(), "because of the test");

  clock_.Advance(absl::Hours(24));
  Partner(partner::v1::Partner::STATE_ACTIVE);
  EXPECT_EQ(Fees(partner_, "state = ACCRUED").size(), 2u);
  EXPECT_EQ(Holds("state = RELEASED").size(), 1u);
  ExpectBalancedBooks();
}

TEST_F(FeeHoldServiceTest, WhatIsPaidUnderASuspensionIsHeldWhicheverClockIsAnHourOff) {
  Partner(partner::v1::Partner::STATE_SUSPENDED, /*ahead=*/absl::Hours(48));
  PayAnInvoice("held");
  EXPECT_EQ(Fees(partner_, "state = HELD").size(), 1u);
  Partner(partner::v1::Partner::STATE_ACTIVE, /*ahead=*/-absl::Hours(48));
  PayAnInvoice("earned");
  EXPECT_EQ(Fees(partner_, "state = ACCRUED").size(), 2u);
}

TEST_F(FeeHoldServiceTest, AnOlderStateChangesNothing) {
  Partner(partner::v1::Partner::STATE_SUSPENDED);
  partner_version_ = 0;
  Partner(partner::v1::Partner::STATE_ACTIVE);
  EXPECT_EQ(Holds("state = ACTIVE").size(), 1u);
}

TEST_F(FeeHoldServiceTest, TerminationForfeitsWhatIsHeldAndNothingAccruesAfterIt) {
  PayAnInvoice("earned");
  Partner(partner::v1::Partner::STATE_SUSPENDED);
  PayAnInvoice("held");
  clock_.Advance(absl::Hours(24));
  Partner(partner::v1::Partner::STATE_TERMINATED);
  Drain();
  PayAnInvoice("after");

  const std::vector<v1::Fee> forfeited = Fees(partner_, "state = FORFEITED");
  ASSERT_EQ(forfeited.size(), 2u);
  EXPECT_EQ(forfeited[0].amount().units(), 45);
  EXPECT_EQ(forfeited[1].amount().units(), -45);
  EXPECT_EQ(forfeited[1].cause(), v1::Fee::CAUSE_FORFEITED);
  EXPECT_EQ(forfeited[1].reason(), "The partner was terminated.");
  const std::vector<v1::Fee> unearned = Fees(partner_, "state = NOT_EARNED");
  ASSERT_EQ(unearned.size(), 1u);
  EXPECT_EQ(unearned[0].amount().units(), 0);
  EXPECT_EQ(unearned[0].explanation(), "The partner was terminated. Not earned: 45.00 USD");
  EXPECT_EQ(Fees(partner_, "state = ACCRUED").size(), 1u) << "earned before stays";
  ExpectBalancedBooks();
}

TEST_F(FeeHoldServiceTest, WhatAnOperatorReleasedIsNotForfeited) {
  Partner(partner::v1::Partner::STATE_SUSPENDED);
  PayAnInvoice("released");
  ASSERT_OK(Release(Holds()[0].name()));
  EXPECT_THAT(Release(Holds()[0].name()), HasReason("FEE_HOLD_STATE"));
  PayAnInvoice("held");
  EXPECT_EQ(Fees(partner_, "state = ACCRUED").size(), 1u);
  EXPECT_EQ(Fees(partner_, "state = HELD").size(), 1u);
  clock_.Advance(absl::Hours(24));
  Partner(partner::v1::Partner::STATE_TERMINATED);
  Drain();
  EXPECT_EQ(Fees(partner_, "state = ACCRUED").size(), 1u);
  EXPECT_EQ(Fees(partner_, "state = FORFEITED").size(), 2u);
  EXPECT_EQ(Holds("state = FORFEITED").size(), 1u);
  ExpectBalancedBooks();
}

TEST_F(FeeHoldServiceTest, SelfDealingHoldsOneSubscriptionUntilItIsCleared) {
  PayAnInvoice("first");
  PayAnInvoice("second");
  const std::string subscription = Fees(partner_)[0].subscription();
  ASSERT_OK_AND_ASSIGN(const v1::FeeHold hold, Set(subscription));
  EXPECT_EQ(hold.kind(), v1::FeeHold::KIND_SELF_DEALING);
  EXPECT_THAT(Set(subscription), HasReason("FEE_HOLD_STATE"));
  ASSERT_EQ(Fees(partner_, "state = HELD").size(), 1u);
  EXPECT_EQ(Fees(partner_, "state = HELD")[0].subscription(), subscription);
  ASSERT_OK(Release(hold.name()));
  EXPECT_EQ(Fees(partner_, "state = HELD").size(), 0u);
  EXPECT_OK(Set(subscription));
  EXPECT_THAT(Set(subscription.substr(0, subscription.size() - 4) + "0000"), HasReason("SUBSCRIPTION_NOT_FOUND"));
}

TEST_F(FeeHoldServiceTest, WhatOrderServiceSuspectsIsHeldUntilAnOperatorClearsItForGood) {
  PayAnInvoice("first");
  const std::string subscription = Fees(partner_)[0].subscription();
  ASSERT_OK_AND_ASSIGN(const v1::FeeHold hold, Set(subscription, "services/order-service"));
  EXPECT_EQ(hold.state(), v1::FeeHold::STATE_ACTIVE);
  ASSERT_OK_AND_ASSIGN(const v1::FeeHold again, Set(subscription, "services/order-service"));
  EXPECT_EQ(again.etag(), hold.etag());
  EXPECT_EQ(Fees(partner_, "state = HELD").size(), 1u);
  ASSERT_OK(Release(hold.name()));
  ASSERT_OK_AND_ASSIGN(const v1::FeeHold released, Set(subscription, "services/order-service"));
  EXPECT_EQ(released.state(), v1::FeeHold::STATE_RELEASED);
  EXPECT_EQ(Fees(partner_, "state = HELD").size(), 0u);
  EXPECT_EQ(Holds("kind = SELF_DEALING").size(), 1u);
  v1::ListFeeHoldsRequest all;
  all.set_parent("partners/-");
  all.set_filter("state = RELEASED AND kind = SELF_DEALING");
  ASSERT_OK_AND_ASSIGN(const v1::ListFeeHoldsResponse page, Call(&v1::FeeHoldService::Stub::ListFeeHolds, all));
  ASSERT_EQ(page.fee_holds_size(), 1);
  EXPECT_EQ(page.fee_holds(0).name(), hold.name());
}

TEST_F(FeeHoldServiceTest, AnAdjustmentIsAnEntryOfItsOwnWithItsReason) {
  PayAnInvoice("first");
  v1::AdjustFeeRequest request;
  request.set_name(Fees(partner_)[0].name());
  request.mutable_amount()->set_currency_code("USD");
  request.mutable_amount()->set_units(-5);
  request.set_reason("Agreed.");
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Fee adjusted, Call(&v1::FeeService::Stub::AdjustFee, request));
  EXPECT_EQ(adjusted.cause(), v1::Fee::CAUSE_ADJUSTED);
  EXPECT_EQ(adjusted.explanation(), "Adjusted by -5.00 USD: Agreed.");
  v1::GetFeeRequest get;
  get.set_name(adjusted.name());
  ASSERT_OK_AND_ASSIGN(const v1::Fee read, Call(&v1::FeeService::Stub::GetFee, get, partner_));
  EXPECT_EQ(read.amount().units(), -5);
  request.mutable_amount()->set_units(-41);
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::FeeService::Stub::AdjustFee, request), HasReason("FEE_EXCEEDED")) << "40.00 are left";
  request.mutable_amount()->set_currency_code("EUR");
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::FeeService::Stub::AdjustFee, request), StatusIs(absl::StatusCode::kInvalidArgument));
  ExpectBalancedBooks();
}

TEST_F(FeeHoldServiceTest, AnAdjustmentNeverMakesAFeeMoreThanItsLine) {
  PayAnInvoice("first");
  v1::AdjustFeeRequest request;
  request.set_name(Fees(partner_)[0].name());
  request.mutable_amount()->set_currency_code("USD");
  request.mutable_amount()->set_units(331);
  request.set_reason("Agreed.");
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::FeeService::Stub::AdjustFee, request), HasReason("FEE_ABOVE_LINE")) << "45.00 of 375.00";
  request.mutable_amount()->set_units(1'000'000'000'000);
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::FeeService::Stub::AdjustFee, request), HasReason("FEE_ABOVE_LINE"));
  EXPECT_EQ(Fees(partner_).size(), 1u);
  request.mutable_amount()->set_units(330);
  request.set_request_id(NewRequestId());
  EXPECT_OK(Call(&v1::FeeService::Stub::AdjustFee, request));
  ExpectBalancedBooks();
}

TEST_F(FeeHoldServiceTest, AFeeThatIsReversedAfterItsCorrectionEndsAtZero) {
  const std::string invoice = OpenInvoiceNow("first");
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-first", invoice)));
  Drain();
  v1::AdjustFeeRequest adjust;
  adjust.set_name(Fees(partner_)[0].name());
  adjust.mutable_amount()->set_currency_code("USD");
  adjust.mutable_amount()->set_units(-20);
  adjust.set_reason("Agreed.");
  adjust.set_request_id(NewRequestId());
  ASSERT_OK(Call(&v1::FeeService::Stub::AdjustFee, adjust));
  const auto credit = [&](int64_t units) {
    v1::CreateCreditNoteRequest request;
    request.set_parent(account_);
    request.mutable_credit_note()->set_invoice(invoice);
    request.mutable_credit_note()->set_reason("Not delivered.");
    request.mutable_credit_note()->mutable_amount()->set_currency_code("USD");
    request.mutable_credit_note()->mutable_amount()->set_units(units);
    request.set_request_id(NewRequestId());
    EXPECT_OK(Call(&v1::CreditNoteService::Stub::CreateCreditNote, request));
    Drain();
    Drain();
  };
  const auto cents = [&] {
    std::vector<int64_t> amounts;
    for (const v1::Fee& fee : Fees(partner_)) {
      amounts.push_back(fee.amount().units() * 100 + fee.amount().nanos() / 10'000'000);
    }
    return amounts;
  };
  credit(125);
  EXPECT_THAT(cents(), ::testing::UnorderedElementsAre(45'00, -20'00, -15'00)) << "10.00 are left";
  credit(125);
  EXPECT_THAT(cents(), ::testing::UnorderedElementsAre(45'00, -20'00, -15'00, -15'00, 5'00));
  credit(125);
  EXPECT_THAT(cents(), ::testing::UnorderedElementsAre(45'00, -20'00, -15'00, -15'00, 5'00, -15'00, 15'00));
  adjust.mutable_amount()->set_units(-1);
  adjust.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::FeeService::Stub::AdjustFee, adjust), HasReason("FEE_EXCEEDED"));
  ExpectBalancedBooks();
}

TEST_F(FeeHoldServiceTest, TwoAdjustmentsAtOnceNeverTakeBackMoreThanTheFee) {
  PayAnInvoice("first");
  v1::AdjustFeeRequest request;
  request.set_name(Fees(partner_)[0].name());
  request.mutable_amount()->set_currency_code("USD");
  request.mutable_amount()->set_units(-45);
  request.set_reason("Agreed.");
  std::vector<absl::Status> results(4);
  std::vector<std::thread> callers;
  for (absl::Status& result : results) {
    request.set_request_id(NewRequestId());
    callers.emplace_back(
        [&result, request, this] { result = Call(&v1::FeeService::Stub::AdjustFee, request).status(); });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(std::count_if(results.begin(), results.end(), [](const absl::Status& result) { return result.ok(); }), 1);
  for (const absl::Status& result : results) {
    if (!result.ok()) EXPECT_THAT(result, HasReason("FEE_EXCEEDED"));
  }
  EXPECT_EQ(CountRows("fees WHERE cause = 'ADJUSTED'"), 1);
  ExpectBalancedBooks();
}

TEST_F(FeeHoldServiceTest, NamesTheBadFields) {
  v1::SetFeeHoldRequest set;
  set.set_request_id("no");
  ExpectViolations(Call(&v1::FeeHoldService::Stub::SetFeeHold, set).status(),
                   {"parent", "subscription", "reason", "request_id"});
  v1::ApplyPartnerStateRequest apply;
  apply.set_request_id("no");
  ExpectViolations(Call(&v1::PartnerStateService::Stub::ApplyPartnerState, apply, "services/partner-service").status(),
                   {"partner", "version", "state", "change_time", "request_id"});
}

}  // namespace
}  // namespace countersign::billing
