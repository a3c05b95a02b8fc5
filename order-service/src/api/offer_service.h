// countersign.order.v1.OfferService: the stories of what is for sale.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_OFFER_SERVICE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_OFFER_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/events/committer.h"
#include "common/mysql/table.h"
#include "common/rpc/endpoint.h"
#include "countersign/order/v1/offer_service.grpc.pb.h"
#include "order-service/src/api/offer_requests.h"
#include "order-service/src/domain/offer.h"
#include "order-service/src/store/catalogue_store.h"

namespace countersign::order {

// Thread-safe. Errors are those of offer_service.proto.
class OfferService final : public v1::OfferService::Service {
 public:
  // All must outlive the service.
  OfferService(const rpc::Endpoint& endpoint, events::Committer& committer, CatalogueStore& catalogue)
      : endpoint_(endpoint), committer_(committer), catalogue_(catalogue) {}

  grpc::Status ListOffers(grpc::ServerContext* context, const v1::ListOffersRequest* request,
                          v1::ListOffersResponse* reply) override {
    return endpoint_.Read(Method("ListOffers"), context, *request, reply, ParseListOffers,
                          std::bind_front(&OfferService::List, this));
  }
  grpc::Status GetOffer(grpc::ServerContext* context, const v1::GetOfferRequest* request, v1::Offer* reply) override {
    return endpoint_.Read(Method("GetOffer"), context, *request, reply, ParseGetOffer,
                          std::bind_front(&OfferService::Get, this));
  }
  grpc::Status CreateOffer(grpc::ServerContext* context, const v1::CreateOfferRequest* request,
                           v1::Offer* reply) override {
    return endpoint_.Mutate(Method("CreateOffer"), context, *request, reply, ParseCreateOffer,
                            std::bind_front(&OfferService::Create, this));
  }
  grpc::Status UpdateOffer(grpc::ServerContext* context, const v1::UpdateOfferRequest* request,
                           v1::Offer* reply) override {
    return endpoint_.Mutate(Method("UpdateOffer"), context, *request, reply, ParseUpdateOffer,
                            std::bind_front(&OfferService::Update, this));
  }
  grpc::Status RetireOffer(grpc::ServerContext* context, const v1::RetireOfferRequest* request,
                           v1::Offer* reply) override {
    return endpoint_.Mutate(Method("RetireOffer"), context, *request, reply, ParseRetireOffer,
                            std::bind_front(&OfferService::Retire, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::OfferService::service_full_name(), name}; }

  absl::StatusOr<v1::ListOffersResponse> List(const rpc::Call& call, const ListOffersCommand& command) const;
  absl::StatusOr<v1::Offer> Get(const rpc::Call& call, const GetOfferCommand& command) const;
  absl::StatusOr<v1::Offer> Create(const rpc::Call& call, const CreateOfferCommand& command);
  absl::StatusOr<v1::Offer> Update(const rpc::Call& call, const ChangeOfferCommand& command);
  absl::StatusOr<v1::Offer> Retire(const rpc::Call& call, const ChangeOfferCommand& command);

  // Commits a new or changed offer with its event, and answers with it.
  absl::StatusOr<v1::Offer> Save(const rpc::Call& call, const Offer& offer, absl::string_view event,
                                 mysql::RowWrite row, absl::string_view reason = "");

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  CatalogueStore& catalogue_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_OFFER_SERVICE_H_
