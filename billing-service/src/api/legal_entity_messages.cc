#include "billing-service/src/api/legal_entity_messages.h"

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::LegalEntity ToProto(const LegalEntity& entity) {
  v1::LegalEntity message;
  message.set_name(rpc::FormatName(kLegalEntityName, {entity.id}));
  message.set_currency_code(entity.currency);
  *message.mutable_effective_date() = rpc::ToProto(entity.effective_date);
  message.set_legal_name(entity.legal_name);
  *message.mutable_address() = rpc::ToProto(entity.address);
  message.set_tax_id(entity.tax_id);
  message.set_bank_name(entity.bank_name);
  message.set_bank_account(entity.bank_account);
  message.set_bank_code(entity.bank_code);
  *message.mutable_create_time() = rpc::ToProto(entity.create_time);
  return message;
}

v1::LegalEntityEvent EventOf(const LegalEntity& entity) {
  v1::LegalEntityEvent event;
  event.set_legal_entity(rpc::FormatName(kLegalEntityName, {entity.id}));
  event.set_version(entity.version);
  return event;
}

}  // namespace countersign::billing
