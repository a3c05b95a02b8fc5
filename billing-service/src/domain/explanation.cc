#include "billing-service/src/domain/explanation.h"

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

std::string DaysText(const Period& period) {
  return absl::StrCat(FormatDate(period.start), " to ", FormatDate(period.end - 1));
}

Explanation Basis(const FeeEntry& fee) {
  Explanation basis{"basis", fee.basis.ToString(), "the line's net, tax never counts", {}};
  if (fee.basis != fee.line_net) {
    basis.why = fee.basis_days == fee.line_days
                    ? "the line's net less what was credited before the payment"
                    : "the net of these days, less what was credited of them before the payment";
    basis.parts.push_back({"line net", fee.line_net.ToString(), "as invoiced", {}});
  }
  return basis;
}

absl::Status CheckRate(const FeeEntry& fee, const FeeSchedule& schedule) {
  const int64_t rate = fee.segment.rate_basis_points;
  if (rate == schedule.first_year_rate_basis_points || rate == schedule.later_rate_basis_points) {
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat("fee ", fee.id.ToString(), " has a rate of ", rate,
                                          " basis points, which its fee schedule does not have"));
}

Explanation Rate(const FeeEntry& fee, const FeeSchedule& schedule) {
  return {"rate",
          absl::StrCat(PercentText(fee.segment.rate_basis_points), " %"),
          absl::StrCat("frozen when the invoice opened, for ", DaysText(fee.service), " of tranche ",
                       fee.segment.tranche, ", by the time since the tranche began"),
          {{"fee schedule",
            absl::StrCat("of ", FormatDate(schedule.effective_date)),
            absl::StrCat("in force on ", FormatDate(LineStartOf(fee)),
                         ", the line's first day: ", PercentText(schedule.first_year_rate_basis_points),
                         " % within 12 months of the tranche's start, ", PercentText(schedule.later_rate_basis_points),
                         " % later"),
            {}}}};
}

Explanation PartnerOf(const FeeEntry& fee) {
  return {"partner", fee.segment.partner.ToString(), "of record on the first day of the line's service period", {}};
}

// basis × rate × days ÷ basis_days to the micro, before it is rounded to the minor unit.
absl::StatusOr<Explanation> Unrounded(const FeeEntry& fee) {
  ASSIGN_OR_RETURN(const int64_t micros,
                   MultiplyDivideRound(fee.basis.micros(), fee.segment.rate_basis_points * fee.segment.days,
                                       kWholeInBasisPoints * fee.basis_days, 1));
  ASSIGN_OR_RETURN(const Money exact, Money::FromMicros(micros, fee.basis.currency()));
  return Explanation{"before rounding",
                     exact.ToString(),
                     absl::StrCat(fee.basis.ToString(), " × ", PercentText(fee.segment.rate_basis_points), " % × ",
                                  fee.segment.days, "/", fee.basis_days),
                     {}};
}

// Why this part of a payout is withheld.
std::string WhyWithheld(const Payout& payout, const std::optional<WithholdingRate>& rate) {
  if (!rate.has_value()) {
    return payout.tax_form.empty() ? "the payout terms' rate without a tax form"
                                   : absl::StrCat("nothing is withheld: tax form ", payout.tax_form, " is on file");
  }
  const std::string of = absl::StrCat("the rate of ", rate->region, " from ", FormatDate(rate->effective_date));
  if (!rate->tax_form.empty()) return absl::StrCat(of, " for tax form ", rate->tax_form);
  if (payout.tax_form.empty()) return absl::StrCat(of, " without a tax form");
  return absl::StrCat(of, " without a tax form: it has none for ", payout.tax_form);
}

absl::StatusOr<Explanation> PartnersTax(const Statement& statement, const Payout& payout, const SelfBilling& by) {
  SelfBilling then = by;  // What was published when the payout was made.
  std::erase_if(then.rates, [&](const TaxRate& rate) { return rate.create_time > payout.create_time; });
  ASSIGN_OR_RETURN(const Payout again, WithSelfBilledTax(payout, then, statement));
  if (again.tax != payout.tax || again.tax_rate_ppm != payout.tax_rate_ppm) {
    return absl::DataLossError(
        absl::StrCat("The tax of payout ", payout.id.ToString(), " does not follow from its rate."));
  }
  const std::string percent = absl::StrCat(PercentOfPpm(payout.tax_rate_ppm), " %");
  return Explanation{
      "tax",
      payout.tax.ToString(),
      absl::StrCat(payout.total.ToString(), " × ", percent, ", rounded as ", payout.tax_region, " does, once"),
      {{"tax rate",
        percent,
        payout.tax_rate_ppm == 0
            ? absl::StrCat(payout.tax_region, " has no rate")
            : absl::StrCat("of ", payout.tax_region, " for an invoice of ", FormatDate(DateOf(payout.create_time)),
                           " about services until ", FormatDate(statement.quarter.end - 1)),
        {}},
       {"self-billing",
        payout.tax_id,
        absl::StrCat("agreed from ", FormatDate(by.agreement.effective_date), " on"),
        {}}}};
}

void AppendFate(const FeeEntry& fee, std::vector<Explanation>& parts) {
  parts.push_back({"state", std::string(NameOf(fee.state)), fee.reason, {}});
  if (!fee.forgone.is_zero()) parts.push_back({"forgone", fee.forgone.ToString(), fee.reason, {}});
}

}  // namespace

absl::StatusOr<Explanation> ExplainFee(const FeeEntry& fee, const FeeSchedule& schedule) {
  RETURN_IF_ERROR(CheckRate(fee, schedule));
  Explanation root{"fee", fee.amount.ToString(), Explain(fee), {}};
  const bool corrected = fee.cause == FeeCause::kForfeited || fee.cause == FeeCause::kAdjusted;
  if (fee.key.reversal == 0 && !corrected) {
    ASSIGN_OR_RETURN(const Explanation unrounded, Unrounded(fee));
    const std::string rounding = fee.segment_number > 1
                                     ? "half away from zero, once for the line: what the earlier days left of its fee"
                                     : "half away from zero, once";
    root.parts = {Basis(fee),
                  Rate(fee, schedule),
                  {"days", absl::StrCat(fee.segment.days, " of ", fee.line_days), DaysText(fee.service), {}},
                  unrounded,
                  {"rounding", fee.amount.currency(), rounding, {}}};
  } else if (corrected) {
    const bool adjusted = fee.cause == FeeCause::kAdjusted;
    root.parts = {{adjusted ? "adjustment" : "forfeited", fee.amount.ToString(), fee.reason, {}},
                  {"fee",
                   absl::StrCat(PercentText(fee.segment.rate_basis_points), " %"),
                   absl::StrCat("of line ", fee.line, " of the invoice, for ", DaysText(fee.service)),
                   {}}};
  } else {
    root.parts = {
        {"reversal", absl::StrCat(fee.key.reversal), absl::StrCat("of generation ", fee.key.generation), {}},
        {"credited",
         fee.basis.ToString(),
         "of the net that the fee was accrued for; round(fee × credited ÷ that net) less the reversals before",
         {}},
        Rate(fee, schedule)};
  }
  root.parts.push_back(PartnerOf(fee));
  root.parts.push_back({"generation", absl::StrCat(fee.key.generation), "how often the invoice has been paid", {}});
  AppendFate(fee, root.parts);
  return root;
}

Explanation ExplainStatement(const Statement& statement) {
  Explanation root{"total", TotalOf(statement).ToString(), "", {}};
  if (statement.disposition.has_value()) root.why = SentenceOf(statement);
  root.parts = {
      {"carried in", statement.carried_in.ToString(), "the total of the statement before, where it was carried", {}},
      {"accrued", statement.accrued.ToString(), absl::StrCat(statement.line_count, " lines, reversals below zero"), {}},
      {"quarter", DaysText(statement.quarter), "by the day of accrual", {}}};
  if (statement.state == StatementState::kClosed) {
    root.parts.push_back({"minimum",
                          statement.minimum.ToString(),
                          statement.is_final ? "not applied: the partner has left" : "exactly the minimum is paid",
                          {}});
  }
  return root;
}

absl::Status AppendPayout(const Statement& statement, const Payout& payout, const PayoutFacts& facts,
                          std::vector<Explanation>& parts) {
  const std::optional<WithholdingRate>& rate = facts.withholding_rate;
  ASSIGN_OR_RETURN(const Money withheld,
                   payout.total.TimesRounded(1, payout.withholding_basis_points, kWholeInBasisPoints));
  const bool of_rate = !rate.has_value() || rate->basis_points == payout.withholding_basis_points;
  if (withheld != payout.withheld || !of_rate) {
    return absl::DataLossError(
        absl::StrCat("What payout ", payout.id.ToString(), " withholds does not follow from its rate."));
  }
  const std::string percent = absl::StrCat(PercentText(payout.withholding_basis_points), " %");
  parts.push_back({"withheld",
                   payout.withheld.ToString(),
                   absl::StrCat(payout.total.ToString(), " × ", percent, ", rounded half away from zero, once"),
                   {{"withholding rate", percent, WhyWithheld(payout, rate), {}}}});
  if (facts.self_billing.has_value()) {
    ASSIGN_OR_RETURN(Explanation tax, PartnersTax(statement, payout, *facts.self_billing));
    parts.push_back(std::move(tax));
  }
  parts.push_back({"sent", SentAmount(payout).ToString(), "the total and its tax, less what is withheld", {}});
  return absl::OkStatus();
}

}  // namespace countersign::billing
