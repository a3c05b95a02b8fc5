#include "billing-service/src/domain/invoice_explanation.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "billing-service/src/domain/billing_run.h"
#include "billing-service/src/domain/tax_explanation.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

std::string FromTo(const Period& period) {
  return absl::StrCat(FormatDate(period.start), " to ", FormatDate(period.end - 1));
}

std::string LinesText(size_t count) { return absl::StrCat(count, count == 1 ? " line" : " lines"); }

// unit_price × quantity × months × days ÷ days of the period to the micro, before it is rounded to the minor unit.
absl::StatusOr<Explanation> UnroundedNet(const InvoiceLine& line) {
  ASSIGN_OR_RETURN(const int64_t micros,
                   MultiplyDivideRound(line.unit_price.micros(), line.quantity * line.months * line.service.days(),
                                       line.billing_period.days(), 1));
  ASSIGN_OR_RETURN(const Money exact, Money::FromMicros(micros, line.net.currency()));
  return Explanation{"before rounding",
                     exact.ToString(),
                     absl::StrCat(line.unit_price.ToString(), " × ", line.quantity, " × ", line.months, " × ",
                                  line.service.days(), "/", line.billing_period.days()),
                     {}};
}

// The unit price, which version and tier of the offer's price it came from, and what a promotion lowered.
Explanation ExplainUnitPrice(const InvoiceLine& line) {
  Explanation unit_price{
      "unit price", line.unit_price.ToString(), "per seat and month, as agreed when the seats were ordered", {}};
  const LinePrice& origin = line.price;
  if (!origin.price.empty()) unit_price.parts.push_back({"price version", origin.price, "stored with the order", {}});
  if (origin.tier_min_quantity > 0) {
    unit_price.parts.push_back({"tier",
                                absl::StrCat("from ", origin.tier_min_quantity, " seats"),
                                "by the subscription's seats after the order",
                                {}});
  }
  if (origin.list_price.has_value()) {
    unit_price.parts.push_back(
        {"list price", origin.list_price->ToString(), "lowered by a promotion for the initial term", {}});
  }
  return unit_price;
}

absl::StatusOr<Explanation> ExplainLine(const InvoiceLine& line) {
  const std::string name = absl::StrCat("line ", line.number);
  ASSIGN_OR_RETURN(const Money recomputed,
                   LineAmount(line.unit_price, line.quantity, line.months, line.service, line.billing_period));
  RETURN_IF_ERROR(CheckRecomputed(absl::StrCat("net of ", name), recomputed, line.net));
  ASSIGN_OR_RETURN(Explanation unrounded, UnroundedNet(line));
  const bool whole = line.service == line.billing_period;
  return Explanation{
      name,
      line.net.ToString(),
      absl::StrCat(line.description, ": ", Explain(line)),
      {ExplainUnitPrice(line),
       {"quantity", absl::StrCat(line.quantity), absl::StrCat("seats of tranche ", line.tranche), {}},
       {"months", absl::StrCat(line.months), absl::StrCat("of the billing period ", FromTo(line.billing_period)), {}},
       {"days",
        absl::StrCat(line.service.days(), " of ", line.billing_period.days()),
        absl::StrCat(FromTo(line.service), whole ? ", the whole period" : ", the days served of the period"),
        {}},
       std::move(unrounded),
       {"rounding", line.net.currency(), "half away from zero, once for the line", {}}}};
}

absl::StatusOr<Explanation> ExplainNet(const Invoice& invoice) {
  Explanation net{"net", invoice.net.ToString(), absl::StrCat("the sum of ", LinesText(invoice.lines.size())), {}};
  ASSIGN_OR_RETURN(Money sum, Money::Zero(invoice.net.currency()));
  for (const InvoiceLine& line : invoice.lines) {
    ASSIGN_OR_RETURN(Explanation explanation, ExplainLine(line));
    net.parts.push_back(std::move(explanation));
    ASSIGN_OR_RETURN(sum, sum.Plus(line.net));
  }
  RETURN_IF_ERROR(CheckRecomputed("net", sum, invoice.net));
  return net;
}

// Credit notes took this much: `credited` closed what was due, and the rest became account credit.
absl::StatusOr<Explanation> ExplainCredited(const Invoice& invoice) {
  ASSIGN_OR_RETURN(Money taken, Money::Zero(invoice.net.currency()));
  Explanation credited{"credited",
                       invoice.credited.ToString(),
                       "what credit notes closed while it was due; what they take of a paid invoice becomes credit",
                       {}};
  for (const CreditedLine& credit : invoice.credits) {
    ASSIGN_OR_RETURN(const Money gross, credit.net.Plus(credit.tax));
    ASSIGN_OR_RETURN(taken, taken.Plus(gross));
    credited.parts.push_back({absl::StrCat("credit of line ", credit.line),
                              gross.ToString(),
                              absl::StrCat(credit.net.ToString(), " net + ", credit.tax.ToString(), " tax",
                                           credit.days.has_value() ? absl::StrCat(", for ", FromTo(*credit.days)) : ""),
                              {}});
  }
  ASSIGN_OR_RETURN(const Money became_credit, taken.Minus(invoice.credited));
  if (became_credit.micros() < 0) return CheckRecomputed("credited", taken, invoice.credited);
  if (!became_credit.is_zero()) {
    credited.parts.push_back({"became account credit",
                              became_credit.ToString(),
                              absl::StrCat(taken.ToString(), " of credit notes less ", invoice.credited.ToString()),
                              {}});
  }
  return credited;
}

absl::StatusOr<Explanation> ExplainPaid(const Invoice& invoice, const std::vector<PaidPart>& paid_parts) {
  Explanation paid{"paid", invoice.paid.ToString(), "by payments, small differences and account credit", {}};
  ASSIGN_OR_RETURN(Money sum, Money::Zero(invoice.net.currency()));
  for (const PaidPart& part : paid_parts) {
    ASSIGN_OR_RETURN(sum, sum.Plus(part.amount));
    ASSIGN_OR_RETURN(sum, sum.Plus(part.bank_charge));
    if (!part.value_date.has_value()) {
      paid.parts.push_back({"account credit", part.amount.ToString(), "left by earlier payments and credit notes", {}});
      continue;
    }
    const std::string day = absl::StrCat("by its value date, ", FormatDate(*part.value_date));
    paid.parts.push_back({"payment", part.amount.ToString(), day, {}});
    if (part.bank_charge.is_zero()) continue;
    paid.parts.push_back({"bank charges", part.bank_charge.ToString(), "a small difference that was let go", {}});
  }
  RETURN_IF_ERROR(CheckRecomputed("paid", sum, invoice.paid));
  return paid;
}

Explanation ExplainDue(const Invoice& invoice) {
  return {"due",
          AmountDue(invoice).ToString(),
          absl::StrCat(invoice.total.ToString(), " − ", invoice.credited.ToString(), " credited − ",
                       invoice.paid.ToString(), " paid, by ", FormatDate(invoice.due_date)),
          {{"payment terms",
            absl::StrCat(invoice.due_date - invoice.issue_date, " days"),
            absl::StrCat("of the account when the invoice opened, from its date, ", FormatDate(invoice.issue_date)),
            {}}}};
}

std::string SentenceOf(const Invoice& invoice) {
  return absl::StrCat("Invoice ", invoice.number, " of ", FormatDate(invoice.issue_date), ": ",
                      LinesText(invoice.lines.size()), " at ", invoice.net.ToString(), " net + ",
                      invoice.tax.ToString(), " tax = ", invoice.total.ToString(), "; ", invoice.credited.ToString(),
                      " credited and ", invoice.paid.ToString(), " paid leave ", AmountDue(invoice).ToString(),
                      " due by ", FormatDate(invoice.due_date), ".");
}

}  // namespace

absl::StatusOr<Explanation> ExplainInvoice(const Invoice& invoice, const std::vector<TaxRate>& rates,
                                           const std::vector<PaidPart>& paid_parts) {
  Explanation root{"total", invoice.total.ToString(), SentenceOf(invoice), {}};
  ASSIGN_OR_RETURN(const Money gross, invoice.net.Plus(invoice.tax));
  RETURN_IF_ERROR(CheckRecomputed("total", gross, invoice.total));
  ASSIGN_OR_RETURN(Explanation net, ExplainNet(invoice));
  ASSIGN_OR_RETURN(Explanation tax, ExplainTax(invoice, rates));
  ASSIGN_OR_RETURN(Explanation credited, ExplainCredited(invoice));
  ASSIGN_OR_RETURN(Explanation paid, ExplainPaid(invoice, paid_parts));
  root.parts = {std::move(net), std::move(tax), std::move(credited), std::move(paid), ExplainDue(invoice)};
  return root;
}

}  // namespace countersign::billing
