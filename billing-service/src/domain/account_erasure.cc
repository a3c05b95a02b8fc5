#include "billing-service/src/domain/account_erasure.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace countersign::billing {
namespace {

BillingAccount WithoutCustomer(const BillingAccount& account, absl::Time now) {
  BillingAccount erased = account;
  erased.customer = {};
  erased.customer.billing_address.region_code = account.customer.billing_address.region_code;
  erased.tax_profile = {};
  erased.payment_method = {};
  erased.former_email.clear();
  erased.codes_move_time.reset();
  erased.contact_order.reset();
  erased.state = BillingAccountState::kErased;
  erased.park_reason.clear();
  erased.park_message.clear();
  ++erased.version;
  erased.update_time = now;
  return erased;
}

}  // namespace

absl::Status CheckSettled(const std::optional<BillingAccount>& account, const OpenMatters& open) {
  const bool has_business = account.has_value() && !WasErased(*account);
  const std::pair<int64_t, absl::string_view> matters[] = {
      {has_business ? open.subscriptions : 0, "subscriptions that run or are to start"},
      {has_business ? open.invoices : 0, "open invoices"},
      {has_business ? open.charges : 0, "charges under way"},
      {open.parked_activations, "parked activations"},
      {has_business ? open.queued_notices : 0, "notices that are not sent yet"}};
  std::vector<std::string> found;
  for (const auto& [count, what] : matters) {
    if (count > 0) found.push_back(absl::StrCat(count, " ", what));
  }
  if (has_business && account->credit.micros() != 0) {
    found.push_back(absl::StrCat("a credit of ", account->credit.ToDisplayString()));
  }
  if (found.empty()) return absl::OkStatus();
  const std::string number = account.has_value() ? account->number : "";
  return FailedPrecondition("BILLING_ACCOUNT_NOT_SETTLED",
                            absl::StrCat("The customer's billing account ", number, " has ", absl::StrJoin(found, ", "),
                                         ". Settle these (end, credit, refund, retry or abandon), then erase it."),
                            {{"accountNumber", number}, {"open", absl::StrJoin(found, ", ")}});
}

Date KeepBuyerUntil(Date last_document) { return Date(last_document.year() + kYearsOfBooks, 12, 31); }

AccountErasure Erase(const std::optional<BillingAccount>& account, const std::vector<PastBuyer>& past,
                     std::vector<ParkedActivation> parked, const OpenMatters& open, absl::Time now) {
  AccountErasure erasure{.parked = std::move(parked)};
  for (ParkedActivation& activation : erasure.parked) {
    activation.request.clear();
    activation.message.clear();
    ++activation.version;
    activation.update_time = now;
  }
  if (!account.has_value()) return erasure;
  if (WasErased(*account)) {
    if (!past.empty() && past.back().delete_time.has_value()) erasure.keep_until = DateOf(*past.back().delete_time) - 1;
    return erasure;
  }
  erasure.account = WithoutCustomer(*account, now);
  if (!open.last_document_date.has_value()) return erasure;
  erasure.keep_until = KeepBuyerUntil(*open.last_document_date);
  erasure.delete_time = StartOf(*erasure.keep_until + 1);
  erasure.past_buyer = BuyerToKeep(*account, *erasure.account, past);
  if (erasure.past_buyer.has_value()) erasure.past_buyer->delete_time = erasure.delete_time;
  return erasure;
}

}  // namespace countersign::billing
