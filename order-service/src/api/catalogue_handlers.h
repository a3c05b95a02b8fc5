#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_HANDLERS_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_HANDLERS_H_

#include <string>

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "common/rpc/page.h"
#include "countersign/order/v1/order_service.pb.h"
#include "order-service/src/store/catalogue_store.h"

namespace countersign::order {

struct ListOffersCommand {
  std::string currency;
  rpc::Listing list;
};
absl::StatusOr<ListOffersCommand> ParseListOffers(const rpc::Call& call, const v1::ListOffersRequest& request);

struct GetOfferCommand {
  std::string offer;
  std::string currency;
};
absl::StatusOr<GetOfferCommand> ParseGetOffer(const rpc::Call& call, const v1::GetOfferRequest& request);

// What is for sale. Thread-safe. Errors are those of the method in order_service.proto.
class CatalogueHandlers {
 public:
  // The store must outlive the handlers.
  explicit CatalogueHandlers(CatalogueStore& catalogue) : catalogue_(catalogue) {}

  absl::StatusOr<v1::Offer> GetOffer(const rpc::Call& call, const GetOfferCommand& command);
  absl::StatusOr<v1::ListOffersResponse> ListOffers(const rpc::Call& call, const ListOffersCommand& command);

 private:
  CatalogueStore& catalogue_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_HANDLERS_H_
