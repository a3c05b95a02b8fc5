#include "billing-service/src/domain/buyer.h"

namespace countersign::billing {
namespace {

Buyer BuyerIn(const BillingAccount& account) {
  return {account.customer.company_name, account.customer.billing_address, account.tax_profile.tax_id,
          account.language};
}

}  // namespace

std::optional<PastBuyer> BuyerToKeep(const BillingAccount& before, const BillingAccount& after,
                                     const std::vector<PastBuyer>& past) {
  const Buyer buyer = BuyerIn(before);
  if (buyer == BuyerIn(after)) return std::nullopt;
  const int64_t kept_until = past.empty() ? 1 : past.back().until_sequence;
  if (before.next_invoice_sequence <= kept_until) return std::nullopt;
  return PastBuyer{.until_sequence = before.next_invoice_sequence, .buyer = buyer};
}

Buyer BuyerOf(int64_t sequence, const BillingAccount& account, const std::vector<PastBuyer>& past) {
  for (const PastBuyer& kept : past) {
    if (sequence < kept.until_sequence) return kept.buyer;
  }
  return BuyerIn(account);
}

}  // namespace countersign::billing
