#include "partner-service/src/store/agreement_store.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::partner {
namespace {

constexpr mysql::Table kAgreements = {.name = "agreements",
                                      .key = "agreement_id",
                                      .fixed = "title, effective_time, document_sha256, document_uri, create_time"};

constexpr mysql::Table kAcceptances = {.name = "agreement_acceptances",
                                       .key = "partner_id, acceptance_id",
                                       .fixed = "agreement_id, accepted_by, recorded_by, accept_time"};

Agreement AgreementOf(mysql::RowReader& row) {
  return {.agreement_id = row.Text(),
          .title = row.Text(),
          .effective_time = row.Time(),
          .document_sha256 = row.Text(),
          .document_uri = row.Text(),
          .create_time = row.Time()};
}

AgreementAcceptance AcceptanceOf(mysql::RowReader& row) {
  return {.partner_id = row.Id(),
          .acceptance_id = row.Id(),
          .agreement_id = row.Text(),
          .accepted_by = row.Text(),
          .recorded_by = row.Text(),
          .accept_time = row.Time()};
}

absl::Status Exists(absl::string_view agreement_id) {
  return AlreadyExists("AGREEMENT_EXISTS",
                       absl::StrCat("The agreement ", agreement_id, " already exists. Choose another agreement_id."),
                       {{"agreement", absl::StrCat("agreements/", agreement_id)}});
}

}  // namespace

std::vector<mysql::FilterField> AgreementFilterFields() {
  return {{"title", "title"},
          {"effective_time", "effective_time", mysql::FilterType::kTime},
          {"create_time", "create_time", mysql::FilterType::kTime}};
}

std::vector<mysql::FilterField> AgreementAcceptanceFilterFields() {
  return {{"agreement", "agreement_id", mysql::FilterType::kSlug, {"agreements/"}},
          {"accepted_by", "accepted_by"},
          {"recorded_by", "recorded_by", mysql::FilterType::kAscii},
          {"accept_time", "accept_time", mysql::FilterType::kTime}};
}

absl::StatusOr<std::string> AgreementStore::GetCurrent(absl::Time deadline, absl::Time now) const {
  ASSIGN_OR_RETURN(std::optional<std::string> found,
                   mysql::FindBy<std::string>(database_, deadline, kSelectCurrentAgreement, {now},
                                              [](mysql::RowReader& row) { return row.Text(); }));
  if (found.has_value()) return *std::move(found);
  return NoAgreementInForce();
}

absl::StatusOr<Agreement> AgreementStore::Get(absl::Time deadline, absl::string_view agreement_id) const {
  ASSIGN_OR_RETURN(std::optional<Agreement> found,
                   mysql::FindOne<Agreement>(database_, deadline, kAgreements, {agreement_id}, AgreementOf));
  if (found.has_value()) return *std::move(found);
  return NotFound("AGREEMENT_NOT_FOUND", "There is no such agreement.", {{"agreement", std::string(agreement_id)}});
}

absl::StatusOr<mysql::Page<Agreement>> AgreementStore::List(absl::Time deadline, const mysql::PageQuery& query) const {
  const mysql::PageStatement statement = mysql::StatementOf(mysql::SelectFrom(kAgreements, "WHERE agreement_id > ?"),
                                                            {query.after}, query, " ORDER BY agreement_id LIMIT ?");
  return mysql::ListPage<Agreement>(database_, deadline, statement, AgreementOf,
                                    [](const Agreement& agreement) { return agreement.agreement_id; });
}

absl::Status AgreementStore::CheckFree(absl::Time deadline, absl::string_view agreement_id) const {
  const absl::Status found = Get(deadline, agreement_id).status();
  if (absl::IsNotFound(found)) return absl::OkStatus();
  return found.ok() ? Exists(agreement_id) : found;
}

absl::StatusOr<mysql::Page<AgreementAcceptance>> AgreementStore::ListAcceptances(absl::Time deadline,
                                                                                 const Uuid& partner_id,
                                                                                 const mysql::PageQuery& query) const {
  return mysql::ListByTime<AgreementAcceptance>(
      database_, deadline,
      {.table = kAcceptances, .parent = "partner_id = ?", .time = "accept_time", .id = "acceptance_id"}, {partner_id},
      query, AcceptanceOf, [](const AgreementAcceptance& acceptance) {
        return mysql::TimePosition{acceptance.accept_time, acceptance.acceptance_id};
      });
}

mysql::RowWrite AgreementStore::Row(const Agreement& agreement) {
  return mysql::Insert(kAgreements,
                       {agreement.agreement_id, agreement.title, agreement.effective_time, agreement.document_sha256,
                        agreement.document_uri, agreement.create_time},
                       Exists(agreement.agreement_id));
}

mysql::RowWrite AgreementStore::Row(const AgreementAcceptance& acceptance) {
  return mysql::Insert(kAcceptances, {acceptance.partner_id, acceptance.acceptance_id, acceptance.agreement_id,
                                      acceptance.accepted_by, acceptance.recorded_by, acceptance.accept_time});
}

}  // namespace countersign::partner
