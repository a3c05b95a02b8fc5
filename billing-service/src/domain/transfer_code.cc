#include "billing-service/src/domain/transfer_code.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

absl::Status CheckUnused(const TransferCode& code) {
  if (!code.order.has_value()) return absl::OkStatus();
  return FailedPrecondition("TRANSFER_CODE_USED",
                            "The transfer code was used before. The customer can make another one on its receipt.");
}

}  // namespace

absl::StatusOr<TransferCode> NewTransferCodeOf(const Subscription& subscription, const Uuid& id, absl::Time now) {
  if (HasEnded(subscription)) {
    return FailedPrecondition("SUBSCRIPTION_STATE",
                              absl::StrCat("The subscription is ", NameOf(subscription.state), " and has ended."),
                              {{"state", std::string(NameOf(subscription.state))}});
  }
  return TransferCode{.account = subscription.account,
                      .id = id,
                      .subscription = subscription.id,
                      .create_time = now,
                      .expire_time = now + kTransferCodeLifetime};
}

absl::Status CheckGood(const TransferCode& code, absl::Time now) {
  RETURN_IF_ERROR(CheckUnused(code));
  if (now < code.expire_time) return absl::OkStatus();
  return FailedPrecondition("TRANSFER_CODE_EXPIRED",
                            "The transfer code has expired. The customer can make another one on its receipt.");
}

absl::Status Use(TransferCode& code, const OrderReference& order, const Uuid& subscription, absl::Time now) {
  if (code.subscription != subscription) return TransferCodeNotFound();
  RETURN_IF_ERROR(CheckUnused(code));
  code.order = order;
  code.use_time = now;
  ++code.version;
  return absl::OkStatus();
}

absl::Status TransferCodeNotFound() {
  return NotFound("TRANSFER_CODE_NOT_FOUND", "There is no such transfer code. Check that it was copied whole.");
}

}  // namespace countersign::billing
