#include "common/events/erasure.h"

#include "absl/strings/string_view.h"

namespace countersign::events {
namespace {

constexpr absl::string_view kEraseSalts =
    "UPDATE events SET salt = NULL WHERE tenant_id = ? AND aggregate_id = ? AND version < ? AND salt IS NOT NULL";

}  // namespace

absl::Status EraseSalts(mysql::Connection& connection, const Uuid& tenant, const Uuid& aggregate, int64_t version) {
  return connection.Execute(kEraseSalts, {tenant, aggregate, version}).status();
}

}  // namespace countersign::events
