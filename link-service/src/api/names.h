// The resource names of link-service, as rpc::RequireName and rpc::FormatName take them.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_API_NAMES_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_API_NAMES_H_

#include "absl/strings/string_view.h"

namespace countersign::link {

inline constexpr absl::string_view kLinkName = "links/{link}";
inline constexpr absl::string_view kPartnerName = "partners/{partner}";
inline constexpr absl::string_view kAllPartners = "partners/-";
inline constexpr absl::string_view kNewLinkRequestName = "partners/{partner}/newLinkRequests/{new_link_request}";
inline constexpr absl::string_view kAccountName = "billingAccounts/{account}";
inline constexpr absl::string_view kOrderName = "partners/{partner}/orders/{order}";

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_API_NAMES_H_
