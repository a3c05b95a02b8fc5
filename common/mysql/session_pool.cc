#include "common/mysql/session_pool.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/metrics.h"
#include "common/mysql/connection.h"
#include "common/mysql/errors.h"
#include "common/mysql/server_url.h"
#include "common/mysql/session_share.h"

namespace countersign::mysql {

namespace {

// Of those acts that had to wait.
metrics::Histogram& Waits() {
  static metrics::Histogram& waits = metrics::MakeHistogram(
      "countersign_database_session_wait_seconds",
      "How long acts waited for a database session, of those that found none free.", metrics::SecondsBuckets());
  return waits;
}

// Of all pools of the process.
metrics::Gauge& OpenSessions() {
  static metrics::Gauge& gauge =
      metrics::MakeGauge("countersign_database_sessions_open", "Database sessions, in use or idle.");
  return gauge;
}

bool NamesSeveralServers(const DatabaseOptions& options) {
  const auto servers = ParseServerUrls(options.url);
  return servers.ok() && servers->size() > 1;
}

}  // namespace

SessionPool::SessionPool(DatabaseOptions options)
    : options_(std::move(options)), has_several_servers_(NamesSeveralServers(options_)) {
  Waits();
  OpenSessions();
}

bool SessionPool::WaitUntilCanTake(absl::Time deadline) {
  const auto can_take = LimitedSessions::OfThisThread() ? &SessionPool::CanTakeLimited : &SessionPool::CanTake;
  if ((this->*can_take)()) return true;
  const absl::Time start = absl::Now();
  const bool in_time = mutex_.AwaitWithDeadline(absl::Condition(this, can_take), deadline);
  Waits().Observe(absl::ToDoubleSeconds(absl::Now() - start));
  return in_time;
}

// Whether a server may hang. One that has just opened a session does not.
bool SessionPool::Suspects() const {
  if (!has_several_servers_) return false;
  const absl::Time late = absl::Now() - options_.suspect_after;
  return opened_at_ <= late && std::any_of(in_use_.begin(), in_use_.end(),
                                           [&](const Session* session) { return session->waiting_since() <= late; });
}

std::unique_ptr<Session> SessionPool::HandOut(std::unique_ptr<Session> session) {
  in_use_.push_back(session.get());
  return session;
}

// The last given back of the wanted kind; one of the other kind only where no new session may be opened; or null.
std::unique_ptr<Session> SessionPool::TakeIdle(bool autocommit) {
  if (idle_.empty()) return nullptr;
  auto found = std::find_if(idle_.rbegin(), idle_.rend(), [autocommit](const std::unique_ptr<Session>& session) {
    return session->autocommit() == autocommit;
  });
  if (found == idle_.rend()) {
    if (open_ < options_.pool_size) return nullptr;
    found = idle_.rbegin();
  }
  std::unique_ptr<Session> session = std::move(*found);
  idle_.erase(std::next(found).base());
  return session;
}

absl::StatusOr<std::unique_ptr<Session>> SessionPool::Take(absl::Time deadline, bool autocommit) {
  std::unique_ptr<Session> replaced;  // Closed after the lock is released.
  {
    absl::MutexLock lock(&mutex_);
    if (!WaitUntilCanTake(deadline)) {
      return Error(absl::StatusCode::kResourceExhausted, "DATABASE_BUSY",
                   "No database session became free in time. Try again later.");
    }
    if (closed_) {
      return Error(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE", "The server is shutting down.");
    }
    if (!Suspects()) {
      if (std::unique_ptr<Session> session = TakeIdle(autocommit)) return HandOut(std::move(session));
    } else if (open_ >= options_.pool_size) {
      replaced = TakeIdle(autocommit);
      AddOpen(-1);
    }
    AddOpen(1);
  }
  return Open(deadline);
}

absl::StatusOr<std::unique_ptr<Session>> SessionPool::Open(absl::Time deadline) {
  DatabaseOptions options = options_;
  options.connect_timeout = std::min(options.connect_timeout, deadline - absl::Now());
  absl::StatusOr<std::unique_ptr<Session>> session = Session::Open(options);
  std::vector<std::unique_ptr<Session>> dropped;  // Closed after the lock is released.
  absl::MutexLock lock(&mutex_);
  if (!session.ok()) {
    AddOpen(-1);
    return session;
  }
  opened_at_ = absl::Now();
  const size_t former = std::exchange(server_, (*session)->server());
  if (former != server_) {
    std::swap(dropped, idle_);
    AddOpen(-static_cast<int>(dropped.size()));
  }
  return HandOut(*std::move(session));
}

void SessionPool::Give(std::unique_ptr<Session> session) {
  std::vector<std::unique_ptr<Session>> dropped;  // Closed after the lock is released.
  absl::MutexLock lock(&mutex_);
  in_use_.erase(std::find(in_use_.begin(), in_use_.end(), session.get()));
  if (session->usable() && !closed_ && session->server() == server_) {
    idle_.push_back(std::move(session));
    return;
  }
  const absl::Status& error = session->fatal_error();
  if (IsConnectionLost(error) || IsReadOnly(error)) std::swap(dropped, idle_);
  dropped.push_back(std::move(session));
  AddOpen(-static_cast<int>(dropped.size()));
}

void SessionPool::AddOpen(int count) {
  open_ += count;
  OpenSessions().Increment(count);
}

void SessionPool::Close() {
  std::vector<std::unique_ptr<Session>> dropped;
  absl::MutexLock lock(&mutex_);
  closed_ = true;
  std::swap(dropped, idle_);
  AddOpen(-static_cast<int>(dropped.size()));
}

}  // namespace countersign::mysql
