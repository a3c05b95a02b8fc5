// The erasure of a billing account: EraseBillingAccount.
#include "billing-service/src/domain/account_erasure.h"

#include <optional>
#include <vector>

#include "billing-service/src/api/billing_account_messages.h"
#include "billing-service/src/api/billing_account_service.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

void AddKept(const Uuid& account, std::optional<Date> until, v1::EraseBillingAccountResponse& reply) {
  if (!until.has_value()) return;
  partner::v1::KeptData& kept = *reply.add_kept();
  kept.set_ground(partner::v1::KeptData::GROUND_ISSUED_INVOICES);
  kept.set_what("The buyer's name, address and tax id on the account's invoices and credit notes");
  kept.set_billing_account(rpc::FormatName(kAccountName, {account}));
  *kept.mutable_keep_until_date() = rpc::ToProto(*until);
}

}  // namespace

absl::StatusOr<v1::EraseBillingAccountResponse> BillingAccountService::Erase(const rpc::Call& call,
                                                                             const rpc::NamedResource& named) {
  v1::EraseBillingAccountResponse reply;
  ASSIGN_OR_RETURN(const std::optional<BillingAccount> account, accounts_.Find(call.deadline(), named.id));
  if (!account.has_value()) return reply;  // No order of it was ever activated.
  ASSIGN_OR_RETURN(const std::vector<PastBuyer> past, past_buyers_.List(call.deadline(), named.id));
  if (account->state == BillingAccountState::kErased) {
    if (!past.empty()) AddKept(named.id, LastDayOf(past.back()), reply);
    return reply;
  }
  // After the account: what begins meanwhile makes a new version of it, and this commit loses.
  ASSIGN_OR_RETURN(const OpenMatters open, erasures_.Read(call.deadline(), named.id));
  RETURN_IF_ERROR(CheckSettled(*account, open));
  const AccountErasure erasure = billing::Erase(*account, past, open, call.now());
  reply.set_erases(true);
  AddKept(named.id, erasure.keep_until, reply);
  if (call.validate_only()) return reply;

  const events::Event event = call.MakeEvent({.aggregate = erasure.account.id,
                                              .version = erasure.account.version,
                                              .type = "ACCOUNT_ERASED",
                                              .payload = EventOf(erasure.account),
                                              .resource = reply});
  RETURN_IF_ERROR(
      committer_.Commit(call.deadline(), call.ChangeOf({.rows = AccountErasureStore::Rows(erasure),
                                                        .events = {event},
                                                        .reply = reply,
                                                        .also = AccountErasureStore::EraseWords(erasure)})));
  return reply;
}

}  // namespace countersign::billing
