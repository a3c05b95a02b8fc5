#include "billing-service/src/api/payment_events.h"

#include <utility>

#include "billing-service/src/api/account_events.h"
#include "billing-service/src/api/payment_messages.h"

namespace countersign::billing {
namespace {

bool IsReversal(const Settlement& settlement) { return settlement.payment.state == PaymentState::kReversed; }

rpc::EventAbout AboutPayment(const Settlement& settlement, const v1::PaymentEvent& changed, absl::string_view reason) {
  return {.tenant = settlement.payment.account,
          .aggregate = settlement.payment.id,
          .version = settlement.payment.version,
          .type = IsReversal(settlement) ? "PAYMENT_REVERSED" : "PAYMENT_SUCCEEDED",
          .payload = changed,
          .resource = changed,
          .reason = reason};
}

absl::string_view AccountEventType(const Settlement& settlement) {
  return IsReversal(settlement) ? "PAYMENT_TAKEN_BACK" : "PAYMENT_ALLOCATED";
}

v1::BillingAccountEvent AboutAccount(const v1::PaymentEvent& changed) {
  v1::BillingAccountEvent about;
  about.set_payment(changed.payment());
  return about;
}

std::vector<events::Event> PaymentFirst(events::Event payment, std::vector<events::Event> more) {
  std::vector<events::Event> events = {std::move(payment)};
  AppendEvents(events, std::move(more));
  return events;
}

}  // namespace

std::vector<events::Event> PaymentEvents(const rpc::WorkerAct& act, const Settlement& settlement) {
  const v1::PaymentEvent changed = EventOf(settlement.payment);
  return PaymentFirst(rpc::WorkerEvent(act, AboutPayment(settlement, changed, "")),
                      AccountEvents(act, settlement.change, AccountEventType(settlement), AboutAccount(changed)));
}

std::vector<events::Event> PaymentEvents(const rpc::Call& call, const Settlement& settlement,
                                         absl::string_view reason) {
  const v1::PaymentEvent changed = EventOf(settlement.payment);
  return PaymentFirst(
      call.MakeEvent(AboutPayment(settlement, changed, reason)),
      AccountEvents(call, settlement.change, AccountEventType(settlement), AboutAccount(changed), reason));
}

events::Event PaymentFailed(const rpc::WorkerAct& act, const Payment& payment) {
  const v1::PaymentEvent changed = EventOf(payment);
  return rpc::WorkerEvent(act, {.tenant = payment.account,
                                .aggregate = payment.id,
                                .version = payment.version,
                                .type = "PAYMENT_FAILED",
                                .payload = changed,
                                .resource = changed});
}

}  // namespace countersign::billing
