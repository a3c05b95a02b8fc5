// Payee profiles as messages.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAYEE_PROFILE_MESSAGES_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAYEE_PROFILE_MESSAGES_H_

#include <string>

#include "countersign/partner/v1/payee_profile.pb.h"
#include "partner-service/src/domain/payee_profile.h"

namespace countersign::partner {

// The account as it may be shown, "••••3000"; empty before it is set.
std::string MaskedAccountOf(const PayeeProfile& profile);

// Of the account it has the last characters only.
v1::PayeeProfile ToProto(const PayeeProfile& profile);

// The payload of the event that made this version.
v1::PayeeProfileEvent EventOf(const PayeeProfile& profile);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAYEE_PROFILE_MESSAGES_H_
