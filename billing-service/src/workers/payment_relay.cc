#include "billing-service/src/workers/payment_relay.h"

#include <optional>
#include <utility>
#include <vector>

#include "billing-service/src/api/account_events.h"
#include "billing-service/src/api/payment_events.h"
#include "billing-service/src/domain/account_acts.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/domain/settlement.h"
#include "billing-service/src/workers/worker.h"
#include "common/base/status_macros.h"
#include "common/rpc/names.h"
#include "countersign/billing/v1/bank_receipt.pb.h"
#include "countersign/billing/v1/invoice.pb.h"

namespace countersign::billing {
namespace {

constexpr char kReceived[] = "BANK_RECEIPT_CREATED";
constexpr char kAllocated[] = "BANK_RECEIPT_ALLOCATED";
constexpr char kUnapplied[] = "BANK_RECEIPT_UNAPPLIED";
constexpr char kReceiptReversed[] = "BANK_RECEIPT_REVERSED";
constexpr char kOpened[] = "INVOICE_OPENED";

// Whether it is the account's own, and left credit for another act.
bool LeftCredit(const events::Event& event) {
  v1::BillingAccountEvent changed;
  return event.aggregate == event.tenant && event.payload_type == changed.GetTypeName() &&
         (!changed.ParseFromString(event.payload) || changed.credit_waits());
}

bool ConcernsPayments(const events::Event& event) {
  if (event.type == kOpened) {
    v1::InvoiceEvent opened;
    return !opened.ParseFromString(event.payload) || opened.account_has_credit();
  }
  return event.type == kReceived || event.type == kAllocated || event.type == kUnapplied ||
         event.type == kReceiptReversed || LeftCredit(event);
}

}  // namespace

events::Consumer PaymentRelay::consumer() const {
  return {.name = "payments",
          .deliver =
              [this](const events::Event& event, absl::Time deadline) {
                return events::RunUntilNotLost(deadline, [&] { return Deliver(event, deadline); });
              },
          // Money that was received, or credit, would never be used; or money that is gone would stay used.
          .must_arrive = {kReceived, kAllocated, kUnapplied, kReceiptReversed, kOpened, "PAYMENT_ALLOCATED",
                          "PAYMENT_TAKEN_BACK", "CREDIT_USED", "CREDIT_NOTE_APPLIED"},
          .concerns = ConcernsPayments};
}

absl::Status PaymentRelay::Deliver(const events::Event& event, absl::Time deadline) const {
  if (event.type == kReceived || event.type == kAllocated) return UseReceipt(event, deadline);
  if (event.type == kUnapplied || event.type == kReceiptReversed) return TakeBack(event, deadline);
  if (event.type == kOpened) return UseCreditOnOpened(event, deadline);
  if (LeftCredit(event)) return UseCredit(event, deadline);
  return absl::OkStatus();
}

absl::Status PaymentRelay::UseReceipt(const events::Event& event, absl::Time deadline) const {
  ASSIGN_OR_RETURN(const BankReceipt receipt, receipts_.Get(deadline, event.aggregate));
  const std::optional<Uuid> payment = PaymentOf(receipt);
  // Nobody knows whose it is, or it was taken off again meanwhile.
  if (!payment.has_value() || !receipt.account.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool done, payments_.Exists(deadline, *receipt.account, *payment));
  if (done) return absl::OkStatus();
  ASSIGN_OR_RETURN(const AccountState state, books_.Read(deadline, *receipt.account));
  ASSIGN_OR_RETURN(const int64_t small,
                   small_differences_.LimitOn(deadline, receipt.amount.currency(), DateOf(clock_.Now())));
  ASSIGN_OR_RETURN(const Settlement settlement, Settle(state, receipt, small, clock_.Now()));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, PaymentStore::Rows(settlement));
  return committer_.Commit(deadline,
                           {.events = PaymentEvents(ActAfter(event, settlement.change.account.update_time), settlement),
                            .reply = std::nullopt,
                            .rows = std::move(rows)});
}

absl::Status PaymentRelay::TakeBack(const events::Event& event, absl::Time deadline) const {
  v1::BankReceiptEvent ended;
  if (!ended.ParseFromString(event.payload)) return absl::DataLossError("The payload of a bank receipt is damaged.");
  if (ended.payment().empty()) return absl::OkStatus();  // It was never allocated.
  ASSIGN_OR_RETURN(const std::vector<Uuid> ids, rpc::ParseName(kPaymentName, ended.payment()));
  ASSIGN_OR_RETURN(std::optional<Payment> payment, payments_.Find(deadline, ids[0], ids[1]));
  if (!payment.has_value()) {
    // It was not used yet. Another replica, which read the receipt before, may be about to: it loses against this.
    ASSIGN_OR_RETURN(const BankReceipt receipt, receipts_.Get(deadline, event.aggregate));
    const Payment failed = NeverUsed(receipt, ids[0], ids[1], clock_.Now());
    return committer_.Commit(deadline, {.events = {PaymentFailed(ActAfter(event, failed.create_time), failed)},
                                        .reply = std::nullopt,
                                        .rows = PaymentStore::Rows(failed)});
  }
  if (payment->state != PaymentState::kSucceeded) return absl::OkStatus();  // It was taken back already.
  ASSIGN_OR_RETURN(AccountBookStore::WithUses read, books_.ReadForReversal(deadline, *payment));
  ASSIGN_OR_RETURN(const Settlement reversal,
                   ReversePayment(std::move(read.state), *std::move(payment), std::move(read.uses), clock_.Now()));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, PaymentStore::Rows(reversal));
  return committer_.Commit(deadline,
                           {.events = PaymentEvents(ActAfter(event, reversal.change.account.update_time), reversal),
                            .reply = std::nullopt,
                            .rows = std::move(rows)});
}

absl::Status PaymentRelay::UseCreditOnOpened(const events::Event& event, absl::Time deadline) const {
  v1::InvoiceEvent opened;
  if (!opened.ParseFromString(event.payload)) return absl::DataLossError("The payload of INVOICE_OPENED is damaged.");
  return opened.account_has_credit() ? UseCredit(event, deadline) : absl::OkStatus();
}

absl::Status PaymentRelay::UseCredit(const events::Event& event, absl::Time deadline) const {
  ASSIGN_OR_RETURN(AccountState state, books_.Read(deadline, event.tenant));
  ASSIGN_OR_RETURN(const AccountChange change, UseCreditFor(std::move(state), event.aggregate, clock_.Now()));
  if (change.invoices.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, RowsOf(change));
  v1::BillingAccountEvent about;
  const Uuid& invoice = event.type == kOpened ? event.aggregate : change.invoices.front().id;
  about.set_invoice(rpc::FormatName(kInvoiceName, {event.tenant, invoice}));
  const rpc::WorkerAct act = ActAfter(event, change.account.update_time);
  return committer_.Commit(
      deadline,
      {.events = AccountEvents(act, change, "CREDIT_USED", about), .reply = std::nullopt, .rows = std::move(rows)});
}

}  // namespace countersign::billing
