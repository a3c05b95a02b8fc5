// A field of an amount that a bank can move.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_MONEY_FIELD_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_MONEY_FIELD_H_

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/money.h"
#include "google/type/money.pb.h"

namespace countersign::billing {

// As rpc::RequireMoney, above zero and in whole minor units: anything finer would leave an invoice unpaid by less than
// can be paid.
Money RequireWholeMoney(FieldViolations& violations, absl::string_view field, bool present,
                        const google::type::Money& value);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_MONEY_FIELD_H_
