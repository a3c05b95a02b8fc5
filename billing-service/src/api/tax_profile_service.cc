#include "billing-service/src/api/tax_profile_service.h"

#include <utility>

#include "billing-service/src/api/billing_account_messages.h"
#include "billing-service/src/api/tax_profile_messages.h"
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
  account.tax_profile = billing::Update(account.tax_profile, command.tax_id, command.exemption);
  return Save(call, std::move(account), "TAX_PROFILE_UPDATED", "");
}

absl::StatusOr<v1::TaxProfile> TaxProfileService::Validate(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(BillingAccount account, accounts_.Get(call.deadline(), named.tenant));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, account.version));
  ASSIGN_OR_RETURN(account.tax_profile, billing::Validate(account.tax_profile, DateOf(call.now())));
  return Save(call, std::move(account), "TAX_ID_VALIDATED", named.reason);
}

absl::StatusOr<v1::TaxProfile> TaxProfileService::Save(const rpc::Call& call, BillingAccount account,
                                                       absl::string_view event_type, absl::string_view reason) {
  ++account.version;
  account.update_time = call.now();
  v1::TaxProfile reply = TaxProfileOf(account);
  const events::Event changed = call.MakeEvent({.aggregate = account.id,
                                                .version = account.version,
                                                .type = event_type,
                                                .payload = EventOf(account),
                                                .resource = reply,
                                                .reason = reason});
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(),
      call.ChangeOf({.rows = {BillingAccountStore::Row(account)}, .events = {changed}, .reply = reply})));
  return reply;
}

}  // namespace countersign::billing
