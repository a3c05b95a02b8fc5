// Reads by key, gathered: calls that ask the same SELECT for different keys at the same moment are answered by one
// statement. Callers use FindOne and FindByKey (read.h).
#ifndef COUNTERSIGN_COMMON_MYSQL_GATHER_H_
#define COUNTERSIGN_COMMON_MYSQL_GATHER_H_

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/node_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/mysql/connection.h"
#include "common/mysql/table.h"

namespace countersign::mysql {

// A key as the columns of a row have it.
std::vector<std::string> TextsOf(const std::vector<Parameter>& key);
bool HasKey(const Row& row, const std::vector<std::string>& key);
std::optional<Row> RowWithKey(const std::vector<Row>& rows, const std::vector<std::string>& key);

// The next power of two: few different statements, so that they stay prepared.
size_t RoundUpKeys(size_t count);

// Appends the keys, the last one again until there are RoundUpKeys of them. Returns how many there are then.
size_t AppendKeys(const std::vector<const std::vector<Parameter>*>& keys, std::vector<Parameter>& parameters);

// Thread-safe. A lone caller reads at once. While one statement of a SELECT is under way, the next callers gather; the
// first of them then reads for all, in its own thread. A read begins after its caller asked, so it sees every commit
// that the caller knows of. Where a statement for several keys fails, each caller reads its own key alone.
class Gatherer {
 public:
  static constexpr size_t kMaxKeys = 32;  // In one statement.

  using ReadRows = std::function<absl::StatusOr<std::vector<Row>>(absl::Time deadline, const std::string& sql,
                                                                  const std::vector<Parameter>& parameters)>;

  // `read` reads the rows of a statement; called by several threads at once.
  explicit Gatherer(ReadRows read) : read_(std::move(read)) {}

  // The rows with this key. `asked`: values for the placeholders before the keys, which say no more than when it was
  // asked; those who share a statement get what the last of them asked for. Errors: those of `read`; DEADLINE_EXCEEDED.
  absl::StatusOr<std::vector<Row>> Read(absl::Time deadline, const KeyedSelect& select,
                                        const std::vector<Parameter>& key, const std::vector<Parameter>& asked = {});

  // How many callers of this SELECT wait for a statement just now.
  size_t waiting(const KeyedSelect& select);

 private:
  // A caller. It waits until one of the three is set. Shared, because a caller may leave at its deadline while its key
  // is being read.
  struct Waiting {
    Waiting(const std::vector<Parameter>& key, const std::vector<Parameter>& asked)
        : asked(asked), parameters(key), texts(TextsOf(key)) {}
    const std::vector<Parameter> asked;
    const std::vector<Parameter> parameters;
    const std::vector<std::string> texts;
    bool answered = false;
    bool alone = false;
    bool leads = false;
    std::vector<Row> rows{};
    absl::CondVar changed{};
  };
  struct Queue {
    std::deque<std::shared_ptr<Waiting>> waiting;
    bool led = false;  // Somebody reads, or has been told to.
  };

  absl::StatusOr<std::vector<Row>> ReadAlone(absl::Time deadline, const KeyedSelect& select, const Waiting& mine);
  absl::StatusOr<std::vector<Row>> ReadBatch(absl::Time deadline, const KeyedSelect& select,
                                             const std::vector<std::shared_ptr<Waiting>>& batch);

  ReadRows read_;
  absl::Mutex mutex_;
  absl::node_hash_map<std::string, Queue> queues_ ABSL_GUARDED_BY(mutex_);  // By the SELECT's text.
};

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_GATHER_H_
