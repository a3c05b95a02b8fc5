#include "billing-service/src/domain/parked_activation.h"

#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace countersign::billing {
namespace {

constexpr size_t kMaxMessageBytes = 1'000;

}  // namespace

Uuid ParkedActivationId(const OrderReference& order, int64_t revision) {
  return Uuid::Derived({"parked-activation", order.partner.bytes(), order.order.bytes(), absl::StrCat(revision)});
}

bool IsPermanentRefusal(const absl::Status& status) {
  return status.code() == absl::StatusCode::kFailedPrecondition || status.code() == absl::StatusCode::kNotFound ||
         status.code() == absl::StatusCode::kInvalidArgument || status.code() == absl::StatusCode::kOutOfRange;
}

bool NeverSucceeds(const ParkedActivation& parked) { return parked.reason == "TRANSFER_CODE_USED"; }

ParkedActivation Park(const ConfirmedOrder& order, std::string request, const absl::Status& refusal, absl::Time now) {
  ParkedActivation parked;
  parked.id = ParkedActivationId(order.order, order.revision);
  parked.account = order.account;
  parked.order = order.order;
  parked.revision = order.revision;
  parked.reason = DetailsOf(refusal).reason;
  if (parked.reason.empty()) parked.reason = absl::StatusCodeToString(refusal.code());
  parked.message = std::string(refusal.message().substr(0, kMaxMessageBytes));
  parked.start = order.start;
  parked.confirm_time = order.confirm_time;
  parked.request = std::move(request);
  parked.version = 1;
  parked.create_time = parked.update_time = now;
  return parked;
}

absl::StatusOr<ParkedActivation> Resolve(ParkedActivation parked, ParkedActivationState state, absl::string_view reason,
                                         absl::Time now) {
  if (parked.state != ParkedActivationState::kParked) {
    return FailedPrecondition(
        "PARKED_ACTIVATION_STATE",
        absl::StrCat("The activation is ", NameOf(parked.state), " already; only a PARKED one can be decided."),
        {{"state", std::string(NameOf(parked.state))}});
  }
  parked.state = state;
  parked.request.clear();  // Nobody will try it again.
  parked.operator_reason = std::string(reason);
  ++parked.version;
  parked.update_time = now;
  return parked;
}

Activation AbandonedActivation(const ParkedActivation& parked, absl::Time now) {
  Activation activation;
  activation.account = parked.account;
  activation.order = parked.order;
  activation.revision = parked.revision;
  activation.create_time = now;
  activation.outcome = ActivationOutcome::kAbandoned;
  return activation;
}

}  // namespace countersign::billing
