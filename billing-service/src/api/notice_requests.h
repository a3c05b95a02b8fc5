// Requests of NoticeService, checked and in the domain's types.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_NOTICE_REQUESTS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_NOTICE_REQUESTS_H_

#include <optional>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/page.h"
#include "countersign/billing/v1/notice_service.pb.h"

namespace countersign::billing {

struct ListNoticesCommand {
  std::optional<Uuid> account;  // None: of all.
  rpc::Listing list;
};
absl::StatusOr<ListNoticesCommand> ParseListNotices(const rpc::Call& call, const v1::ListNoticesRequest& request);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_NOTICE_REQUESTS_H_
