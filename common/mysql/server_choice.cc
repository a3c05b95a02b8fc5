#include "common/mysql/server_choice.h"

#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/log.h"

namespace countersign::mysql {
namespace {

struct Choices {
  absl::Mutex mutex;
  std::map<std::string, size_t> by_servers ABSL_GUARDED_BY(mutex);

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
  return found == choices.by_servers.end() ? 0 : found->second;
}

void PreferServer(const std::vector<ServerUrl>& servers, size_t index) {
  Choices& choices = Choices::Get();
  const absl::MutexLock lock(&choices.mutex);
  size_t& preferred = choices.by_servers[KeyOf(servers)];
  if (preferred == index) return;
  preferred = index;
  Log(Level::kWarning, "another database server is used from now on", {{"server", AddressOf(servers[index])}});
}

}  // namespace countersign::mysql
