#include "billing-service/src/workers/payment_relay.h"

#include <optional>
#include <utility>
#include <vector>

#include "billing-service/src/api/account_events.h"
#include "billing-service/src/api/payment_messages.h"
#include "billing-service/src/domain/account_acts.h"
#include "billing-service/src/domain/settlement.h"
#include "billing-service/src/workers/worker.h"
#include "common/base/status_macros.h"
#include "countersign/billing/v1/invoice.pb.h"

namespace countersign::billing {
namespace {

constexpr char kReceived[] = "BANK_RECEIPT_CREATED";
constexpr char kOpened[] = "INVOICE_OPENED";

events::Event PaymentSucceeded(const rpc::WorkerAct& act, const Payment& payment) {
  const v1::PaymentEvent succeeded = EventOf(payment);
  return rpc::WorkerEvent(act, {.tenant = payment.account,
                                .aggregate = payment.id,
                                .version = payment.version,
                                .type = "PAYMENT_SUCCEEDED",
                                .payload = succeeded,
                                .resource = succeeded});
}

// The payment's, the account's, and those of the invoices that took money and the fees that they earned.
std::vector<events::Event> EventsOf(const events::Event& cause, const Settlement& settlement) {
  const Payment& payment = settlement.payment;
  const rpc::WorkerAct act = ActAfter(cause, payment.create_time);
  std::vector<events::Event> events = {PaymentSucceeded(act, payment)};
  v1::BillingAccountEvent about;
  about.set_payment(EventOf(payment).payment());
  for (events::Event& event : AccountEvents(act, settlement.change, "PAYMENT_ALLOCATED", about)) {
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace

events::Consumer PaymentRelay::consumer() const {
  return {.name = "payments",
          .deliver =
              [this](const events::Event& event, absl::Time deadline) {
                return events::RunUntilNotLost(deadline, [&] { return Deliver(event, deadline); });
              },
          // Money that was received, or credit, would never be used.
          .must_arrive = {kReceived, kOpened}};
}

absl::Status PaymentRelay::Deliver(const events::Event& event, absl::Time deadline) const {
  if (event.type == kReceived) return UseReceipt(event, deadline);
  if (event.type == kOpened) return UseCredit(event, deadline);
  return absl::OkStatus();
}

absl::Status PaymentRelay::UseReceipt(const events::Event& event, absl::Time deadline) const {
  ASSIGN_OR_RETURN(const BankReceipt receipt, receipts_.Get(deadline, event.aggregate));
  ASSIGN_OR_RETURN(const bool done, payments_.Exists(deadline, receipt.account, PaymentId(receipt.id)));
  if (done) return absl::OkStatus();
  ASSIGN_OR_RETURN(const AccountState state, books_.Read(deadline, receipt.account));
  ASSIGN_OR_RETURN(const Settlement settlement, Settle(state, receipt, clock_.Now()));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, PaymentStore::Rows(settlement));
  return committer_.Commit(deadline,
                           {.events = EventsOf(event, settlement), .reply = std::nullopt, .rows = std::move(rows)});
}

absl::Status PaymentRelay::UseCredit(const events::Event& event, absl::Time deadline) const {
  v1::InvoiceEvent opened;
  if (!opened.ParseFromString(event.payload)) return absl::DataLossError("The payload of INVOICE_OPENED is damaged.");
  if (!opened.account_has_credit()) return absl::OkStatus();
  ASSIGN_OR_RETURN(AccountState state, books_.Read(deadline, event.tenant));
  ASSIGN_OR_RETURN(const AccountChange change, UseCreditFor(std::move(state), event.aggregate, clock_.Now()));
  if (change.invoices.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, RowsOf(change));
  v1::BillingAccountEvent about;
  about.set_invoice(opened.invoice());
  const rpc::WorkerAct act = ActAfter(event, change.account.update_time);
  return committer_.Commit(
      deadline,
      {.events = AccountEvents(act, change, "CREDIT_USED", about), .reply = std::nullopt, .rows = std::move(rows)});
}

}  // namespace countersign::billing
