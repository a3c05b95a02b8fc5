#include "order-service/src/api/catalogue_service.h"

#include <fstream>
#include <iterator>
#include <string>

#include "common/rpc/convert.h"
#include "common/testing/status_matchers.h"
#include "countersign/order/v1/catalogue.pb.h"
#include "countersign/order/v1/catalogue_service.grpc.pb.h"
#include "countersign/order/v1/offer.pb.h"
#include "countersign/order/v1/price.pb.h"
#include "google/protobuf/util/json_util.h"
#include "order-service/src/api/api_test_base.h"

namespace countersign::order {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CatalogueServiceTest : public ApiTest {
 protected:
  using Stub = v1::CatalogueService::Stub;

  void TearDown() override {
    database_->Execute("DELETE FROM offers WHERE offer_id LIKE 'test-%'");
    database_->Execute("DELETE FROM prices WHERE publish_time > '2009-01-01'");
    database_->Execute("DELETE FROM price_tiers WHERE price_id LIKE 'test-%'");
    database_->Execute("UPDATE offers SET version = 0, retired = 0, retire_time = NULL");
    database_->Execute("UPDATE offers SET title = 'Office Live Meeting' WHERE offer_id = 'office-live-meeting'");
  }

  static v1::ApplyCatalogueRequest FileRequest() {
    std::ifstream file(COUNTERSIGN_SANDBOX_CATALOGUE);
    const std::string json{std::istreambuf_iterator<char>(file), {}};
    v1::ApplyCatalogueRequest request;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, request.mutable_catalogue()).ok());
    request.set_request_id(NewRequestId());
    return request;
  }

  std::vector<std::string> Apply(const v1::ApplyCatalogueRequest& request) {
    const absl::StatusOr<v1::ApplyCatalogueResponse> applied = Call(&Stub::ApplyCatalogue, request, kOperator);
    EXPECT_OK(applied);
    const v1::ApplyCatalogueResponse reply = applied.value_or(v1::ApplyCatalogueResponse());
    std::vector<std::string> changes;
    for (const v1::CatalogueChange& change : reply.changes()) {
      changes.push_back(absl::StrCat(v1::CatalogueChange::Action_Name(change.action()), " ", change.name()));
      for (const std::string& field : change.fields()) changes.push_back(field);
    }
    return changes;
  }
};

TEST_F(CatalogueServiceTest, TheSandboxFileIsWhatWasSeeded) {
  EXPECT_EQ(FileRequest().catalogue().offers_size(), 8);
  EXPECT_THAT(Apply(FileRequest()), IsEmpty());
  EXPECT_EQ(CountRows("events"), 0);
}

TEST_F(CatalogueServiceTest, AnEditedFileIsAppliedOnceAndItsDifferenceIsShownBefore) {
  v1::ApplyCatalogueRequest request = FileRequest();
  for (v1::Catalogue::Entry& entry : *request.mutable_catalogue()->mutable_offers()) {
    if (entry.offer().name() == "offers/office-live-meeting") entry.mutable_offer()->set_title("Live Meeting");
  }
  v1::Catalogue::Entry& entry = *request.mutable_catalogue()->add_offers();
  entry.mutable_offer()->set_name("offers/test-news");
  entry.mutable_offer()->set_title("News");
  entry.mutable_offer()->set_description("All the news.");
  v1::Price& price = *entry.add_prices();
  price.set_name("offers/test-news/prices/test-usd");
  price.set_currency_code("USD");
  *price.mutable_effective_time() = rpc::ToProto(clock_.Now());
  price.add_tiers()->set_minimum_quantity(1);
  price.mutable_tiers(0)->mutable_unit_price()->set_currency_code("USD");
  price.mutable_tiers(0)->mutable_unit_price()->set_units(3);

  request.set_validate_only(true);
  const std::vector<std::string> difference = Apply(request);
  EXPECT_THAT(difference,
              ElementsAre("ACTION_UPDATE offers/office-live-meeting", "title: Office Live Meeting → Live Meeting",
                          "ACTION_CREATE offers/test-news", "ACTION_CREATE offers/test-news/prices/test-usd"));
  EXPECT_EQ(CountRows("events"), 0);
  request.set_validate_only(false);
  EXPECT_EQ(Apply(request), difference);
  EXPECT_EQ(Apply(request), difference);  // The stored reply.
  EXPECT_THAT(EventTypes(),
              ::testing::UnorderedElementsAre("CATALOGUE_APPLIED", "OFFER_CREATED", "OFFER_UPDATED", "PRICE_CREATED"));
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Apply(request), IsEmpty());
}

TEST_F(CatalogueServiceTest, NamesEveryBadFieldOfAFileAndChangesNothing) {
  v1::ApplyCatalogueRequest request = FileRequest();
  request.mutable_catalogue()->mutable_offers(0)->mutable_offer()->set_title("Changed");
  request.mutable_catalogue()->mutable_offers(1)->mutable_prices(0)->mutable_tiers(0)->mutable_unit_price()->set_units(
      99);
  ExpectViolations(Call(&Stub::ApplyCatalogue, request, kOperator).status(), {"catalogue.offers[1].prices[0]"});
  request.mutable_catalogue()->mutable_offers(1)->mutable_prices(0)->set_name("offers/other/prices/x");
  request.mutable_catalogue()->mutable_offers(2)->mutable_prices(0)->clear_effective_time();
  request.mutable_catalogue()->mutable_offers(3)->mutable_offer()->clear_title();
  ExpectViolations(Call(&Stub::ApplyCatalogue, request, kOperator).status(),
                   {"catalogue.offers[1].prices[0].name", "catalogue.offers[2].prices[0].effective_time",
                    "catalogue.offers[3].offer.title"});
  request.clear_catalogue();
  ExpectViolations(Call(&Stub::ApplyCatalogue, request, kOperator).status(), {"catalogue.offers"});
  EXPECT_EQ(CountRows("events"), 0);
}

}  // namespace
}  // namespace countersign::order
