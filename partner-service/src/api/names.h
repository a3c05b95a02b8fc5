// The resource names of partner-service, as rpc::RequireName and rpc::FormatName take them, and the limit of names.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_NAMES_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_NAMES_H_

#include "absl/strings/string_view.h"

namespace countersign::partner {

inline constexpr absl::string_view kPartnerName = "partners/{partner}";
inline constexpr absl::string_view kCustomerName = "partners/{partner}/customers/{customer}";
inline constexpr absl::string_view kApiKeyName = "partners/{partner}/apiKeys/{api_key}";
inline constexpr absl::string_view kAcceptanceName = "partners/{partner}/agreementAcceptances/{agreement_acceptance}";
inline constexpr absl::string_view kPayeeProfileName = "partners/{partner}/payeeProfile";
inline constexpr absl::string_view kAuthorizationName = "partners/{partner}/authorizations/{authorization}";

// Agreements and offers have no UUIDs: "agreements/2009-06", "offers/bpos-standard-suite".
inline constexpr absl::string_view kAgreementPrefix = "agreements/";
inline constexpr absl::string_view kOfferPrefix = "offers/";

// Of the names of companies, people and things, as wide as their columns.
inline constexpr int kMaxTitleChars = 200;

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_NAMES_H_
