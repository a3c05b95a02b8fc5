// Requests of lists of an account, or over all accounts: "billingAccounts/{account}" or "billingAccounts/-".
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_ACCOUNT_LIST_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_ACCOUNT_LIST_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/mysql/filter_field.h"
#include "common/rpc/call.h"
#include "common/rpc/caller.h"
#include "common/rpc/fields.h"
#include "common/rpc/page.h"

namespace countersign::billing {

struct AccountList {
  std::optional<Uuid> account;  // None: of all.
  rpc::Listing list;
};

// The request's fields parent, filter, page_size and page_token.
struct ParseAccountList {
  std::vector<mysql::FilterField> fields;

  template <typename Request>
  absl::StatusOr<AccountList> operator()(const rpc::Call& call, const Request& request) const {
    FieldViolations violations;
    AccountList command = Parse(violations, call, request);
    RETURN_IF_ERROR(violations.ToStatus());
    return command;
  }

  // The same without the check at the end, for a request with more fields.
  template <typename Request>
  AccountList Parse(FieldViolations& violations, const rpc::Call& call, const Request& request) const {
    AccountList command;
    if (request.parent() != kAllAccounts) {
      command.account = rpc::RequireName(violations, "parent", kAccountName, request.parent())[0];
    }
    command.list = rpc::RequireListing(violations, call, request, fields);
    return command;
  }
};

// For a method that other services may call as well: they ask for one account, only people read all. Error: NOT_FOUND
// RESOURCE_NOT_FOUND.
inline absl::Status RequireOneAccountOfServices(const rpc::Call& call, const AccountList& command) {
  if (command.account.has_value() || call.caller().role != rpc::Role::kService) return absl::OkStatus();
  return NotFound("RESOURCE_NOT_FOUND", "There is no such resource.");
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_ACCOUNT_LIST_H_
