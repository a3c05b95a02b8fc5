#include "order-service/src/domain/order_preview.h"

#include <algorithm>
#include <map>

#include "absl/status/statusor.h"
#include "common/base/status_macros.h"

namespace countersign::order {

absl::StatusOr<OrderPreview> PreviewOf(const OrderTerms& terms, Date today) {
  OrderPreview preview;
  const Date start = std::max(terms.requested_start.value_or(today), today);
  std::map<Date, Money> by_start;
  for (const OrderLine& line : terms.lines) {
    Money& net = by_start.try_emplace(start + line.trial_days, *Money::Zero(terms.currency)).first->second;
    ASSIGN_OR_RETURN(net, net.Plus(line.amount));
  }
  for (const auto& [day, net] : by_start) {
    preview.first_invoices.push_back({PeriodAt(day, terms.billing_period_months, 0), net});
  }
  preview.commitment = terms.Commitment();
  ASSIGN_OR_RETURN(preview.estimated_fee, preview.commitment.TimesRounded(1, kFirstYearFeeBasisPoints, 10'000));
  return preview;
}

}  // namespace countersign::order
