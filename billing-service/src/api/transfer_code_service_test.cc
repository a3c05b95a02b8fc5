// Transfer codes through the real server, and the change of partner that uses one up.
#include <string>

#include "absl/strings/str_cat.h"
#include "billing-service/src/api/api_test_base.h"
#include "common/base/transfer_code.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/parked_activation.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/billing/v1/transfer_code.pb.h"
#include "countersign/billing/v1/transfer_code_service.grpc.pb.h"
#include "countersign/order/v1/activation_outcome_service.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::testing::HasSubstr;
using Stub = v1::TransferCodeService::Stub;
using Request = v1::ActivateOrderRequest;

constexpr char kLinkService[] = "services/link-service";

class TransferCodeServiceTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    const absl::StatusOr<v1::ActivateOrderResponse> activated = Activate(OrderRequest());
    ASSERT_OK(activated);
    subscription_ = activated->subscriptions(0);
  }

  v1::CreateTransferCodeRequest CreateRequest() {
    v1::CreateTransferCodeRequest request;
    request.set_parent(subscription_);
    request.set_transfer_code_id(TransferCodeId(NewTransferCode())->ToString());
    request.set_request_id(testing::NewRequestId());
    return request;
  }

  v1::TransferCode Create() {
    const auto code = Call(&Stub::CreateTransferCode, CreateRequest(), kLinkService);
    EXPECT_OK(code);
    return code.value_or(v1::TransferCode());
  }

  absl::StatusOr<v1::TransferCode> Resolve(const v1::TransferCode& code) {
    v1::ResolveTransferCodeRequest request;
    request.set_transfer_code_id(code.name().substr(code.name().rfind('/') + 1));
    return Call(&Stub::ResolveTransferCode, request, kOrderService);
  }

  // An order of another partner for the subscription, confirmed now.
  Request ChangeRequest(const v1::TransferCode& code, absl::string_view order, absl::string_view partner) {
    Request request = OrderRequest(order);
    request.set_kind(Request::KIND_CHANGE_PARTNER);
    request.clear_lines();
    request.clear_billing_period_months();
    request.clear_term_months();
    request.add_lines()->set_subscription(subscription_);
    request.mutable_lines(0)->set_transfer_code(code.name());
    request.set_partner_of_record(absl::StrCat("partners/", Uuid::Derived({partner}).ToString()));
    *request.mutable_start_date() = rpc::ToProto(DateOf(clock_.Now()));
    *request.mutable_confirm_time() = rpc::ToProto(clock_.Now());
    return request;
  }

  std::string subscription_;
};

TEST_F(TransferCodeServiceTest, ACodeNamesItsSubscriptionForThirtyDays) {
  const v1::TransferCode code = Create();
  EXPECT_EQ(code.subscription(), subscription_);
  EXPECT_EQ(code.order(), "");
  ASSERT_OK_AND_ASSIGN(const v1::TransferCode resolved, Resolve(code));
  EXPECT_EQ(resolved.SerializeAsString(), code.SerializeAsString());
  v1::GetTransferCodeRequest get;
  get.set_name(code.name());
  EXPECT_OK(Call(&Stub::GetTransferCode, get));
  v1::ListTransferCodesRequest list;
  list.set_parent(account_);
  ASSERT_OK_AND_ASSIGN(const v1::ListTransferCodesResponse listed, Call(&Stub::ListTransferCodes, list));
  EXPECT_EQ(listed.transfer_codes_size(), 1);
  clock_.Advance(absl::Hours(30 * 24));
  EXPECT_THAT(Resolve(code), HasReason("TRANSFER_CODE_EXPIRED"));
}

TEST_F(TransferCodeServiceTest, RefusesWhatIsNotThere) {
  v1::CreateTransferCodeRequest request = CreateRequest();
  request.set_parent(absl::StrCat(account_, "/subscriptions/", kId));
  EXPECT_THAT(Call(&Stub::CreateTransferCode, request), HasReason("SUBSCRIPTION_NOT_FOUND"));
  v1::CreateTransferCodeRequest twice = CreateRequest();
  EXPECT_OK(Call(&Stub::CreateTransferCode, twice));
  twice.set_request_id(testing::NewRequestId());
  EXPECT_THAT(Call(&Stub::CreateTransferCode, twice), HasReason("TRANSFER_CODE_EXISTS"));
  v1::TransferCode unknown;
  unknown.set_name(absl::StrCat(account_, "/transferCodes/", kId));
  EXPECT_THAT(Resolve(unknown), HasReason("TRANSFER_CODE_NOT_FOUND"));
  EXPECT_EQ(CountRows("transfer_codes"), 1);
}

TEST_F(TransferCodeServiceTest, TheChangeOfPartnerUsesTheCodeUpOnce) {
  const v1::TransferCode code = Create();
  SetDay(Date(2009, 6, 15));
  Request order = ChangeRequest(code, "change", "B");
  order.set_validate_only(true);
  ASSERT_OK(Activate(order));
  EXPECT_EQ(CountRows("transfer_codes WHERE order_id IS NULL"), 1);
  order.set_validate_only(false);
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(order));
  EXPECT_EQ(activated.subscriptions(0), subscription_);
  EXPECT_EQ(activated.invoices_size(), 0);
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse again, Activate(order));
  EXPECT_EQ(again.SerializeAsString(), activated.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const v1::Subscription subscription, GetSubscription(subscription_));
  ASSERT_EQ(subscription.partner_assignments_size(), 2);
  EXPECT_EQ(subscription.partner_assignments(0).end_date().month(), 7);
  EXPECT_EQ(subscription.partner_assignments(1).partner(), order.partner_of_record());
  EXPECT_EQ(subscription.partner_assignments(1).start_date().month(), 7);
  EXPECT_EQ(subscription.quantity(), 25);
  EXPECT_THAT(Resolve(code), HasReason("TRANSFER_CODE_USED"));
  EXPECT_EQ(EventOf<v1::TransferCodeEvent>("TRANSFER_CODE_USED").order(), order.order());

  Request third = ChangeRequest(code, "third", "C");
  third.set_validate_only(true);
  EXPECT_THAT(Activate(third), HasReason("TRANSFER_CODE_USED"));
  third.set_validate_only(false);
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse parked, Activate(third));
  EXPECT_EQ(CountRows("parked_activations WHERE reason = 'TRANSFER_CODE_USED' AND state = 'ABANDONED'"), 1);
  EXPECT_EQ(EventOf<v1::ParkedActivationEvent>("ACTIVATION_ABANDONED").parked_activation(), parked.parked_activation());
  // Asked once more, it says the same and writes nothing.
  third.set_request_id(testing::NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse still, Activate(third));
  EXPECT_EQ(still.SerializeAsString(), parked.SerializeAsString());
  Drain();
  ASSERT_EQ(orders_.outcomes.size(), 1u);
  EXPECT_EQ(orders_.outcomes[0].order(), third.order());
  EXPECT_EQ(orders_.outcomes[0].outcome(), order::v1::ApplyActivationOutcomeRequest::OUTCOME_ABANDONED);
  EXPECT_THAT(orders_.outcomes[0].reason(), HasSubstr("was used before"));
}

TEST_F(TransferCodeServiceTest, AnExpiredCodeStopsTheSubmitAndNotWhatWasConfirmed) {
  const v1::TransferCode code = Create();
  clock_.Advance(absl::Hours(30 * 24));
  Request order = ChangeRequest(code, "change", "B");
  order.set_validate_only(true);
  EXPECT_THAT(Activate(order), HasReason("TRANSFER_CODE_EXPIRED"));
  order.set_validate_only(false);
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(order));
  EXPECT_EQ(activated.parked_activation(), "");
}

TEST_F(TransferCodeServiceTest, EveryRefusalOfAChangeOfPartnerSaysWhy) {
  const v1::TransferCode code = Create();
  Request order = ChangeRequest(code, "change", "B");
  order.set_validate_only(true);
  order.set_partner_of_record(partner_);
  EXPECT_THAT(Activate(order), HasReason("ALREADY_PARTNER_OF_RECORD"));
  order = ChangeRequest(code, "change", "B");
  order.mutable_lines(0)->set_transfer_code(absl::StrCat(account_, "/transferCodes/", kId));
  EXPECT_OK(Activate(order)) << "parked";
  EXPECT_EQ(CountRows("parked_activations WHERE reason = 'TRANSFER_CODE_NOT_FOUND'"), 1);
  order.mutable_lines(0)->clear_transfer_code();
  EXPECT_EQ(Activate(order).status().code(), absl::StatusCode::kInvalidArgument);
  ASSERT_OK(Activate(ChangeRequest(code, "first", "B")));
  order = ChangeRequest(Create(), "second", "C");
  order.set_validate_only(true);
  EXPECT_THAT(Activate(order), HasReason("PARTNER_CHANGE_PENDING"));
}

}  // namespace
}  // namespace countersign::billing
