#include "billing-service/src/workers/dunning_task.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "billing-service/src/api/account_events.h"
#include "billing-service/src/api/credit_note_messages.h"
#include "billing-service/src/api/dunning_messages.h"
#include "billing-service/src/api/notice_messages.h"
#include "billing-service/src/api/subscription_messages.h"
#include "billing-service/src/domain/cancellation_credit.h"
#include "billing-service/src/domain/parked_activation.h"
#include "billing-service/src/store/credit_note_store.h"
#include "billing-service/src/store/rows.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"

namespace countersign::billing {
namespace {

constexpr int kAccountsPerPage = 100;
constexpr size_t kMaxAlignedPerStep = 20;
constexpr size_t kMaxGivenUpPerStep = 100;
constexpr int kMaxStepsPerDunning = 100;
// A turn ends in time for the lease to be kept.
constexpr absl::Duration kTurnReserve = absl::Seconds(5);

absl::string_view DunningEventType(DunningStep step) {
  switch (step) {
    case DunningStep::kReached:
      return "DUNNING_RUNG_REACHED";
    case DunningStep::kEased:
      return "DUNNING_EASED";
    case DunningStep::kTurned:
      return "DUNNING_TURNED";
    case DunningStep::kCleared:
      return "DUNNING_CLEARED";
    case DunningStep::kNone:
      return "DUNNING_CONTINUED";  // More subscriptions than one step takes.
  }
  return "";
}

absl::string_view AlignedEventType(const Subscription& subscription) {
  switch (subscription.state) {
    case SubscriptionState::kPastDue:
      return "SUBSCRIPTION_PAST_DUE";
    case SubscriptionState::kSuspended:
      return "SUBSCRIPTION_SUSPENDED";
    case SubscriptionState::kCancelled:
      return "SUBSCRIPTION_CANCELLED";
    default:
      return "SUBSCRIPTION_RESUMED";
  }
}

// The subscriptions that the state changes, each at its next version; at most `limit`, `more` says whether there are
// others.
absl::StatusOr<std::vector<Subscription>> Aligned(std::vector<Subscription> subscriptions, DunningState state,
                                                  size_t limit, absl::Time now, bool& more) {
  std::vector<Subscription> changed;
  for (Subscription& subscription : subscriptions) {
    ASSIGN_OR_RETURN(const bool differs, AlignWithDunning(subscription, state, DateOf(now)));
    if (!differs) continue;
    if (changed.size() == limit) {
      more = true;
      break;
    }
    SetNextVersion(subscription, now);
    changed.push_back(std::move(subscription));
  }
  return changed;
}

// The same at the last rung: how each of them ends.
absl::StatusOr<std::vector<Cancellation>> Cancelled(std::vector<Subscription> subscriptions, size_t limit,
                                                    absl::Time now, bool& more) {
  std::vector<Cancellation> cancellations;
  for (Subscription& subscription : subscriptions) {
    ASSIGN_OR_RETURN(std::optional<Cancellation> cancellation, CancelUnpaid(std::move(subscription), DateOf(now)));
    if (!cancellation.has_value()) continue;
    if (cancellations.size() == limit) {
      more = true;
      break;
    }
    cancellations.push_back(*std::move(cancellation));
  }
  return cancellations;
}

struct DunningChange {
  AccountChange change;
  std::vector<CreditNote> notes;
};

// The account's own part of the step: its next version, and at the last rung what is overdue is given up (at most
// kMaxGivenUpPerStep, `more` says whether there is more), and what is invoiced and will not be served is credited.
absl::StatusOr<DunningChange> ChangeOf(AccountState state, const Dunning& dunning,
                                       const std::vector<Cancellation>& cancellations, absl::Time now, bool& more) {
  std::vector<CreditOrder> orders;
  for (const Cancellation& cancellation : cancellations) {
    for (CreditOrder& order : CreditOrdersOf(cancellation, state.invoices, kUnpaid)) orders.push_back(std::move(order));
  }
  std::vector<Uuid> given_up;
  if (dunning.state == DunningState::kCancelled) given_up = OverdueInvoices(state.invoices, DateOf(now));
  if (given_up.size() > kMaxGivenUpPerStep) {
    given_up.resize(kMaxGivenUpPerStep);
    more = true;
  }
  const Uuid subject = Uuid::Derived({"dunning", state.account.id.bytes(), absl::StrCat(state.account.version)});
  AccountBook book(state.account, std::move(state.invoices), std::move(state.fees),
                   {"DUNNING", subject, DateOf(now), now});
  for (const Uuid& invoice : given_up) RETURN_IF_ERROR(book.WriteOff(invoice));
  DunningChange changed;
  ASSIGN_OR_RETURN(changed.notes, IssueAll(book, orders));
  if (!changed.notes.empty()) RETURN_IF_ERROR(book.UseCredit());
  ASSIGN_OR_RETURN(changed.change, std::move(book).Close());
  return changed;
}

}  // namespace

events::BucketTask DunningTask::task() const {
  return {
      .name = "dunning",
      .interval = absl::Seconds(10),
      .run = [this](int bucket, absl::Time deadline) { return RunBucket(bucket, deadline); },
      .due =
          [this](absl::Time deadline) { return needs_.dunnings.ListDueBuckets(deadline, DateOf(needs_.clock.Now())); },
      .runs_only_when_due = true};
}

absl::Status DunningTask::RunBucket(int bucket, absl::Time deadline) const {
  ASSIGN_OR_RETURN(const std::vector<DunningLadder> ladders, needs_.ladders.ReadAll(deadline));
  int64_t first_days = kMaxDunningDays;
  for (const DunningLadder& ladder : ladders) first_days = std::min(first_days, ladder.rungs.front().days);
  const Date today = DateOf(needs_.clock.Now());
  absl::Status status = RunAll(
      [&](const Uuid& after) { return needs_.dunnings.ListSettled(deadline, bucket, today, after, kAccountsPerPage); },
      ladders, deadline);
  status.Update(RunAll(
      [&](const Uuid& after) {
        return needs_.dunnings.ListDue(deadline, bucket, today, today - first_days, after, kAccountsPerPage);
      },
      ladders, deadline));
  return status;
}

absl::Status DunningTask::RunAll(const ListAccounts& list, const std::vector<DunningLadder>& ladders,
                                 absl::Time deadline) const {
  absl::Status first_error;
  Uuid after;
  bool more = true;
  while (more && absl::Now() < deadline - kTurnReserve) {
    ASSIGN_OR_RETURN(const std::vector<Uuid> accounts, list(after));
    for (const Uuid& account : accounts) {
      const absl::Status status = RunAccount(account, ladders, deadline);
      if (status.ok()) continue;
      Log(Level::kError, "account not dunned", {{"account", account.ToString()}, {"error", status.ToString()}});
      // Another turn cannot cure a permanent refusal: the log has it.
      if (!IsPermanentRefusal(status) && !absl::IsDataLoss(status)) first_error.Update(status);
    }
    more = accounts.size() == kAccountsPerPage;
    if (more) after = accounts.back();
  }
  return first_error;
}

absl::Status DunningTask::RunAccount(const Uuid& account, const std::vector<DunningLadder>& ladders,
                                     absl::Time deadline) const {
  bool more = true;
  size_t limit = kMaxAlignedPerStep;
  for (int step = 0; more && step < kMaxStepsPerDunning; ++step) {
    const absl::Status status = events::RunUntilNotLost(deadline, [&]() -> absl::Status {
      ASSIGN_OR_RETURN(more, Step(account, ladders, limit, deadline));
      return absl::OkStatus();
    });
    // Less and less at once, until one change can hold it.
    if (events::IsChangeTooLarge(status) && limit > 1) {
      limit /= 2;
    } else {
      RETURN_IF_ERROR(status);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> DunningTask::Step(const Uuid& account, const std::vector<DunningLadder>& ladders, size_t limit,
                                       absl::Time deadline) const {
  // The account is read first: whatever changes after that makes the commit lose.
  ASSIGN_OR_RETURN(AccountState state, needs_.books.Read(deadline, account));
  ASSIGN_OR_RETURN(const Dunning before, needs_.dunnings.Read(deadline, account));
  const absl::Time now = needs_.clock.Now();
  const Date today = DateOf(now);
  const bool may_climb = needs_.mails && state.account.state != BillingAccountState::kParked;
  DunningMove move = MoveDunning(before, state.invoices, ladders, may_climb, today);
  if (move.step == DunningStep::kReached) {
    ASSIGN_OR_RETURN(const bool notified, IsNotified(move.dunning, now, deadline));
    if (!notified) move = {DunningStep::kNone, before};
  }
  // With nothing new only what an earlier step began is finished.
  const bool unfinished = before.next_date.has_value() && *before.next_date <= today;
  if (move.step == DunningStep::kNone && !unfinished) return false;

  Dunning& dunning = move.dunning;
  bool more = false;
  ASSIGN_OR_RETURN(std::vector<Subscription> subscriptions, needs_.subscriptions.ListLiving(deadline, account));
  std::vector<Cancellation> cancellations;
  if (dunning.state == DunningState::kCancelled) {
    ASSIGN_OR_RETURN(cancellations, Cancelled(std::move(subscriptions), limit, now, more));
    ASSIGN_OR_RETURN(state, WithCredited(std::move(state), cancellations, deadline));
    subscriptions.clear();
    for (const Cancellation& cancellation : cancellations) {
      subscriptions.push_back(cancellation.subscription);
      SetNextVersion(subscriptions.back(), now);
    }
  } else {
    ASSIGN_OR_RETURN(subscriptions, Aligned(std::move(subscriptions), dunning.state, limit, now, more));
  }
  const bool waits = dunning.state != DunningState::kCancelled && dunning.next_date == before.next_date;
  if (move.step == DunningStep::kNone && subscriptions.empty() && waits) return false;
  if (dunning.create_time == absl::UnixEpoch()) dunning.create_time = now;
  dunning.update_time = now;

  ASSIGN_OR_RETURN(const DunningChange changed, ChangeOf(std::move(state), dunning, cancellations, now, more));
  const rpc::WorkerAct act = {.service = "billing-service", .now = now};
  std::vector<events::Event> events =
      AccountEvents(act, changed.change, DunningEventType(move.step), AboutDunning(dunning));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, RowsOf(changed.change));
  for (const CreditNote& note : changed.notes) {
    events.push_back(CreditNoteCreated(act, note));
    AppendRows(rows, CreditNoteStore::Rows(note));
  }
  for (const Subscription& subscription : subscriptions) {
    events.push_back(rpc::WorkerEvent(act, {.tenant = subscription.account,
                                            .aggregate = subscription.id,
                                            .version = subscription.version,
                                            .type = AlignedEventType(subscription),
                                            .payload = EventOf(subscription),
                                            .resource = ToProto(subscription)}));
    AppendRows(rows, SubscriptionStore::Rows(subscription));
  }
  // What goes up is on record first, and looked at again today; what goes down is on record when all of it is down. So
  // it is finished also by whoever comes after a crash.
  const bool goes_down = move.step == DunningStep::kCleared || move.step == DunningStep::kEased;
  if (more && !goes_down) {
    dunning.next_date = today;
  } else if (dunning.state == DunningState::kCancelled) {
    dunning.next_date.reset();
  }
  if (!more || !goes_down) rows.push_back(DunningStore::Row(dunning));
  if (move.step == DunningStep::kReached) rows.push_back(DunningStore::RungRow(dunning));
  RETURN_IF_ERROR(
      needs_.committer.Commit(deadline, {.events = std::move(events), .reply = std::nullopt, .rows = std::move(rows)}));
  return more || goes_down;
}

absl::StatusOr<AccountState> DunningTask::WithCredited(AccountState state,
                                                       const std::vector<Cancellation>& cancellations,
                                                       absl::Time deadline) const {
  std::vector<Uuid> serving;
  for (const Cancellation& cancellation : cancellations) {
    if (cancellation.credited.empty()) continue;
    const Subscription& ended = cancellation.subscription;
    ASSIGN_OR_RETURN(const std::vector<Uuid> found,
                     needs_.invoices.ListServing(deadline, ended.account, ended.id, CreditedFrom(cancellation)));
    serving.insert(serving.end(), found.begin(), found.end());
  }
  if (serving.empty()) return state;
  std::sort(serving.begin(), serving.end());
  serving.erase(std::unique(serving.begin(), serving.end()), serving.end());
  ASSIGN_OR_RETURN(AccountState read, needs_.books.Read(deadline, state.account.id, std::move(serving)));
  if (read.account.version != state.account.version) return LostRace();
  return read;
}

absl::StatusOr<bool> DunningTask::IsNotified(const Dunning& climbed, absl::Time now, absl::Time deadline) const {
  Notice notice = DunningNotice(climbed, now);
  ASSIGN_OR_RETURN(const std::optional<Notice> found, needs_.notices.Find(deadline, notice.account, notice.id));
  if (!found.has_value()) {
    const rpc::WorkerAct act = {.service = "billing-service", .now = now};
    RETURN_IF_ERROR(needs_.committer.Commit(
        deadline, {.events = {NoticeEventOf(act, notice)}, .reply = std::nullopt, .rows = {NoticeStore::Row(notice)}}));
    return false;
  }
  if (found->state != NoticeState::kSent) return false;
  if (climbed.rung == 1) return true;
  ASSIGN_OR_RETURN(const std::optional<Notice> last,
                   needs_.notices.Find(deadline, notice.account, DunningNoticeId(climbed, climbed.rung - 1)));
  return !last.has_value() || last->state != NoticeState::kBounced;
}

}  // namespace countersign::billing
