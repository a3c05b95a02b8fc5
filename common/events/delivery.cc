#include "common/events/delivery.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/events/cursor.h"
#include "common/events/delivery_answer.h"
#include "common/events/event_log.h"

namespace countersign::events {
namespace {

constexpr absl::Duration kDatabaseTimeout = absl::Seconds(10);
constexpr absl::Duration kPauseAfterDatabaseError = absl::Seconds(1);
constexpr int kBatch = 100;
constexpr int64_t kCursorLagEvents = 1000;
constexpr int kBatchesPerTurn = 10;  // Then other buckets have their turn.
constexpr int kDueBatch = 10;
constexpr int kAttemptsInPlace = 5;  // Of a receiver that is down; then the aggregate steps aside.

// So many failures in a row, over all buckets, are an outage of the receiver and not of one event: when it ends, all
// pauses end. Above kAttemptsInPlace, so that one event which kills its receiver cannot end its own pauses.
constexpr int kOutage = 10;

absl::Time DatabaseDeadline() { return absl::Now() + kDatabaseTimeout; }

void LogHeld(const HeldDelivery& held, const Event& event) {
  Log(held.parked ? Level::kError : Level::kWarning, held.parked ? "delivery parked" : "delivery set aside",
      {{"consumer", held.consumer},
       {"tenant", held.tenant.ToString()},
       {"aggregate", held.aggregate.ToString()},
       {"version", absl::StrCat(held.version)},
       {"type", event.type},
       {"attempts", absl::StrCat(held.attempts)},
       {"error", held.last_error}});
}

}  // namespace

Delivery::Delivery(mysql::Database& database, const Leases& leases, LogTail& tail, int reader, Consumer consumer,
                   const RelayOptions& options)
    : database_(database),
      leases_(leases),
      tail_(tail),
      reader_(reader),
      consumer_(std::move(consumer)),
      delivery_timeout_(options.delivery_timeout),
      pass_lag_(options.cursor_lag / 5),
      cursor_lag_(options.cursor_lag - pass_lag_),
      now_(options.now),
      cursors_(database, consumer_.name, options.now),
      queue_(options.now),
      crew_(options.helpers) {}

bool Delivery::MustArrive(absl::string_view event_type) const {
  const std::vector<std::string>& types = consumer_.must_arrive;
  return std::find(types.begin(), types.end(), event_type) != types.end();
}

void Delivery::NoteSealed(int bucket, const std::vector<Event>& sealed) {
  const bool at_once = sealed.empty() || std::any_of(sealed.begin(), sealed.end(), [&](const Event& event) {
                         return Concerns(event) && (consumer_.may_wait == nullptr || !consumer_.may_wait(event));
                       });
  if (at_once) {
    queue_.Wake(bucket);
  } else {
    queue_.WakeAfter(bucket, pass_lag_);
  }
}

Turn Delivery::Work(int bucket, bool hurry) {
  Turn turn;
  Bucket& state = buckets_[bucket];
  const std::optional<int64_t> epoch = leases_.EpochOf(bucket);
  if (!epoch.has_value()) {
    // The next holder begins where the row says; if the lease has really gone, the row stays as it is.
    if (state.cursor.epoch != 0) Store(bucket).IgnoreError();
    Forget(bucket);
    return turn;
  }
  if (state.cursor.epoch != *epoch) {
    if (const absl::Status status = Load(bucket, *epoch); !status.ok()) return Fail(bucket, status, turn);
  }
  const int outages = outages_ended_;
  if (hurry || std::exchange(state.outages, outages) != outages) state.wait_until = -absl::InfiniteDuration();
  if (now_() >= state.wait_until) {
    absl::Status status = RetryHeldOnes(bucket, hurry, turn);
    if (status.ok() && now_() >= state.wait_until) status = Advance(bucket, turn);
    if (!status.ok()) return Fail(bucket, status, turn);
  }
  cursors_.Note(bucket, state.cursor);
  const bool lags = now_() - state.cursor.stored_at >= cursor_lag_ || state.cursor.lag() >= kCursorLagEvents;
  if (hurry || lags) {
    if (const absl::Status status = Store(bucket); !status.ok()) return Fail(bucket, status, turn);
  }
  PlanNextTurn(bucket, turn);
  return turn;
}

void Delivery::PlanNextTurn(int bucket, Turn& turn) {
  Bucket& state = buckets_[bucket];
  const absl::Duration now = now_();
  if (state.wait_until > now) {
    turn.waits = true;
    queue_.WakeAfter(bucket, state.wait_until - now);
  }
  if (state.cursor.lag() != 0) queue_.WakeAfter(bucket, cursor_lag_);
  for (const auto& [aggregate, held] : state.held) turn.waits = turn.waits || !held.parked;
}

Turn Delivery::Fail(int bucket, const absl::Status& status, Turn turn) {
  turn.waits = true;
  turn.fenced = IsLostRace(status);
  // The lease may have run out here only: then the row still takes what was delivered. Else the guard refuses it.
  if (turn.fenced && buckets_[bucket].cursor.epoch != 0) Store(bucket).IgnoreError();
  Forget(bucket);
  if (!turn.fenced) {
    Log(Level::kWarning, "relay failed",
        {{"consumer", consumer_.name}, {"bucket", absl::StrCat(bucket)}, {"error", status.ToString()}});
  }
  queue_.WakeAfter(bucket, kPauseAfterDatabaseError);
  return turn;
}

absl::Status Delivery::Load(int bucket, int64_t epoch) {
  Bucket& state = buckets_[bucket];
  Forget(bucket);
  RETURN_IF_ERROR(database_.Read(DatabaseDeadline(), [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(state.cursor.stored, ReadCursor(reader, bucket, consumer_.name));
    ASSIGN_OR_RETURN(const std::vector<HeldDelivery> rows, ReadHeld(reader, bucket, consumer_.name));
    state.held.clear();
    for (const HeldDelivery& held : rows) state.held[{held.tenant, held.aggregate}] = held;
    return absl::OkStatus();
  }));
  state.cursor.position = state.cursor.stored;
  state.cursor.stored_at = now_();
  state.cursor.epoch = epoch;
  tail_.Passed(bucket, reader_, state.cursor.position);
  return absl::OkStatus();
}

void Delivery::NoteBehind(int bucket, int64_t position) {
  // Once is the usual lag of a cursor. Twice at the same place is none: whatever is remembered of the log's end is not
  // trusted any more.
  if (behind_at_[bucket].exchange(position + 1) != position + 1) return;
  tail_.Forget(bucket);
  queue_.Wake(bucket);
}

bool Delivery::IsHeld(int bucket) const { return leases_.EpochOf(bucket) == buckets_[bucket].cursor.epoch; }

absl::StatusOr<std::vector<Event>> Delivery::NextEvents(int bucket) {
  const int64_t position = buckets_[bucket].cursor.position;
  if (std::optional<std::vector<Event>> events = tail_.After(bucket, position, kBatch)) return *std::move(events);
  std::vector<Event> events;
  RETURN_IF_ERROR(database_.Read(DatabaseDeadline(), [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(events, ReadSealed(reader, bucket, position, kBatch));
    return absl::OkStatus();
  }));
  return events;
}

absl::Status Delivery::Advance(int bucket, Turn& turn) {
  Bucket& state = buckets_[bucket];
  for (int batch = 0; batch < kBatchesPerTurn; ++batch) {
    ASSIGN_OR_RETURN(const std::vector<Event> events, NextEvents(bucket));
    if (events.empty()) return absl::OkStatus();
    if (state.cursor.lag() == 0) state.cursor.stored_at = now_();
    const Answers answers = DeliverAll(bucket, events);
    for (size_t i = 0; i < events.size(); ++i) {
      if (!IsHeld(bucket)) return LostRace();
      RETURN_IF_ERROR(Follow(bucket, events[i], answers[i], turn));
      // An event that has to wait is passed by none, also when this thread slept through its pause.
      if (state.cursor.position < events[i].position || state.wait_until > now_()) break;
    }
    tail_.Passed(bucket, reader_, state.cursor.position);
    if (state.wait_until > now_()) return absl::OkStatus();
    if (state.cursor.lag() >= kCursorLagEvents) RETURN_IF_ERROR(Store(bucket));
  }
  queue_.Wake(bucket);
  return absl::OkStatus();
}

Delivery::Answers Delivery::DeliverAll(int bucket, const std::vector<Event>& events) {
  const Bucket& state = buckets_[bucket];
  Answers answers(events.size());
  std::map<AggregateKey, Chain> in_order;
  for (size_t i = 0; i < events.size(); ++i) {
    const AggregateKey key = {events[i].tenant, events[i].aggregate};
    const auto held = state.held.find(key);
    // Versions below the held one were delivered or abandoned; a Redeliver brings them again.
    if (held != state.held.end() && events[i].version >= held->second.version) continue;
    if (Concerns(events[i])) {
      in_order[key].push_back(i);
    } else {
      answers[i] = absl::OkStatus();
    }
  }
  std::vector<const Chain*> chains;
  for (const auto& [key, chain] : in_order) chains.push_back(&chain);
  if (consumer_.deliver_many && chains.size() > 1) {
    DeliverTogether(bucket, events, chains, answers);
  } else {
    DeliverInThreads(bucket, events, chains, answers);
  }
  return answers;
}

void Delivery::DeliverTogether(int bucket, const std::vector<Event>& events, const std::vector<const Chain*>& chains,
                               Answers& answers) {
  for (size_t step = 0; IsHeld(bucket); ++step) {
    std::vector<size_t> places;
    std::vector<const Event*> together;
    for (const Chain* chain : chains) {
      if (step >= chain->size()) continue;
      if (step > 0 && !answers[(*chain)[step - 1]].value_or(absl::CancelledError()).ok()) continue;
      places.push_back((*chain)[step]);
      together.push_back(&events[places.back()]);
    }
    if (places.empty()) return;
    const std::vector<absl::Status> given = consumer_.deliver_many(together, absl::Now() + delivery_timeout_);
    for (size_t i = 0; i < places.size(); ++i) {
      answers[places[i]] = given[i];
      NoteAnswer(given[i]);
    }
  }
}

void Delivery::DeliverInThreads(int bucket, const std::vector<Event>& events, const std::vector<const Chain*>& chains,
                                Answers& answers) {
  crew_.Run(chains.size(), [&](size_t index) {
    for (const size_t i : *chains[index]) {
      if (!IsHeld(bucket)) return;
      answers[i] = Deliver(events[i]);
      if (!answers[i]->ok()) return;
    }
  });
}

absl::Status Delivery::Follow(int bucket, const Event& event, const std::optional<absl::Status>& answer, Turn& turn) {
  Bucket& state = buckets_[bucket];
  const auto held = state.held.find({event.tenant, event.aggregate});
  if (held == state.held.end() || event.version < held->second.version) {
    if (!answer.has_value()) return LostRace();  // The lease went meanwhile.
    if (IsDown(*answer)) {
      NoteDown(bucket);
      if (++state.attempts < kAttemptsInPlace) return absl::OkStatus();
    } else {
      state.failures = 0;
    }
    if (!answer->ok()) RETURN_IF_ERROR(SetAside(bucket, event, *answer));
  }
  state.attempts = 0;
  state.cursor.position = event.position;
  turn.progress = true;
  return absl::OkStatus();
}

absl::Status Delivery::SetAside(int bucket, const Event& event, const absl::Status& error) {
  const HeldDelivery held{.tenant = event.tenant,
                          .aggregate = event.aggregate,
                          .consumer = consumer_.name,
                          .version = event.version,
                          .parked = IsRefused(error),
                          .attempts = std::max(1, buckets_[bucket].attempts),
                          .next_attempt = absl::InfinitePast(),  // The database's clock decides.
                          .last_error = error.ToString()};
  return Hold(bucket, held, event, event.position);
}

absl::Status Delivery::Hold(int bucket, const HeldDelivery& held, const Event& event, int64_t position) {
  Bucket& state = buckets_[bucket];
  RETURN_IF_ERROR(StoreHeld(database_, DatabaseDeadline(), held, position, state.cursor.epoch));
  LogHeld(held, event);
  state.held[{held.tenant, held.aggregate}] = held;
  state.cursor.stored = position;
  return absl::OkStatus();
}

absl::Status Delivery::RetryHeldOnes(int bucket, bool hurry, Turn& turn) {
  Bucket& state = buckets_[bucket];
  const bool look = look_for_due_[bucket].exchange(false);
  if (state.held.empty() || !(look || hurry)) return absl::OkStatus();
  std::vector<HeldDelivery> due;
  RETURN_IF_ERROR(database_.Read(DatabaseDeadline(), [&](mysql::Reader& reader) -> absl::Status {
    if (hurry) {
      ASSIGN_OR_RETURN(due, ReadHeld(reader, bucket, consumer_.name));
      due.erase(std::remove_if(due.begin(), due.end(), [](const HeldDelivery& held) { return held.parked; }),
                due.end());
    } else {
      ASSIGN_OR_RETURN(due, ReadDue(reader, bucket, consumer_.name, kDueBatch));
    }
    return absl::OkStatus();
  }));
  for (const HeldDelivery& held : due) {
    if (!IsHeld(bucket)) return LostRace();
    RETURN_IF_ERROR(RetryOne(bucket, held, turn));
    if (state.wait_until > now_()) return absl::OkStatus();
  }
  if (due.size() == kDueBatch) {  // There may be more.
    LookForDue(bucket);
    queue_.Wake(bucket);
  }
  return absl::OkStatus();
}

// Delivers the aggregate's events from held.version to where the cursor is; what follows comes by the cursor.
absl::Status Delivery::RetryOne(int bucket, HeldDelivery held, Turn& turn) {
  Bucket& state = buckets_[bucket];
  bool more = true;
  while (more) {
    std::vector<Event> events;
    RETURN_IF_ERROR(database_.Read(DatabaseDeadline(), [&](mysql::Reader& reader) -> absl::Status {
      ASSIGN_OR_RETURN(events, ReadAggregate(reader, held.tenant, held.aggregate, held.version, kBatch));
      return absl::OkStatus();
    }));
    more = events.size() == kBatch;
    for (const Event& event : events) {
      more = more && event.position <= state.cursor.position;
      if (event.position > state.cursor.position) break;
      if (!IsHeld(bucket)) return LostRace();
      const absl::Status status = Deliver(event);
      if (!status.ok()) {
        if (IsDown(status)) NoteDown(bucket);
        held.parked = IsRefused(status);
        ++held.attempts;
        held.last_error = status.ToString();
        return Hold(bucket, held, event, state.cursor.position);
      }
      held.version = event.version + 1;
      held.attempts = 0;
      turn.progress = true;
    }
  }
  RETURN_IF_ERROR(RemoveHeld(database_, DatabaseDeadline(), held, state.cursor.epoch));
  state.held.erase({held.tenant, held.aggregate});
  turn.progress = true;
  return absl::OkStatus();
}

bool Delivery::Concerns(const Event& event) const { return consumer_.concerns == nullptr || consumer_.concerns(event); }

absl::Status Delivery::Deliver(const Event& event) {
  const absl::Status status = consumer_.deliver(event, absl::Now() + delivery_timeout_);
  NoteAnswer(status);
  return status;
}

void Delivery::NoteAnswer(const absl::Status& status) {
  if (IsDown(status)) {
    ++down_streak_;
  } else if (down_streak_.exchange(0) >= kOutage) {
    EndOutage();
  }
}

void Delivery::EndOutage() {
  ++outages_ended_;
  for (int bucket = 0; bucket < kBuckets; ++bucket) queue_.Wake(bucket);
  // Best effort: without it the pauses of what stepped aside end by themselves.
  database_
      .Autocommit(DatabaseDeadline(),
                  [&](mysql::Connection& connection) { return EndPauses(connection, consumer_.name); })
      .IgnoreError();
}

void Delivery::NoteDown(int bucket) {
  Bucket& state = buckets_[bucket];
  state.wait_until = now_() + BackoffAfter(++state.failures);
}

void Delivery::Forget(int bucket) {
  buckets_[bucket] = Bucket{};
  cursors_.Forget(bucket);
}

absl::Status Delivery::Store(int bucket) { return cursors_.Store(bucket, buckets_[bucket].cursor); }

void Delivery::StoreCursors() {
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    if (buckets_[bucket].cursor.epoch != 0) Store(bucket).IgnoreError();
  }
}

}  // namespace countersign::events
