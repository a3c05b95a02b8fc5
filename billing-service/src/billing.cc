#include "billing-service/src/billing.h"

#include <utility>

namespace countersign::billing {

BillingParts::BillingParts(rpc::EndpointOptions options, const Needs& needs)
    : needs_(needs), endpoint_(std::move(options)) {}

std::vector<grpc::Service*> BillingParts::services() {
  return {&activation_service_, &parked_activation_service_, &billing_account_service_, &subscription_service_,
          &invoice_service_,    &credit_note_service_,       &refund_service_,          &small_difference_service_,
          &tax_rate_service_,   &tax_profile_service_,       &bank_receipt_service_,    &fee_service_};
}

std::vector<events::Consumer> BillingParts::consumers() const {
  return {payment_relay_.consumer(), fee_relay_.consumer(), OrderConsumer(needs_.orders)};
}

}  // namespace countersign::billing
