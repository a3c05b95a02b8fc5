// Transfer codes: with one, a customer lets another partner ask to become partner of record of a subscription.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_TRANSFER_CODE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_TRANSFER_CODE_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/subscription.h"
#include "common/base/uuid.h"

namespace countersign::billing {

inline constexpr absl::Duration kTransferCodeLifetime = absl::Hours(24 * 30);

struct TransferCode {
  Uuid account;
  Uuid id;  // A digest of the code.
  Uuid subscription;
  absl::Time create_time;
  absl::Time expire_time;
  std::optional<OrderReference> order = {};  // That used it.
  std::optional<absl::Time> use_time = {};
  int64_t version = 1;
};

// Error: FAILED_PRECONDITION SUBSCRIPTION_STATE (it has ended).
absl::StatusOr<TransferCode> NewTransferCodeOf(const Subscription& subscription, const Uuid& id, absl::Time now);

// OK when an order may be submitted with it. Errors: FAILED_PRECONDITION TRANSFER_CODE_USED, TRANSFER_CODE_EXPIRED.
absl::Status CheckGood(const TransferCode& code, absl::Time now);

// The order, which its customer confirmed, uses it up. That the code has expired since its Submit does not matter: the
// customer's confirmation counts. Errors: NOT_FOUND TRANSFER_CODE_NOT_FOUND (another subscription's);
// FAILED_PRECONDITION TRANSFER_CODE_USED.
absl::Status Use(TransferCode& code, const OrderReference& order, const Uuid& subscription, absl::Time now);

absl::Status TransferCodeNotFound();

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_TRANSFER_CODE_H_
