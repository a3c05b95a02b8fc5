// Between protocol buffers and the types of common/base, for the simulation, which is a client and has no server's
// parts.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_CONVERT_H_
#define COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_CONVERT_H_

#include <cstdint>

#include "common/base/date.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"

namespace countersign::integration {

inline google::protobuf::Timestamp StartTimeOf(Date day) {
  google::protobuf::Timestamp time;
  time.set_seconds(absl::ToUnixSeconds(StartOf(day)));
  return time;
}

inline google::type::Date ProtoOf(Date day) {
  google::type::Date proto;
  proto.set_year(static_cast<int>(day.year()));
  proto.set_month(day.month());
  proto.set_day(day.day());
  return proto;
}

inline int64_t MicrosOf(const google::type::Money& proto) { return proto.units() * 1'000'000 + proto.nanos() / 1'000; }

inline Date DayOf(const google::type::Date& proto) { return Date(proto.year(), proto.month(), proto.day()); }

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_SIMULATE_CONVERT_H_
