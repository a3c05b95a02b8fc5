#include "integration-tests/charging.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/charge_service.grpc.pb.h"

namespace countersign::integration {

absl::Status SetToken(Suite& suite, const Story& story, const std::string& token) {
  billing::v1::SetPaymentMethodRequest method;
  method.set_name(story.billing_account);
  method.mutable_payment_method()->set_type(billing::v1::PaymentMethod::TYPE_PROCESSOR);
  method.mutable_payment_method()->set_token(token);
  method.set_reason("asked for");
  method.set_request_id(NewRequestId());
  billing::v1::BillingAccount account;
  return StatusOf(
      suite.stub<billing::v1::BillingAccountService>().SetPaymentMethod(As(kOperator).get(), method, &account));
}

absl::Status ChargeFor(Suite& suite, const Story& story, const std::string& token) {
  RETURN_IF_ERROR(SetToken(suite, story, token));
  billing::v1::ChargeInvoiceRequest charge;
  charge.set_name(story.invoice);
  charge.set_reason("asked for");
  charge.set_request_id(NewRequestId());
  billing::v1::Charge reply;
  return StatusOf(suite.stub<billing::v1::ChargeService>().ChargeInvoice(As(kOperator).get(), charge, &reply));
}

std::vector<billing::v1::Charge> ChargesOf(Suite& suite, const Story& story) {
  billing::v1::ListChargesRequest request;
  request.set_parent(story.billing_account);
  billing::v1::ListChargesResponse page;
  const grpc::Status status = suite.stub<billing::v1::ChargeService>().ListCharges(As(kOperator).get(), request, &page);
  if (!status.ok()) return {};
  return {page.charges().begin(), page.charges().end()};
}

absl::Status AwaitCharge(Suite& suite, const Story& story, billing::v1::Charge::State state) {
  return Eventually(absl::StrCat("the charge is ", billing::v1::Charge::State_Name(state)), [&] {
    const std::vector<billing::v1::Charge> charges = ChargesOf(suite, story);
    return !charges.empty() && charges.back().state() == state;
  });
}

}  // namespace countersign::integration
