#include "common/rpc/access_control.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"

namespace countersign::rpc {
namespace {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  // An empty file is one that is being written, or a mistake; a policy that lets nobody in can say so in a comment.
  if (!file.is_open() || file.bad() || text.empty()) {
    return Error(absl::StatusCode::kInvalidArgument, "ACCESS_POLICY",
                 absl::StrCat("the access policy ", path, " cannot be read, or is empty"));
  }
  return text;
}

}  // namespace

AccessControl::AccessControl(AccessPolicy policy, Now now) : AccessControl("", "", std::move(policy), std::move(now)) {}

AccessControl::AccessControl(std::string path, std::string text, AccessPolicy policy, Now now)
    : path_(std::move(path)),
      quotas_(std::move(now)),
      policy_(std::make_shared<const AccessPolicy>(std::move(policy))),
      text_(std::move(text)) {}

absl::StatusOr<std::unique_ptr<AccessControl>> AccessControl::Open(const std::string& path, absl::Duration interval) {
  if (path.empty()) return std::make_unique<AccessControl>(AccessPolicy::BuiltIn());
  ASSIGN_OR_RETURN(std::string text, ReadFile(path));
  ASSIGN_OR_RETURN(AccessPolicy policy, AccessPolicy::Parse(text));
  auto control =
      absl::WrapUnique(new AccessControl(path, std::move(text), std::move(policy), std::chrono::steady_clock::now));
  control->reloader_ = std::thread([raw = control.get(), interval] { raw->ReloadUntilStopped(interval); });
  return control;
}

AccessControl& AccessControl::BuiltInWithoutQuotas() {
  static AccessControl* const control = new AccessControl(AccessPolicy::BuiltIn().WithoutQuotas());
  return *control;
}

AccessControl::~AccessControl() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (reloader_.joinable()) reloader_.join();
}

absl::Status AccessControl::CheckAllowed(absl::string_view method, const Caller& caller) const {
  const std::shared_ptr<const AccessPolicy> policy = this->policy();
  if (policy->Allows(method, caller)) return absl::OkStatus();
  Caller reinstated = caller;
  reinstated.suspended = false;
  const absl::string_view message = policy->Allows(method, reinstated)
                                        ? "The partner is suspended, and this method is not for suspended partners."
                                        : "The caller may not call this method.";
  return Error(absl::StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED", message,
               {{"method", std::string(method)}, {"caller", caller.name}, {"role", std::string(PolicyWord(caller))}});
}

absl::Status AccessControl::Admit(absl::string_view method, const Caller& caller) {
  const std::optional<Quota> quota = policy()->QuotaOf(caller);
  if (quota.has_value()) RETURN_IF_ERROR(quotas_.Take(caller.name, *quota));
  return CheckAllowed(method, caller);
}

absl::Status AccessControl::Reload() {
  if (path_.empty()) return absl::OkStatus();
  absl::StatusOr<std::string> text = ReadFile(path_);
  absl::MutexLock lock(&mutex_);
  if (text.value_or("") == text_) return state_;  // Nothing new, and said already.
  text_ = text.value_or("");
  absl::StatusOr<AccessPolicy> policy = text.ok() ? AccessPolicy::Parse(*text) : text.status();
  state_ = policy.status();
  if (policy.ok()) {
    policy_ = std::make_shared<const AccessPolicy>(*std::move(policy));
    Log(Level::kInfo, "another access policy is in force", {{"file", path_}});
  } else {
    Log(Level::kError, "the access policy is refused; the one before stays in force",
        {{"file", path_}, {"error", std::string(state_.message())}});
  }
  return state_;
}

std::shared_ptr<const AccessPolicy> AccessControl::policy() const {
  absl::MutexLock lock(&mutex_);
  return policy_;
}

void AccessControl::ReloadUntilStopped(absl::Duration interval) {
  for (;;) {
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), interval)) return;
    }
    Reload().IgnoreError();  // Logged.
  }
}

}  // namespace countersign::rpc
