// Some sessions stay free for those on whom others wait: services, operators, relays, the probe.
#ifndef COUNTERSIGN_COMMON_MYSQL_SESSION_SHARE_H_
#define COUNTERSIGN_COMMON_MYSQL_SESSION_SHARE_H_

#include <utility>

namespace countersign::mysql {

// While it lives, its thread takes a session only where a quarter of the pool stays free.
class LimitedSessions {
 public:
  LimitedSessions() : LimitedSessions(true) {}
  ~LimitedSessions() { limited_ = before_; }
  LimitedSessions(const LimitedSessions&) = delete;
  LimitedSessions& operator=(const LimitedSessions&) = delete;

  // While it lives, the thread works for others, too, who are not to wait for its own limit.
  static LimitedSessions Lifted() { return LimitedSessions(false); }
  static bool OfThisThread() { return limited_; }

 private:
  explicit LimitedSessions(bool limited) : before_(std::exchange(limited_, limited)) {}

  static inline thread_local bool limited_ = false;

  const bool before_;
};

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_SESSION_SHARE_H_
