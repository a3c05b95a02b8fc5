// The pages of this service's lists: what a list call asks for, and the token of the next page.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAGES_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAGES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/fields.h"
#include "common/rpc/page.h"
#include "partner-service/src/api/names.h"
#include "partner-service/src/store/rows.h"

namespace countersign::partner {

// A page of what lies under a partner.
struct ListUnderPartner {
  Uuid partner;
  rpc::Page page;
  std::string scope;  // What the page's token is bound to beside caller and method: the parent.
};

// For ListAuthorizations, ListApiKeys and ListAgreementAcceptances, whose requests are alike.
template <typename Request>
absl::StatusOr<ListUnderPartner> ParseListUnderPartner(const rpc::Call& call, const Request& request) {
  FieldViolations violations;
  ListUnderPartner command;
  command.partner = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  command.scope = request.parent();
  command.page = rpc::RequirePage(violations, call, command.scope, request.page_size(), request.page_token());
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.partner));
  return command;
}

// A position as page tokens hold it: "{microseconds}/{id}", and back. A token is authenticated, so what it holds is
// what ToText made; the empty text is the position before the first row.
std::string ToText(const Position& position);
Position PositionOf(const std::string& text);

// A store is asked for one more than the page has: true, and that one taken away, when there is a next page.
template <typename Item>
bool CutToPage(std::vector<Item>& items, int page_size) {
  if (items.size() <= static_cast<size_t>(page_size)) return false;
  items.pop_back();
  return true;
}

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAGES_H_
