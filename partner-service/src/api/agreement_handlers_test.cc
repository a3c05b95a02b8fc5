#include "common/rpc/convert.h"
#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

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
    v1::AcceptAgreementRequest request;
    request.set_name(partner);
    request.set_agreement(std::string(agreement));
    request.set_accepted_by(std::string(person));
    request.set_request_id(NewRequestId());
    return Call(&Stub::AcceptAgreement, request, partner);
  }

  // What order-service learns before an order goes out.
  bool AgreementIsCurrent(const std::string& customer) {
    v1::CheckSellerRequest request;
    request.set_customer(customer);
    const absl::StatusOr<v1::CheckSellerResponse> response = Call(&Stub::CheckSeller, request, kService);
    EXPECT_OK(response);
    return response.ok() && response->partner().agreement_current();
  }

  std::vector<v1::AgreementAcceptance> Acceptances(const std::string& partner) {
    v1::ListAgreementAcceptancesRequest request;
    request.set_parent(partner);
    const auto response = Call(&Stub::ListAgreementAcceptances, request, partner);
    EXPECT_OK(response);
    if (!response.ok()) return {};
    return {response->agreement_acceptances().begin(), response->agreement_acceptances().end()};
  }
};

TEST_F(AgreementApiTest, WritesAVersionThatEverybodyMayRead) {
  v1::CreateAgreementRequest request = CreateRequestOf("2010-01");
  *request.mutable_agreement()->mutable_effective_time() = rpc::ToProto(clock_.Now() + absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const v1::Agreement agreement, Call(&Stub::CreateAgreement, request));
  EXPECT_EQ(agreement.name(), "agreements/2010-01");
  EXPECT_EQ(agreement.title(), "Partner Agreement, January 2010");
  EXPECT_EQ(agreement.document_sha256(), kDigest);
  EXPECT_EQ(agreement.effective_time().seconds(), absl::ToUnixSeconds(clock_.Now() + absl::Hours(1)));
  v1::GetAgreementRequest get;
  get.set_name(agreement.name());
  ASSERT_OK_AND_ASSIGN(const v1::Agreement read, Call(&Stub::GetAgreement, get, CreatePartner().name()));
  EXPECT_EQ(read.SerializeAsString(), agreement.SerializeAsString());
  get.set_name("agreements/2011-01");
  EXPECT_THAT(Call(&Stub::GetAgreement, get), HasReason("AGREEMENT_NOT_FOUND"));
}

TEST_F(AgreementApiTest, AsksForTheNewVersionFromItsEffectiveTimeOn) {
  const std::string partner = CreatePartner().name();
  const std::string customer = CreateCustomer(partner).name();
  EXPECT_FALSE(AgreementIsCurrent(customer));
  ASSERT_OK(Accept(partner, "agreements/2009-06"));
  EXPECT_TRUE(AgreementIsCurrent(customer));

  v1::CreateAgreementRequest request = CreateRequestOf("2010-01");
  *request.mutable_agreement()->mutable_effective_time() = rpc::ToProto(clock_.Now() + absl::Hours(1));
  ASSERT_OK(Call(&Stub::CreateAgreement, request));
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
  ASSERT_OK(Call(&Stub::CreateAgreement, CreateRequestOf("2010-01")));
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
  ASSERT_OK_AND_ASSIGN(const v1::Agreement first, Call(&Stub::CreateAgreement, request));
  clock_.Advance(absl::Hours(48));
  ASSERT_OK_AND_ASSIGN(const v1::Agreement again, Call(&Stub::CreateAgreement, request));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_THAT(Call(&Stub::CreateAgreement, CreateRequestOf("2010-01")), HasReason("AGREEMENT_EXISTS"));
  EXPECT_THAT(Call(&Stub::CreateAgreement, CreateRequestOf("2009-06")), HasReason("AGREEMENT_EXISTS"));
  EXPECT_EQ(CountRows("agreements"), 2);
}

TEST_F(AgreementApiTest, TakesEffectNeverInThePast) {
  v1::CreateAgreementRequest request = CreateRequestOf("2010-01");
  *request.mutable_agreement()->mutable_effective_time() = rpc::ToProto(clock_.Now() - absl::Seconds(1));
  EXPECT_THAT(Call(&Stub::CreateAgreement, request), StatusIs(absl::StatusCode::kInvalidArgument));
  request.mutable_agreement()->clear_effective_time();
  request.set_validate_only(true);
  EXPECT_OK(Call(&Stub::CreateAgreement, request));
  EXPECT_EQ(CountRows("agreements"), 1);
}

TEST_F(AgreementApiTest, IsWrittenByOperatorsOnly) {
  const std::string partner = CreatePartner().name();
  EXPECT_THAT(Call(&Stub::CreateAgreement, CreateRequestOf("2010-01"), partner),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace countersign::partner
