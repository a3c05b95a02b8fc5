#include "billing-service/src/api/tax_profile_service.h"

#include <optional>
#include <utility>

#include "billing-service/src/api/billing_account_messages.h"
#include "billing-service/src/api/tax_profile_messages.h"
#include "billing-service/src/domain/buyer.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"

namespace countersign::billing {

absl::StatusOr<v1::TaxProfile> TaxProfileService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const BillingAccount account, accounts_.Get(call.deadline(), named.tenant));
  return TaxProfileOf(account);
}

absl::StatusOr<v1::TaxProfile> TaxProfileService::Update(const rpc::Call& call,
                                                         const UpdateTaxProfileCommand& command) {
  ASSIGN_OR_RETURN(BillingAccount account, accounts_.Get(call.deadline(), command.tenant));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, account.version));
  RETURN_IF_ERROR(CheckNotErased(account));
  const BillingAccount before = account;
  account.tax_profile = billing::Update(account.tax_profile, command.tax_id, command.exemption);
  // Invoices that are open go on naming the buyer as it was.
  ASSIGN_OR_RETURN(const std::vector<PastBuyer> past, past_buyers_.List(call.deadline(), account.id));
  std::vector<mysql::RowWrite> rows;
  if (const std::optional<PastBuyer> kept = BuyerToKeep(before, account, past); kept.has_value()) {
    rows.push_back(PastBuyerStore::Row(account.id, *kept));
  }
  return Save(call, std::move(account), "TAX_PROFILE_UPDATED", "", std::move(rows));
}

absl::StatusOr<v1::TaxProfile> TaxProfileService::Validate(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(BillingAccount account, accounts_.Get(call.deadline(), named.tenant));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, account.version));
  ASSIGN_OR_RETURN(account.tax_profile, billing::Validate(account.tax_profile, DateOf(call.now())));
  return Save(call, std::move(account), "TAX_ID_VALIDATED", named.reason);
}

absl::StatusOr<v1::TaxProfile> TaxProfileService::Save(const rpc::Call& call, BillingAccount account,
                                                       absl::string_view event_type, absl::string_view reason,
                                                       std::vector<mysql::RowWrite> rows) {
  ++account.version;
  account.update_time = call.now();
  v1::TaxProfile reply = TaxProfileOf(account);
  const events::Event changed = call.MakeEvent({.aggregate = account.id,
                                                .version = account.version,
                                                .type = event_type,
                                                .payload = EventOf(account),
                                                .resource = reply,
                                                .reason = reason});
  rows.push_back(BillingAccountStore::Row(account));
  RETURN_IF_ERROR(committer_.Commit(call.deadline(),
                                    call.ChangeOf({.rows = std::move(rows), .events = {changed}, .reply = reply})));
  return reply;
}

}  // namespace countersign::billing
