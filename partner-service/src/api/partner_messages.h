// Partners as messages.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_MESSAGES_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_MESSAGES_H_

#include "absl/strings/string_view.h"
#include "countersign/partner/v1/partner.pb.h"
#include "partner-service/src/domain/partner.h"

namespace countersign::partner {

v1::Partner::State ToProto(PartnerState state);

// `current_agreement` is the id of the agreement in force: it decides agreement_current.
v1::Partner ToProto(const Partner& partner, absl::string_view current_agreement);

// The payload of the event that made this version.
v1::PartnerEvent EventOf(const Partner& partner);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_MESSAGES_H_
