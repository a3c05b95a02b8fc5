#include "billing-service/src/workers/payment_relay.h"

#include <optional>
#include <utility>
#include <vector>

#include "billing-service/src/api/billing_account_messages.h"
#include "billing-service/src/api/fee_messages.h"
#include "billing-service/src/api/invoice_messages.h"
#include "billing-service/src/api/payment_messages.h"
#include "billing-service/src/domain/settlement.h"
#include "billing-service/src/workers/worker.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr char kReceived[] = "BANK_RECEIPT_CREATED";

events::Event PaymentSucceeded(const rpc::WorkerAct& act, const Payment& payment) {
  const v1::PaymentEvent succeeded = EventOf(payment);
  return rpc::WorkerEvent(act, {.tenant = payment.account,
                                .aggregate = payment.id,
                                .version = payment.version,
                                .type = "PAYMENT_SUCCEEDED",
                                .payload = succeeded,
                                .resource = succeeded});
}

events::Event PaymentAllocated(const rpc::WorkerAct& act, const BillingAccount& account, const Payment& payment) {
  v1::BillingAccountEvent allocated = EventOf(account);
  allocated.set_payment(EventOf(payment).payment());
  return rpc::WorkerEvent(act, {.tenant = account.id,
                                .aggregate = account.id,
                                .version = account.version,
                                .type = "PAYMENT_ALLOCATED",
                                .payload = allocated,
                                .resource = ToProto(account)});
}

events::Event InvoiceTookMoney(const rpc::WorkerAct& act, const Invoice& invoice) {
  return rpc::WorkerEvent(act, {.tenant = invoice.account,
                                .aggregate = invoice.id,
                                .version = invoice.version,
                                .type = invoice.state == InvoiceState::kPaid ? "INVOICE_PAID" : "INVOICE_PARTLY_PAID",
                                .payload = EventOf(invoice),
                                .resource = ToProto(invoice)});
}

// The payment, the account's own event, each invoice that took money, and one per fee segment that was earned: the
// partners' side of fees follows those (fee_relay.h).
std::vector<events::Event> EventsOf(const events::Event& cause, const Settlement& settlement) {
  const Payment& payment = settlement.payment;
  const rpc::WorkerAct act = ActAfter(cause, payment.create_time);
  std::vector<events::Event> events = {PaymentSucceeded(act, payment),
                                       PaymentAllocated(act, settlement.account, payment)};
  for (const Invoice& invoice : settlement.invoices) events.push_back(InvoiceTookMoney(act, invoice));
  for (events::Event& fee : FeeEvents(act, settlement.earned)) events.push_back(std::move(fee));
  return events;
}

}  // namespace

events::Consumer PaymentRelay::consumer() const {
  return {.name = "payments",
          .deliver =
              [this](const events::Event& event, absl::Time deadline) {
                return events::RunUntilNotLost(deadline, [&] { return Deliver(event, deadline); });
              },
          // Money that was received would never be used on its account.
          .must_arrive = {kReceived}};
}

absl::Status PaymentRelay::Deliver(const events::Event& event, absl::Time deadline) const {
  if (event.type != kReceived) return absl::OkStatus();
  ASSIGN_OR_RETURN(const BankReceipt receipt, receipts_.Get(deadline, event.aggregate));
  ASSIGN_OR_RETURN(const bool done, payments_.Exists(deadline, receipt.account, PaymentId(receipt.id)));
  if (done) return absl::OkStatus();

  // The account is read before its invoices: whatever changes in between makes the commit lose.
  ASSIGN_OR_RETURN(const BillingAccount account, accounts_.Get(deadline, receipt.account));
  ASSIGN_OR_RETURN(const Receivables receivables, invoices_.ListReceivables(deadline, account.id));
  ASSIGN_OR_RETURN(const Settlement settlement,
                   Settle(account, receipt, receivables.invoices, receivables.fees, clock_.Now()));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, PaymentStore::Rows(settlement));
  return committer_.Commit(deadline,
                           {.events = EventsOf(event, settlement), .reply = std::nullopt, .rows = std::move(rows)});
}

}  // namespace countersign::billing
