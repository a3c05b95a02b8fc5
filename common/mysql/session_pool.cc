#include "common/mysql/session_pool.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/mysql/connection.h"
#include "common/mysql/errors.h"
#include "common/mysql/session_share.h"

namespace countersign::mysql {

absl::StatusOr<std::unique_ptr<Session>> SessionPool::Take(absl::Time deadline) {
  {
    absl::MutexLock lock(&mutex_);
    const auto can_take = LimitedSessions::OfThisThread() ? &SessionPool::CanTakeLimited : &SessionPool::CanTake;
    if (!mutex_.AwaitWithDeadline(absl::Condition(this, can_take), deadline)) {
      return Error(absl::StatusCode::kResourceExhausted, "DATABASE_BUSY",
                   "No database session became free in time. Try again later.");
    }
    if (closed_) {
      return Error(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE", "The server is shutting down.");
    }
    if (!idle_.empty()) {
      std::unique_ptr<Session> session = std::move(idle_.back());
      idle_.pop_back();
      return session;
    }
    ++open_;
  }
  return Open(deadline);
}

absl::StatusOr<std::unique_ptr<Session>> SessionPool::Open(absl::Time deadline) {
  DatabaseOptions options = options_;
  options.connect_timeout = std::min(options.connect_timeout, deadline - absl::Now());
  absl::StatusOr<std::unique_ptr<Session>> session = Session::Open(options);
  if (!session.ok()) {
    absl::MutexLock lock(&mutex_);
    --open_;
  }
  return session;
}

void SessionPool::Give(std::unique_ptr<Session> session) {
  std::vector<std::unique_ptr<Session>> dropped;  // Closed after the lock is released.
  absl::MutexLock lock(&mutex_);
  if (session->usable() && !closed_) {
    idle_.push_back(std::move(session));
    return;
  }
  if (IsConnectionLost(session->fatal_error())) std::swap(dropped, idle_);
  dropped.push_back(std::move(session));
  open_ -= static_cast<int>(dropped.size());
}

void SessionPool::Close() {
  std::vector<std::unique_ptr<Session>> dropped;
  absl::MutexLock lock(&mutex_);
  closed_ = true;
  std::swap(dropped, idle_);
  open_ -= static_cast<int>(dropped.size());
}

}  // namespace countersign::mysql
