#include "integration-tests/fault_story.h"

#include <array>

#include "absl/algorithm/container.h"
#include "absl/strings/string_view.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/charge_service.grpc.pb.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"
#include "countersign/partner/v1/customer_service.grpc.pb.h"
#include "integration-tests/simulate_convert.h"

namespace countersign::integration {
namespace {

// What the sandbox's processor does with them: each of them pays in the end.
constexpr std::array<const char*, 4> kTokens = {"tok", "twice", "delay", "timeout-after-charge"};

constexpr absl::string_view kOnlyRead[] = {"open the page", "completed", "invoice", "fee"};

}  // namespace

FaultStory::FaultStory(Suite& suite, int number) : Story(suite), suite_(suite), number_(number) {
  const bool is_charged = number % 4 == 1;
  for (const Story::Step& step : Story::Steps()) {
    if (step.name == "pay" && is_charged) {
      steps_.push_back({"payment method", [this] { return SetMethod(); }});
      steps_.push_back({"charge", [this] { return Charge(); }});
      steps_.push_back({"paid", [this] { return AwaitPaid(); }, /*only_reads=*/true});
      continue;
    }
    if (step.name == "pay" && leaves()) {
      steps_.push_back({"cancel", [this] { return Cancel(); }});
      steps_.push_back({"erase", [this] { return Erase(); }});
      steps_.push_back({"erased", [this] { return AwaitErased(); }, /*only_reads=*/true});
      break;
    }
    const bool only_reads = absl::c_linear_search(kOnlyRead, step.name);
    steps_.push_back({step.name, [this, act = step.act] { return (this->*act)(); }, only_reads});
  }
}

absl::Status FaultStory::SetMethod() {
  billing::v1::SetPaymentMethodRequest request;
  request.set_name(billing_account);
  request.mutable_payment_method()->set_type(billing::v1::PaymentMethod::TYPE_PROCESSOR);
  request.mutable_payment_method()->set_token(kTokens.at(static_cast<size_t>(number_ / 4) % kTokens.size()));
  request.set_reason("asked for");
  request.set_request_id(method_id_);
  billing::v1::BillingAccount reply;
  return StatusOf(
      suite_.stub<billing::v1::BillingAccountService>().SetPaymentMethod(As(kOperator).get(), request, &reply));
}

absl::Status FaultStory::Charge() {
  billing::v1::ChargeInvoiceRequest request;
  request.set_name(invoice);
  request.set_reason("asked for");
  request.set_request_id(charge_id_);
  billing::v1::Charge reply;
  return StatusOf(suite_.stub<billing::v1::ChargeService>().ChargeInvoice(As(kOperator).get(), request, &reply));
}

absl::Status FaultStory::AwaitPaid() const {
  return Eventually("the charge has paid the invoice", [this] {
    const absl::StatusOr<billing::v1::Invoice> now = GetInvoice();
    return now.ok() && now->state() == billing::v1::Invoice::STATE_PAID;
  });
}

absl::Status FaultStory::Cancel() {
  billing::v1::CancelSubscriptionRequest request;
  request.set_name(subscription);
  request.set_when(billing::v1::CancelSubscriptionRequest::WHEN_NOW);
  request.set_policy(billing::v1::CancelSubscriptionRequest::POLICY_FREE_WINDOW);
  request.set_reason("the customer leaves");
  request.set_request_id(cancel_id_);
  billing::v1::Subscription reply;
  return StatusOf(
      suite_.stub<billing::v1::SubscriptionService>().CancelSubscription(As(kOperator).get(), request, &reply));
}

// Refused while a notice of the account is on its way.
absl::Status FaultStory::Erase() {
  partner::v1::EraseCustomerRequest request;
  request.set_name(customer);
  request.set_reason("request 4711");
  request.set_request_id(erase_id_);
  partner::v1::CustomerErasure reply;
  return StatusOf(suite_.stub<partner::v1::CustomerService>().EraseCustomer(As(kOperator).get(), request, &reply));
}

absl::Status FaultStory::AwaitErased() const {
  return Eventually("the customer is erased everywhere", [this] {
    partner::v1::GetCustomerErasureRequest request;
    request.set_name(customer);
    partner::v1::CustomerErasure reply;
    return suite_.stub<partner::v1::CustomerService>().GetCustomerErasure(As(kOperator).get(), request, &reply).ok() &&
           reply.complete();
  });
}

}  // namespace countersign::integration
