// Domain → protocol buffers: what replies and events of this service say.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_MESSAGES_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_MESSAGES_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "countersign/partner/v1/agreement.pb.h"
#include "countersign/partner/v1/api_key.pb.h"
#include "countersign/partner/v1/authorization.pb.h"
#include "countersign/partner/v1/customer.pb.h"
#include "countersign/partner/v1/partner.pb.h"
#include "countersign/partner/v1/payee_profile.pb.h"
#include "partner-service/src/domain/agreement.h"
#include "partner-service/src/domain/api_key.h"
#include "partner-service/src/domain/authorization.h"
#include "partner-service/src/domain/customer.h"
#include "partner-service/src/domain/partner.h"
#include "partner-service/src/domain/payee_profile.h"

namespace countersign::partner {

v1::Partner::State ToProto(PartnerState state);

// `current_agreement` is the id of the agreement in force now.
v1::Partner ToProto(const Partner& partner, absl::string_view current_agreement);
v1::Customer ToProto(const Customer& customer);
// "partners/{partner}/apiKeys/{api_key}"
std::string NameOf(const ApiKey& key);
// Without the key itself, of which nothing but a hash is kept.
v1::ApiKey ToProto(const ApiKey& key, absl::Time now);
v1::Authorization ToProto(const Authorization& authorization);
v1::Agreement ToProto(const Agreement& agreement);
v1::AgreementAcceptance ToProto(const AgreementAcceptance& acceptance);
// With nothing of the account but its last characters.
v1::PayeeProfile ToProto(const PayeeProfile& profile);

// The payloads of the events that made this version.
v1::PartnerEvent EventOf(const Partner& partner);
v1::CustomerEvent EventOf(const Customer& customer);
v1::ApiKeyEvent EventOf(const ApiKey& key);
v1::AuthorizationEvent EventOf(const Authorization& authorization);
v1::AgreementEvent EventOf(const Agreement& agreement);
v1::PayeeProfileEvent EventOf(const PayeeProfile& profile);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_MESSAGES_H_
