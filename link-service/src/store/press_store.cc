#include "link-service/src/store/press_store.h"

#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::link {
namespace {

// The hash in the key determines everything else but the time, so a put changes nothing of a content that is kept.
constexpr mysql::Table kContents = {.name = "page_contents",
                                    .key = "link_id, sha256",
                                    .fixed = "content, template_version, agreement_version, create_time",
                                    .changing = "locale"};

constexpr absl::string_view kNoteOutcome =
    "UPDATE presses SET outcome = ? WHERE link_id = ? AND press_id = ? AND outcome = ''";

constexpr absl::string_view kFindContent = "SELECT content FROM page_contents WHERE link_id = ? AND sha256 = ?";

// The newest press; ids are of version 7, so they ascend with time.
const mysql::KeyedSelect& SelectLastPress() {
  static const auto* const select = new mysql::KeyedSelect{
      .select =
          "SELECT p.link_id, p.act, p.outcome FROM links l JOIN presses p ON p.link_id = l.link_id AND "
          "p.press_id = (SELECT MAX(press_id) FROM presses WHERE link_id = l.link_id)",
      .key = "l.link_id"};
  return *select;
}

// Of a link that such a press ended. Where a crash kept the outcome from being noted, the newest press is the
// likeliest.
constexpr absl::string_view kDecisivePress =
    "SELECT press_id, act, revision, evidence, press_time, form_id, content_sha256 FROM presses "
    "WHERE link_id = ? AND act = ? AND outcome IN ('CONFIRMED', 'DECLINED', '') "
    "ORDER BY outcome DESC, press_id DESC LIMIT 1";

constexpr absl::string_view kConfirmForms =
    "SELECT form_id FROM presses WHERE link_id = ? AND act = 'CONFIRM' ORDER BY press_id DESC LIMIT 100";

constexpr size_t kMaxOutcome = 64;  // The column's width. States and reasons are shorter.

mysql::RowWrite RowOf(const Press& press, absl::string_view sha256, absl::string_view outcome) {
  return mysql::Insert(
      kPresses, {press.link_id, press.press_id, NameOf(press.act), press.revision, sha256, press.evidence, press.salt,
                 press.press_time, press.form_id, outcome.substr(0, kMaxOutcome)});
}

}  // namespace

std::vector<mysql::RowWrite> PressStore::Rows(const Press& press, const ShownContent& shown) {
  return {mysql::Put(kContents, {press.link_id, shown.sha256, shown.content, shown.template_version,
                                 shown.agreement_version, press.press_time, shown.locale}),
          RowOf(press, shown.sha256, "")};
}

mysql::RowWrite PressStore::RowWithOutcome(const Press& press, absl::string_view sha256, absl::string_view outcome) {
  mysql::RowWrite row = RowOf(press, sha256, outcome);
  row.kind = mysql::RowWrite::Kind::kPut;
  return row;
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

absl::StatusOr<std::vector<Uuid>> PressStore::ConfirmForms(absl::Time deadline, const Uuid& link_id) const {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, mysql::ReadRows(database_, deadline, kConfirmForms, {link_id}));
  return mysql::ReadItems<Uuid>(rows, [](mysql::RowReader& row) { return row.Id(); });
}

absl::StatusOr<std::optional<std::string>> PressStore::FindContent(absl::Time deadline, const Uuid& link_id,
                                                                   absl::string_view sha256) const {
  return mysql::FindBy<std::string>(database_, deadline, kFindContent, {link_id, sha256},
                                    [](mysql::RowReader& row) { return row.Text(); });
}

absl::Status PressStore::NoteOutcome(absl::Time deadline, const Uuid& link_id, const Uuid& press_id,
                                     absl::string_view outcome) const {
  return database_.Autocommit(deadline, [&](mysql::Connection& connection) {
    return connection.Execute(kNoteOutcome, {outcome.substr(0, kMaxOutcome), link_id, press_id}).status();
  });
}

}  // namespace countersign::link
