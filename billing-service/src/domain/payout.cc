#include "billing-service/src/domain/payout.h"

#include "billing-service/src/domain/fee.h"
#include "common/base/error.h"
#include "common/base/state_machine.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr Edge<PayoutState> kPayoutEdges[] = {
    {PayoutState::kPending, PayoutState::kApproved},  {PayoutState::kApproved, PayoutState::kSent},
    {PayoutState::kSent, PayoutState::kPaid},         {PayoutState::kSent, PayoutState::kReturned},
    {PayoutState::kReturned, PayoutState::kApproved},
};

}  // namespace

bool CanReceive(const Payee& payee, absl::string_view currency) {
  return payee.currency == currency && !payee.masked_reference.empty();
}

Money SentAmount(const Payout& payout) {
  // Of one currency, and withheld is a part of the total.
  const Money net = payout.total.Minus(payout.withheld).value_or(payout.total);
  return payout.tax.is_zero() ? net : net.Plus(payout.tax).value_or(net);
}

Uuid PayoutTermsId(const PayoutTerms& terms) {
  return Uuid::Derived({"payout-terms", terms.currency, FormatDate(terms.effective_date)});
}

Uuid PayoutId(const Uuid& partner, const Uuid& statement) {
  return Uuid::Derived({"payout", partner.bytes(), statement.bytes()});
}

absl::StatusOr<Payout> NewPayout(const Statement& statement, const Payee& payee, const PayoutTerms& terms,
                                 const std::vector<WithholdingRate>& rates, absl::Time now) {
  const bool payable =
      statement.disposition == StatementDisposition::kPayable || statement.disposition == StatementDisposition::kHeld;
  if (statement.state != StatementState::kClosed || !payable) {
    return FailedPrecondition("STATEMENT_STATE", "Only a CLOSED statement that is PAYABLE or HELD is paid out.",
                              {{"state", std::string(NameOf(statement.state))}});
  }
  if (!CanReceive(payee, statement.currency)) {
    return FailedPrecondition("PAYEE_MISSING", "The partner has no payee profile in the statement's currency.",
                              {{"currency", statement.currency}});
  }
  Payout payout;
  payout.partner = statement.partner;
  payout.id = PayoutId(statement.partner, statement.id);
  payout.statement = statement.id;
  payout.currency = statement.currency;
  payout.first_number = statement.first_number;
  payout.last_number = statement.number;
  payout.total = TotalOf(statement);
  const bool has_form =
      !payee.tax_form.empty() && payee.tax_form_date.has_value() && *payee.tax_form_date <= DateOf(now);
  payout.region = payee.region;
  if (has_form) payout.tax_form = payee.tax_form;
  if (const WithholdingRate* const rate = RateFor(rates, payout.region, payout.tax_form, DateOf(now))) {
    payout.withholding_rate = rate->id;
    payout.withholding_basis_points = rate->basis_points;
  } else {
    payout.withholding_basis_points = has_form ? 0 : terms.withholding_basis_points;
  }
  ASSIGN_OR_RETURN(payout.withheld, payout.total.TimesRounded(1, payout.withholding_basis_points, kWholeInBasisPoints));
  ASSIGN_OR_RETURN(payout.tax, Money::Zero(payout.currency));
  payout.payee = payee.masked_reference;
  payout.create_time = payout.update_time = now;
  return payout;
}

absl::StatusOr<Payout> WithSelfBilledTax(Payout payout, const SelfBilling& by, const Statement& statement) {
  ASSIGN_OR_RETURN(const LineTax tax,
                   SelfBilledTax(by, payout.total, DateOf(payout.create_time), statement.quarter.end - 1));
  payout.tax = tax.tax;
  payout.tax_rate_ppm = tax.rate_ppm;
  payout.tax_region = by.agreement.region;
  payout.tax_id = by.agreement.tax_id;
  payout.self_billing = by.agreement.id;
  return payout;
}

absl::StatusOr<Payout> MovePayout(Payout payout, PayoutState to, absl::string_view reason,
                                  absl::string_view bank_reference, absl::Time now) {
  RETURN_IF_ERROR(CheckEdge(kPayoutStates, kPayoutEdges, "payout", payout.state, to));
  payout.state = to;
  payout.reason = std::string(reason);
  if (!bank_reference.empty()) payout.bank_reference = std::string(bank_reference);
  if (to == PayoutState::kSent) ++payout.attempt;
  payout.update_time = now;
  ++payout.version;
  return payout;
}

}  // namespace countersign::billing
