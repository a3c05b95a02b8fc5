// Deletes the data of an erased link.
#include <array>
#include <functional>

#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "link-service/src/store/link_store.h"

namespace countersign::link {
namespace {

// A put does not write these columns, for they are fixed when the link is issued.
constexpr absl::string_view kEraseLink = "UPDATE links SET review = ?, secret_hmac = ? WHERE link_id = ?";

// The rows stay where an event names them.
constexpr std::array<absl::string_view, 5> kErase = {
    "UPDATE page_views SET evidence = '', salt = '' WHERE link_id = ?",
    "UPDATE presses SET evidence = '', salt = '' WHERE link_id = ?",
    "UPDATE receipt_acts SET plan = '', evidence = '', salt = '' WHERE link_id = ?",
    "DELETE FROM page_contents WHERE link_id = ?",
    "DELETE FROM codes WHERE link_id = ?",
};

// Under a lock that an erasure waits for, or that waits for it.
const mysql::KeyedSelect& LockLink() {
  static const auto* const select =
      new mysql::KeyedSelect{.select = "SELECT link_id, review <> '' FROM links FORCE INDEX (PRIMARY)",
                             .key = "link_id",
                             .rest = "LOCK IN SHARE MODE"};
  return *select;
}

}  // namespace

events::RowGuard LinkStore::IsNotErased(const Uuid& link_id) {
  return {.select = &LockLink(), .key = {link_id}, .holds = [](const mysql::Row& row) { return row.Int(1) != 0; }};
}

std::function<absl::Status(mysql::Connection&)> LinkStore::EraseWords(const Link& erased) {
  return [erased](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.Execute(kEraseLink, {erased.review, erased.secret_hmac, erased.link_id}).status());
    for (const absl::string_view statement : kErase) {
      RETURN_IF_ERROR(connection.Execute(statement, {erased.link_id}).status());
    }
    return absl::OkStatus();
  };
}

}  // namespace countersign::link
