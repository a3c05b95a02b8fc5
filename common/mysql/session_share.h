// Some sessions stay free for those on whom others wait: services, operators, relays, the probe.
#ifndef COUNTERSIGN_COMMON_MYSQL_SESSION_SHARE_H_
#define COUNTERSIGN_COMMON_MYSQL_SESSION_SHARE_H_

#include <utility>

namespace countersign::mysql {

// While it lives, its thread takes a session only where a quarter of the pool stays free.
class LimitedSessions {
 public:
  LimitedSessions() : before_(std::exchange(limited_, true)) {}
  ~LimitedSessions() { limited_ = before_; }
  LimitedSessions(const LimitedSessions&) = delete;
  LimitedSessions& operator=(const LimitedSessions&) = delete;

  static bool OfThisThread() { return limited_; }

 private:
  static inline thread_local bool limited_ = false;

  const bool before_;
};

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_SESSION_SHARE_H_
