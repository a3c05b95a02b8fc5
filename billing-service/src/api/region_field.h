// A field that names a country.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_REGION_FIELD_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_REGION_FIELD_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace countersign::billing {

// ISO 3166: two upper-case letters.
std::string RequireRegion(FieldViolations& violations, absl::string_view field, const std::string& value);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_REGION_FIELD_H_
