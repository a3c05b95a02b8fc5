#include "partner-service/src/store/partner_store.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"
#include "common/mysql/read_one.h"

namespace countersign::partner {
namespace {

constexpr absl::string_view kSelectPartner =
    "SELECT partner_number, display_name, contact_email, state, state_reason, accepted_agreement, "
    "agreement_accepted_by, agreement_accept_time, version, create_time, update_time "
    "FROM partners WHERE partner_id = ?";

constexpr absl::string_view kInsertPartner =
    "INSERT INTO partners (partner_id, partner_number, display_name, contact_email, state, state_reason, "
    "accepted_agreement, agreement_accepted_by, agreement_accept_time, version, create_time, update_time) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

// Number, name and address never change yet; the guard is the version that the decision was made on.
constexpr absl::string_view kUpdatePartner =
    "UPDATE partners SET state = ?, state_reason = ?, accepted_agreement = ?, agreement_accepted_by = ?, "
    "agreement_accept_time = ?, version = ?, update_time = ? WHERE partner_id = ? AND version = ?";

constexpr absl::string_view kSelectNumberOwner = "SELECT partner_id FROM partner_numbers WHERE partner_number = ?";

constexpr absl::string_view kInsertNumber =
    "INSERT INTO partner_numbers (partner_number, partner_id, create_time) VALUES (?, ?, ?)";

constexpr absl::string_view kSelectCurrentAgreement =
    "SELECT agreement_id FROM agreements WHERE effective_time <= ? ORDER BY effective_time DESC LIMIT 1";

absl::StatusOr<Partner> PartnerOf(const Uuid& partner_id, const mysql::Row& row) {
  Partner partner;
  partner.partner_id = partner_id;
  partner.partner_number = row.Bytes(0);
  partner.display_name = row.Bytes(1);
  partner.contact_email = row.Bytes(2);
  ASSIGN_OR_RETURN(partner.state, ParsePartnerState(row.Bytes(3)));
  partner.state_reason = row.Bytes(4);
  partner.accepted_agreement = row.Bytes(5);
  partner.agreement_accepted_by = row.Bytes(6);
  if (!row.IsNull(7)) partner.agreement_accept_time = row.Time(7);
  partner.version = row.Int(8);
  partner.create_time = row.Time(9);
  partner.update_time = row.Time(10);
  return partner;
}

absl::Status NumberTaken(absl::string_view number) {
  return AlreadyExists("PARTNER_NUMBER_TAKEN",
                       absl::StrCat("The partner number ", number, " belongs to another partner."),
                       {{"partner_number", std::string(number)}});
}

}  // namespace

absl::StatusOr<Partner> PartnerStore::Find(absl::Time deadline, const Uuid& partner_id) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   mysql::ReadOne(database_, deadline, kSelectPartner, {partner_id}));
  if (!row.has_value()) {
    return NotFound("PARTNER_NOT_FOUND", "There is no such partner.", {{"partner", partner_id.ToString()}});
  }
  return PartnerOf(partner_id, *row);
}

absl::StatusOr<std::string> PartnerStore::CurrentAgreement(absl::Time deadline, absl::Time now) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   mysql::ReadOne(database_, deadline, kSelectCurrentAgreement, {now}));
  if (!row.has_value()) return NotFound("AGREEMENT_NOT_FOUND", "No partner agreement is in force yet.");
  return row->Bytes(0);
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

absl::Status PartnerStore::Insert(absl::Time deadline, const Partner& partner, const mysql::Change& change) {
  return mysql::Commit(database_, deadline, change, [&](mysql::Connection& connection) {
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

absl::Status PartnerStore::Update(absl::Time deadline, const Partner& partner, const mysql::Change& change) {
  return mysql::Commit(database_, deadline, change, [&](mysql::Connection& connection) {
    return connection.ExecuteGuarded(
        kUpdatePartner,
        {ToString(partner.state), partner.state_reason, partner.accepted_agreement, partner.agreement_accepted_by,
         partner.agreement_accept_time, partner.version, partner.update_time, partner.partner_id, partner.version - 1});
  });
}

}  // namespace countersign::partner
