#include "link-service/src/store/press_store.h"

#include "common/base/status_macros.h"

namespace countersign::link {
namespace {

// The hash is the key, so what is there already is the same.
constexpr absl::string_view kInsertContent =
    "INSERT INTO page_contents (link_id, sha256, content, locale, template_version, agreement_version, create_time) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE locale = locale";

constexpr absl::string_view kInsertPress =
    "INSERT INTO presses (link_id, press_id, act, revision, content_sha256, evidence, salt, press_time, outcome) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, '')";

constexpr absl::string_view kNoteOutcome =
    "UPDATE presses SET outcome = ? WHERE link_id = ? AND press_id = ? AND outcome = ''";

constexpr size_t kMaxOutcome = 64;  // The column's width; states and reasons are shorter.

}  // namespace

absl::Status PressStore::Insert(absl::Time deadline, const Press& press, const ShownContent& shown,
                                const events::Change& change) {
  return events::Commit(database_, deadline, change, [&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection
                        .Execute(kInsertContent, {press.link_id, shown.sha256, shown.content, shown.locale,
                                                  shown.template_version, shown.agreement_version, press.press_time})
                        .status());
    return connection
        .Execute(kInsertPress, {press.link_id, press.press_id, ToString(press.act), press.revision, shown.sha256,
                                press.evidence, press.salt, press.press_time})
        .status();
  });
}

absl::Status PressStore::NoteOutcome(absl::Time deadline, const Uuid& link_id, const Uuid& press_id,
                                     absl::string_view outcome) {
  return database_.Autocommit(deadline, [&](mysql::Connection& connection) {
    return connection.Execute(kNoteOutcome, {outcome.substr(0, kMaxOutcome), link_id, press_id}).status();
  });
}

}  // namespace countersign::link
