// The requests that most methods have, parsed once: one resource by its name, a transition of it, a list.
//
//   endpoint_.Read(…, rpc::ParseNamed{kNoteName}, …)             GetNote: name
//   endpoint_.Mutate(…, rpc::ParseTransition{kNoteName}, …)      ArchiveNote: name, reason, etag
//   endpoint_.Read(…, rpc::ParseList{kOwnerName, NoteFilterFields()}, …)   ListNotes: parent, filter, page
//
// Each collects every violation, then refuses a name outside the calling partner with NOT_FOUND.
#ifndef COUNTERSIGN_COMMON_RPC_REQUESTS_H_
#define COUNTERSIGN_COMMON_RPC_REQUESTS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/mysql/filter_field.h"
#include "common/rpc/call.h"
#include "common/rpc/fields.h"
#include "common/rpc/page.h"

namespace countersign::rpc {

inline constexpr int kMaxReasonChars = 500;  // As wide as the columns of reasons.

// A resource, and what the caller says of it. A field that the request does not have is empty.
struct NamedResource {
  Uuid tenant;  // The first id of the name.
  Uuid id;      // The last: the tenant itself where the name has one id.
  std::vector<Uuid> ids = {};
  std::string etag = {};
  std::string reason = {};
};

// The ids of the resource named by the request's field `name`; with its etag.
struct ParseNamed {
  absl::string_view pattern;  // "partners/{partner}/customers/{customer}"

  template <typename Request>
  absl::StatusOr<NamedResource> operator()(const Call& call, const Request& request) const {
    FieldViolations violations;
    NamedResource named = Parse(violations, request);
    RETURN_IF_ERROR(violations.ToStatus());
    RETURN_IF_ERROR(call.RequireOwn(pattern, named.tenant));
    return named;
  }

  // The same without the checks at the end, for a request with more fields.
  template <typename Request>
  NamedResource Parse(FieldViolations& violations, const Request& request) const {
    NamedResource named;
    named.ids = RequireName(violations, "name", pattern, request.name());
    named.tenant = named.ids.front();
    named.id = named.ids.back();
    if constexpr (requires { request.etag(); }) named.etag = request.etag();
    return named;
  }
};

// The same, with a reason for the record.
struct ParseTransition {
  absl::string_view pattern;
  int min_reason_chars = 1;  // 0: a reason may be left out.

  template <typename Request>
  absl::StatusOr<NamedResource> operator()(const Call& call, const Request& request) const {
    FieldViolations violations;
    NamedResource named = ParseNamed{pattern}.Parse(violations, request);
    named.reason = RequireText(violations, "reason", request.reason(), min_reason_chars, kMaxReasonChars);
    RETURN_IF_ERROR(violations.ToStatus());
    RETURN_IF_ERROR(call.RequireOwn(pattern, named.tenant));
    return named;
  }
};

// A list of what lies under a parent.
struct ListRequest {
  Uuid parent = {};  // The last id of the parent's name; nil for a list without one.
  std::vector<Uuid> parents = {};
  Listing list = {};
};

// `parent` is the pattern of the parent's name; empty: the list has none. `fields` may be filtered by.
struct ParseList {
  absl::string_view parent;
  std::vector<mysql::FilterField> fields;

  template <typename Request>
  absl::StatusOr<ListRequest> operator()(const Call& call, const Request& request) const {
    FieldViolations violations;
    ListRequest command = Parse(violations, call, request);
    RETURN_IF_ERROR(violations.ToStatus());
    if (!command.parents.empty()) RETURN_IF_ERROR(call.RequireOwn(parent, command.parents.front()));
    return command;
  }

  // The same without the checks at the end, for a request with more fields.
  template <typename Request>
  ListRequest Parse(FieldViolations& violations, const Call& call, const Request& request) const {
    ListRequest command;
    if constexpr (requires { request.parent(); }) {
      command.parents = RequireName(violations, "parent", parent, request.parent());
      command.parent = command.parents.back();
    }
    command.list = RequireListing(violations, call, request, fields);
    return command;
  }
};

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_REQUESTS_H_
