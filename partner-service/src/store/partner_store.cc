#include "partner-service/src/store/partner_store.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"
#include "common/mysql/read.h"

namespace countersign::partner {
namespace {

constexpr absl::string_view kSelectPartner =
    "SELECT partner_id, partner_number, display_name, contact_email, state, state_reason, accepted_agreement, "
    "agreement_accepted_by, agreement_accept_time, version, create_time, update_time "
    "FROM partners WHERE partner_id = ?";

constexpr absl::string_view kSelectPage =
    "SELECT partner_id, partner_number, display_name, contact_email, state, state_reason, accepted_agreement, "
    "agreement_accepted_by, agreement_accept_time, version, create_time, update_time "
    "FROM partners WHERE (create_time > ? OR (create_time = ? AND partner_id > ?))";
constexpr absl::string_view kOldestFirst = " ORDER BY create_time, partner_id LIMIT ?";

constexpr absl::string_view kInsertPartner =
    "INSERT INTO partners (partner_id, partner_number, display_name, contact_email, state, state_reason, "
    "accepted_agreement, agreement_accepted_by, agreement_accept_time, version, create_time, update_time) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

// The number never changes; the guard is the version that the decision was made on.
constexpr absl::string_view kUpdatePartner =
    "UPDATE partners SET display_name = ?, contact_email = ?, state = ?, state_reason = ?, accepted_agreement = ?, "
    "agreement_accepted_by = ?, "
    "agreement_accept_time = ?, version = ?, update_time = ? WHERE partner_id = ? AND version = ?";

constexpr absl::string_view kSelectNumberOwner = "SELECT partner_id FROM partner_numbers WHERE partner_number = ?";

constexpr absl::string_view kInsertNumber =
    "INSERT INTO partner_numbers (partner_number, partner_id, create_time) VALUES (?, ?, ?)";

constexpr absl::string_view kInsertAcceptance =
    "INSERT INTO agreement_acceptances (partner_id, acceptance_id, agreement_id, accepted_by, recorded_by, "
    "accept_time) "
    "VALUES (?, ?, ?, ?, ?, ?)";

absl::StatusOr<Partner> PartnerOf(const mysql::Row& row) {
  Partner partner;
  partner.partner_id = row.Id(0);
  partner.partner_number = row.Bytes(1);
  partner.display_name = row.Bytes(2);
  partner.contact_email = row.Bytes(3);
  ASSIGN_OR_RETURN(partner.state, ParsePartnerState(row.Bytes(4)));
  partner.state_reason = row.Bytes(5);
  partner.accepted_agreement = row.Bytes(6);
  partner.agreement_accepted_by = row.Bytes(7);
  partner.agreement_accept_time = row.OptionalTime(8);
  partner.version = row.Int(9);
  partner.create_time = row.Time(10);
  partner.update_time = row.Time(11);
  return partner;
}

absl::Status NumberTaken(absl::string_view number) {
  return AlreadyExists("PARTNER_NUMBER_TAKEN",
                       absl::StrCat("The partner number ", number, " belongs to another partner."),
                       {{"partner_number", std::string(number)}});
}

absl::Status UpdateRow(mysql::Connection& connection, const Partner& partner) {
  return connection.ExecuteGuarded(
      kUpdatePartner, {partner.display_name, partner.contact_email, ToString(partner.state), partner.state_reason,
                       partner.accepted_agreement, partner.agreement_accepted_by, partner.agreement_accept_time,
                       partner.version, partner.update_time, partner.partner_id, partner.version - 1});
}

}  // namespace

absl::StatusOr<Partner> PartnerStore::Find(absl::Time deadline, const Uuid& partner_id) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   mysql::ReadOne(database_, deadline, kSelectPartner, {partner_id}));
  if (!row.has_value()) {
    return NotFound("PARTNER_NOT_FOUND", "There is no such partner.", {{"partner", partner_id.ToString()}});
  }
  return PartnerOf(*row);
}

absl::StatusOr<Partner> PartnerStore::FindByNumber(absl::Time deadline, absl::string_view number) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> owner,
                   mysql::ReadOne(database_, deadline, kSelectNumberOwner, {number}));
  if (!owner.has_value()) {
    return NotFound("PARTNER_NOT_FOUND", "No partner has this number.", {{"partner_number", std::string(number)}});
  }
  return Find(deadline, owner->Id(0));
}

absl::StatusOr<mysql::Page<Partner>> PartnerStore::List(absl::Time deadline, const mysql::PageQuery& query) const {
  const auto after = mysql::TimePosition::FromText(query.after);
  return mysql::ReadPage<Partner>(
      database_, deadline, mysql::StatementOf(kSelectPage, {after.time, after.time, after.id}, query, kOldestFirst),
      PartnerOf, [](const Partner& partner) {
        return mysql::TimePosition{partner.create_time, partner.partner_id}.ToText();
      });
}

absl::Status PartnerStore::CheckNumber(absl::Time deadline, absl::string_view number, const Uuid& partner_id) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   mysql::ReadOne(database_, deadline, kSelectNumberOwner, {number}));
  const bool free = !row.has_value() || row->Id(0) == partner_id;
  return free ? absl::OkStatus() : NumberTaken(number);
}

absl::Status PartnerStore::ReserveNumber(absl::Time deadline, absl::string_view number, const Uuid& partner_id,
                                         absl::Time now) {
  const absl::Status inserted = database_.Transact(deadline, [&](mysql::Connection& connection) {
    return connection.Execute(kInsertNumber, {number, partner_id, now}).status();
  });
  // A repeated request finds its own reservation.
  return mysql::IsDuplicateKey(inserted) ? CheckNumber(deadline, number, partner_id) : inserted;
}

absl::Status PartnerStore::Insert(absl::Time deadline, const Partner& partner, const events::Change& change) {
  return events::Commit(database_, deadline, change, [&](mysql::Connection& connection) {
    const absl::Status inserted =
        connection
            .Execute(kInsertPartner,
                     {partner.partner_id, partner.partner_number, partner.display_name, partner.contact_email,
                      ToString(partner.state), partner.state_reason, partner.accepted_agreement,
                      partner.agreement_accepted_by, partner.agreement_accept_time, partner.version,
                      partner.create_time, partner.update_time})
            .status();
    return mysql::IsDuplicateKey(inserted) ? LostRace() : inserted;
  });
}

absl::Status PartnerStore::Update(absl::Time deadline, const Partner& partner, const events::Change& change) {
  return events::Commit(database_, deadline, change,
                        [&](mysql::Connection& connection) { return UpdateRow(connection, partner); });
}

absl::Status PartnerStore::Accept(absl::Time deadline, const Partner& partner, const AgreementAcceptance& acceptance,
                                  const events::Change& change) {
  return events::Commit(database_, deadline, change, [&](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(UpdateRow(connection, partner));
    return connection
        .Execute(kInsertAcceptance, {acceptance.partner_id, acceptance.acceptance_id, acceptance.agreement_id,
                                     acceptance.accepted_by, acceptance.recorded_by, acceptance.accept_time})
        .status();
  });
}

}  // namespace countersign::partner
