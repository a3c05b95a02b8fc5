#include "order-service/src/api/catalogue_service.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "order-service/src/api/offer_messages.h"
#include "order-service/src/api/price_messages.h"
#include "order-service/src/api/promotion_messages.h"
#include "order-service/src/domain/catalogue_plan.h"

namespace countersign::order {
namespace {

v1::ApplyCatalogueResponse ReplyOf(const CataloguePlan& plan) {
  v1::ApplyCatalogueResponse reply;
  for (const CatalogueDifference& difference : plan.differences) {
    v1::CatalogueChange& change = *reply.add_changes();
    change.set_action(rpc::EnumNamed<v1::CatalogueChange::Action>("ACTION_", NameOf(difference.act)));
    change.set_name(difference.name);
    for (const std::string& field : difference.fields) change.add_fields(field);
  }
  return reply;
}

// The rows and events of the plan.
class PlanWriting {
 public:
  explicit PlanWriting(const rpc::Call& call) : call_(call) {}

  void Add(const CataloguePlan& plan) {
    for (const Offer& offer : plan.new_offers) AddOffer(offer, "OFFER_CREATED", CatalogueStore::NewRow(offer));
    for (const Offer& offer : plan.changed_offers) {
      AddOffer(offer, offer.retired ? "OFFER_RETIRED" : "OFFER_UPDATED", CatalogueStore::Row(offer));
    }
    for (const auto& [offer, price] : plan.new_prices) {
      AddEvent(PriceAggregate(offer, price.id), 1, "PRICE_CREATED", EventOf(offer, price), ToProto(offer, price));
      for (mysql::RowWrite& row : CatalogueStore::RowsOf(offer, price)) rows.push_back(std::move(row));
    }
    for (const auto& [offer, promotion] : plan.new_promotions) {
      AddEvent(PromotionAggregate(offer, promotion.id), 1, "PROMOTION_CREATED", EventOf(offer, promotion),
               ToProto(offer, promotion));
      rows.push_back(CatalogueStore::NewRow(offer, promotion));
    }
  }

  void AddEvent(const Uuid& aggregate, int64_t version, absl::string_view type,
                const google::protobuf::Message& payload, const google::protobuf::Message& resource) {
    events.push_back(call_.MakeEvent(
        {.aggregate = aggregate, .version = version, .type = type, .payload = payload, .resource = resource}));
  }

  std::vector<mysql::RowWrite> rows;
  std::vector<events::Event> events;

 private:
  void AddOffer(const Offer& offer, absl::string_view type, mysql::RowWrite row) {
    AddEvent(OfferAggregate(offer.id), offer.version, type, EventOf(offer), ToProto(offer, "USD", call_.now()));
    rows.push_back(std::move(row));
  }

  const rpc::Call& call_;
};

}  // namespace

absl::StatusOr<v1::ApplyCatalogueResponse> CatalogueService::Apply(const rpc::Call& call,
                                                                   const ApplyCatalogueCommand& command) {
  // Read first, so that whoever applies a catalogue meanwhile wins the next version and this one starts again.
  ASSIGN_OR_RETURN(const int64_t applied, catalogue_.TimesApplied(call.deadline()));
  ASSIGN_OR_RETURN(const std::shared_ptr<const Catalogue> catalogue, catalogue_.Load(call.deadline()));
  ASSIGN_OR_RETURN(const CataloguePlan plan, PlanCatalogue(*catalogue, command.entries, call.now()));
  const v1::ApplyCatalogueResponse reply = ReplyOf(plan);
  if (call.validate_only() || plan.differences.empty()) return reply;

  v1::CatalogueEvent payload;
  payload.set_version(applied + 1);
  payload.set_changes(reply.changes_size());
  *payload.mutable_apply_time() = rpc::ToProto(call.now());
  PlanWriting writing(call);
  writing.AddEvent(CatalogueTenant(), applied + 1, "CATALOGUE_APPLIED", payload, reply);
  writing.Add(plan);
  RETURN_IF_ERROR(committer_.Commit(call.deadline(),
                                    call.ChangeOf({.rows = writing.rows, .events = writing.events, .reply = reply})));
  catalogue_.Forget();
  return reply;
}

}  // namespace countersign::order
