#include "partner-service/src/store/agreement_store.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"
#include "common/mysql/read.h"

namespace countersign::partner {
namespace {

constexpr absl::string_view kSelectCurrent =
    "SELECT agreement_id FROM agreements WHERE effective_time <= ? "
    "ORDER BY effective_time DESC, agreement_id DESC LIMIT 1";

constexpr absl::string_view kSelectAgreement =
    "SELECT agreement_id, title, effective_time, document_sha256, document_uri, create_time FROM agreements "
    "WHERE agreement_id = ?";

constexpr absl::string_view kSelectPage =
    "SELECT agreement_id, title, effective_time, document_sha256, document_uri, create_time FROM agreements "
    "WHERE agreement_id > ?";
constexpr absl::string_view kInOrderOfId = " ORDER BY agreement_id LIMIT ?";

constexpr absl::string_view kInsertAgreement =
    "INSERT INTO agreements (agreement_id, title, effective_time, document_sha256, document_uri, create_time) "
    "VALUES (?, ?, ?, ?, ?, ?)";

constexpr absl::string_view kSelectPageOfAcceptances =
    "SELECT acceptance_id, agreement_id, accepted_by, recorded_by, accept_time FROM agreement_acceptances "
    "WHERE partner_id = ? AND (accept_time > ? OR (accept_time = ? AND acceptance_id > ?))";
constexpr absl::string_view kOldestFirst = " ORDER BY accept_time, acceptance_id LIMIT ?";

Agreement AgreementOf(const mysql::Row& row) {
  return {.agreement_id = row.Bytes(0),
          .title = row.Bytes(1),
          .effective_time = row.Time(2),
          .document_sha256 = row.Bytes(3),
          .document_uri = row.Bytes(4),
          .create_time = row.Time(5)};
}

AgreementAcceptance AcceptanceOf(const Uuid& partner_id, const mysql::Row& row) {
  return {.partner_id = partner_id,
          .acceptance_id = row.Id(0),
          .agreement_id = row.Bytes(1),
          .accepted_by = row.Bytes(2),
          .recorded_by = row.Bytes(3),
          .accept_time = row.Time(4)};
}

absl::Status Exists(absl::string_view agreement_id) {
  return AlreadyExists("AGREEMENT_EXISTS", absl::StrCat("There is an agreement ", agreement_id, " already."),
                       {{"agreement", absl::StrCat("agreements/", agreement_id)}});
}

}  // namespace

absl::StatusOr<std::string> AgreementStore::Current(absl::Time deadline, absl::Time now) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, mysql::ReadOne(database_, deadline, kSelectCurrent, {now}));
  if (!row.has_value()) return NotFound("AGREEMENT_NOT_FOUND", "No partner agreement is in force yet.");
  return row->Bytes(0);
}

absl::StatusOr<Agreement> AgreementStore::Find(absl::Time deadline, absl::string_view agreement_id) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   mysql::ReadOne(database_, deadline, kSelectAgreement, {agreement_id}));
  if (!row.has_value()) {
    return NotFound("AGREEMENT_NOT_FOUND", "There is no such agreement.", {{"agreement", std::string(agreement_id)}});
  }
  return AgreementOf(*row);
}

absl::StatusOr<mysql::Page<Agreement>> AgreementStore::List(absl::Time deadline, const mysql::PageQuery& query) const {
  return mysql::ReadPage<Agreement>(database_, deadline,
                                    mysql::StatementOf(kSelectPage, {query.after}, query, kInOrderOfId), AgreementOf,
                                    [](const Agreement& agreement) { return agreement.agreement_id; });
}

absl::Status AgreementStore::CheckFree(absl::Time deadline, absl::string_view agreement_id) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   mysql::ReadOne(database_, deadline, kSelectAgreement, {agreement_id}));
  return row.has_value() ? Exists(agreement_id) : absl::OkStatus();
}

absl::Status AgreementStore::Insert(absl::Time deadline, const Agreement& agreement, const events::Change& change) {
  return events::Commit(database_, deadline, change, [&](mysql::Connection& connection) {
    const absl::Status inserted =
        connection
            .Execute(kInsertAgreement, {agreement.agreement_id, agreement.title, agreement.effective_time,
                                        agreement.document_sha256, agreement.document_uri, agreement.create_time})
            .status();
    return mysql::IsDuplicateKey(inserted) ? Exists(agreement.agreement_id) : inserted;
  });
}

absl::StatusOr<mysql::Page<AgreementAcceptance>> AgreementStore::ListAcceptances(absl::Time deadline,
                                                                                 const Uuid& partner_id,
                                                                                 const mysql::PageQuery& query) const {
  const auto after = mysql::TimePosition::FromText(query.after);
  return mysql::ReadPage<AgreementAcceptance>(
      database_, deadline,
      mysql::StatementOf(kSelectPageOfAcceptances, {partner_id, after.time, after.time, after.id}, query, kOldestFirst),
      [&](const mysql::Row& row) { return AcceptanceOf(partner_id, row); },
      [](const AgreementAcceptance& acceptance) {
        return mysql::TimePosition{acceptance.accept_time, acceptance.acceptance_id}.ToText();
      });
}

}  // namespace countersign::partner
