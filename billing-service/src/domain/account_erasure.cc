#include "billing-service/src/domain/account_erasure.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace countersign::billing {

absl::Status CheckSettled(const BillingAccount& account, const OpenMatters& open) {
  const std::pair<int64_t, absl::string_view> matters[] = {
      {open.subscriptions, "subscriptions that run or are to start"},
      {open.invoices, "open invoices"},
      {open.charges, "charges under way"},
      {open.parked_activations, "parked activations"},
      {open.queued_notices, "notices that are not sent yet"}};
  std::vector<std::string> found;
  for (const auto& [count, what] : matters) {
    if (count > 0) found.push_back(absl::StrCat(count, " ", what));
  }
  if (account.credit.micros() != 0) found.push_back(absl::StrCat("a credit of ", account.credit.ToDisplayString()));
  if (found.empty()) return absl::OkStatus();
  return FailedPrecondition(
      "BILLING_ACCOUNT_NOT_SETTLED",
      absl::StrCat("Billing account ", account.number, " has ", absl::StrJoin(found, ", "),
                   ". Settle these (end, credit, refund, retry or abandon), then erase the customer."),
      {{"accountNumber", account.number}, {"open", absl::StrJoin(found, ", ")}});
}

Date KeepBuyerUntil(Date last_document) { return Date(last_document.year() + kYearsOfBooks, 12, 31); }

std::optional<Date> LastDayOf(const PastBuyer& past) {
  if (!past.delete_time.has_value()) return std::nullopt;
  return DateOf(*past.delete_time) - 1;
}

AccountErasure Erase(const BillingAccount& account, const std::vector<PastBuyer>& past, const OpenMatters& open,
                     absl::Time now) {
  AccountErasure erasure{.account = account, .past_buyer = {}, .keep_until = {}, .delete_time = {}};
  BillingAccount& erased = erasure.account;
  erased.customer = {};
  erased.customer.billing_address.region_code = account.customer.billing_address.region_code;
  erased.tax_profile = {};
  erased.payment_method = {};
  erased.state = BillingAccountState::kErased;
  erased.park_reason.clear();
  erased.park_message.clear();
  ++erased.version;
  erased.update_time = now;
  if (!open.last_document_date.has_value()) return erasure;
  erasure.keep_until = KeepBuyerUntil(*open.last_document_date);
  erasure.delete_time = StartOf(*erasure.keep_until + 1);
  erasure.past_buyer = BuyerToKeep(account, erased, past);
  if (erasure.past_buyer.has_value()) erasure.past_buyer->delete_time = erasure.delete_time;
  return erasure;
}

}  // namespace countersign::billing
