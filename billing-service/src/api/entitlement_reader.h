// Entitlements with what they provide, for lists and for streams.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_READER_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_READER_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "billing-service/src/clients/order_client.h"
#include "billing-service/src/domain/subscription.h"
#include "common/rpc/call.h"
#include "countersign/billing/v1/entitlement.pb.h"

namespace countersign::billing {

// For one reply: it asks the catalogue once for each offer. Not thread-safe.
class EntitlementReader {
 public:
  EntitlementReader(OrderClient& orders, rpc::Outgoing outgoing) : orders_(orders), outgoing_(std::move(outgoing)) {}

  // Error: UNAVAILABLE while the catalogue cannot be asked what a bundle contains.
  absl::StatusOr<v1::Entitlement> Of(const Subscription& subscription);

 private:
  // The components of a bundle, or the offer itself.
  absl::StatusOr<std::vector<std::string>> Expand(const std::string& offer) const;

  OrderClient& orders_;
  const rpc::Outgoing outgoing_;
  std::map<std::string, std::vector<std::string>> expanded_;  // An account has few different offers.
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_ENTITLEMENT_READER_H_
