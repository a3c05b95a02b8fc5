// The erasure of a billing account: EraseBillingAccount.
#include "billing-service/src/domain/account_erasure.h"

#include <optional>
#include <utility>
#include <vector>

#include "billing-service/src/api/billing_account_messages.h"
#include "billing-service/src/api/billing_account_service.h"
#include "billing-service/src/api/parked_activation_messages.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

v1::EraseBillingAccountResponse ReplyOf(const Uuid& account, const AccountErasure& erasure) {
  v1::EraseBillingAccountResponse reply;
  reply.set_erases(!erasure.empty());
  if (!erasure.keep_until.has_value()) return reply;
  partner::v1::KeptData& kept = *reply.add_kept();
  kept.set_ground(partner::v1::KeptData::GROUND_ISSUED_INVOICES);
  kept.set_what("The buyer's name, address and tax id on the account's invoices and credit notes");
  kept.set_billing_account(rpc::FormatName(kAccountName, {account}));
  *kept.mutable_keep_until_date() = rpc::ToProto(*erasure.keep_until);
  return reply;
}

// Of the account and of each parked activation. The reply is what they all answer.
std::vector<events::Event> EventsOf(const rpc::Call& call, const AccountErasure& erasure,
                                    const v1::EraseBillingAccountResponse& reply) {
  std::vector<events::Event> events;
  if (erasure.account.has_value()) {
    events.push_back(call.MakeEvent({.aggregate = erasure.account->id,
                                     .version = erasure.account->version,
                                     .type = "ACCOUNT_ERASED",
                                     .payload = EventOf(*erasure.account),
                                     .resource = reply}));
  }
  for (const ParkedActivation& parked : erasure.parked) {
    events.push_back(call.MakeEvent({.aggregate = parked.id,
                                     .version = parked.version,
                                     .type = "PARKED_ACTIVATION_ERASED",
                                     .payload = EventOf(parked),
                                     .resource = reply}));
  }
  return events;
}

}  // namespace

absl::StatusOr<v1::EraseBillingAccountResponse> BillingAccountService::Erase(const rpc::Call& call,
                                                                             const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const std::optional<BillingAccount> account, accounts_.Find(call.deadline(), named.id));
  // After the account: what begins meanwhile makes a new version of it, and the commit loses.
  ASSIGN_OR_RETURN(const OpenMatters open, erasures_.Read(call.deadline(), named.id));
  RETURN_IF_ERROR(CheckSettled(account, open));
  ASSIGN_OR_RETURN(const std::vector<PastBuyer> past, past_buyers_.List(call.deadline(), named.id));
  ASSIGN_OR_RETURN(std::vector<ParkedActivation> parked, erasures_.ListParked(call.deadline(), named.id));
  const AccountErasure erasure = billing::Erase(account, past, std::move(parked), open, call.now());
  const v1::EraseBillingAccountResponse reply = ReplyOf(named.id, erasure);
  if (call.validate_only() || erasure.empty()) return reply;
  RETURN_IF_ERROR(
      committer_.Commit(call.deadline(), call.ChangeOf({.rows = AccountErasureStore::Rows(erasure),
                                                        .events = EventsOf(call, erasure, reply),
                                                        .reply = reply,
                                                        .also = AccountErasureStore::EraseWords(named.id, erasure)})));
  return reply;
}

}  // namespace countersign::billing
