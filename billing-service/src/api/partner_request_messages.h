// Partner requests as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_REQUEST_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_REQUEST_MESSAGES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/partner_request.h"
#include "common/events/change.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/partner_request.pb.h"

namespace countersign::billing {

// As they stand at `now`.
v1::PartnerRequest ToProto(const PartnerRequest& request, absl::Time now);
v1::ReceivedPartnerRequest ReceivedOf(const PartnerRequest& request, const std::string& company_name, absl::Time now);

// The event of the request's version; `resource` is the reply, which the event proves.
events::Event PartnerRequestEventOf(const rpc::Call& call, const PartnerRequest& request,
                                    const google::protobuf::Message& resource, absl::string_view reason = "");

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_PARTNER_REQUEST_MESSAGES_H_
