// Orders and subscriptions.
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/base/transfer_code.h"
#include "common/base/uuid.h"
#include "countersign/billing/v1/subscription_service.grpc.pb.h"
#include "countersign/billing/v1/transfer_code_service.grpc.pb.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "integration-tests/simulate_call.h"
#include "integration-tests/simulate_convert.h"
#include "integration-tests/simulate_world.h"
#include "integration-tests/story.h"

namespace countersign::integration {
namespace {

namespace billing = ::countersign::billing::v1;
namespace order = ::countersign::order::v1;

}  // namespace

absl::StatusOr<std::string> World::PlaceOrder(SimulatedCustomer& customer, const SimulatedOrder& wanted) {
  const std::string which = absl::StrCat("order ", customer.number, " ", FormatDate(today()));
  order::CreateOrderRequest create;
  create.set_parent(customer.partner);
  order::Order& draft = *create.mutable_order();
  draft.set_customer(customer.name);
  draft.set_partner_of_record(customer.partner);
  draft.set_currency_code(customer.currency);
  draft.set_kind(wanted.kind);
  order::Order::Line& line = *draft.add_lines();
  if (wanted.quantity > 0) line.set_quantity(wanted.quantity);
  if (wanted.kind == order::Order::KIND_CHANGE_PARTNER) {
    line.set_transfer_code(wanted.transfer_code);
  } else if (wanted.kind == order::Order::KIND_NEW) {
    line.set_offer(wanted.offer);
    draft.set_billing_period(wanted.annual ? order::Order::BILLING_PERIOD_ANNUAL
                                           : order::Order::BILLING_PERIOD_MONTHLY);
  } else {
    line.set_subscription(wanted.subscription);
    line.set_at_renewal(wanted.at_renewal);
  }
  create.set_request_id(RequestId(which + " create"));
  ASSIGN_OR_RETURN(const order::Order created,
                   Do(suite_.stub<order::OrderService>(), &order::OrderService::Stub::CreateOrder, create));
  order::SubmitOrderRequest submit;
  submit.set_name(created.name());
  submit.set_request_id(RequestId(which + " submit"));
  ASSIGN_OR_RETURN(const order::SubmitOrderResponse submitted,
                   Do(suite_.stub<order::OrderService>(), &order::OrderService::Stub::SubmitOrder, submit));
  RETURN_IF_ERROR(Confirm(customer, submitted.order()));
  if (wanted.kind == order::Order::KIND_CHANGE_PARTNER) {
    facts_.Write(
        today(), "change_partner",
        {TextField("subscription", HexOf(wanted.subscription)), TextField("partner", HexOf(customer.partner))});
    return created.name();
  }
  customer.account = submitted.order().billing_account();
  if (wanted.kind != order::Order::KIND_NEW) {
    const absl::string_view act = wanted.kind == order::Order::KIND_RENEW ? "renew"
                                  : wanted.at_renewal                     ? "renewal_target"
                                                                          : "add_seats";
    facts_.Write(today(), act,
                 {TextField("subscription", HexOf(wanted.subscription)), NumberField("quantity", wanted.quantity)});
  }
  return created.name();
}

absl::Status World::Confirm(const SimulatedCustomer& customer, const order::Order& waiting) {
  order::ConfirmOrderRequest request;
  request.set_name(waiting.name());
  request.set_link(waiting.link());
  request.set_revision(waiting.revision());
  order::Acceptance& acceptance = *request.mutable_acceptance();
  acceptance.set_company_name(absl::StrCat("Simulated Customer ", customer.number));
  acceptance.set_billing_email(absl::StrCat("accounts", customer.number, "@customer.example"));
  acceptance.mutable_billing_address()->set_region_code(customer.region);
  acceptance.mutable_billing_address()->set_locality("Springfield");
  acceptance.mutable_billing_address()->set_postal_code("97403");
  acceptance.mutable_billing_address()->add_address_lines("1 Main Street");
  acceptance.set_agreement_version("2009-06");
  acceptance.set_content_sha256(std::string(32, 's'));
  acceptance.set_ip_address("192.0.2.1");
  *acceptance.mutable_press_time() = StartTimeOf(today());
  acceptance.set_confirmer_name("Kim Buyer");
  acceptance.set_confirmer_title("Head of Purchasing");
  acceptance.set_confirmer_email(absl::StrCat("kim", customer.number, "@customer.example"));
  acceptance.set_contact_verified(waiting.kind() != order::Order::KIND_NEW);
  request.set_request_id(RequestId("confirm " + waiting.name()));
  order::OrderService::Stub stub(as_link_service_);
  order::Order reply;
  return StatusOf(stub.ConfirmOrder(NewContext().get(), request, &reply));
}

absl::StatusOr<std::string> World::SubscriptionOf(const SimulatedCustomer& customer, const std::string& name,
                                                  const SimulatedOrder& what) {
  order::GetOrderRequest request;
  request.set_name(name);
  ASSIGN_OR_RETURN(const order::Order done,
                   Do(suite_.stub<order::OrderService>(), &order::OrderService::Stub::GetOrder, request));
  if (done.subscriptions().empty()) return absl::NotFoundError(absl::StrCat(name, " was not activated."));
  const Date start = DayOf(done.start_date());
  facts_.Write(start, "subscription",
               {NumberField("customer", customer.number), TextField("account", HexOf(customer.account)),
                TextField("partner", HexOf(customer.partner)), TextField("subscription", HexOf(done.subscriptions(0))),
                TextField("offer", absl::StripPrefix(what.offer, "offers/")), TextField("currency", customer.currency),
                TextField("region", customer.region), NumberField("months", what.annual ? 12 : 1),
                NumberField("quantity", what.quantity)});
  return done.subscriptions(0);
}

absl::StatusOr<std::string> World::MakeTransferCode(const std::string& subscription) {
  const std::string code =
      absl::BytesToHexString(Uuid::Derived({"simulated transfer code", absl::StrCat(seed_), subscription}).bytes());
  billing::CreateTransferCodeRequest request;
  request.set_parent(subscription);
  request.set_transfer_code_id(TransferCodeId(code).value_or(Uuid()).ToString());
  request.set_request_id(RequestId("transfer code " + subscription));
  RETURN_IF_ERROR(
      Do(suite_.stub<billing::TransferCodeService>(), &billing::TransferCodeService::Stub::CreateTransferCode, request)
          .status());
  return code;
}

absl::Status World::SwitchAutoRenewOff(const std::string& subscription) {
  billing::SetAutoRenewRequest request;
  request.set_name(subscription);
  request.set_reason("the customer leaves");
  request.set_request_id(RequestId("renew off " + subscription));
  RETURN_IF_ERROR(
      Do(suite_.stub<billing::SubscriptionService>(), &billing::SubscriptionService::Stub::SetAutoRenew, request)
          .status());
  facts_.Write(today(), "auto_renew_off", {TextField("subscription", HexOf(subscription))});
  return absl::OkStatus();
}

absl::Status World::Suspend(const std::string& subscription) {
  billing::SuspendSubscriptionRequest request;
  request.set_name(subscription);
  request.set_suspension_reason(billing::Subscription::SUSPENSION_REASON_OPERATOR);
  request.set_reason("a review");
  request.set_request_id(RequestId(absl::StrCat("suspend ", subscription, FormatDate(today()))));
  RETURN_IF_ERROR(
      Do(suite_.stub<billing::SubscriptionService>(), &billing::SubscriptionService::Stub::SuspendSubscription, request)
          .status());
  facts_.Write(today(), "suspend", {TextField("subscription", HexOf(subscription))});
  return absl::OkStatus();
}

absl::Status World::Resume(const std::string& subscription) {
  billing::ResumeSubscriptionRequest request;
  request.set_name(subscription);
  request.set_suspension_reason(billing::Subscription::SUSPENSION_REASON_OPERATOR);
  request.set_reason("reviewed");
  request.set_request_id(RequestId(absl::StrCat("resume ", subscription, FormatDate(today()))));
  RETURN_IF_ERROR(
      Do(suite_.stub<billing::SubscriptionService>(), &billing::SubscriptionService::Stub::ResumeSubscription, request)
          .status());
  facts_.Write(today(), "resume", {TextField("subscription", HexOf(subscription))});
  return absl::OkStatus();
}

}  // namespace countersign::integration
