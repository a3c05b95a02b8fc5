#include "common/mysql/server_choice.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/log.h"

namespace countersign::mysql {
namespace {

struct Choice {
  size_t first = 0;   // To be tried.
  size_t used = 0;    // By the last session.
  absl::Status none;  // Why no server took a session, until then.
  absl::Time until = absl::InfinitePast();
};

struct Choices {
  absl::Mutex mutex;
  std::map<std::string, Choice> by_servers ABSL_GUARDED_BY(mutex);

  static Choices& Get() {
    static auto* const all = new Choices;
    return *all;
  }
};

std::string AddressOf(const ServerUrl& server) { return absl::StrCat(server.host, ":", server.port); }

std::string KeyOf(const std::vector<ServerUrl>& servers) {
  std::string key;
  for (const ServerUrl& server : servers) absl::StrAppend(&key, AddressOf(server), ",");
  return key;
}

}  // namespace

size_t PreferredServer(const std::vector<ServerUrl>& servers) {
  Choices& choices = Choices::Get();
  const absl::MutexLock lock(&choices.mutex);
  const auto found = choices.by_servers.find(KeyOf(servers));
  return found == choices.by_servers.end() ? 0 : found->second.first;
}

void PreferServer(const std::vector<ServerUrl>& servers, size_t index) {
  Choices& choices = Choices::Get();
  const absl::MutexLock lock(&choices.mutex);
  Choice& choice = choices.by_servers[KeyOf(servers)];
  choice.first = index;
  choice.until = absl::InfinitePast();
  if (std::exchange(choice.used, index) == index) return;
  Log(Level::kWarning, "another database server is used from now on", {{"server", AddressOf(servers[index])}});
}

void AvoidServer(const std::vector<ServerUrl>& servers, size_t index) {
  Choices& choices = Choices::Get();
  const absl::MutexLock lock(&choices.mutex);
  size_t& first = choices.by_servers[KeyOf(servers)].first;
  if (first == index) first = (index + 1) % servers.size();
}

void RememberNone(const std::vector<ServerUrl>& servers, const absl::Status& why, absl::Duration pause) {
  Choices& choices = Choices::Get();
  const absl::MutexLock lock(&choices.mutex);
  Choice& choice = choices.by_servers[KeyOf(servers)];
  choice.none = why;
  choice.until = absl::Now() + pause;
}

absl::Status WhyNone(const std::vector<ServerUrl>& servers) {
  Choices& choices = Choices::Get();
  const absl::MutexLock lock(&choices.mutex);
  const Choice& choice = choices.by_servers[KeyOf(servers)];
  return absl::Now() < choice.until ? choice.none : absl::OkStatus();
}

}  // namespace countersign::mysql
