// Explanations as messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_EXPLANATION_MESSAGES_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_EXPLANATION_MESSAGES_H_

#include "billing-service/src/domain/explanation.h"
#include "countersign/billing/v1/explanation.pb.h"

namespace countersign::billing {

inline v1::Explanation ToProto(const Explanation& explanation) {
  v1::Explanation message;
  message.set_what(explanation.what);
  message.set_value(explanation.value);
  message.set_why(explanation.why);
  for (const Explanation& part : explanation.parts) *message.add_parts() = ToProto(part);
  return message;
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_EXPLANATION_MESSAGES_H_
