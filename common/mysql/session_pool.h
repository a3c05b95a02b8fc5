// At most pool_size sessions, opened when they are first needed. Internal to common/mysql.
#ifndef COUNTERSIGN_COMMON_MYSQL_SESSION_POOL_H_
#define COUNTERSIGN_COMMON_MYSQL_SESSION_POOL_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/mysql/connection.h"
#include "common/mysql/session.h"

namespace countersign::mysql {

// Thread-safe.
class SessionPool {
 public:
  explicit SessionPool(DatabaseOptions options);

  // A session with autocommit on or off, as wanted: an idle one, or a new one, or an idle one of the other kind, or the
  // next that is given back before `deadline`; for a thread of LimitedSessions only while a quarter of them all stays
  // free. The caller turns one of the other kind round (Session::SetAutocommit). An idle one is not asked whether it is
  // alive: that would cost every act a round trip to learn what the act's first statement says anyway. But while a
  // statement waits for long at one of several servers, as it does when the server is stopped and not dead, only a new
  // session is given, at most one a second: opening it takes a second at most where using an idle one would take five.
  // Errors: RESOURCE_EXHAUSTED DATABASE_BUSY, UNAVAILABLE when closed, those of Connect.
  absl::StatusOr<std::unique_ptr<Session>> Take(absl::Time deadline, bool autocommit);

  // Takes the session back. One that is not usable is closed, and the idle ones with it when its connection was lost
  // or its server takes no writes: most likely so it is with them, and each would cost an act. Closed as well are those
  // of another server than the last session was opened at.
  void Give(std::unique_ptr<Session> session);

  // Closes what is idle, and what is in use when it comes back.
  void Close();

 private:
  bool CanTake() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return closed_ || !idle_.empty() || open_ < options_.pool_size;
  }
  bool CanTakeLimited() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    const int in_use = open_ - static_cast<int>(idle_.size());
    return CanTake() && (closed_ || in_use < options_.pool_size - options_.pool_size / 4);
  }
  bool WaitUntilCanTake(absl::Time deadline) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::unique_ptr<Session> TakeIdle(bool autocommit) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Suspects() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  std::unique_ptr<Session> HandOut(std::unique_ptr<Session> session) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddOpen(int count) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::unique_ptr<Session>> Open(absl::Time deadline);

  const DatabaseOptions options_;
  const bool has_several_servers_;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Session>> idle_ ABSL_GUARDED_BY(mutex_);  // The last given back is taken first.
  std::vector<const Session*> in_use_ ABSL_GUARDED_BY(mutex_);
  size_t server_ ABSL_GUARDED_BY(mutex_) = 0;  // At which the last session was opened, and when.
  absl::Time opened_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  int open_ ABSL_GUARDED_BY(mutex_) = 0;  // Idle, in use, or being opened.
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

// A session of the pool for the time of one act.
class PooledSession {
 public:
  PooledSession(SessionPool& pool, std::unique_ptr<Session> session) : pool_(pool), session_(std::move(session)) {
    session_->BeginUse();
  }
  ~PooledSession() { pool_.Give(std::move(session_)); }
  PooledSession(const PooledSession&) = delete;
  PooledSession& operator=(const PooledSession&) = delete;

  Session& operator*() { return *session_; }
  Session* operator->() { return session_.get(); }

 private:
  SessionPool& pool_;
  std::unique_ptr<Session> session_;
};

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_SESSION_POOL_H_
