// Who may call what, read from one text (config/access.policy, compiled in): a table from method to those to whom it is
// granted. What it does not grant is denied.
//
//   countersign.order.v1.OrderService/GetOrder   operator viewer partner suspended-partner link-service   # a comment
//   quota partner 50 100
#ifndef COUNTERSIGN_COMMON_RPC_ACCESS_POLICY_H_
#define COUNTERSIGN_COMMON_RPC_ACCESS_POLICY_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/caller.h"
#include "common/rpc/quota.h"
#include "google/protobuf/descriptor.h"

namespace countersign::rpc {

// Immutable.
class AccessPolicy {
 public:
  // The words to whom a method is granted, by the method's name: "operator", "viewer", "partner", "suspended-partner"
  // and services by their bare names ("order-service").
  using Grants = std::map<std::string, std::vector<std::string>, std::less<>>;

  // Refuses the whole text when one line is malformed, has a word that is no role and does not end in "-service",
  // repeats a method, a word or a quota, or grants a method that a service known to `pool` does not have.
  // Error: INVALID_ARGUMENT ACCESS_POLICY; the message names the line.
  static absl::StatusOr<AccessPolicy> Parse(
      absl::string_view text,
      const google::protobuf::DescriptorPool& pool = *google::protobuf::DescriptorPool::generated_pool());

  // The text of config/access.policy, and what it says. A program into which a broken one was compiled ends here.
  static absl::string_view BuiltInText();
  static const AccessPolicy& BuiltIn();

  // May `caller` call "countersign.order.v1.OrderService/GetOrder"?
  bool Allows(absl::string_view method, const Caller& caller) const;

  // The quota of the caller's role; nullopt = no limit.
  std::optional<Quota> QuotaOf(const Caller& caller) const;

  const Grants& grants() const { return grants_; }

  // The same grants, and no limits.
  AccessPolicy WithoutQuotas() const {
    AccessPolicy policy = *this;
    policy.quotas_.clear();
    return policy;
  }

 private:
  AccessPolicy() = default;

  Grants grants_;
  std::map<std::string, Quota, std::less<>> quotas_;  // By the same words.
};

// The word by which the policy knows a caller; empty for one that it cannot name (a service whose name does not end in
// "-service": a service called "operator" must not pass for one).
absl::string_view PolicyWord(const Caller& caller);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_ACCESS_POLICY_H_
