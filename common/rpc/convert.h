// google.type messages and Timestamp ↔ the types of common/base.
#ifndef COUNTERSIGN_COMMON_RPC_CONVERT_H_
#define COUNTERSIGN_COMMON_RPC_CONVERT_H_

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/postal_address.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"
#include "google/type/postal_address.pb.h"

namespace countersign::rpc {

google::type::Money ToProto(const Money& money);
google::type::Date ToProto(Date date);
google::protobuf::Timestamp ToProto(absl::Time time);  // Requires a finite time.
google::type::PostalAddress ToProto(const PostalAddress& address);

// Errors: INVALID_ARGUMENT with a sentence that says what is allowed (also where common/base says OUT_OF_RANGE).
absl::StatusOr<Money> FromProto(const google::type::Money& money);
absl::StatusOr<Date> FromProto(const google::type::Date& date);
absl::StatusOr<absl::Time> FromProto(const google::protobuf::Timestamp& time);  // Truncated to microseconds.

// The value of a proto enum that is called prefix + name: EnumNamed<v1::Note::State>("STATE_", "OPEN"). 0
// (…_UNSPECIFIED) where there is none. So a state's name stands in one table (common/base/named.h), for rows and
// messages alike.
template <typename ProtoEnum>
ProtoEnum EnumNamed(absl::string_view prefix, absl::string_view name) {
  const auto* value = google::protobuf::GetEnumDescriptor<ProtoEnum>()->FindValueByName(absl::StrCat(prefix, name));
  return static_cast<ProtoEnum>(value == nullptr ? 0 : value->number());
}

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_CONVERT_H_
