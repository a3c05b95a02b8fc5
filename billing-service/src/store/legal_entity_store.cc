#include "billing-service/src/store/legal_entity_store.h"

#include <optional>
#include <utility>

#include "billing-service/src/store/address_columns.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kLegalEntities = {
    .name = "legal_entities",
    .key = "legal_entity_id",
    .fixed =
        "currency, effective_date, legal_name, region_code, postal_code, administrative_area, locality, "
        "address_lines, recipients, organization, tax_id, bank_name, bank_account, bank_code, create_time"};

constexpr absl::string_view kEntitiesOfCurrency = "WHERE currency = ? ORDER BY effective_date";

LegalEntity LegalEntityOf(mysql::RowReader& row) {
  LegalEntity entity;
  entity.id = row.Id();
  entity.currency = row.Text();
  entity.effective_date = row.Day();
  entity.legal_name = row.Text();
  entity.address = AddressOf(row);
  entity.tax_id = row.Text();
  entity.bank_name = row.Text();
  entity.bank_account = row.Text();
  entity.bank_code = row.Text();
  entity.create_time = row.Time();
  return entity;
}

}  // namespace

std::vector<mysql::FilterField> LegalEntityFilterFields() {
  using enum mysql::FilterType;
  return {{"currency_code", "currency", kAscii},
          {"effective_date", "effective_date", kDate},
          {"create_time", "create_time", kTime}};
}

absl::StatusOr<LegalEntity> LegalEntityStore::Get(absl::Time deadline, const Uuid& entity) const {
  ASSIGN_OR_RETURN(std::optional<LegalEntity> found,
                   mysql::FindOne<LegalEntity>(database_, deadline, kLegalEntities, {entity}, LegalEntityOf));
  if (found.has_value()) return *std::move(found);
  return NotFound("LEGAL_ENTITY_NOT_FOUND", "There is no such legal entity.", {{"legalEntity", entity.ToString()}});
}

absl::StatusOr<mysql::Page<LegalEntity>> LegalEntityStore::List(absl::Time deadline,
                                                                const mysql::PageQuery& query) const {
  return mysql::ListByTime<LegalEntity>(database_, deadline, {.table = kLegalEntities, .id = "legal_entity_id"}, {},
                                        query, LegalEntityOf, [](const LegalEntity& entity) {
                                          return mysql::TimePosition{entity.create_time, entity.id};
                                        });
}

absl::StatusOr<std::vector<LegalEntity>> LegalEntityStore::ReadOfCurrency(absl::Time deadline,
                                                                          absl::string_view currency) const {
  return mysql::ListBy<LegalEntity>(database_, deadline, mysql::SelectFrom(kLegalEntities, kEntitiesOfCurrency),
                                    {currency}, LegalEntityOf);
}

mysql::RowWrite LegalEntityStore::Row(const LegalEntity& entity) {
  std::vector<mysql::Parameter> values = {entity.id, entity.currency, entity.effective_date, entity.legal_name};
  AppendAddress(entity.address, values);
  values.insert(values.end(),
                {entity.tax_id, entity.bank_name, entity.bank_account, entity.bank_code, entity.create_time});
  return mysql::Insert(kLegalEntities, std::move(values));
}

}  // namespace countersign::billing
