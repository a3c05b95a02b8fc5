// Field checks for parse functions. Each records what is wrong in `violations` under `field` and still returns a value
// of the right type (zero, empty, nil), so that parsing goes on and the caller learns all violations at once.
#ifndef COUNTERSIGN_COMMON_RPC_FIELDS_H_
#define COUNTERSIGN_COMMON_RPC_FIELDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/error.h"
#include "common/base/money.h"
#include "common/base/postal_address.h"
#include "common/base/uuid.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"
#include "google/type/postal_address.pb.h"

namespace countersign::rpc {

inline constexpr int64_t kMaxQuantity = 1'000'000;
inline constexpr int64_t kMaxRevision = 1'000'000;  // Of whatever is revised: every service takes the same.

// `min_chars` to `max_chars` Unicode characters of one line by the rule of common/base/text.h, which trims the ends.
std::string RequireText(FieldViolations& violations, absl::string_view field, absl::string_view value, int min_chars,
                        int max_chars);

// As RequireText, of printable ASCII only: for what a column of ASCII text keeps.
std::string RequireAscii(FieldViolations& violations, absl::string_view field, absl::string_view value, int min_chars,
                         int max_chars);

// As RequireText, but lines are allowed: '\n' and '\t' pass.
std::string RequireLines(FieldViolations& violations, absl::string_view field, absl::string_view value, int min_chars,
                         int max_chars);

// A mailbox, "local@domain", 3 to 254 characters. Empty passes when `optional`.
std::string RequireEmail(FieldViolations& violations, absl::string_view field, absl::string_view value,
                         bool optional = false);

// The ids of a resource name, one per {…} of `pattern`; as many nil UUIDs when it does not match.
std::vector<Uuid> RequireName(FieldViolations& violations, absl::string_view field, absl::string_view pattern,
                              absl::string_view value);

// A lower-case UUID.
Uuid RequireUuid(FieldViolations& violations, absl::string_view field, absl::string_view value);

int64_t RequireQuantity(FieldViolations& violations, absl::string_view field, int64_t value, int64_t min = 1,
                        int64_t max = kMaxQuantity);

// A known ISO 4217 code.
std::string RequireCurrency(FieldViolations& violations, absl::string_view field, absl::string_view value);

enum class Sign { kPositive, kNotNegative, kAny };
// `present` = request.has_<field>(). At most 10^12 units, no finer than a micro.
Money RequireMoney(FieldViolations& violations, absl::string_view field, bool present, const google::type::Money& value,
                   Sign sign = Sign::kPositive);

Date RequireDate(FieldViolations& violations, absl::string_view field, bool present, const google::type::Date& value);

absl::Time RequireTime(FieldViolations& violations, absl::string_view field, bool present,
                       const google::protobuf::Timestamp& value);

// A value of the enum other than 0 (…_UNSPECIFIED): RequireEnum(violations, "state", request.state(),
// v1::OrderState_descriptor()).
void RequireEnum(FieldViolations& violations, absl::string_view field, int value,
                 const google::protobuf::EnumDescriptor* type);

// The code of a country, ISO 3166-1 alpha-2: "US". An empty one is refused as well.
std::string RequireCountry(FieldViolations& violations, absl::string_view field, absl::string_view value);

// A country's code, a locality or a line, each part at most 200 characters, at most 5 lines.
PostalAddress RequireAddress(FieldViolations& violations, absl::string_view field, bool present,
                             const google::type::PostalAddress& value);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_FIELDS_H_
