#include <string>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "common/base/date.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/legal_entity.pb.h"
#include "countersign/billing/v1/legal_entity_service.grpc.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::testing::ElementsAre;

class LegalEntityServiceTest : public ApiTest {
 protected:
  static v1::CreateLegalEntityRequest Request(Date from, const std::string& currency = "USD") {
    v1::CreateLegalEntityRequest request;
    v1::LegalEntity& entity = *request.mutable_legal_entity();
    entity.set_currency_code(currency);
    *entity.mutable_effective_date() = rpc::ToProto(from);
    entity.set_legal_name("Contoso Online Ltd");
    entity.mutable_address()->set_region_code("IE");
    entity.mutable_address()->set_locality("Dublin");
    entity.mutable_address()->add_address_lines("1 Quay");
    entity.set_tax_id("IE1234567X");
    entity.set_bank_name("Bank of Examples");
    entity.set_bank_account("IE12BOFI90000112345678");
    entity.set_bank_code("BOFIIE2D");
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::LegalEntity> Create(const v1::CreateLegalEntityRequest& request) {
    return Call(&v1::LegalEntityService::Stub::CreateLegalEntity, request);
  }
};

TEST_F(LegalEntityServiceTest, AVersionIsReadAsItWasCreated) {
  ASSERT_OK_AND_ASSIGN(const v1::LegalEntity created, Create(Request(Date(2009, 1, 1))));
  v1::GetLegalEntityRequest get;
  get.set_name(created.name());
  ASSERT_OK_AND_ASSIGN(const v1::LegalEntity read, Call(&v1::LegalEntityService::Stub::GetLegalEntity, get));
  EXPECT_EQ(read.SerializeAsString(), created.SerializeAsString());
  EXPECT_EQ(read.address().address_lines(0), "1 Quay");
  EXPECT_EQ(read.bank_account(), "IE12BOFI90000112345678");
  EXPECT_EQ(EventOf<v1::LegalEntityEvent>("LEGAL_ENTITY_CREATED").legal_entity(), created.name());
}

TEST_F(LegalEntityServiceTest, OnlyTheFirstVersionOfACurrencyMayBeginInThePast) {
  ASSERT_OK(Create(Request(Date(2007, 1, 1))));
  EXPECT_THAT(Create(Request(Date(2007, 1, 1))), HasReason("LEGAL_ENTITY_EXISTS"));
  EXPECT_THAT(Create(Request(Date(2009, 6, 1))), HasReason("LEGAL_ENTITY_IN_THE_PAST")) << "invoices of today are open";
  ASSERT_OK(Create(Request(Date(2009, 6, 2))));
  ASSERT_OK(Create(Request(Date(2009, 6, 1), "JPY"))) << "the first of its currency";
}

TEST_F(LegalEntityServiceTest, ListsByCurrency) {
  ASSERT_OK_AND_ASSIGN(const v1::LegalEntity dollars, Create(Request(Date(2009, 1, 1))));
  ASSERT_OK_AND_ASSIGN(const v1::LegalEntity yen, Create(Request(Date(2009, 1, 1), "JPY")));
  v1::ListLegalEntitiesRequest list;
  const auto names = [&] {
    std::vector<std::string> found;
    const absl::StatusOr<v1::ListLegalEntitiesResponse> page =
        Call(&v1::LegalEntityService::Stub::ListLegalEntities, list);
    EXPECT_OK(page);
    if (page.ok()) {
      for (const v1::LegalEntity& entity : page->legal_entities()) found.push_back(entity.name());
    }
    return found;
  };
  EXPECT_EQ(names().size(), 2U);
  list.set_filter("currency_code = JPY");
  EXPECT_THAT(names(), ElementsAre(yen.name()));
}

TEST_F(LegalEntityServiceTest, NothingIsWrittenByValidateOnly) {
  v1::CreateLegalEntityRequest request = Request(Date(2009, 1, 1));
  request.set_validate_only(true);
  ASSERT_OK(Create(request));
  ExpectNothingWritten();
}

TEST_F(LegalEntityServiceTest, NamesTheBadFields) {
  v1::CreateLegalEntityRequest request;
  request.set_request_id(NewRequestId());
  request.mutable_legal_entity()->set_tax_id("é");
  request.mutable_legal_entity()->set_bank_code(std::string(17, '1'));
  ExpectViolations(
      Create(request).status(),
      {"legal_entity.currency_code", "legal_entity.effective_date", "legal_entity.legal_name", "legal_entity.address",
       "legal_entity.tax_id", "legal_entity.bank_name", "legal_entity.bank_account", "legal_entity.bank_code"});
  v1::GetLegalEntityRequest get;
  get.set_name("legalEntities/1");
  ExpectViolations(Call(&v1::LegalEntityService::Stub::GetLegalEntity, get).status(), {"name"});
  get.set_name("legalEntities/" + kId);
  EXPECT_THAT(Call(&v1::LegalEntityService::Stub::GetLegalEntity, get), HasReason("LEGAL_ENTITY_NOT_FOUND"));
  v1::ListLegalEntitiesRequest list;
  list.set_page_size(-1);
  list.set_filter("effective_date < soon");
  ExpectViolations(Call(&v1::LegalEntityService::Stub::ListLegalEntities, list).status(), {"filter", "page_size"});
}

}  // namespace
}  // namespace countersign::billing
