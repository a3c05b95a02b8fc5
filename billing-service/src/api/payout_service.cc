#include "billing-service/src/api/payout_service.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
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
// So many names of each fit into the payload of the file's event.
constexpr int kPayoutsOfAllPartners = 100;
constexpr int kMostSkippedNamed = 40;

// This version of the payout, and what it posts.
absl::StatusOr<std::vector<mysql::RowWrite>> RowsOf(const rpc::Call& call, const Payout& payout) {
  ASSIGN_OR_RETURN(const LedgerTransaction posting, PostPayout(payout, DateOf(call.now())));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, LedgerRows(posting, call.now()));
  rows.push_back(PayoutStore::Row(payout));
  return rows;
}

// Commits this version of payouts without a reply.
absl::Status CommitPayouts(const rpc::Call& call, events::Committer& committer, const std::vector<Payout>& payouts) {
  events::Change change;
  for (const Payout& payout : payouts) {
    ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, RowsOf(call, payout));
    AppendRows(change.rows, std::move(rows));
    change.events.push_back(PayoutEventOf(call, payout));
    change.events.back().request_id.clear();  // The request's reply is stored with the whole.
  }
  return committer.Commit(call.deadline(), change);
}

absl::Status CheckAttempt(const Payout& payout, int64_t attempt) {
  if (payout.attempt == attempt) return absl::OkStatus();
  return FailedPrecondition("PAYOUT_ATTEMPT",
                            absl::StrCat("The answer is to attempt ", attempt, ", and the payout was sent ",
                                         payout.attempt, " times. Check which attempt the bank answers."),
                            {{"payout", payout.id.ToString()}, {"attempt", absl::StrCat(payout.attempt)}});
}

// In the file over all partners, from this try or an earlier one.
bool IsInFile(const Payout& payout, const Uuid& file_id) {
  return payout.state == PayoutState::kSent && payout.file == file_id;
}

void AddSkipped(const std::vector<Payout>& payouts, absl::string_view reason, v1::CreatePayoutFileResponse& reply) {
  for (const Payout& payout : payouts) {
    if (reply.skipped_size() >= kMostSkippedNamed) return;
    v1::CreatePayoutFileResponse::Skipped& skipped = *reply.add_skipped();
    skipped.set_payout(rpc::FormatName(kPayoutName, {payout.partner, payout.id}));
    skipped.set_reason(std::string(reason));
  }
}

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
  if (!command.currency.empty()) return CreateFileOfAll(call, command);
  ASSIGN_OR_RETURN(const std::vector<Payout> approved,
                   payouts_.ListApproved(call.deadline(), command.tenant, kPayoutsOfAFile));
  if (approved.empty()) return FailedPrecondition("NO_PAYOUTS", "No payout is APPROVED. Approve one first.");
  partner::v1::ResolvePayeeAccountRequest resolve;
  resolve.set_name(rpc::FormatName(kPayeeProfileName, {command.tenant}));
  ASSIGN_OR_RETURN(const partner::v1::ResolvePayeeAccountResponse account,
                   payees_.ResolvePayeeAccount(call.outgoing(), resolve));
  v1::CreatePayoutFileResponse reply;
  PayoutFile file;
  std::vector<mysql::RowWrite> rows;
  std::vector<events::Event> events;
  for (const Payout& payout : approved) {
    if (payout.currency != account.currency_code()) continue;  // Never converted: it waits for such an account.
    ASSIGN_OR_RETURN(Payout next, MovePayout(payout, PayoutState::kSent, payout.reason, "", call.now()));
    next.payee = account.masked_bank_reference();  // The partner may have changed it since.
    ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> of_payout, RowsOf(call, next));
    AppendRows(rows, std::move(of_payout));
    events.push_back(PayoutEventOf(call, next));
    reply.add_payouts(rpc::FormatName(kPayoutName, {next.partner, next.id}));
    file.Add(next, next.id.ToString(), account.bank_reference());
  }
  if (reply.payouts().empty()) {
    return FailedPrecondition("PAYEE_MISSING", "The partner's account is of another currency than its payouts.",
                              {{"partner", command.tenant.ToString()}, {"currency", account.currency_code()}});
  }
  const v1::CreatePayoutFileResponse names = reply;  // What the file pays to whom stays out of the log.
  reply.set_csv(file.csv());
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

absl::StatusOr<v1::CreatePayoutFileResponse> PayoutService::CreateFileOfAll(const rpc::Call& call,
                                                                            const CreatePayoutFileCommand& command) {
  const Uuid file_id = call.DerivedId("payout file");
  PayoutFile file;
  v1::CreatePayoutFileResponse reply;
  // Payouts that an earlier try has sent come first, even if more have been APPROVED since.
  ASSIGN_OR_RETURN(const std::vector<Payout> sent,
                   payouts_.ListInFile(call.deadline(), file_id, kPayoutsOfAllPartners));
  RETURN_IF_ERROR(SendEach(call, file_id, sent, file, reply));
  // Those that cannot be sent stay the oldest that are APPROVED: it looks beyond them.
  std::string after;
  do {
    const int room = kPayoutsOfAllPartners - reply.payouts_size();
    if (room < 1) break;
    ASSIGN_OR_RETURN(const mysql::Page<Payout> page,
                     payouts_.ListApprovedIn(call.deadline(), command.currency, after, room));
    RETURN_IF_ERROR(SendEach(call, file_id, page.items, file, reply));
    after = page.next;
  } while (!after.empty());
  if (reply.payouts().empty() && reply.skipped().empty()) {
    return FailedPrecondition("NO_PAYOUTS", "No payout in the currency is APPROVED. Approve one first.",
                              {{"currency", command.currency}});
  }
  RETURN_IF_ERROR(CheckComplete(call, file_id, reply));
  const v1::CreatePayoutFileResponse names = reply;  // As in CreateFile.
  reply.set_csv(file.csv());
  const events::Event created = call.MakeEvent(
      {.aggregate = file_id, .version = 1, .type = "PAYOUT_FILE_CREATED", .payload = names, .resource = names});
  RETURN_IF_ERROR(
      committer_.Commit(call.deadline(), call.ChangeOf({.events = {created}, .reply = reply, .sealed = true})));
  return reply;
}

absl::Status PayoutService::CheckComplete(const rpc::Call& call, const Uuid& file_id,
                                          const v1::CreatePayoutFileResponse& reply) const {
  ASSIGN_OR_RETURN(const std::vector<Payout> sent,
                   payouts_.ListInFile(call.deadline(), file_id, 2 * kPayoutsOfAllPartners));
  const std::set<std::string> named(reply.payouts().begin(), reply.payouts().end());
  for (const Payout& payout : sent) {
    const std::string name = rpc::FormatName(kPayoutName, {payout.partner, payout.id});
    if (named.count(name) != 0) continue;
    return FailedPrecondition("PAYOUT_FILE_INCOMPLETE",
                              "Another try of the same request sent a payout meanwhile. Call again with it.",
                              {{"payout", name}});
  }
  return absl::OkStatus();
}

absl::Status PayoutService::SendEach(const rpc::Call& call, const Uuid& file_id, const std::vector<Payout>& payouts,
                                     PayoutFile& file, v1::CreatePayoutFileResponse& reply) {
  std::map<Uuid, std::vector<Payout>> by_partner;
  for (const Payout& payout : payouts) by_partner[payout.partner].push_back(payout);
  for (const auto& [partner, of_partner] : by_partner) {
    RETURN_IF_ERROR(call.CheckTimeLeft());
    RETURN_IF_ERROR(SendOfPartner(call, file_id, of_partner, file, reply));
  }
  return absl::OkStatus();
}

absl::Status PayoutService::SendOfPartner(const rpc::Call& call, const Uuid& file_id,
                                          const std::vector<Payout>& payouts, PayoutFile& file,
                                          v1::CreatePayoutFileResponse& reply) {
  partner::v1::ResolvePayeeAccountRequest resolve;
  resolve.set_name(rpc::FormatName(kPayeeProfileName, {payouts.front().partner}));
  const absl::StatusOr<partner::v1::ResolvePayeeAccountResponse> account =
      payees_.ResolvePayeeAccount(call.outgoing(), resolve);
  const bool refused = absl::IsNotFound(account.status()) || absl::IsFailedPrecondition(account.status());
  if (!refused) RETURN_IF_ERROR(account.status());
  if (refused || account->currency_code() != payouts.front().currency) {
    for (const Payout& payout : payouts) {
      if (!IsInFile(payout, file_id)) continue;
      // It is posted as sent, so it must not be left out without a word.
      return FailedPrecondition("PAYEE_MISSING",
                                "An earlier try sent a payout whose partner has no such account any more. Have the "
                                "account restored, or record the payout as RETURNED, and call again.",
                                {{"payout", rpc::FormatName(kPayoutName, {payout.partner, payout.id})}});
    }
    const std::string reason = refused ? DetailsOf(account.status()).reason : "PAYEE_MISSING";
    AddSkipped(payouts, reason, reply);
    return absl::OkStatus();
  }
  std::vector<Payout> in_file, skipped;
  bool again = false;
  RETURN_IF_ERROR(events::RunUntilNotLost(call.deadline(), [&]() -> absl::Status {
    in_file.clear();
    skipped.clear();
    std::vector<Payout> sent;
    for (const Payout& listed : payouts) {
      Payout payout = listed;
      // Another try of the same request may have sent it meanwhile: then it is in this file.
      if (again) {
        ASSIGN_OR_RETURN(payout, payouts_.Get(call.deadline(), listed.partner, listed.id));
      }
      if (payout.state == PayoutState::kApproved) {
        ASSIGN_OR_RETURN(payout, MovePayout(payout, PayoutState::kSent, payout.reason, "", call.now()));
        payout.payee = account->masked_bank_reference();  // The partner may have changed it since.
        payout.file = file_id;
        sent.push_back(payout);
      }
      (IsInFile(payout, file_id) ? in_file : skipped).push_back(std::move(payout));
    }
    again = true;
    return sent.empty() ? absl::OkStatus() : CommitPayouts(call, committer_, sent);
  }));
  AddSkipped(skipped, "PAYOUT_STATE", reply);
  for (const Payout& payout : in_file) {
    const std::string name = rpc::FormatName(kPayoutName, {payout.partner, payout.id});
    file.Add(payout, name, account->bank_reference());
    reply.add_payouts(name);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::RecordPayoutAnswersResponse> PayoutService::RecordAnswers(
    const rpc::Call& call, const RecordPayoutAnswersCommand& command) {
  v1::RecordPayoutAnswersResponse reply;
  for (const PayoutAnswer& answer : command.answers) {
    RETURN_IF_ERROR(call.CheckTimeLeft());
    v1::RecordPayoutAnswersResponse::Entry& entry = *reply.add_entries();
    entry.set_payout(answer.name);
    absl::StatusOr<Payout> taken = FailedPrecondition("ROW_MALFORMED", "The row is malformed.");
    if (answer.partner.has_value()) taken = TakeAnswer(call, answer);
    if (taken.ok()) {
      entry.set_state(ToProto(*taken).state());
      reply.set_taken_count(reply.taken_count() + 1);
    } else if (absl::IsFailedPrecondition(taken.status()) || absl::IsNotFound(taken.status())) {
      entry.set_refusal_reason(DetailsOf(taken.status()).reason);
      reply.set_refused_count(reply.refused_count() + 1);
    } else {
      return taken.status();
    }
  }
  const events::Event recorded = call.MakeEvent({.aggregate = call.DerivedId("payout answers"),
                                                 .version = 1,
                                                 .type = "PAYOUT_ANSWERS_RECORDED",
                                                 .payload = reply,
                                                 .resource = reply});
  RETURN_IF_ERROR(committer_.Commit(call.deadline(), call.ChangeOf({.events = {recorded}, .reply = reply})));
  return reply;
}

absl::StatusOr<Payout> PayoutService::TakeAnswer(const rpc::Call& call, const PayoutAnswer& answer) {
  std::optional<Payout> taken;
  RETURN_IF_ERROR(events::RunUntilNotLost(call.deadline(), [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const Payout payout, payouts_.Get(call.deadline(), answer.partner.value_or(Uuid()), answer.id));
    RETURN_IF_ERROR(CheckAttempt(payout, answer.attempt));
    taken = payout;
    if (payout.state == answer.outcome) return absl::OkStatus();  // Taken before.
    ASSIGN_OR_RETURN(taken, MovePayout(payout, answer.outcome, answer.reason, answer.bank_reference, call.now()));
    return CommitPayouts(call, committer_, {*taken});
  }));
  return *std::move(taken);
}

absl::StatusOr<v1::Payout> PayoutService::RecordAnswer(const rpc::Call& call,
                                                       const RecordPayoutAnswerCommand& command) {
  ASSIGN_OR_RETURN(const Payout payout, payouts_.Get(call.deadline(), command.tenant, command.id));
  RETURN_IF_ERROR(CheckAttempt(payout, command.attempt));
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
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, RowsOf(call, payout));
  const v1::Payout reply = ToProto(payout);
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(),
      call.ChangeOf({.rows = std::move(rows), .events = {PayoutEventOf(call, payout)}, .reply = reply})));
  return reply;
}

}  // namespace countersign::billing
