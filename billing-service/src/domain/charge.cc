#include "billing-service/src/domain/charge.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/state_machine.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr Edge<ChargeState> kChargeEdges[] = {
    {ChargeState::kRequested, ChargeState::kSucceeded},   {ChargeState::kRequested, ChargeState::kDeclined},
    {ChargeState::kRequested, ChargeState::kUnknown},     {ChargeState::kRequested, ChargeState::kCancelled},
    {ChargeState::kUnknown, ChargeState::kSucceeded},     {ChargeState::kUnknown, ChargeState::kDeclined},
    {ChargeState::kUnknown, ChargeState::kCancelled},     {ChargeState::kSucceeded, ChargeState::kChargedBack},
    {ChargeState::kChargedBack, ChargeState::kSucceeded},
};

const Charge* FindOpen(const std::vector<Charge>& attempts) {
  const auto open = std::find_if(attempts.begin(), attempts.end(), IsOpen);
  return open == attempts.end() ? nullptr : &*open;
}

// The first day of the ladder after today.
Date NextAttempt(Date due_date, const DunningLadder* ladder, Date today) {
  if (ladder == nullptr) return kNoNextAttempt;
  for (const DunningRung& rung : ladder->rungs) {
    if (due_date + rung.days > today) return due_date + rung.days;
  }
  return kNoNextAttempt;
}

// The next version.
absl::StatusOr<Charge> Moved(Charge charge, ChargeState to, absl::Time now) {
  RETURN_IF_ERROR(CheckTransition(charge.state, to));
  charge.state = to;
  ++charge.version;
  charge.update_time = now;
  return charge;
}

// The one payment that this version makes.
Uuid PaymentOf(const Charge& charge) {
  return Uuid::Derived({"charge payment", charge.id.bytes(), absl::StrCat(charge.version)});
}

}  // namespace

absl::Status CheckTransition(ChargeState from, ChargeState to) {
  return CheckEdge(kChargeStates, kChargeEdges, "charge", from, to);
}

bool IsOpen(const Charge& charge) {
  return charge.state == ChargeState::kRequested || charge.state == ChargeState::kUnknown;
}

bool IsToBeCharged(const BillingAccount& account, const Invoice& invoice, const std::vector<Charge>& attempts,
                   Date today) {
  if (account.state == BillingAccountState::kParked || invoice.due_date > today) return false;
  if (account.payment_method.type != PaymentMethodType::kProcessor || invoice.state != InvoiceState::kOpen)
    return false;
  return std::all_of(attempts.begin(), attempts.end(), [&](const Charge& attempt) {
    return !IsOpen(attempt) && (attempt.token != account.payment_method.token || attempt.next_date <= today);
  });
}

absl::StatusOr<Charge> RequestCharge(const BillingAccount& account, const Invoice& invoice,
                                     const std::vector<Charge>& attempts, absl::Time now) {
  if (account.payment_method.type != PaymentMethodType::kProcessor) {
    return FailedPrecondition("PAYMENT_METHOD_NOT_CHARGEABLE",
                              "The account pays by bank transfer. Set a payment method of the processor first.");
  }
  if (invoice.state != InvoiceState::kOpen) {
    return FailedPrecondition(
        "INVOICE_NOT_CHARGEABLE",
        absl::StrCat("The invoice is ", NameOf(invoice.state), ". Only an OPEN invoice is charged."),
        {{"state", std::string(NameOf(invoice.state))}});
  }
  if (const Charge* open = FindOpen(attempts); open != nullptr) {
    return FailedPrecondition("CHARGE_NOT_SETTLED",
                              absl::StrCat("An attempt to charge the invoice is ", NameOf(open->state),
                                           ". Wait until the processor has said how it ended."),
                              {{"charge", open->id.ToString()}, {"state", std::string(NameOf(open->state))}});
  }
  Charge charge;
  charge.account = account.id;
  charge.invoice = invoice.id;
  charge.attempt = static_cast<int64_t>(attempts.size()) + 1;
  charge.id = Uuid::Derived({"charge", account.id.bytes(), invoice.id.bytes(), absl::StrCat(charge.attempt)});
  charge.amount = AmountDue(invoice);
  charge.token = account.payment_method.token;
  charge.create_time = now;
  charge.update_time = now;
  return charge;
}

absl::StatusOr<ChargeRequest> BeginCharge(AccountState state, const Uuid& invoice, const std::vector<Charge>& attempts,
                                          absl::Time now) {
  const Invoice* found = FindInvoice(state.invoices, invoice);
  if (found == nullptr) return absl::InternalError("An invoice is charged that was not read.");
  ChargeRequest request;
  ASSIGN_OR_RETURN(request.charge, RequestCharge(state.account, *found, attempts, now));
  AccountBook book(state.account, std::move(state.invoices), std::move(state.fees),
                   {"CHARGE_REQUESTED", request.charge.id, DateOf(now), now});
  ASSIGN_OR_RETURN(request.change, std::move(book).Close());
  return request;
}

bool IsStillWanted(const Charge& charge, const BillingAccount& account, const Invoice* invoice) {
  return account.payment_method == PaymentMethod{PaymentMethodType::kProcessor, charge.token} && invoice != nullptr &&
         invoice->state == InvoiceState::kOpen && AmountDue(*invoice) == charge.amount;
}

absl::StatusOr<Charge> Answered(Charge charge, const ChargeAnswer& answer, Date due_date, const DunningLadder* ladder,
                                absl::Time now) {
  ASSIGN_OR_RETURN(charge, Moved(std::move(charge), answer.state, now));
  if (!answer.processor_reference.empty()) charge.processor_reference = answer.processor_reference;
  switch (answer.state) {
    case ChargeState::kSucceeded:
      charge.payment = PaymentOf(charge);
      break;
    case ChargeState::kDeclined:
      charge.decline_reason = answer.decline_reason;
      charge.next_date = NextAttempt(due_date, ladder, DateOf(now));
      break;
    case ChargeState::kCancelled:
      charge.next_date = DateOf(now);
      break;
    default:
      break;
  }
  return charge;
}

absl::StatusOr<Charge> ChargeBack(Charge charge, absl::Time now) {
  return Moved(std::move(charge), ChargeState::kChargedBack, now);
}

absl::StatusOr<Charge> WinBack(Charge charge, absl::Time now) {
  // Only the processor says how a charge ends that is not settled yet.
  if (charge.state != ChargeState::kChargedBack) {
    return FailedPrecondition("CHARGE_STATE",
                              absl::StrCat("The charge is ", NameOf(charge.state), ", not CHARGED_BACK."),
                              {{"state", std::string(NameOf(charge.state))}});
  }
  ASSIGN_OR_RETURN(charge, Moved(std::move(charge), ChargeState::kSucceeded, now));
  charge.payment = PaymentOf(charge);
  return charge;
}

}  // namespace countersign::billing
