// The policy in force and the quotas it sets, and how another policy comes into force while calls run.
#ifndef COUNTERSIGN_COMMON_RPC_ACCESS_CONTROL_H_
#define COUNTERSIGN_COMMON_RPC_ACCESS_CONTROL_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/rpc/access_policy.h"
#include "common/rpc/caller.h"
#include "common/rpc/quota.h"

namespace countersign::rpc {

// Thread-safe.
class AccessControl {
 public:
  using Now = std::function<QuotaBuckets::TimePoint()>;  // For the quotas.

  // With a policy that stays.
  explicit AccessControl(AccessPolicy policy, Now now = std::chrono::steady_clock::now);

  // One for all that have none of their own, such as tests in one process: the policy that is compiled in, without its
  // quotas.
  static AccessControl& BuiltInWithoutQuotas();

  // With the policy in the file `path`, which is looked at every `interval` by a thread of its own; an empty path: with
  // the one that is compiled in. Errors: INVALID_ARGUMENT ACCESS_POLICY, when the file cannot be read or does not
  // parse.
  static absl::StatusOr<std::unique_ptr<AccessControl>> Open(const std::string& path,
                                                             absl::Duration interval = absl::Seconds(1));
  ~AccessControl();

  // May `caller` call `method` at all? Error: PERMISSION_DENIED METHOD_NOT_ALLOWED, whose metadata say method, caller
  // and role (PolicyWord), and whose message says so where the caller may not only because it is suspended.
  absl::Status CheckAllowed(absl::string_view method, const Caller& caller) const;

  // May it call it now? Takes one token of its quota, also for what is denied. Errors: RESOURCE_EXHAUSTED
  // QUOTA_EXCEEDED, PERMISSION_DENIED METHOD_NOT_ALLOWED.
  absl::Status Admit(absl::string_view method, const Caller& caller);

  // Reads the file again if there is one, as the thread does. A file that cannot be read or does not parse is refused
  // whole: the policy in force stays, and the error is logged once and returned.
  absl::Status Reload();

 private:
  AccessControl(std::string path, std::string text, AccessPolicy policy, Now now);

  std::shared_ptr<const AccessPolicy> policy() const;
  void ReloadUntilStopped(absl::Duration interval);

  const std::string path_;
  QuotaBuckets quotas_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const AccessPolicy> policy_ ABSL_GUARDED_BY(mutex_);
  std::string text_ ABSL_GUARDED_BY(mutex_);    // Of the file when it was last looked at, good or bad.
  absl::Status state_ ABSL_GUARDED_BY(mutex_);  // OK, or why the file is refused.
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread reloader_;
};

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_ACCESS_CONTROL_H_
