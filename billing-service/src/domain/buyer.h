// The buyer that an invoice names, and the language it speaks: as of when it opened.
// Source of the rules: docs/domain.md, The invoice is a document.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_BUYER_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_BUYER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "billing-service/src/domain/billing_account.h"
#include "common/base/postal_address.h"

namespace countersign::billing {

// Personal data.
struct Buyer {
  std::string company_name;
  PostalAddress address;
  std::string tax_id;    // May be empty.
  std::string language;  // Of the document: BCP 47; may be empty.

  friend bool operator==(const Buyer&, const Buyer&) = default;
};

// The buyer as the account's invoices before `until_sequence` name it.
struct PastBuyer {
  int64_t until_sequence = 0;
  Buyer buyer;
  std::optional<absl::Time> delete_time = {};  // Set once the account is erased.
};

// The buyer to keep when the account changes from `before` to `after`. None if its invoices would say the same, or
// if no invoice opened since the last of `past`, which are in order.
std::optional<PastBuyer> BuyerToKeep(const BillingAccount& before, const BillingAccount& after,
                                     const std::vector<PastBuyer>& past);

// The buyer of the account's invoice of that sequence. `past` are all of the account, in order.
Buyer BuyerOf(int64_t sequence, const BillingAccount& account, const std::vector<PastBuyer>& past);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_BUYER_H_
