#include "order-service/src/api/promotion_service.h"

#include "common/rpc/convert.h"
#include "common/testing/status_matchers.h"
#include "countersign/order/v1/promotion.pb.h"
#include "countersign/order/v1/promotion_service.grpc.pb.h"
#include "order-service/src/api/api_test_base.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;

class PromotionServiceTest : public ApiTest {
 protected:
  using PromotionStub = v1::PromotionService::Stub;

  v1::CreatePromotionRequest PromotionRequest(const char* id) const {
    v1::CreatePromotionRequest request;
    request.set_parent("offers/exchange-online");
    request.set_promotion_id(id);
    request.mutable_promotion()->set_title("Half price in the first year");
    request.mutable_promotion()->add_unit_prices()->set_currency_code("USD");
    request.mutable_promotion()->mutable_unit_prices(0)->set_units(5);
    *request.mutable_promotion()->mutable_end_date() = rpc::ToProto(Date(2009, 9, 1));
    request.set_request_id(NewRequestId());
    return request;
  }
};

TEST_F(PromotionServiceTest, APromotionIsWrittenReadListedAndEnded) {
  ASSERT_OK_AND_ASSIGN(const v1::Promotion promotion,
                       Call(&PromotionStub::CreatePromotion, PromotionRequest("half"), kOperator));
  EXPECT_EQ(promotion.name(), "offers/exchange-online/promotions/half");
  EXPECT_EQ(promotion.start_date().month(), 6);
  EXPECT_THAT(Call(&PromotionStub::CreatePromotion, PromotionRequest("half"), kOperator),
              HasReason("PROMOTION_EXISTS"));
  v1::GetPromotionRequest get;
  get.set_name(promotion.name());
  EXPECT_EQ(Call(&PromotionStub::GetPromotion, get)->SerializeAsString(), promotion.SerializeAsString());
  ASSERT_OK(Call(&PromotionStub::CreatePromotion, PromotionRequest("quarter"), kOperator));
  v1::ListPromotionsRequest list;
  list.set_parent("offers/exchange-online");
  list.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const v1::ListPromotionsResponse first, Call(&PromotionStub::ListPromotions, list));
  EXPECT_EQ(first.promotions(0).name(), promotion.name());
  list.set_page_token(first.next_page_token());
  EXPECT_EQ(Call(&PromotionStub::ListPromotions, list)->promotions(0).name(),
            "offers/exchange-online/promotions/quarter");
  v1::EndPromotionRequest end;
  end.set_name(promotion.name());
  end.set_reason("a mistake");
  end.set_etag(promotion.etag());
  end.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Promotion ended, Call(&PromotionStub::EndPromotion, end, kOperator));
  EXPECT_EQ(ended.end_date().day(), 1);
  end.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&PromotionStub::EndPromotion, end, kOperator), HasReason("ETAG_MISMATCH"));
  end.clear_etag();
  EXPECT_THAT(Call(&PromotionStub::EndPromotion, end, kOperator), HasReason("PROMOTION_ENDED"));
  get.set_name("offers/exchange-online/promotions/none");
  EXPECT_THAT(Call(&PromotionStub::GetPromotion, get), HasReason("PROMOTION_NOT_FOUND"));
}

TEST_F(PromotionServiceTest, NamesWhatIsWrongWithAPromotion) {
  v1::CreatePromotionRequest request = PromotionRequest("half");
  request.mutable_promotion()->set_trial_days(30);
  *request.mutable_promotion()->mutable_end_date() = rpc::ToProto(Date(2009, 6, 1));
  ExpectViolations(Call(&PromotionStub::CreatePromotion, request, kOperator).status(),
                   {"promotion.trial_days", "promotion.end_date"});
  request.mutable_promotion()->clear_end_date();
  request.mutable_promotion()->clear_title();
  request.mutable_promotion()->set_trial_days(366);
  request.mutable_promotion()->mutable_unit_prices(0)->set_units(0);
  request.set_promotion_id("");
  ExpectViolations(
      Call(&PromotionStub::CreatePromotion, request, kOperator).status(),
      {"promotion.end_date", "promotion.title", "promotion.trial_days", "promotion.unit_prices[0]", "promotion_id"});
}

}  // namespace
}  // namespace countersign::order
