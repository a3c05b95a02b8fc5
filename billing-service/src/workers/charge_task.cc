#include "billing-service/src/workers/charge_task.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/time/clock.h"
#include "billing-service/src/api/account_events.h"
#include "billing-service/src/api/charge_messages.h"
#include "billing-service/src/api/payment_events.h"
#include "billing-service/src/domain/parked_activation.h"
#include "billing-service/src/domain/settlement.h"
#include "billing-service/src/store/payment_store.h"
#include "billing-service/src/store/rows.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/base/text.h"
#include "common/rpc/call.h"
#include "common/rpc/convert.h"
#include "google/protobuf/util/message_differencer.h"

namespace countersign::billing {
namespace {

constexpr int kChargesPerPage = 100;
constexpr size_t kMaxProcessorReference = 100;
constexpr size_t kMaxDeclineReason = 64;
// Most of a charge's time is the processor's: with both, up to sixteen are under way at once.
constexpr int kThreads = 4;
constexpr int kHelpers = 12;
// A turn ends in time for the lease to be kept: a charge takes two calls of five seconds at most.
constexpr absl::Duration kChargeReserve = absl::Seconds(15);

bool HasTime(absl::Time deadline) { return absl::Now() < deadline - kChargeReserve; }

rpc::WorkerAct ActAt(absl::Time now) { return {.service = "billing-service", .now = now}; }

rpc::Outgoing ToProcessor(absl::Time deadline) { return rpc::WorkerOutgoing("billing-service", deadline); }

events::Event ChargeChanged(const rpc::WorkerAct& act, const Charge& charge) {
  return rpc::WorkerEvent(act, {.tenant = charge.account,
                                .aggregate = charge.id,
                                .version = charge.version,
                                .type = EventTypeOf(charge),
                                .payload = EventOf(charge),
                                .resource = ToProto(charge)});
}

bool IsPrintable(const std::string& text, size_t max) { return text.size() <= max && IsPrintableAscii(text); }

// Why an answer cannot be believed; empty: it can.
std::string ProblemOf(const Charge& charge, const payment::v1::Charge& said) {
  if (said.idempotency_key() != charge.id.ToString()) return "it is about another charge";
  if (!IsPrintable(said.processor_reference(), kMaxProcessorReference)) return "its processor_reference is malformed";
  if (!IsPrintable(said.decline_reason(), kMaxDeclineReason)) return "its decline_reason is malformed";
  if (said.state() != payment::v1::Charge::STATE_SUCCEEDED) return "";
  const bool same = google::protobuf::util::MessageDifferencer::Equals(said.amount(), rpc::ToProto(charge.amount));
  return same ? "" : "it is of another amount";
}

// An error, and an answer that cannot be believed, say nothing about the charge.
ChargeAnswer AnswerOf(const Charge& charge, const absl::StatusOr<payment::v1::Charge>& said) {
  const std::string problem = said.ok() ? ProblemOf(charge, *said) : said.status().ToString();
  if (!problem.empty()) {
    Log(Level::kWarning, "a charge is not settled", {{"charge", charge.id.ToString()}, {"error", problem}});
    return {ChargeState::kUnknown};
  }
  switch (said->state()) {
    case payment::v1::Charge::STATE_SUCCEEDED:
      return {ChargeState::kSucceeded, said->processor_reference()};
    case payment::v1::Charge::STATE_DECLINED:
      return {ChargeState::kDeclined, said->processor_reference(), said->decline_reason()};
    case payment::v1::Charge::STATE_CANCELLED:
      return {ChargeState::kCancelled, said->processor_reference()};
    default:
      return {ChargeState::kUnknown, said->processor_reference()};
  }
}

// One item's failure holds back no other; the first that another turn may cure is the turn's.
void NoteFailure(const Uuid& invoice, const absl::Status& status, absl::Status& first) {
  if (status.ok()) return;
  Log(Level::kError, "invoice not charged", {{"invoice", invoice.ToString()}, {"error", status.ToString()}});
  if (!IsPermanentRefusal(status) && !absl::IsDataLoss(status)) first.Update(status);
}

// Several accounts at once, so that a processor which is slow or does not answer holds back few others; each account's
// items one after another. When time runs out, the rest is left to the next turn.
template <typename Item>
absl::Status ForEach(const std::vector<Item>& items, absl::Time deadline, events::Crew& crew,
                     absl::FunctionRef<absl::Status(const Item&)> act) {
  std::map<Uuid, std::vector<const Item*>> items_of_account;
  for (const Item& item : items) items_of_account[item.account].push_back(&item);
  std::vector<std::vector<const Item*>> groups;
  for (auto& [account, group] : items_of_account) groups.push_back(std::move(group));
  std::vector<absl::Status> failures(groups.size());
  crew.Run(groups.size(), [&](size_t i) {
    for (const Item* item : groups[i]) {
      if (HasTime(deadline)) NoteFailure(item->invoice, act(*item), failures[i]);
    }
  });
  absl::Status first;
  for (const absl::Status& failure : failures) first.Update(failure);
  return first;
}

}  // namespace

ChargeTask::ChargeTask(const Needs& needs) : needs_(needs), helpers_(kHelpers) {}

events::BucketTask ChargeTask::task() const {
  return {
      .name = "charges",
      .interval = absl::Seconds(5),
      .run = [this](int bucket, absl::Time deadline) { return RunBucket(bucket, deadline); },
      .due =
          [this](absl::Time deadline) { return needs_.charges.ListDueBuckets(deadline, DateOf(needs_.clock.Now())); },
      .runs_only_when_due = true,
      .threads = kThreads};
}

absl::Status ChargeTask::RunBucket(int bucket, absl::Time deadline) const {
  absl::Status status = SettleOpen(bucket, deadline);
  status.Update(ChargeDue(bucket, deadline));
  return status;
}

absl::Status ChargeTask::SettleOpen(int bucket, absl::Time deadline) const {
  absl::Status first_error;
  Uuid after;
  bool more = true;
  while (more && HasTime(deadline)) {
    ASSIGN_OR_RETURN(const std::vector<Charge> open, needs_.charges.ListOpen(deadline, bucket, after, kChargesPerPage));
    first_error.Update(ForEach<Charge>(open, deadline, helpers_, [&](const Charge& charge) -> absl::Status {
      ASSIGN_OR_RETURN(const ChargeAnswer answer, FindOut(charge, deadline));
      return Record(charge, answer, deadline);
    }));
    more = open.size() == kChargesPerPage;
    if (more) after = open.back().id;
  }
  return first_error;
}

absl::Status ChargeTask::ChargeDue(int bucket, absl::Time deadline) const {
  absl::Status first_error;
  Uuid after;
  bool more = true;
  while (more && HasTime(deadline)) {
    ASSIGN_OR_RETURN(const std::vector<ChargeStore::Due> due,
                     needs_.charges.ListDue(deadline, bucket, DateOf(needs_.clock.Now()), after, kChargesPerPage));
    first_error.Update(ForEach<ChargeStore::Due>(
        due, deadline, helpers_, [&](const ChargeStore::Due& item) { return ChargeOne(item, deadline); }));
    more = due.size() == kChargesPerPage;
    if (more) after = due.back().invoice;
  }
  return first_error;
}

absl::Status ChargeTask::ChargeOne(const ChargeStore::Due& due, absl::Time deadline) const {
  std::optional<Charge> charge;
  std::string description;
  RETURN_IF_ERROR(events::RunUntilNotLost(deadline, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(charge, Request(due, description, deadline));
    return absl::OkStatus();
  }));
  if (!charge.has_value()) return absl::OkStatus();
  return Record(*charge, Create(*charge, description, deadline), deadline);
}

absl::StatusOr<std::optional<Charge>> ChargeTask::Request(const ChargeStore::Due& due, std::string& description,
                                                          absl::Time deadline) const {
  ASSIGN_OR_RETURN(AccountState state, needs_.books.Read(deadline, due.account));
  ASSIGN_OR_RETURN(const std::vector<Charge> attempts,
                   needs_.charges.ListOfInvoice(deadline, due.account, due.invoice));
  const absl::Time now = needs_.clock.Now();
  const Invoice* invoice = FindInvoice(state.invoices, due.invoice);
  if (invoice == nullptr || !IsToBeCharged(state.account, *invoice, attempts, DateOf(now))) return std::nullopt;
  description = invoice->number;
  ASSIGN_OR_RETURN(ChargeRequest request, BeginCharge(std::move(state), due.invoice, attempts, now));
  const rpc::WorkerAct act = ActAt(now);
  std::vector<events::Event> events = {ChargeChanged(act, request.charge)};
  AppendEvents(events, AccountEvents(act, request.change, kChargeRequestedOfAccount, AboutCharge(request.charge)));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, RowsOf(request.change));
  rows.push_back(ChargeStore::Row(request.charge));
  RETURN_IF_ERROR(
      needs_.committer.Commit(deadline, {.events = std::move(events), .reply = std::nullopt, .rows = std::move(rows)}));
  return std::move(request.charge);
}

ChargeAnswer ChargeTask::Create(const Charge& charge, const std::string& description, absl::Time deadline) const {
  payment::v1::CreateChargeRequest request;
  request.set_idempotency_key(charge.id.ToString());
  request.set_payment_token(charge.token);
  *request.mutable_amount() = rpc::ToProto(charge.amount);
  request.set_description(description);
  return AnswerOf(charge, needs_.processor.CreateCharge(ToProcessor(deadline), request));
}

absl::StatusOr<ChargeAnswer> ChargeTask::FindOut(const Charge& charge, absl::Time deadline) const {
  ASSIGN_OR_RETURN(const AccountState state, needs_.books.Read(deadline, charge.account));
  const Invoice* invoice = FindInvoice(state.invoices, charge.invoice);
  if (!IsStillWanted(charge, state.account, invoice)) {
    payment::v1::CancelChargeRequest cancel;
    cancel.set_idempotency_key(charge.id.ToString());
    return AnswerOf(charge, needs_.processor.CancelCharge(ToProcessor(deadline), cancel));
  }
  payment::v1::GetChargeRequest get;
  get.set_idempotency_key(charge.id.ToString());
  const absl::StatusOr<payment::v1::Charge> said = needs_.processor.GetCharge(ToProcessor(deadline), get);
  // A request of an earlier turn may still be on its way. With the same key it is the same charge.
  if (absl::IsNotFound(said.status())) return Create(charge, invoice->number, deadline);
  return AnswerOf(charge, said);
}

absl::Status ChargeTask::Record(const Charge& charge, const ChargeAnswer& answer, absl::Time deadline) const {
  return events::RunUntilNotLost(deadline, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const Charge current, needs_.charges.Get(deadline, charge.account, charge.id));
    if (!IsOpen(current) || current.state == answer.state) return absl::OkStatus();
    ASSIGN_OR_RETURN(const AccountState state, needs_.books.Read(deadline, charge.account, {charge.invoice}));
    ASSIGN_OR_RETURN(const std::vector<DunningLadder> ladders, needs_.ladders.ReadAll(deadline));
    const Date due_date = FindInvoice(state.invoices, charge.invoice)->due_date;
    const absl::Time now = needs_.clock.Now();
    ASSIGN_OR_RETURN(const Charge next, Answered(current, answer, due_date, LadderFor(ladders, due_date), now));
    const rpc::WorkerAct act = ActAt(now);
    std::vector<events::Event> events = {ChargeChanged(act, next)};
    std::vector<mysql::RowWrite> rows = {ChargeStore::Row(next)};
    if (next.state == ChargeState::kSucceeded) {
      ASSIGN_OR_RETURN(const Settlement settlement, SettleCharge(state, next, now));
      AppendEvents(events, PaymentEvents(act, settlement));
      ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> paid, PaymentStore::Rows(settlement));
      AppendRows(rows, std::move(paid));
    }
    return needs_.committer.Commit(deadline,
                                   {.events = std::move(events), .reply = std::nullopt, .rows = std::move(rows)});
  });
}

}  // namespace countersign::billing
