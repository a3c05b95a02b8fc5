// Parked activations: confirmed orders that could not be activated, until an operator retries or abandons them.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PARKED_ACTIVATION_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PARKED_ACTIVATION_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/activation.h"
#include "common/base/date.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

enum class ParkedActivationState { kParked, kActivated, kAbandoned };

inline constexpr Named<ParkedActivationState> kParkedActivationStates[] = {
    {ParkedActivationState::kParked, "PARKED"},
    {ParkedActivationState::kActivated, "ACTIVATED"},
    {ParkedActivationState::kAbandoned, "ABANDONED"},
};
inline absl::string_view NameOf(ParkedActivationState state) { return NameIn(kParkedActivationStates, state); }

struct ParkedActivation {
  Uuid id;
  Uuid account;
  OrderReference order;
  int64_t revision = 0;
  ParkedActivationState state = ParkedActivationState::kParked;
  std::string reason;   // UPPER_SNAKE, why it could not be activated: "ACTIVATION_LATE".
  std::string message;  // The same as a sentence.
  Date start;
  absl::Time confirm_time;
  std::string request;          // The order as order-service described it. Personal data; empty once it is decided.
  std::string operator_reason;  // Of whoever retried or abandoned it.
  int64_t version = 0;
  absl::Time create_time;
  absl::Time update_time;
};

// Which start a late order takes: its own, or the business day of the retry.
enum class LateStart { kKeep, kToday };

// The id of an order's parked activation: one per revision.
Uuid ParkedActivationId(const OrderReference& order, int64_t revision);

// True for what will not go away by itself: a refusal of the order, not a service that is down.
bool IsPermanentRefusal(const absl::Status& status);

// True where no retry can help: a transfer code that was used stays used.
bool NeverSucceeds(const ParkedActivation& parked);

// The order, parked because of `refusal`.
ParkedActivation Park(const ConfirmedOrder& order, std::string request, const absl::Status& refusal, absl::Time now);

// The next version, ACTIVATED or ABANDONED. Error: FAILED_PRECONDITION PARKED_ACTIVATION_STATE unless PARKED.
absl::StatusOr<ParkedActivation> Resolve(ParkedActivation parked, ParkedActivationState state, absl::string_view reason,
                                         absl::Time now);

// The row that keeps an abandoned order from ever being activated.
Activation AbandonedActivation(const ParkedActivation& parked, absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PARKED_ACTIVATION_H_
