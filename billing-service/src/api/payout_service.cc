#include "billing-service/src/api/payout_service.h"

#include <utility>
#include <vector>

#include "billing-service/src/api/payout_messages.h"
#include "billing-service/src/domain/ledger.h"
#include "billing-service/src/store/ledger_store.h"
#include "billing-service/src/store/rows.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

constexpr int kPayoutsOfAFile = 50;

}  // namespace

absl::StatusOr<v1::Payout> PayoutService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Payout payout, payouts_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(payout);
}

absl::StatusOr<v1::ListPayoutsResponse> PayoutService::List(const rpc::Call& call, const PartnerList& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Payout> page, payouts_.List(call.deadline(), command.partner, command.list.page));
  v1::ListPayoutsResponse reply;
  for (const Payout& payout : page.items) *reply.add_payouts() = ToProto(payout);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Payout> PayoutService::Approve(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const Payout payout, payouts_.Get(call.deadline(), named.tenant, named.id));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, payout.version));
  ASSIGN_OR_RETURN(const Payout approved, MovePayout(payout, PayoutState::kApproved, named.reason, "", call.now()));
  return Save(call, approved);
}

absl::StatusOr<v1::CreatePayoutFileResponse> PayoutService::CreateFile(const rpc::Call& call,
                                                                       const CreatePayoutFileCommand& command) {
  ASSIGN_OR_RETURN(const std::vector<Payout> approved,
                   payouts_.ListApproved(call.deadline(), command.tenant, kPayoutsOfAFile));
  if (approved.empty()) return FailedPrecondition("NO_PAYOUTS", "No payout is APPROVED. Approve one first.");
  partner::v1::ResolvePayeeAccountRequest resolve;
  resolve.set_name(rpc::FormatName(kPayeeProfileName, {command.tenant}));
  ASSIGN_OR_RETURN(const partner::v1::ResolvePayeeAccountResponse account,
                   payees_.ResolvePayeeAccount(call.outgoing(), resolve));
  v1::CreatePayoutFileResponse reply;
  std::vector<Payout> sent;
  std::vector<mysql::RowWrite> rows;
  std::vector<events::Event> events;
  for (const Payout& payout : approved) {
    if (payout.currency != account.currency_code()) continue;  // Never converted: it waits for such an account.
    ASSIGN_OR_RETURN(Payout next, MovePayout(payout, PayoutState::kSent, payout.reason, "", call.now()));
    next.payee = account.masked_bank_reference();  // The partner may have changed it since.
    ASSIGN_OR_RETURN(const LedgerTransaction posting, PostPayout(next, DateOf(call.now())));
    ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> posted, LedgerRows(posting, call.now()));
    AppendRows(rows, std::move(posted));
    rows.push_back(PayoutStore::Row(next));
    events.push_back(PayoutEventOf(call, next));
    reply.add_payouts(rpc::FormatName(kPayoutName, {next.partner, next.id}));
    sent.push_back(std::move(next));
  }
  if (sent.empty()) {
    return FailedPrecondition("PAYEE_MISSING", "The partner's account is of another currency than its payouts.",
                              {{"partner", command.tenant.ToString()}, {"currency", account.currency_code()}});
  }
  const v1::CreatePayoutFileResponse names = reply;  // What the file pays to whom stays out of the log.
  reply.set_csv(PayoutCsv(sent, account.bank_reference()));
  // The file is an event of its own. Its digest is of the names: that of an account could be guessed from it.
  events.push_back(call.MakeEvent({.aggregate = call.DerivedId("payout file"),
                                   .version = 1,
                                   .type = "PAYOUT_FILE_CREATED",
                                   .payload = names,
                                   .resource = names}));
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(),
      call.ChangeOf({.rows = std::move(rows), .events = std::move(events), .reply = reply, .sealed = true})));
  return reply;
}

absl::StatusOr<v1::Payout> PayoutService::RecordAnswer(const rpc::Call& call,
                                                       const RecordPayoutAnswerCommand& command) {
  ASSIGN_OR_RETURN(const Payout payout, payouts_.Get(call.deadline(), command.tenant, command.id));
  ASSIGN_OR_RETURN(const Payout answered,
                   MovePayout(payout, command.outcome, command.reason, command.bank_reference, call.now()));
  return Save(call, answered);
}

absl::StatusOr<v1::PayoutTerms> PayoutService::CreateTerms(const rpc::Call& call,
                                                           const CreatePayoutTermsCommand& command) {
  const v1::PayoutTerms reply = ToProto(command.terms);
  // An event of its own, so that the row's key decides whether there are such terms already.
  const events::Event created = call.MakeEvent({.aggregate = call.DerivedId("payout-terms"),
                                                .version = 1,
                                                .type = "PAYOUT_TERMS_CREATED",
                                                .payload = reply,
                                                .resource = reply});
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(),
      call.ChangeOf({.rows = {PayoutStore::TermsRow(command.terms)}, .events = {created}, .reply = reply})));
  return reply;
}

absl::StatusOr<v1::PayoutTerms> PayoutService::GetTerms(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const PayoutTerms terms, payouts_.GetTerms(call.deadline(), named.id));
  return ToProto(terms);
}

absl::StatusOr<v1::ListPayoutTermsResponse> PayoutService::ListTerms(const rpc::Call& call,
                                                                     const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<PayoutTerms> page, payouts_.ListTerms(call.deadline(), command.list.page));
  v1::ListPayoutTermsResponse reply;
  for (const PayoutTerms& terms : page.items) *reply.add_payout_terms() = ToProto(terms);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Payout> PayoutService::Save(const rpc::Call& call, const Payout& payout) {
  std::vector<mysql::RowWrite> rows = {PayoutStore::Row(payout)};
  ASSIGN_OR_RETURN(const LedgerTransaction posting, PostPayout(payout, DateOf(call.now())));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> posted, LedgerRows(posting, call.now()));
  AppendRows(rows, std::move(posted));
  const v1::Payout reply = ToProto(payout);
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(),
      call.ChangeOf({.rows = std::move(rows), .events = {PayoutEventOf(call, payout)}, .reply = reply})));
  return reply;
}

}  // namespace countersign::billing
