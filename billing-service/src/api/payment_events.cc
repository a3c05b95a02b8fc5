#include "billing-service/src/api/payment_events.h"

#include <iterator>

#include "billing-service/src/api/account_events.h"
#include "billing-service/src/api/payment_messages.h"

namespace countersign::billing {

std::vector<events::Event> PaymentEvents(const rpc::WorkerAct& act, const Settlement& settlement) {
  const Payment& payment = settlement.payment;
  const bool reversed = payment.state == PaymentState::kReversed;
  const v1::PaymentEvent changed = EventOf(payment);
  std::vector<events::Event> events = {
      rpc::WorkerEvent(act, {.tenant = payment.account,
                             .aggregate = payment.id,
                             .version = payment.version,
                             .type = reversed ? "PAYMENT_REVERSED" : "PAYMENT_SUCCEEDED",
                             .payload = changed,
                             .resource = changed})};
  v1::BillingAccountEvent about;
  about.set_payment(changed.payment());
  std::vector<events::Event> more =
      AccountEvents(act, settlement.change, reversed ? "PAYMENT_TAKEN_BACK" : "PAYMENT_ALLOCATED", about);
  events.insert(events.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return events;
}

}  // namespace countersign::billing
