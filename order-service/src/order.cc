#include "order-service/src/order.h"

#include <memory>
#include <utility>

#include "common/events/change.h"
#include "order-service/src/api/activation_outcome_service.h"
#include "order-service/src/api/catalogue_service.h"
#include "order-service/src/api/erasure_service.h"
#include "order-service/src/api/offer_service.h"
#include "order-service/src/api/order_service.h"
#include "order-service/src/api/partner_state_service.h"
#include "order-service/src/api/price_service.h"
#include "order-service/src/api/promotion_service.h"
#include "order-service/src/store/catalogue_store.h"
#include "order-service/src/store/order_figures.h"
#include "order-service/src/store/order_store.h"
#include "order-service/src/store/partner_state_store.h"
#include "order-service/src/store/withdrawal_store.h"
#include "order-service/src/workers/billing_relay.h"
#include "order-service/src/workers/draft_task.h"
#include "order-service/src/workers/expiry_task.h"
#include "order-service/src/workers/link_relay.h"
#include "order-service/src/workers/withdrawal_task.h"

namespace countersign::order {

// The order is the order of need.
struct OrderParts::Built {
  Built(rpc::EndpointOptions options, const Needs& needed) : needs(needed), endpoint(std::move(options)) {}

  void Withdraw(const Uuid& partner) const {
    if (needs.wake_task) needs.wake_task(kWithdrawalTask, events::BucketOf(partner));
  }

  const Needs needs;
  CatalogueStore catalogue{needs.database};
  const OrderStore orders{needs.database};
  const PartnerStateStore partner_states{needs.database};
  const WithdrawalStore withdrawals{needs.database};
  const rpc::Endpoint endpoint;
  OfferService offer_service{endpoint, needs.committer, catalogue};
  PriceService price_service{endpoint, needs.committer, catalogue};
  PromotionService promotion_service{endpoint, needs.committer, catalogue};
  CatalogueService catalogue_service{endpoint, needs.committer, catalogue};
  OrderService order_service{endpoint, needs.committer, catalogue, orders, needs.partners, needs.billing, needs.links};
  ActivationOutcomeService activation_outcome_service{endpoint, needs.committer, orders};
  ErasureService erasure_service{endpoint, {needs.committer, orders, needs.links, needs.billing}};
  PartnerStateService partner_state_service{endpoint, needs.committer, partner_states,
                                            std::bind_front(&Built::Withdraw, this)};
};

OrderParts::OrderParts(rpc::EndpointOptions options, const Needs& needs)
    : built_(std::make_unique<Built>(std::move(options), needs)) {}

OrderParts::~OrderParts() = default;

const rpc::Endpoint& OrderParts::endpoint() const { return built_->endpoint; }

std::vector<grpc::Service*> OrderParts::services() {
  return {&built_->offer_service,         &built_->price_service,  &built_->promotion_service,
          &built_->catalogue_service,     &built_->order_service,  &built_->activation_outcome_service,
          &built_->partner_state_service, &built_->erasure_service};
}

std::vector<events::Consumer> OrderParts::consumers() const {
  return {BillingConsumer(built_->orders, built_->needs.committer, built_->needs.billing, built_->needs.clock),
          LinkConsumer(built_->needs.links)};
}

absl::StatusOr<std::vector<metrics::Figure>> OrderParts::ReadFigures(absl::Time deadline) const {
  return ReadOrderFigures(built_->needs.database, deadline, built_->needs.clock.Now());
}

std::vector<events::BucketTask> OrderParts::tasks() const {
  return {ExpiryTask(built_->orders, built_->needs.committer, built_->needs.clock),
          DraftTask(built_->orders, built_->needs.committer, built_->needs.clock),
          WithdrawalTask(built_->withdrawals, built_->orders, built_->needs.committer, built_->needs.clock)};
}

}  // namespace countersign::order
