#include "billing-service/src/api/legal_entity_requests.h"

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
namespace {

constexpr int kMaxNameChars = 200;
constexpr int kMaxSellersTaxIdChars = 32;
constexpr int kMaxSellersAccountChars = 34;
constexpr int kMaxBankCodeChars = 16;

}  // namespace

absl::StatusOr<CreateLegalEntityCommand> ParseCreateLegalEntity(const rpc::Call& call,
                                                                const v1::CreateLegalEntityRequest& request) {
  FieldViolations violations;
  const v1::LegalEntity& message = request.legal_entity();
  LegalEntity entity;
  entity.currency = rpc::RequireCurrency(violations, "legal_entity.currency_code", message.currency_code());
  entity.effective_date = rpc::RequireDate(violations, "legal_entity.effective_date", message.has_effective_date(),
                                           message.effective_date());
  entity.legal_name = rpc::RequireText(violations, "legal_entity.legal_name", message.legal_name(), 1, kMaxNameChars);
  entity.address = rpc::RequireAddress(violations, "legal_entity.address", message.has_address(), message.address());
  entity.tax_id = rpc::RequireAscii(violations, "legal_entity.tax_id", message.tax_id(), 0, kMaxSellersTaxIdChars);
  entity.bank_name = rpc::RequireText(violations, "legal_entity.bank_name", message.bank_name(), 1, kMaxNameChars);
  entity.bank_account =
      rpc::RequireAscii(violations, "legal_entity.bank_account", message.bank_account(), 1, kMaxSellersAccountChars);
  entity.bank_code = rpc::RequireAscii(violations, "legal_entity.bank_code", message.bank_code(), 0, kMaxBankCodeChars);
  RETURN_IF_ERROR(violations.ToStatus());
  entity.id = LegalEntityId(entity.currency, entity.effective_date);
  entity.create_time = call.now();
  return CreateLegalEntityCommand{.tenant = entity.id, .entity = entity};
}

}  // namespace countersign::billing
