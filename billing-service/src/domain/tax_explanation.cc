#include "billing-service/src/domain/tax_explanation.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

// Of a line without tax.
absl::string_view WhyUntaxed(TaxTreatment treatment) {
  switch (treatment) {
    case TaxTreatment::kReverseCharge:
      return "reverse charge: the buyer's tax id was validated by the issue date, so the buyer owes the tax itself";
    case TaxTreatment::kExempt:
      return "the buyer is exempt";
    case TaxTreatment::kUntaxed:
    case TaxTreatment::kTaxed:
      break;
  }
  return "the region has no tax rate on that day";
}

// The lines of one version of a rate, which are taxed together.
struct RateGroup {
  const TaxRate* rate;
  Money net;
  Money tax;
  std::vector<Explanation> lines;
};

absl::Status AddLine(RateGroup& group, const InvoiceLine& line) {
  ASSIGN_OR_RETURN(group.net, group.net.Plus(line.net));
  ASSIGN_OR_RETURN(const Money so_far, group.tax.Plus(line.tax));
  group.lines.push_back(
      {absl::StrCat("line ", line.number),
       line.tax.ToString(),
       absl::StrCat("round(", group.net.ToString(), " × ", PercentOfPpm(line.tax_rate_ppm), " %) = ", so_far.ToString(),
                    group.lines.empty() ? "" : absl::StrCat(", less ", group.tax.ToString(), " of the lines before")),
       {}});
  group.tax = so_far;
  return absl::OkStatus();
}

std::string WhyRate(const TaxRate& rate, TaxDate date) {
  return absl::StrCat("the rate of region ", rate.region, " from ", FormatDate(rate.effective_date),
                      " on, in force on the ",
                      date == TaxDate::kInvoiceDate ? "date of the invoice" : "last day of service");
}

absl::StatusOr<Explanation> ExplainGroup(RateGroup group, TaxDate date) {
  const std::string percent = absl::StrCat(PercentOfPpm(group.rate->rate_ppm), " %");
  ASSIGN_OR_RETURN(const int64_t micros, MultiplyDivideRound(group.net.micros(), group.rate->rate_ppm, kWholeInPpm, 1));
  ASSIGN_OR_RETURN(const Money exact, Money::FromMicros(micros, group.net.currency()));
  Explanation explanation{"tax at " + percent,
                          group.tax.ToString(),
                          absl::StrCat(group.net.ToString(), " × ", percent, " = ", group.tax.ToString()),
                          {}};
  explanation.parts = {
      {"rate", percent, WhyRate(*group.rate, date), {}},
      {"before rounding", exact.ToString(), absl::StrCat(group.net.ToString(), " × ", percent), {}},
      {"rounding",
       group.tax.currency(),
       group.rate->rounding == TaxRounding::kDown ? "down, once for the rate" : "half up, once for the rate",
       {}}};
  std::move(group.lines.begin(), group.lines.end(), std::back_inserter(explanation.parts));
  return explanation;
}

bool GivesFrozenRates(const Invoice& invoice, const std::vector<TaxableLine>& taxable, const TaxTable& table) {
  for (size_t i = 0; i < taxable.size(); ++i) {
    if (invoice.lines[i].tax_treatment != TaxTreatment::kTaxed) continue;
    const TaxRate* const rate = table.RateOf(invoice.issue_date, taxable[i]);
    if (rate == nullptr || rate->rate_ppm != invoice.lines[i].tax_rate_ppm) return false;
  }
  return true;
}

// The versions that were known when the invoice opened: a later one says nothing about it, even where it holds on its
// last day of service. One that came just before may have been unknown, too, because rates are remembered for a moment;
// so the frozen rates decide.
std::vector<TaxRate> KnownTo(const Invoice& invoice, const std::vector<TaxableLine>& taxable,
                             std::vector<TaxRate> rates) {
  std::erase_if(rates, [&](const TaxRate& rate) { return rate.create_time > invoice.create_time; });
  std::sort(rates.begin(), rates.end(),
            [](const TaxRate& a, const TaxRate& b) { return a.create_time < b.create_time; });
  std::vector<TaxRate> known = rates;
  while (!known.empty() && !GivesFrozenRates(invoice, taxable, TaxTable(invoice.tax_region, known, {}))) {
    known.pop_back();
  }
  return known.empty() ? rates : known;
}

}  // namespace

absl::Status CheckRecomputed(absl::string_view what, const Money& recomputed, const Money& stored) {
  if (recomputed == stored) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("What is stored gives ", recomputed.ToString(), " for the ", what,
                                          ", but its amount is ", stored.ToString(), "."));
}

absl::StatusOr<Explanation> ExplainTax(const Invoice& invoice, const std::vector<TaxRate>& rates) {
  Explanation tax{"tax", invoice.tax.ToString(), "the sum of the rates", {}};
  std::vector<TaxableLine> taxable;
  for (const InvoiceLine& line : invoice.lines) taxable.push_back({line.net, line.service.end - 1});
  // Whether a line is taxed was decided when the invoice opened; here only how much.
  const TaxTable table(invoice.tax_region, KnownTo(invoice, taxable, rates), {});
  const TaxRate* const policy = table.RateOn(invoice.issue_date);
  ASSIGN_OR_RETURN(const std::vector<LineTax> recomputed, table.Tax(invoice.issue_date, taxable));
  ASSIGN_OR_RETURN(const Money zero, Money::Zero(invoice.net.currency()));
  std::vector<RateGroup> groups;
  for (size_t i = 0; i < invoice.lines.size(); ++i) {
    const InvoiceLine& line = invoice.lines[i];
    const std::string name = absl::StrCat("line ", line.number);
    if (line.tax_treatment != TaxTreatment::kTaxed) {
      RETURN_IF_ERROR(CheckRecomputed(absl::StrCat("tax of ", name), zero, line.tax));
      tax.parts.push_back({name, line.tax.ToString(), std::string(WhyUntaxed(line.tax_treatment)), {}});
      continue;
    }
    RETURN_IF_ERROR(CheckRecomputed(absl::StrCat("tax of ", name), recomputed[i].tax, line.tax));
    const TaxRate* const rate = table.RateOf(invoice.issue_date, taxable[i]);
    if (rate == nullptr || policy == nullptr) return absl::DataLossError("A line is taxed, but there is no tax rate.");
    auto group = std::find_if(groups.begin(), groups.end(), [&](const RateGroup& other) { return other.rate == rate; });
    if (group == groups.end()) group = groups.insert(group, {rate, zero, zero, {}});
    RETURN_IF_ERROR(AddLine(*group, line));
  }
  Money sum = zero;
  for (RateGroup& group : groups) {
    ASSIGN_OR_RETURN(sum, sum.Plus(group.tax));
    ASSIGN_OR_RETURN(Explanation explanation, ExplainGroup(std::move(group), policy->tax_date));
    tax.parts.push_back(std::move(explanation));
  }
  RETURN_IF_ERROR(CheckRecomputed("tax", sum, invoice.tax));
  return tax;
}

}  // namespace countersign::billing
