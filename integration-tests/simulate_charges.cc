// Cards: what is charged by them, and what their owners take back.
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "countersign/billing/v1/billing_account_service.grpc.pb.h"
#include "countersign/billing/v1/charge_service.grpc.pb.h"
#include "integration-tests/simulate_call.h"
#include "integration-tests/simulate_convert.h"
#include "integration-tests/simulate_world.h"

namespace countersign::integration {
namespace {

namespace billing = ::countersign::billing::v1;

}  // namespace

absl::Status World::SetToken(const std::string& account, const std::string& token) {
  billing::SetPaymentMethodRequest request;
  request.set_name(account);
  request.mutable_payment_method()->set_type(billing::PaymentMethod::TYPE_PROCESSOR);
  request.mutable_payment_method()->set_token(token);
  request.set_reason("the customer asked for it");
  request.set_request_id(RequestId(absl::StrCat("token ", account, FormatDate(today()))));
  RETURN_IF_ERROR(Do(suite_.stub<billing::BillingAccountService>(),
                     &billing::BillingAccountService::Stub::SetPaymentMethod, request)
                      .status());
  facts_.Write(today(), "payment_method", {TextField("account", HexOf(account)), TextField("token", token)});
  return absl::OkStatus();
}

absl::StatusOr<std::string> World::ChargeBack(const std::string& account, const std::string& invoice) {
  billing::ListChargesRequest list;
  list.set_parent(account);
  list.set_filter(absl::StrCat("invoice = \"", invoice, "\" AND state = SUCCEEDED"));
  ASSIGN_OR_RETURN(const billing::ListChargesResponse charges,
                   Do(suite_.stub<billing::ChargeService>(), &billing::ChargeService::Stub::ListCharges, list));
  if (charges.charges().empty()) return absl::NotFoundError("No charge paid the invoice.");
  billing::RecordChargebackRequest request;
  request.set_name(charges.charges(0).name());
  request.set_reason("the customer disputes it");
  request.set_request_id(RequestId("charge back " + request.name()));
  RETURN_IF_ERROR(
      Do(suite_.stub<billing::ChargeService>(), &billing::ChargeService::Stub::RecordChargeback, request).status());
  facts_.Write(today(), "chargeback", {TextField("invoice", HexOf(invoice))});
  return request.name();
}

absl::Status World::WinChargeback(const std::string& charge, const std::string& invoice) {
  billing::WinChargebackRequest request;
  request.set_name(charge);
  request.set_reason("the dispute is won");
  request.set_request_id(RequestId("win " + charge));
  RETURN_IF_ERROR(
      Do(suite_.stub<billing::ChargeService>(), &billing::ChargeService::Stub::WinChargeback, request).status());
  facts_.Write(today(), "chargeback_won", {TextField("invoice", HexOf(invoice))});
  return absl::OkStatus();
}

}  // namespace countersign::integration
