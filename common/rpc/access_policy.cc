#include "common/rpc/access_policy.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/slug.h"
#include "common/base/status_macros.h"
#include "common/rpc/default_access_policy.h"

namespace countersign::rpc {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::ServiceDescriptor;
using Words = std::vector<std::string>;

constexpr absl::string_view kQuotaWord = "quota";
constexpr absl::string_view kServiceSuffix = "-service";
constexpr char kFileName[] = "access.policy";
constexpr int kMaxQuota = 1'000'000;

bool IsServiceWord(absl::string_view word) {
  return word.size() > kServiceSuffix.size() && absl::EndsWith(word, kServiceSuffix) && IsSlug(word);
}

bool IsWord(absl::string_view word) {
  return word == "operator" || word == "viewer" || word == "partner" || word == "suspended-partner" ||
         IsServiceWord(word);
}

// "countersign.order.v1.OrderService/GetOrder": identifiers with dots between them, one slash before the last.
bool IsMethod(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('/', 1));
  const auto is_identifier = [](absl::string_view part) {
    return !part.empty() && !absl::ascii_isdigit(part[0]) &&
           std::all_of(part.begin(), part.end(), [](char c) { return absl::ascii_isalnum(c) || c == '_'; });
  };
  const std::vector<absl::string_view> names = absl::StrSplit(parts.first, '.');
  return is_identifier(parts.second) && names.size() > 1 && std::all_of(names.begin(), names.end(), is_identifier);
}

absl::Status Refuse(absl::string_view why) { return Error(absl::StatusCode::kInvalidArgument, "ACCESS_POLICY", why); }

absl::StatusOr<int> ParseQuotaNumber(absl::string_view text) {
  int number = 0;
  if (!absl::SimpleAtoi(text, &number) || number < 1 || number > kMaxQuota) {
    return Refuse(absl::StrCat("a quota's numbers are 1 to ", kMaxQuota, ", not ", text));
  }
  return number;
}

absl::Status CheckExists(absl::string_view method, const DescriptorPool& pool) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(method, '/');
  const ServiceDescriptor* const service = pool.FindServiceByName(parts.first);
  if (service == nullptr || service->FindMethodByName(parts.second) != nullptr) return absl::OkStatus();
  return Refuse(absl::StrCat("there is no method ", method));
}

absl::Status AddQuota(const Words& words, std::map<std::string, Quota, std::less<>>& quotas) {
  if (words.size() != 4) return Refuse("a quota is: quota ROLE CALLS-PER-SECOND BURST");
  if (!IsWord(words[1])) return Refuse(absl::StrCat("nobody is called ", words[1]));
  Quota quota;
  ASSIGN_OR_RETURN(quota.calls_per_second, ParseQuotaNumber(words[2]));
  ASSIGN_OR_RETURN(quota.burst, ParseQuotaNumber(words[3]));
  if (!quotas.emplace(words[1], quota).second) return Refuse(absl::StrCat("a second quota for ", words[1]));
  return absl::OkStatus();
}

absl::Status AddGrant(const Words& words, const DescriptorPool& pool, AccessPolicy::Grants& grants) {
  const std::string& method = words[0];
  if (!IsMethod(method)) return Refuse(absl::StrCat("a line begins with package.Service/Method, not with ", method));
  if (words.size() < 2) return Refuse(absl::StrCat("leave out ", method, " to grant it to nobody"));
  RETURN_IF_ERROR(CheckExists(method, pool));
  Words granted(words.begin() + 1, words.end());
  for (const std::string& word : granted) {
    if (!IsWord(word)) return Refuse(absl::StrCat("nobody is called ", word));
    if (std::count(granted.begin(), granted.end(), word) > 1) return Refuse(absl::StrCat(word, " stands there twice"));
  }
  if (!grants.emplace(method, std::move(granted)).second) return Refuse(absl::StrCat("a second line for ", method));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<AccessPolicy> AccessPolicy::Parse(absl::string_view text, const DescriptorPool& pool) {
  AccessPolicy policy;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    const Words words = absl::StrSplit(line.substr(0, line.find('#')), absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    if (words.empty()) continue;
    const absl::Status added =
        words[0] == kQuotaWord ? AddQuota(words, policy.quotas_) : AddGrant(words, pool, policy.grants_);
    if (!added.ok()) return Refuse(absl::StrCat("line ", number, ": ", added.message()));
  }
  return policy;
}

absl::string_view AccessPolicy::BuiltInText() {
  for (const EmbeddedFile& file : kEmbeddedPolicies) {
    if (file.name == kFileName) return {file.contents.data(), file.contents.size()};
  }
  return {};
}

const AccessPolicy& AccessPolicy::BuiltIn() {
  static const AccessPolicy* const policy = [] {
    absl::StatusOr<AccessPolicy> parsed = Parse(BuiltInText());
    if (!parsed.ok()) {
      Log(Level::kError, "config/access.policy", {{"error", std::string(parsed.status().message())}});
      std::abort();
    }
    return new AccessPolicy(*std::move(parsed));
  }();
  return *policy;
}

bool AccessPolicy::Allows(absl::string_view method, const Caller& caller) const {
  const absl::string_view word = PolicyWord(caller);
  const auto granted = grants_.find(method);
  if (word.empty() || granted == grants_.end()) return false;
  return std::find(granted->second.begin(), granted->second.end(), word) != granted->second.end();
}

std::optional<Quota> AccessPolicy::QuotaOf(const Caller& caller) const {
  const auto quota = quotas_.find(PolicyWord(caller));
  if (quota == quotas_.end()) return std::nullopt;
  return quota->second;
}

absl::string_view PolicyWord(const Caller& caller) {
  switch (caller.role) {
    case Role::kPartner:
      return caller.suspended ? "suspended-partner" : "partner";
    case Role::kOperator:
      return "operator";
    case Role::kViewer:
      return "viewer";
    case Role::kService: {
      const absl::string_view name = absl::StripPrefix(caller.name, "services/");
      return IsServiceWord(name) ? name : absl::string_view();
    }
  }
  return {};
}

}  // namespace countersign::rpc
