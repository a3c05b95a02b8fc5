#include "billing-service/src/store/self_billing_store.h"

#include <optional>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kSelfBillingAgreements = {.name = "self_billing_agreements",
                                                 .key = "partner_id, agreement_id",
                                                 .fixed = "effective_date, ended, region, tax_id, create_time"};
constexpr absl::string_view kAgreementsOfPartner = "WHERE partner_id = ? ORDER BY effective_date";

SelfBillingAgreement SelfBillingAgreementOf(mysql::RowReader& row) {
  return {.partner = row.Id(),
          .id = row.Id(),
          .effective_date = row.Day(),
          .ended = row.Bool(),
          .region = row.Text(),
          .tax_id = row.Text(),
          .create_time = row.Time()};
}

}  // namespace

std::vector<mysql::FilterField> SelfBillingFilterFields() {
  using enum mysql::FilterType;
  return {{"effective_date", "effective_date", kDate}, {"create_time", "create_time", kTime}};
}

absl::StatusOr<SelfBillingAgreement> SelfBillingStore::Get(absl::Time deadline, const Uuid& partner,
                                                           const Uuid& agreement) const {
  ASSIGN_OR_RETURN(std::optional<SelfBillingAgreement> found,
                   mysql::FindOne<SelfBillingAgreement>(database_, deadline, kSelfBillingAgreements,
                                                        {partner, agreement}, SelfBillingAgreementOf));
  if (found.has_value()) return *std::move(found);
  return NotFound("SELF_BILLING_AGREEMENT_NOT_FOUND", "The partner has no such agreement.",
                  {{"selfBillingAgreement", agreement.ToString()}});
}

absl::StatusOr<mysql::Page<SelfBillingAgreement>> SelfBillingStore::List(absl::Time deadline, const Uuid& partner,
                                                                         const mysql::PageQuery& query) const {
  return mysql::ListByTime<SelfBillingAgreement>(
      database_, deadline, {.table = kSelfBillingAgreements, .parent = "partner_id = ?", .id = "agreement_id"},
      {partner}, query, SelfBillingAgreementOf,
      [](const SelfBillingAgreement& version) { return mysql::TimePosition{version.create_time, version.id}; });
}

absl::StatusOr<std::vector<SelfBillingAgreement>> SelfBillingStore::ReadOfPartner(absl::Time deadline,
                                                                                  const Uuid& partner) const {
  return mysql::ListBy<SelfBillingAgreement>(database_, deadline,
                                             mysql::SelectFrom(kSelfBillingAgreements, kAgreementsOfPartner), {partner},
                                             SelfBillingAgreementOf);
}

mysql::RowWrite SelfBillingStore::Row(const SelfBillingAgreement& version) {
  return mysql::Insert(kSelfBillingAgreements, {version.partner, version.id, version.effective_date, version.ended,
                                                version.region, version.tax_id, version.create_time});
}

}  // namespace countersign::billing
