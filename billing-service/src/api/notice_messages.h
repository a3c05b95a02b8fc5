// Notices as messages, and their events.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_NOTICE_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_NOTICE_MESSAGES_H_

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/notice.h"
#include "common/events/change.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/notice.pb.h"

namespace countersign::billing {

v1::Notice ToProto(const Notice& notice);

// The payload of its events.
v1::NoticeEvent EventOf(const Notice& notice);

// NOTICE_QUEUED, NOTICE_SENT or NOTICE_BOUNCED, by its state.
absl::string_view NoticeEventType(const Notice& notice);

// That event, of a worker's act.
events::Event NoticeEventOf(const rpc::WorkerAct& act, const Notice& notice);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_NOTICE_MESSAGES_H_
