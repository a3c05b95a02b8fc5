#include "link-service/src/store/press_store.h"

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::link {
namespace {

// The hash in the key determines everything else but the time.
constexpr mysql::Table kContents = {.name = "page_contents",
                                    .key = "link_id, sha256",
                                    .fixed = "content, locale, template_version, agreement_version, create_time"};

constexpr mysql::Table kPresses = {
    .name = "presses",
    .key = "link_id, press_id",
    .fixed = "act, revision, content_sha256, evidence, salt, press_time, form_id, outcome"};

constexpr absl::string_view kContentKept = "CONTENT_KEPT";

constexpr absl::string_view kNoteOutcome =
    "UPDATE presses SET outcome = ? WHERE link_id = ? AND press_id = ? AND outcome = ''";

constexpr absl::string_view kNoteConfirmed =
    "UPDATE presses SET outcome = 'CONFIRMED' WHERE link_id = ? AND act = 'CONFIRM' AND press_time = ? AND outcome = "
    "''";

constexpr absl::string_view kFindContent = "SELECT content FROM page_contents WHERE link_id = ? AND sha256 = ?";

// The newest press; ids are of version 7, so they ascend with time.
const mysql::KeyedSelect& SelectLastPress() {
  static const auto* const select =
      new mysql::KeyedSelect{.select =
                                 "SELECT p.link_id, p.act, p.outcome FROM links l FORCE INDEX (PRIMARY) "
                                 "JOIN presses p FORCE INDEX (PRIMARY) ON p.link_id = l.link_id "
                                 "AND p.press_id = (SELECT MAX(press_id) FROM presses WHERE link_id = l.link_id)",
                             .key = "l.link_id"};
  return *select;
}

// Of a link that such a press ended: the one that is noted, or the newest without an answer.
constexpr absl::string_view kDecisivePress =
    "SELECT press_id, act, revision, evidence, press_time, form_id, content_sha256 FROM presses "
    "WHERE link_id = ? AND act = ? AND outcome IN ('CONFIRMED', 'DECLINED', '') "
    "ORDER BY outcome DESC, press_id DESC LIMIT 1";

constexpr size_t kMaxOutcome = 64;  // The column's width. States and reasons are shorter.

absl::Status Note(mysql::Connection& connection, const Uuid& link_id, const Uuid& press_id, absl::string_view outcome) {
  return connection.Execute(kNoteOutcome, {outcome.substr(0, kMaxOutcome), link_id, press_id}).status();
}

bool IsOfAnother(const Press& press, const OrderOutcome& outcome) {
  return outcome.press_time.has_value() && *outcome.press_time != press.press_time;
}

}  // namespace

absl::string_view AnswerTo(const Press& press, const OrderOutcome& outcome) {
  return IsOfAnother(press, outcome) ? "ALREADY_CONFIRMED" : NameOf(outcome.state);
}

bool IsContentKept(const absl::Status& status) { return DetailsOf(status).reason == kContentKept; }

mysql::RowWrite PressStore::Row(const Press& press, absl::string_view sha256) {
  return mysql::Insert(kPresses, {press.link_id, press.press_id, NameOf(press.act), press.revision, sha256,
                                  press.evidence, press.salt, press.press_time, press.form_id, ""});
}

mysql::RowWrite PressStore::Row(const Uuid& link_id, const ShownContent& shown, absl::Time now) {
  return mysql::Insert(
      kContents,
      {link_id, shown.sha256, shown.content, shown.locale, shown.template_version, shown.agreement_version, now},
      Error(absl::StatusCode::kAlreadyExists, kContentKept, "What the page showed is kept already."));
}

std::function<absl::Status(mysql::Connection&)> PressStore::Outcome(const Press& press, const OrderOutcome& outcome) {
  return [link_id = press.link_id, press_id = press.press_id, answer = AnswerTo(press, outcome),
          note_other = IsOfAnother(press, outcome) ? ConfirmedBy(outcome.press_time, press.link_id)
                                                   : nullptr](mysql::Connection& connection) {
    const absl::Status noted = Note(connection, link_id, press_id, answer);
    return noted.ok() && note_other ? note_other(connection) : noted;
  };
}

std::function<absl::Status(mysql::Connection&)> PressStore::ConfirmedBy(const std::optional<absl::Time>& press_time,
                                                                        const Uuid& link_id) {
  if (!press_time.has_value()) return nullptr;
  return [link_id, press_time = *press_time](mysql::Connection& connection) {
    return connection.Execute(kNoteConfirmed, {link_id, press_time}).status();
  };
}

absl::StatusOr<std::optional<PressStore::LastPress>> PressStore::FindLast(absl::Time deadline,
                                                                          const Uuid& link_id) const {
  return mysql::FindByKey<LastPress>(database_, deadline, SelectLastPress(), {link_id}, [](mysql::RowReader& row) {
    row.Id();
    return LastPress{.act = row.Enumerated(kPressActs), .outcome = row.Text()};
  });
}

absl::StatusOr<std::optional<KeptPress>> PressStore::FindDecisive(absl::Time deadline, const Uuid& link_id,
                                                                  PressAct act) const {
  const auto read = [&](mysql::RowReader& row) {
    KeptPress kept;
    kept.press.link_id = link_id;
    kept.press.press_id = row.Id();
    kept.press.act = row.Enumerated(kPressActs);
    kept.press.revision = row.Int();
    kept.press.evidence = row.Text();
    kept.press.press_time = row.Time();
    kept.press.form_id = row.Id();
    kept.content_sha256 = row.Text();
    return kept;
  };
  return mysql::FindBy<KeptPress>(database_, deadline, kDecisivePress, {link_id, NameOf(act)}, read);
}

absl::StatusOr<Uuid> PressStore::ConfirmForm(absl::Time deadline, const Uuid& link_id) const {
  ASSIGN_OR_RETURN(const std::optional<KeptPress> kept, FindDecisive(deadline, link_id, PressAct::kConfirm));
  return kept.has_value() ? kept->press.form_id : Uuid();
}

absl::StatusOr<std::optional<std::string>> PressStore::FindContent(absl::Time deadline, const Uuid& link_id,
                                                                   absl::string_view sha256) const {
  return mysql::FindBy<std::string>(database_, deadline, kFindContent, {link_id, sha256},
                                    [](mysql::RowReader& row) { return row.Text(); });
}

absl::Status PressStore::NoteOutcome(absl::Time deadline, const Uuid& link_id, const Uuid& press_id,
                                     absl::string_view outcome) const {
  return database_.Autocommit(
      deadline, [&](mysql::Connection& connection) { return Note(connection, link_id, press_id, outcome); });
}

}  // namespace countersign::link
