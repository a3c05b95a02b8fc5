#include "billing-service/src/workers/payment_relay.h"

#include <optional>
#include <vector>

#include "billing-service/src/api/billing_messages.h"
#include "billing-service/src/domain/settlement.h"
#include "billing-service/src/workers/worker.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr char kReceived[] = "BANK_RECEIPT_CREATED";

// The account's own event, the payment, each invoice that took money, and one per fee segment that was earned: the
// partners' side of fees follows those (fee_relay.h).
std::vector<events::Event> EventsOf(const events::Event& cause, const Settlement& settlement) {
  const Uuid& account = settlement.account.id;
  const Payment& payment = settlement.payment;
  const rpc::WorkerAct act = ActAfter(cause, payment.create_time);
  std::vector<events::Event> events = {
      rpc::WorkerEvent(act, account, payment.id, 1, "PAYMENT_SUCCEEDED", EventOf(payment), EventOf(payment)),
      rpc::WorkerEvent(act, account, account, settlement.account.version, "PAYMENT_ALLOCATED",
                       EventOf(settlement.account), ToProto(settlement.account))};
  for (const Invoice& invoice : settlement.invoices) {
    const char* type = invoice.state == InvoiceState::kPaid ? "INVOICE_PAID" : "INVOICE_PARTLY_PAID";
    events.push_back(
        rpc::WorkerEvent(act, account, invoice.id, invoice.version, type, EventOf(invoice), ToProto(invoice)));
  }
  for (const FeeEntry& fee : settlement.earned) {
    events.push_back(rpc::WorkerEvent(act, account, fee.id, 1, "FEE_EARNED", EventOf(fee), ToProto(fee)));
  }
  return events;
}

}  // namespace

events::Consumer PaymentRelay::consumer() const {
  return {.name = "payments",
          .deliver = [this](const events::Event& event,
                            absl::Time deadline) { return RunUntilNotLost([&] { return Deliver(event, deadline); }); },
          // Money that was received would never be used on its account.
          .must_arrive = {kReceived}};
}

absl::Status PaymentRelay::Deliver(const events::Event& event, absl::Time deadline) const {
  if (event.type != kReceived) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<BankReceipt> receipt, receipts_.Find(deadline, event.aggregate));
  if (!receipt.has_value()) return NotFound("BANK_RECEIPT_NOT_FOUND", "the event's bank receipt is not there");
  ASSIGN_OR_RETURN(const bool done, payments_.Exists(deadline, receipt->account, PaymentId(receipt->id)));
  if (done) return absl::OkStatus();

  // The account is read before its invoices: whatever changes in between makes the commit lose.
  ASSIGN_OR_RETURN(const std::optional<BillingAccount> account, accounts_.Find(deadline, receipt->account));
  if (!account.has_value()) return NotFound("BILLING_ACCOUNT_NOT_FOUND", "the receipt's billing account is not there");
  ASSIGN_OR_RETURN(const Receivables receivables, invoices_.ListReceivables(deadline, account->id));
  ASSIGN_OR_RETURN(const Settlement settlement,
                   Settle(*account, *receipt, receivables.invoices, receivables.frozen, clock_.Now()));
  const events::Change change = {.events = EventsOf(event, settlement), .reply = std::nullopt};
  return payments_.Commit(deadline, change, settlement);
}

}  // namespace countersign::billing
