// Statements over all buckets, for what concerns a whole service.
#ifndef COUNTERSIGN_COMMON_EVENTS_ALL_BUCKETS_H_
#define COUNTERSIGN_COMMON_EVENTS_ALL_BUCKETS_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "common/events/change.h"
#include "common/mysql/connection.h"

namespace countersign::events {

// `sql` with a parameter for each bucket instead of its '@': "… WHERE bucket IN (@)". Every bucket is named, so that a
// key that begins with the bucket is used.
inline std::string InAllBuckets(absl::string_view sql) {
  const size_t place = sql.find('@');
  return absl::StrCat(sql.substr(0, place), absl::StrJoin(std::vector<absl::string_view>(kBuckets, "?"), ", "),
                      sql.substr(place + 1));
}

// The parameters of such a statement; `others` come after the buckets.
inline std::vector<mysql::Parameter> AllBuckets(const std::vector<mysql::Parameter>& others = {}) {
  std::vector<mysql::Parameter> parameters;
  for (int bucket = 0; bucket < kBuckets; ++bucket) parameters.emplace_back(bucket);
  parameters.insert(parameters.end(), others.begin(), others.end());
  return parameters;
}

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_ALL_BUCKETS_H_
