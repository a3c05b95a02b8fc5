// Transfer codes as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_TRANSFER_CODE_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_TRANSFER_CODE_MESSAGES_H_

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/transfer_code.h"
#include "common/events/change.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/transfer_code.pb.h"

namespace countersign::billing {

v1::TransferCode ToProto(const TransferCode& code);

// The event of the code's version; `type` is TRANSFER_CODE_CREATED or TRANSFER_CODE_USED.
events::Event TransferCodeChanged(const rpc::Call& call, const TransferCode& code, absl::string_view type);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_TRANSFER_CODE_MESSAGES_H_
