#include "billing-service/src/domain/legal_entity.h"

#include "billing-service/src/domain/new_version.h"

namespace countersign::billing {

Uuid LegalEntityId(absl::string_view currency, Date effective_date) {
  return Uuid::Derived({"legal entity", currency, FormatDate(effective_date)});
}

absl::Status CheckNewLegalEntity(const LegalEntity& entity, const std::vector<LegalEntity>& versions, Date today) {
  return CheckBegins(entity, versions, today, /*first_is_free=*/true,
                     {.exists_reason = "LEGAL_ENTITY_EXISTS",
                      .exists = "The currency has a legal entity",
                      .past_reason = "LEGAL_ENTITY_IN_THE_PAST",
                      .begins = "The currency has a legal entity, so a new one begins",
                      .about = {{"currency", entity.currency}}});
}

const LegalEntity* LegalEntityOn(const std::vector<LegalEntity>& versions, Date date) {
  const LegalEntity* found = nullptr;
  for (const LegalEntity& version : versions) {
    if (found == nullptr || version.effective_date <= date) found = &version;
  }
  return found;
}

}  // namespace countersign::billing
