#include "billing-service/src/api/money_field.h"

#include "common/rpc/fields.h"

namespace countersign::billing {

Money RequireWholeMoney(FieldViolations& violations, absl::string_view field, bool present,
                        const google::type::Money& value) {
  const Money amount = rpc::RequireMoney(violations, field, present, value);
  if (amount.micros() > 0 && amount.TimesRounded(1).value_or(Money()) != amount) {
    violations.Add(field, "must be whole minor units of its currency");
  }
  return amount;
}

}  // namespace countersign::billing
