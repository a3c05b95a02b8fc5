#include "billing-service/src/store/legal_entity_store.h"

#include <utility>

#include "billing-service/src/store/address_columns.h"
#include "common/base/error.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kLegalEntities = {
    .name = "legal_entities",
    .key = "legal_entity_id",
    .fixed =
        "currency, effective_date, legal_name, region_code, postal_code, administrative_area, locality, "
        "address_lines, recipients, organization, tax_id, bank_name, bank_account, bank_code, create_time"};

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

absl::Status LegalEntityNotFound(const Uuid& id) {
  return NotFound("LEGAL_ENTITY_NOT_FOUND", "There is no such legal entity.", {{"legalEntity", id.ToString()}});
}

}  // namespace

std::vector<mysql::FilterField> LegalEntityFilterFields() {
  using enum mysql::FilterType;
  return {{"currency_code", "currency", kAscii},
          {"effective_date", "effective_date", kDate},
          {"create_time", "create_time", kTime}};
}

LegalEntityStore::LegalEntityStore(mysql::Database& database)
    : VersionStore(database, {.table = kLegalEntities,
                              .kind = "currency",
                              .version_of = LegalEntityOf,
                              .not_found = LegalEntityNotFound}) {}

mysql::RowWrite LegalEntityStore::Row(const LegalEntity& entity) {
  std::vector<mysql::Parameter> values = {entity.id, entity.currency, entity.effective_date, entity.legal_name};
  AppendAddress(entity.address, values);
  values.insert(values.end(),
                {entity.tax_id, entity.bank_name, entity.bank_account, entity.bank_code, entity.create_time});
  return mysql::Insert(kLegalEntities, std::move(values));
}

}  // namespace countersign::billing
