#include "billing-service/src/config.h"

#include "absl/flags/flag.h"
#include "common/rpc/channel.h"

ABSL_FLAG(std::string, partner_service, "127.0.0.1:7101", "partner-service, which knows whose an API key is.");
ABSL_FLAG(std::string, order_service, "127.0.0.1:7102",
          "order-service, which learns how parked activations end and knows the prices of renewals.");
ABSL_FLAG(
    std::string, payment_processor, "",
    "The payment processor (countersign.payment.v1.PaymentProcessor), whose certificate names \"payment-processor\". "
    "Empty: every account pays by bank transfer.");
ABSL_FLAG(
    absl::Duration, payment_processor_timeout, countersign::rpc::kDefaultPeerDeadline,
    "How long the payment processor may take to answer, 10ms to 5s. If it takes longer, the worker asks again what "
    "became of the charge.");
ABSL_FLAG(
    std::string, find_url, "",
    "The page /find of link-service, as customers reach it (https://orders.example.com/find), for notices that ask a "
    "customer to decide. Empty: they do not say where a lost page is found again.");

namespace countersign::billing {
namespace {

constexpr absl::Duration kMinProcessorTimeout = absl::Milliseconds(10);

}  // namespace

Config ParseConfig(int argc, char** argv) {
  Config config;
  config.service = service::ParseServiceFlags(
      argc, argv, "The vendor's billing: accounts, subscriptions, invoices, payments, and the partners' fees.",
      {.name = "billing-service",
       .listen = "127.0.0.1:7104",
       .database = "mysql://countersign_billing@127.0.0.1:3306/countersign_billing"});
  config.partner_service = absl::GetFlag(FLAGS_partner_service);
  config.order_service = absl::GetFlag(FLAGS_order_service);
  config.processor = absl::GetFlag(FLAGS_payment_processor);
  config.processor_timeout = absl::GetFlag(FLAGS_payment_processor_timeout);
  if (config.processor_timeout < kMinProcessorTimeout || config.processor_timeout > rpc::kDefaultPeerDeadline) {
    service::RefuseFlag("--payment_processor_timeout must be 10ms to 5s.");
  }
  config.find_url = absl::GetFlag(FLAGS_find_url);
  return config;
}

}  // namespace countersign::billing
