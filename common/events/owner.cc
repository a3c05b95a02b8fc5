#include "common/events/owner.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/crypto.h"

namespace countersign::events {
namespace {

constexpr int kMaxHost = 32;  // In an owner: it only helps to find the process.
constexpr int kRandomBytes = 8;

bool MayBeInAName(char c) { return absl::ascii_isgraph(c) && c != '#'; }

std::string HostName() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  std::string host(name.data());
  std::replace_if(host.begin(), host.end(), [](char c) { return !MayBeInAName(c); }, '_');
  return host.empty() ? "unknown" : host;
}

}  // namespace

bool IsReplicaName(absl::string_view name) {
  return !name.empty() && name.size() <= kMaxReplicaName && std::all_of(name.begin(), name.end(), MayBeInAName);
}

std::string DefaultReplicaName(absl::string_view listen) {
  return absl::StrCat(HostName(), "/", listen).substr(0, kMaxReplicaName);
}

std::string NewOwner(absl::string_view replica) {
  return absl::StrCat(replica, "#", HostName().substr(0, kMaxHost), "-", getpid(), "-",
                      absl::BytesToHexString(RandomBytes(kRandomBytes)));
}

std::string ReplicaOf(absl::string_view owner) { return std::string(owner.substr(0, owner.find('#'))); }

}  // namespace countersign::events
