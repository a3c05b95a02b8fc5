#include "partner-service/src/store/payee_profile_store.h"

#include <optional>
#include <utility>

#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::partner {
namespace {

constexpr mysql::Table kPayeeProfiles = {.name = "payee_profiles",
                                         .key = "partner_id",
                                         .fixed = "create_time",
                                         .changing =
                                             "currency_code, bank_reference, bank_reference_tail, tax_form_kind, "
                                             "tax_form_date, tax_region, version, update_time"};

PayeeProfile PayeeProfileOf(mysql::RowReader& row) {
  return {.partner_id = row.Id(),
          .create_time = row.Time(),
          .currency_code = row.Text(),
          .sealed_bank_reference = row.Text(),
          .bank_reference_tail = row.Text(),
          .tax_form_kind = row.Text(),
          .tax_form_date = row.OptionalDay(),
          .tax_region = row.Text(),
          .version = row.Int(),
          .update_time = row.Time()};
}

}  // namespace

absl::StatusOr<PayeeProfile> PayeeProfileStore::Get(absl::Time deadline, const Uuid& partner_id) const {
  ASSIGN_OR_RETURN(std::optional<PayeeProfile> found,
                   mysql::FindOne<PayeeProfile>(database_, deadline, kPayeeProfiles, {partner_id}, PayeeProfileOf));
  if (found.has_value()) return *std::move(found);
  return PayeeProfile{.partner_id = partner_id};
}

mysql::RowWrite PayeeProfileStore::Row(const PayeeProfile& profile) {
  return mysql::Put(kPayeeProfiles, {profile.partner_id, profile.create_time, profile.currency_code,
                                     profile.sealed_bank_reference, profile.bank_reference_tail, profile.tax_form_kind,
                                     profile.tax_form_date, profile.tax_region, profile.version, profile.update_time});
}

}  // namespace countersign::partner
