#include "common/rpc/convert.h"

#include <cstdint>
#include <string>

#include "common/base/status_macros.h"

namespace countersign::rpc {
namespace {

// The range of google.protobuf.Timestamp: years 1 to 9999.
constexpr int64_t kMinSeconds = -62'135'596'800;
constexpr int64_t kMaxSeconds = 253'402'300'799;

}  // namespace

google::type::Money ToProto(const Money& money) {
  google::type::Money proto;
  proto.set_currency_code(money.currency());
  proto.set_units(money.units());
  proto.set_nanos(money.nanos());
  return proto;
}

google::type::Date ToProto(Date date) {
  google::type::Date proto;
  proto.set_year(static_cast<int32_t>(date.year()));
  proto.set_month(date.month());
  proto.set_day(date.day());
  return proto;
}

google::protobuf::Timestamp ToProto(absl::Time time) {
  const int64_t micros = absl::ToUnixMicros(time);
  google::protobuf::Timestamp proto;
  // Nanos count forward also before 1970.
  const int64_t seconds = micros / 1'000'000 - (micros % 1'000'000 < 0 ? 1 : 0);
  proto.set_seconds(seconds);
  proto.set_nanos(static_cast<int32_t>((micros - seconds * 1'000'000) * 1000));
  return proto;
}

google::type::PostalAddress ToProto(const PostalAddress& address) {
  google::type::PostalAddress proto;
  proto.set_region_code(address.region_code);
  proto.set_postal_code(address.postal_code);
  proto.set_administrative_area(address.administrative_area);
  proto.set_locality(address.locality);
  for (const std::string& line : address.address_lines) proto.add_address_lines(line);
  for (const std::string& recipient : address.recipients) proto.add_recipients(recipient);
  proto.set_organization(address.organization);
  return proto;
}

absl::StatusOr<Money> FromProto(const google::type::Money& money) {
  absl::StatusOr<Money> result = Money::FromUnitsAndNanos(money.units(), money.nanos(), money.currency_code());
  if (!result.ok()) return absl::InvalidArgumentError(result.status().message());
  return result;
}

absl::StatusOr<Date> FromProto(const google::type::Date& date) {
  return MakeDate(date.year(), date.month(), date.day());
}

absl::StatusOr<absl::Time> FromProto(const google::protobuf::Timestamp& time) {
  if (time.seconds() < kMinSeconds || time.seconds() > kMaxSeconds || time.nanos() < 0 || time.nanos() > 999'999'999) {
    return absl::InvalidArgumentError("must be a time of the years 1 to 9999 with nanos of 0 to 999,999,999");
  }
  return absl::FromUnixMicros(time.seconds() * 1'000'000 + time.nanos() / 1000);
}

}  // namespace countersign::rpc
