#include "partner-service/src/store/payee_profile_store.h"

#include <optional>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"
#include "common/mysql/read.h"

namespace countersign::partner {
namespace {

constexpr absl::string_view kSelectProfile =
    "SELECT currency_code, bank_reference, bank_reference_tail, tax_form_kind, tax_form_date, version, create_time, "
    "update_time FROM payee_profiles WHERE partner_id = ?";

constexpr absl::string_view kInsertProfile =
    "INSERT INTO payee_profiles (partner_id, currency_code, bank_reference, bank_reference_tail, tax_form_kind, "
    "tax_form_date, version, create_time, update_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

constexpr absl::string_view kUpdateProfile =
    "UPDATE payee_profiles SET currency_code = ?, bank_reference = ?, bank_reference_tail = ?, tax_form_kind = ?, "
    "tax_form_date = ?, version = ?, update_time = ? WHERE partner_id = ? AND version = ?";

absl::Status Insert(mysql::Connection& connection, const PayeeProfile& profile) {
  const absl::Status inserted =
      connection
          .Execute(kInsertProfile, {profile.partner_id, profile.currency_code, profile.sealed_bank_reference,
                                    profile.bank_reference_tail, profile.tax_form_kind, profile.tax_form_date,
                                    profile.version, profile.create_time, profile.update_time})
          .status();
  return mysql::IsDuplicateKey(inserted) ? LostRace() : inserted;
}

}  // namespace

absl::StatusOr<PayeeProfile> PayeeProfileStore::Find(absl::Time deadline, const Uuid& partner_id) const {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   mysql::ReadOne(database_, deadline, kSelectProfile, {partner_id}));
  PayeeProfile profile;
  profile.partner_id = partner_id;
  if (!row.has_value()) return profile;
  profile.currency_code = row->Bytes(0);
  profile.sealed_bank_reference = row->Bytes(1);
  profile.bank_reference_tail = row->Bytes(2);
  profile.tax_form_kind = row->Bytes(3);
  profile.tax_form_date = row->OptionalDay(4);
  profile.version = row->Int(5);
  profile.create_time = row->Time(6);
  profile.update_time = row->Time(7);
  return profile;
}

absl::Status PayeeProfileStore::Write(absl::Time deadline, const PayeeProfile& profile, const events::Change& change) {
  return events::Commit(database_, deadline, change, [&](mysql::Connection& connection) {
    if (profile.version == 1) return Insert(connection, profile);
    return connection.ExecuteGuarded(
        kUpdateProfile,
        {profile.currency_code, profile.sealed_bank_reference, profile.bank_reference_tail, profile.tax_form_kind,
         profile.tax_form_date, profile.version, profile.update_time, profile.partner_id, profile.version - 1});
  });
}

}  // namespace countersign::partner
