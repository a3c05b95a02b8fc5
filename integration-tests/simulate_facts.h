// Records a simulation's facts for a model that shares no code with the services: one JSON object a line.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_FACTS_H_
#define COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_FACTS_H_

#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/base/date.h"

namespace countersign::integration {

// A field of a fact. Texts are ids, dates and codes: nothing in them needs to be escaped.
using FactField = std::pair<std::string, std::string>;  // Name, JSON value.
FactField TextField(absl::string_view name, absl::string_view value);
FactField NumberField(absl::string_view name, int64_t value);

// The last id of a resource name in the 32 capital digits in which the database writes it.
std::string HexOf(absl::string_view name);

// Thread-safe.
class FactWriter {
 public:
  explicit FactWriter(const std::string& path) : out_(path) {}
  void Write(Date day, absl::string_view act, const std::vector<FactField>& fields);
  int64_t count() const {
    const absl::MutexLock lock(&mutex_);
    return count_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::ofstream out_ ABSL_GUARDED_BY(mutex_);
  int64_t count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_FACTS_H_
