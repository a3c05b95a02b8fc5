#include "billing-service/src/domain/legal_entity.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace countersign::billing {

Uuid LegalEntityId(absl::string_view currency, Date effective_date) {
  return Uuid::Derived({"legal entity", currency, FormatDate(effective_date)});
}

absl::Status CheckNewLegalEntity(const LegalEntity& entity, const std::vector<LegalEntity>& versions, Date today) {
  const std::string day = FormatDate(entity.effective_date);
  for (const LegalEntity& other : versions) {
    if (other.effective_date != entity.effective_date) continue;
    return AlreadyExists("LEGAL_ENTITY_EXISTS",
                         absl::StrCat("The currency has a legal entity from ", day, " on already. Choose another day."),
                         {{"currency", entity.currency}, {"effectiveDate", day}});
  }
  if (versions.empty() || entity.effective_date > today) return absl::OkStatus();
  return FailedPrecondition("LEGAL_ENTITY_IN_THE_PAST",
                            absl::StrCat("The currency has a legal entity, so a new one begins tomorrow (",
                                         FormatDate(today + 1), ") or later."),
                            {{"currency", entity.currency}, {"effectiveDate", day}});
}

const LegalEntity* LegalEntityOn(const std::vector<LegalEntity>& versions, Date date) {
  const LegalEntity* found = nullptr;
  for (const LegalEntity& version : versions) {
    if (found == nullptr || version.effective_date <= date) found = &version;
  }
  return found;
}

}  // namespace countersign::billing
