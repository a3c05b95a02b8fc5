// countersign.order.v1.CatalogueService: what is for sale, at which prices. The stories of offers are in
// catalogue_offers.cc, those of prices and promotions in catalogue_prices.cc and catalogue_promotions.cc;
// ApplyCatalogue, which is about all of them, is in catalogue_apply.cc.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_SERVICE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_SERVICE_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/events/committer.h"
#include "common/mysql/table.h"
#include "common/rpc/endpoint.h"
#include "countersign/order/v1/catalogue_service.grpc.pb.h"
#include "order-service/src/api/catalogue_requests.h"
#include "order-service/src/api/offer_requests.h"
#include "order-service/src/api/price_requests.h"
#include "order-service/src/api/promotion_requests.h"
#include "order-service/src/store/catalogue_store.h"

namespace countersign::order {

// Thread-safe. Errors are those of catalogue_service.proto.
class CatalogueService final : public v1::CatalogueService::Service {
 public:
  // All must outlive the service.
  CatalogueService(const rpc::Endpoint& endpoint, events::Committer& committer, CatalogueStore& catalogue)
      : endpoint_(endpoint), committer_(committer), catalogue_(catalogue) {}

  grpc::Status ListOffers(grpc::ServerContext* context, const v1::ListOffersRequest* request,
                          v1::ListOffersResponse* reply) override {
    return endpoint_.Read(Method("ListOffers"), context, *request, reply, ParseListOffers,
                          std::bind_front(&CatalogueService::List, this));
  }
  grpc::Status GetOffer(grpc::ServerContext* context, const v1::GetOfferRequest* request, v1::Offer* reply) override {
    return endpoint_.Read(Method("GetOffer"), context, *request, reply, ParseGetOffer,
                          std::bind_front(&CatalogueService::Get, this));
  }
  grpc::Status CreateOffer(grpc::ServerContext* context, const v1::CreateOfferRequest* request,
                           v1::Offer* reply) override {
    return endpoint_.Mutate(Method("CreateOffer"), context, *request, reply, ParseCreateOffer,
                            std::bind_front(&CatalogueService::Create, this));
  }
  grpc::Status UpdateOffer(grpc::ServerContext* context, const v1::UpdateOfferRequest* request,
                           v1::Offer* reply) override {
    return endpoint_.Mutate(Method("UpdateOffer"), context, *request, reply, ParseUpdateOffer,
                            std::bind_front(&CatalogueService::Update, this));
  }
  grpc::Status RetireOffer(grpc::ServerContext* context, const v1::RetireOfferRequest* request,
                           v1::Offer* reply) override {
    return endpoint_.Mutate(Method("RetireOffer"), context, *request, reply, ParseRetireOffer,
                            std::bind_front(&CatalogueService::Retire, this));
  }
  grpc::Status CreatePrice(grpc::ServerContext* context, const v1::CreatePriceRequest* request,
                           v1::Price* reply) override {
    return endpoint_.Mutate(Method("CreatePrice"), context, *request, reply, ParseCreatePrice,
                            std::bind_front(&CatalogueService::CreateVersion, this));
  }
  grpc::Status GetPrice(grpc::ServerContext* context, const v1::GetPriceRequest* request, v1::Price* reply) override {
    return endpoint_.Read(Method("GetPrice"), context, *request, reply, ParseGetPrice,
                          std::bind_front(&CatalogueService::GetVersion, this));
  }
  grpc::Status ListPrices(grpc::ServerContext* context, const v1::ListPricesRequest* request,
                          v1::ListPricesResponse* reply) override {
    return endpoint_.Read(Method("ListPrices"), context, *request, reply, ParseListPrices,
                          std::bind_front(&CatalogueService::ListVersions, this));
  }
  grpc::Status ResolvePrice(grpc::ServerContext* context, const v1::ResolvePriceRequest* request,
                            v1::ResolvePriceResponse* reply) override {
    return endpoint_.Read(Method("ResolvePrice"), context, *request, reply, ParseResolvePrice,
                          std::bind_front(&CatalogueService::Resolve, this));
  }
  grpc::Status CreatePromotion(grpc::ServerContext* context, const v1::CreatePromotionRequest* request,
                               v1::Promotion* reply) override {
    return endpoint_.Mutate(Method("CreatePromotion"), context, *request, reply, ParseCreatePromotion,
                            std::bind_front(&CatalogueService::NewPromotion, this));
  }
  grpc::Status GetPromotion(grpc::ServerContext* context, const v1::GetPromotionRequest* request,
                            v1::Promotion* reply) override {
    return endpoint_.Read(Method("GetPromotion"), context, *request, reply, ParseGetPromotion,
                          std::bind_front(&CatalogueService::FindPromotion, this));
  }
  grpc::Status ListPromotions(grpc::ServerContext* context, const v1::ListPromotionsRequest* request,
                              v1::ListPromotionsResponse* reply) override {
    return endpoint_.Read(Method("ListPromotions"), context, *request, reply, ParseListPromotions,
                          std::bind_front(&CatalogueService::Promotions, this));
  }
  grpc::Status EndPromotion(grpc::ServerContext* context, const v1::EndPromotionRequest* request,
                            v1::Promotion* reply) override {
    return endpoint_.Mutate(Method("EndPromotion"), context, *request, reply, ParseEndPromotion,
                            std::bind_front(&CatalogueService::End, this));
  }
  grpc::Status ApplyCatalogue(grpc::ServerContext* context, const v1::ApplyCatalogueRequest* request,
                              v1::ApplyCatalogueResponse* reply) override {
    return endpoint_.Mutate(Method("ApplyCatalogue"), context, *request, reply, ParseApplyCatalogue,
                            std::bind_front(&CatalogueService::Apply, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::CatalogueService::service_full_name(), name}; }

  absl::StatusOr<v1::ListOffersResponse> List(const rpc::Call& call, const ListOffersCommand& command) const;
  absl::StatusOr<v1::Offer> Get(const rpc::Call& call, const GetOfferCommand& command) const;
  absl::StatusOr<v1::Offer> Create(const rpc::Call& call, const CreateOfferCommand& command);
  absl::StatusOr<v1::Offer> Update(const rpc::Call& call, const ChangeOfferCommand& command);
  absl::StatusOr<v1::Offer> Retire(const rpc::Call& call, const ChangeOfferCommand& command);
  absl::StatusOr<v1::Price> CreateVersion(const rpc::Call& call, const CreatePriceCommand& command);
  absl::StatusOr<v1::Price> GetVersion(const rpc::Call& call, const GetPriceCommand& command) const;
  absl::StatusOr<v1::ListPricesResponse> ListVersions(const rpc::Call& call, const ListPricesCommand& command) const;
  absl::StatusOr<v1::ResolvePriceResponse> Resolve(const rpc::Call& call, const ResolvePriceCommand& command) const;

  absl::StatusOr<v1::Promotion> NewPromotion(const rpc::Call& call, const CreatePromotionCommand& command);
  absl::StatusOr<v1::Promotion> FindPromotion(const rpc::Call& call, const PromotionName& name) const;
  absl::StatusOr<v1::ListPromotionsResponse> Promotions(const rpc::Call& call,
                                                        const ListPromotionsCommand& command) const;
  absl::StatusOr<v1::Promotion> End(const rpc::Call& call, const EndPromotionCommand& command);
  absl::StatusOr<v1::ApplyCatalogueResponse> Apply(const rpc::Call& call, const ApplyCatalogueCommand& command);

  // Commits a new or changed offer, or promotion, with its event, and answers with it.
  absl::StatusOr<v1::Offer> Save(const rpc::Call& call, const Offer& offer, absl::string_view event,
                                 mysql::RowWrite row, absl::string_view reason = "");
  absl::StatusOr<v1::Promotion> Save(const rpc::Call& call, const std::string& offer, const Promotion& promotion,
                                     absl::string_view event, mysql::RowWrite row, absl::string_view reason = "");

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  CatalogueStore& catalogue_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_SERVICE_H_
