// countersign.order.v1.PromotionService: the stories of promotions.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_PROMOTION_SERVICE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_PROMOTION_SERVICE_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/events/committer.h"
#include "common/mysql/table.h"
#include "common/rpc/endpoint.h"
#include "countersign/order/v1/promotion_service.grpc.pb.h"
#include "order-service/src/api/promotion_requests.h"
#include "order-service/src/domain/promotion.h"
#include "order-service/src/store/catalogue_store.h"

namespace countersign::order {

// Thread-safe. Errors are those of promotion_service.proto.
class PromotionService final : public v1::PromotionService::Service {
 public:
  // All must outlive the service.
  PromotionService(const rpc::Endpoint& endpoint, events::Committer& committer, CatalogueStore& catalogue)
      : endpoint_(endpoint), committer_(committer), catalogue_(catalogue) {}

  grpc::Status CreatePromotion(grpc::ServerContext* context, const v1::CreatePromotionRequest* request,
                               v1::Promotion* reply) override {
    return endpoint_.Mutate(Method("CreatePromotion"), context, *request, reply, ParseCreatePromotion,
                            std::bind_front(&PromotionService::Create, this));
  }
  grpc::Status GetPromotion(grpc::ServerContext* context, const v1::GetPromotionRequest* request,
                            v1::Promotion* reply) override {
    return endpoint_.Read(Method("GetPromotion"), context, *request, reply, ParseGetPromotion,
                          std::bind_front(&PromotionService::Get, this));
  }
  grpc::Status ListPromotions(grpc::ServerContext* context, const v1::ListPromotionsRequest* request,
                              v1::ListPromotionsResponse* reply) override {
    return endpoint_.Read(Method("ListPromotions"), context, *request, reply, ParseListPromotions,
                          std::bind_front(&PromotionService::List, this));
  }
  grpc::Status EndPromotion(grpc::ServerContext* context, const v1::EndPromotionRequest* request,
                            v1::Promotion* reply) override {
    return endpoint_.Mutate(Method("EndPromotion"), context, *request, reply, ParseEndPromotion,
                            std::bind_front(&PromotionService::End, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::PromotionService::service_full_name(), name}; }

  absl::StatusOr<v1::Promotion> Create(const rpc::Call& call, const CreatePromotionCommand& command);
  absl::StatusOr<v1::Promotion> Get(const rpc::Call& call, const PromotionName& name) const;
  absl::StatusOr<v1::ListPromotionsResponse> List(const rpc::Call& call, const ListPromotionsCommand& command) const;
  absl::StatusOr<v1::Promotion> End(const rpc::Call& call, const EndPromotionCommand& command);

  // Commits a new or changed promotion with its event, and answers with it.
  absl::StatusOr<v1::Promotion> Save(const rpc::Call& call, const std::string& offer, const Promotion& promotion,
                                     absl::string_view event, mysql::RowWrite row, absl::string_view reason = "");

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  CatalogueStore& catalogue_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_PROMOTION_SERVICE_H_
