#include "partner-service/src/store/partner_store.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::partner {
namespace {

// A number is unique beyond its tenant, so the table is keyed by the number.
constexpr mysql::Table kPartnerNumbers = {
    .name = "partner_numbers", .key = "partner_number", .fixed = "partner_id, create_time"};

Uuid OwnerOf(mysql::RowReader& row) {
  row.Skip();
  return row.Id();
}

absl::Status NumberTaken(absl::string_view number) {
  return AlreadyExists(
      "PARTNER_NUMBER_TAKEN",
      absl::StrCat("The partner number ", number, " already belongs to another partner. Use another number."),
      {{"partner_number", std::string(number)}});
}

}  // namespace

Partner PartnerOf(mysql::RowReader& row) {
  return {.partner_id = row.Id(),
          .partner_number = row.Text(),
          .create_time = row.Time(),
          .display_name = row.Text(),
          .contact_email = row.Text(),
          .state = row.Enumerated(kPartnerStates),
          .state_reason = row.Text(),
          .accepted_agreement = row.Text(),
          .agreement_accepted_by = row.Text(),
          .agreement_accept_time = row.OptionalTime(),
          .version = row.Int(),
          .update_time = row.Time()};
}

std::vector<mysql::FilterField> PartnerFilterFields() {
  return {{"state", "state", mysql::FilterType::kEnum, NamesIn(kPartnerStates)},
          {"partner_number", "partner_number", mysql::FilterType::kAscii},
          {"display_name", "display_name"},
          {"contact_email", "contact_email"},
          {"create_time", "create_time", mysql::FilterType::kTime}};
}

absl::StatusOr<Partner> PartnerStore::Get(absl::Time deadline, const Uuid& partner_id) const {
  ASSIGN_OR_RETURN(std::optional<Partner> found,
                   mysql::FindOne<Partner>(database_, deadline, kPartners, {partner_id}, PartnerOf));
  if (found.has_value()) return *std::move(found);
  return NoSuchPartner(partner_id);
}

absl::StatusOr<Partner> PartnerStore::GetByNumber(absl::Time deadline, absl::string_view number) const {
  ASSIGN_OR_RETURN(const std::optional<Uuid> owner,
                   mysql::FindOne<Uuid>(database_, deadline, kPartnerNumbers, {number}, OwnerOf));
  if (owner.has_value()) return Get(deadline, *owner);
  return NotFound("PARTNER_NOT_FOUND", "No partner has this number.", {{"partner_number", std::string(number)}});
}

absl::StatusOr<mysql::Page<Partner>> PartnerStore::List(absl::Time deadline, const mysql::PageQuery& query) const {
  return mysql::ListByTime<Partner>(
      database_, deadline, {.table = kPartners, .id = "partner_id"}, {}, query, PartnerOf,
      [](const Partner& partner) { return mysql::TimePosition{partner.create_time, partner.partner_id}; });
}

absl::Status PartnerStore::CheckNumber(absl::Time deadline, absl::string_view number, const Uuid& partner_id) const {
  ASSIGN_OR_RETURN(const std::optional<Uuid> owner,
                   mysql::FindOne<Uuid>(database_, deadline, kPartnerNumbers, {number}, OwnerOf));
  return owner.value_or(partner_id) == partner_id ? absl::OkStatus() : NumberTaken(number);
}

absl::Status PartnerStore::ReserveNumber(absl::Time deadline, absl::string_view number, const Uuid& partner_id,
                                         absl::Time now) const {
  const mysql::RowWrite row = mysql::Insert(kPartnerNumbers, {number, partner_id, now});
  const absl::Status inserted =
      database_.Transact(deadline, [&](mysql::Connection& connection) { return mysql::WriteRows(connection, {row}); });
  // A repeated request finds its own reservation.
  return IsLostRace(inserted) ? CheckNumber(deadline, number, partner_id) : inserted;
}

mysql::RowWrite PartnerStore::Row(const Partner& partner) {
  return mysql::Put(
      kPartners, {partner.partner_id, partner.partner_number, partner.create_time, partner.display_name,
                  partner.contact_email, NameOf(partner.state), partner.state_reason, partner.accepted_agreement,
                  partner.agreement_accepted_by, partner.agreement_accept_time, partner.version, partner.update_time});
}

}  // namespace countersign::partner
