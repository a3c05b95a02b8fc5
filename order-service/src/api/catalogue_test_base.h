// Tests that change the catalogue: what was seeded stays as it was for those that follow.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_TEST_BASE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_TEST_BASE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/rpc/convert.h"
#include "countersign/order/v1/offer.pb.h"
#include "countersign/order/v1/offer_service.grpc.pb.h"
#include "countersign/order/v1/price_service.grpc.pb.h"
#include "order-service/src/api/api_test_base.h"

namespace countersign::order {

class CatalogueTest : public ApiTest {
 protected:
  using OfferStub = v1::OfferService::Stub;
  using PriceStub = v1::PriceService::Stub;

  void TearDown() override {
    database_->Execute("DELETE FROM offers WHERE version > 0 AND offer_id LIKE 'test-%'");
    database_->Execute("DELETE FROM prices WHERE publish_time > '2009-01-01'");
    database_->Execute("DELETE FROM price_tiers WHERE price_id LIKE 'test-%'");
    database_->Execute(
        "UPDATE offers SET retired = 0, retire_time = NULL, version = 0, maximum_quantity = 1000000, "
        "regions = '', title = IF(offer_id = 'exchange-online', 'Exchange Online', title)");
  }

  // A price of so many dollars from 5 seats on.
  v1::CreatePriceRequest PriceRequest(const char* offer, const char* id, int64_t units, absl::Time effective) const {
    v1::CreatePriceRequest request;
    request.set_parent(absl::StrCat("offers/", offer));
    request.set_price_id(id);
    request.mutable_price()->set_currency_code("USD");
    *request.mutable_price()->mutable_effective_time() = rpc::ToProto(effective);
    v1::Price::Tier& tier = *request.mutable_price()->add_tiers();
    tier.set_minimum_quantity(5);
    tier.mutable_unit_price()->set_currency_code("USD");
    tier.mutable_unit_price()->set_units(units);
    request.set_request_id(NewRequestId());
    return request;
  }

  absl::StatusOr<v1::Offer> GetOffer(const char* offer) {
    v1::GetOfferRequest request;
    request.set_name(absl::StrCat("offers/", offer));
    return Call(&OfferStub::GetOffer, request);
  }
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_TEST_BASE_H_
