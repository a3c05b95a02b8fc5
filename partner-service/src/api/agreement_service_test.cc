#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "countersign/partner/v1/agreement.pb.h"
#include "countersign/partner/v1/agreement_service.grpc.pb.h"
#include "countersign/partner/v1/partner.pb.h"
#include "countersign/partner/v1/seller_service.grpc.pb.h"
#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kDigest(64, 'a');

class AgreementApiTest : public ApiTest {
 protected:
  static v1::CreateAgreementRequest CreateRequestOf(absl::string_view id) {
    v1::CreateAgreementRequest request;
    request.set_agreement_id(std::string(id));
    request.mutable_agreement()->set_title("Partner Agreement, January 2010");
    request.mutable_agreement()->set_document_sha256(kDigest);
    request.mutable_agreement()->set_document_uri("https://example.com/2010-01.pdf");
    request.set_request_id(NewRequestId());
    return request;
  }

  absl::StatusOr<v1::Partner> Accept(const std::string& partner, absl::string_view agreement,
                                     absl::string_view person = "Ann Lee") {
    return Call(&v1::AgreementService::Stub::AcceptAgreement, AcceptRequest(partner, agreement, person), partner);
  }

  // As order-service learns it before an order goes out.
  bool AgreementIsCurrent(const std::string& customer) {
    v1::CheckSellerRequest request;
    request.set_customer(customer);
    const absl::StatusOr<v1::CheckSellerResponse> response =
        Call(&v1::SellerService::Stub::CheckSeller, request, kService);
    EXPECT_OK(response);
    return response.ok() && response->partner().agreement_current();
  }

  std::vector<v1::AgreementAcceptance> Acceptances(const std::string& partner) {
    v1::ListAgreementAcceptancesRequest request;
    request.set_parent(partner);
    const auto response = Call(&v1::AgreementService::Stub::ListAgreementAcceptances, request, partner);
    EXPECT_OK(response);
    if (!response.ok()) return {};
    return {response->agreement_acceptances().begin(), response->agreement_acceptances().end()};
  }
};

TEST_F(AgreementApiTest, WritesAVersionThatEverybodyMayRead) {
  v1::CreateAgreementRequest request = CreateRequestOf("2010-01");
  *request.mutable_agreement()->mutable_effective_time() = rpc::ToProto(clock_.Now() + absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const v1::Agreement agreement, Call(&v1::AgreementService::Stub::CreateAgreement, request));
  EXPECT_EQ(agreement.name(), "agreements/2010-01");
  EXPECT_EQ(agreement.title(), "Partner Agreement, January 2010");
  EXPECT_EQ(agreement.document_sha256(), kDigest);
  EXPECT_EQ(agreement.effective_time().seconds(), absl::ToUnixSeconds(clock_.Now() + absl::Hours(1)));
  v1::GetAgreementRequest get;
  get.set_name(agreement.name());
  ASSERT_OK_AND_ASSIGN(const v1::Agreement read,
                       Call(&v1::AgreementService::Stub::GetAgreement, get, CreatePartner().name()));
  EXPECT_EQ(read.SerializeAsString(), agreement.SerializeAsString());
  get.set_name("agreements/2011-01");
  EXPECT_THAT(Call(&v1::AgreementService::Stub::GetAgreement, get), HasReason("AGREEMENT_NOT_FOUND"));
}

TEST_F(AgreementApiTest, AsksForTheNewVersionFromItsEffectiveTimeOn) {
  const std::string partner = CreatePartner().name();
  const std::string customer = CreateCustomer(partner).name();
  EXPECT_FALSE(AgreementIsCurrent(customer));
  ASSERT_OK(Accept(partner, "agreements/2009-06"));
  EXPECT_TRUE(AgreementIsCurrent(customer));

  v1::CreateAgreementRequest request = CreateRequestOf("2010-01");
  *request.mutable_agreement()->mutable_effective_time() = rpc::ToProto(clock_.Now() + absl::Hours(1));
  ASSERT_OK(Call(&v1::AgreementService::Stub::CreateAgreement, request));
  EXPECT_TRUE(AgreementIsCurrent(customer));
  EXPECT_THAT(Accept(partner, "agreements/2010-01"), HasReason("AGREEMENT_NOT_CURRENT"));
  clock_.Advance(absl::Hours(1));
  EXPECT_FALSE(AgreementIsCurrent(customer));
  EXPECT_THAT(Accept(partner, "agreements/2009-06"), HasReason("AGREEMENT_NOT_CURRENT"));
  ASSERT_OK(Accept(partner, "agreements/2010-01"));
  EXPECT_TRUE(AgreementIsCurrent(customer));
}

TEST_F(AgreementApiTest, KeepsWhoAcceptedWhichVersionAndWhen) {
  const std::string partner = CreatePartner().name();
  ASSERT_OK(Accept(partner, "agreements/2009-06", "Ann Lee"));
  const absl::Time first = clock_.Now();
  clock_.Advance(absl::Hours(1));
  ASSERT_OK(Call(&v1::AgreementService::Stub::CreateAgreement, CreateRequestOf("2010-01")));
  ASSERT_OK(Accept(partner, "agreements/2010-01", "Jo Brown"));

  const std::vector<v1::AgreementAcceptance> acceptances = Acceptances(partner);
  ASSERT_EQ(acceptances.size(), 2U);
  EXPECT_EQ(acceptances[0].agreement(), "agreements/2009-06");
  EXPECT_EQ(acceptances[0].accepted_by(), "Ann Lee");
  EXPECT_EQ(acceptances[0].recorded_by(), partner);
  EXPECT_EQ(acceptances[0].accept_time().seconds(), absl::ToUnixSeconds(first));
  EXPECT_EQ(acceptances[1].agreement(), "agreements/2010-01");
  EXPECT_EQ(acceptances[1].accepted_by(), "Jo Brown");
  EXPECT_TRUE(Acceptances(CreatePartner("P-1002").name()).empty());
}

TEST_F(AgreementApiTest, NeverChangesAVersion) {
  const v1::CreateAgreementRequest request = CreateRequestOf("2010-01");
  ASSERT_OK_AND_ASSIGN(const v1::Agreement first, Call(&v1::AgreementService::Stub::CreateAgreement, request));
  clock_.Advance(absl::Hours(48));
  ASSERT_OK_AND_ASSIGN(const v1::Agreement again, Call(&v1::AgreementService::Stub::CreateAgreement, request));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_THAT(Call(&v1::AgreementService::Stub::CreateAgreement, CreateRequestOf("2010-01")),
              HasReason("AGREEMENT_EXISTS"));
  EXPECT_THAT(Call(&v1::AgreementService::Stub::CreateAgreement, CreateRequestOf("2009-06")),
              HasReason("AGREEMENT_EXISTS"));
  EXPECT_EQ(CountRows("agreements"), 2);
}

TEST_F(AgreementApiTest, TakesEffectNeverInThePast) {
  v1::CreateAgreementRequest request = CreateRequestOf("2010-01");
  *request.mutable_agreement()->mutable_effective_time() = rpc::ToProto(clock_.Now() - absl::Seconds(1));
  EXPECT_THAT(Call(&v1::AgreementService::Stub::CreateAgreement, request),
              StatusIs(absl::StatusCode::kInvalidArgument));
  request.mutable_agreement()->clear_effective_time();
  request.set_validate_only(true);
  EXPECT_OK(Call(&v1::AgreementService::Stub::CreateAgreement, request));
  EXPECT_EQ(CountRows("agreements"), 1);
}

TEST_F(AgreementApiTest, IsWrittenByOperatorsOnly) {
  const std::string partner = CreatePartner().name();
  EXPECT_THAT(Call(&v1::AgreementService::Stub::CreateAgreement, CreateRequestOf("2010-01"), partner),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(AgreementApiTest, RecordsTheAcceptanceOfTheCurrentAgreement) {
  const v1::Partner created = CreatePartner();
  ASSERT_OK_AND_ASSIGN(const v1::Partner partner,
                       Call(&v1::AgreementService::Stub::AcceptAgreement,
                            AcceptRequest(created.name(), "agreements/2009-06"), created.name()));
  EXPECT_EQ(partner.accepted_agreement(), "agreements/2009-06");
  EXPECT_EQ(partner.agreement_accepted_by(), "Ann Lee");
  EXPECT_TRUE(partner.agreement_current());
  EXPECT_EQ(partner.version(), 2);
}

TEST_F(AgreementApiTest, RefusesAnAgreementThatIsNotTheCurrentOne) {
  EXPECT_THAT(
      Call(&v1::AgreementService::Stub::AcceptAgreement, AcceptRequest(CreatePartner().name(), "agreements/2008-01")),
      HasReason("AGREEMENT_NOT_CURRENT"));
}

TEST_F(AgreementApiTest, LetsNoPartnerAcceptForAnother) {
  const std::string name = CreatePartner("P-1001").name();
  const std::string other = CreatePartner("P-1002").name();
  EXPECT_THAT(Call(&v1::AgreementService::Stub::AcceptAgreement, AcceptRequest(name, "agreements/2009-06"), other),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(AgreementApiTest, ShowsThePartnersAcceptancesPageByPage) {
  const std::string partner = CreatePartner("P-1001").name();
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(Accept(partner, "agreements/2009-06"));
    clock_.Advance(absl::Seconds(1));
  }
  v1::ListAgreementAcceptancesRequest request;
  request.set_parent(partner);
  for (const std::string& caller : {partner, std::string(kOperator), std::string(kViewer)}) {
    EXPECT_THAT(Names(&v1::AgreementService::Stub::ListAgreementAcceptances, request,
                      &v1::ListAgreementAcceptancesResponse::agreement_acceptances, caller),
                SizeIs(3));
  }
  EXPECT_THAT(Call(&v1::AgreementService::Stub::ListAgreementAcceptances, request, CreatePartner("P-1002").name()),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(AgreementApiTest, AcceptancesAreListedByAgreementPersonRecorderAndTime) {
  const std::string partner = CreatePartner("P-1001").name();
  std::vector<std::string> made;
  for (const char* person : {"Ann Lee", "Jo Brown"}) {
    ASSERT_OK(Call(&v1::AgreementService::Stub::AcceptAgreement, AcceptRequest(partner, "agreements/2009-06", person),
                   made.empty() ? partner : kOperator));
    clock_.Advance(absl::Hours(1));
    made.push_back(person);
  }
  const auto listed = [&](const std::string& filter) {
    v1::ListAgreementAcceptancesRequest request;
    request.set_parent(partner);
    request.set_filter(filter);
    std::vector<std::string> people;
    const absl::StatusOr<v1::ListAgreementAcceptancesResponse> page =
        Call(&v1::AgreementService::Stub::ListAgreementAcceptances, request, partner);
    EXPECT_OK(page);
    if (page.ok()) {
      for (const auto& acceptance : page->agreement_acceptances()) people.push_back(acceptance.accepted_by());
    }
    return people;
  };
  EXPECT_THAT(listed("agreement = \"agreements/2009-06\""), ElementsAreArray(made));
  EXPECT_THAT(listed("agreement = \"agreements/2010-01\""), IsEmpty());
  EXPECT_THAT(listed("accepted_by = \"Ann Lee\""), ElementsAre("Ann Lee"));
  EXPECT_THAT(listed(absl::StrCat("recorded_by = \"", partner, "\"")), ElementsAre("Ann Lee"));
  EXPECT_THAT(listed("accept_time >= \"2009-06-01T10:00:00Z\""), ElementsAre("Jo Brown"));
}

TEST_F(AgreementApiTest, ShowsTheVersionsByTheirIds) {
  for (const char* id : {"2012-01", "2010-01", "2011-01"}) {
    v1::CreateAgreementRequest request = CreateRequestOf(id);
    request.mutable_agreement()->set_title("Partner Agreement");
    ASSERT_OK(Call(&v1::AgreementService::Stub::CreateAgreement, request));
  }
  EXPECT_THAT(Names(&v1::AgreementService::Stub::ListAgreements, v1::ListAgreementsRequest(),
                    &v1::ListAgreementsResponse::agreements, CreatePartner().name()),
              ElementsAre("agreements/2009-06", "agreements/2010-01", "agreements/2011-01", "agreements/2012-01"));
  const auto listed = [&](const std::string& filter) {
    v1::ListAgreementsRequest request;
    request.set_filter(filter);
    return Names(&v1::AgreementService::Stub::ListAgreements, request, &v1::ListAgreementsResponse::agreements, kViewer)
        .size();
  };
  EXPECT_EQ(listed("title = \"Partner Agreement\""), 3);
  EXPECT_EQ(listed("effective_time < \"2009-06-01T00:00:00Z\""), 1);
  EXPECT_EQ(listed("create_time >= \"2009-06-01T00:00:00Z\" AND title != \"Partner Agreement\""), 0);
}

}  // namespace
}  // namespace countersign::partner
