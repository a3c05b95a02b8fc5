// ISO 3166-1: the codes that name a country or territory.
#ifndef COUNTERSIGN_COMMON_BASE_COUNTRY_H_
#define COUNTERSIGN_COMMON_BASE_COUNTRY_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace countersign {

// The alpha-2 codes that are assigned, upper case, in alphabetical order. common/language has their names.
absl::Span<const absl::string_view> Countries();

// "US" is one; "us", "USA", "UK" and "ZZ" are not.
bool IsCountry(absl::string_view code);

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_COUNTRY_H_
