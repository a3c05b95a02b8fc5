#include "billing-service/src/api/notice_requests.h"

#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/notice_store.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {

absl::StatusOr<ListNoticesCommand> ParseListNotices(const rpc::Call& call, const v1::ListNoticesRequest& request) {
  FieldViolations violations;
  ListNoticesCommand command;
  if (request.parent() != kAllAccounts) {
    command.account = rpc::RequireName(violations, "parent", kAccountName, request.parent())[0];
  }
  command.list = rpc::RequireListing(violations, call, request, NoticeFilterFields());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace countersign::billing
