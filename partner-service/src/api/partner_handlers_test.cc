#include <array>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::Each;

using PartnerApiTest = ApiTest;

v1::AcceptAgreementRequest AcceptRequest(const std::string& partner) {
  v1::AcceptAgreementRequest request;
  request.set_name(partner);
  request.set_agreement("agreements/2009-06");
  request.set_accepted_by("Ann Lee");
  request.set_request_id(NewRequestId());
  return request;
}

v1::GetPartnerRequest GetRequest(const std::string& partner) {
  v1::GetPartnerRequest request;
  request.set_name(partner);
  return request;
}

TEST_F(PartnerApiTest, EnrolsAPartnerThatWaitsForApproval) {
  const v1::Partner partner = CreatePartner();
  EXPECT_EQ(partner.partner_number(), "P-1001");
  EXPECT_EQ(partner.display_name(), "Contoso Consulting");
  EXPECT_EQ(partner.contact_email(), "sales@contoso.example");
  EXPECT_EQ(partner.state(), v1::Partner::STATE_PENDING);
  EXPECT_EQ(partner.version(), 1);
  EXPECT_EQ(partner.create_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_FALSE(partner.agreement_current());

  ASSERT_OK_AND_ASSIGN(const v1::Partner read, Call(&Stub::GetPartner, GetRequest(partner.name()), partner.name()));
  EXPECT_EQ(read.SerializeAsString(), partner.SerializeAsString());
}

TEST_F(PartnerApiTest, AnswersTheSameRequestWithTheSameBytes) {
  const v1::CreatePartnerRequest request = CreateRequest();
  ASSERT_OK_AND_ASSIGN(const v1::Partner first, Call(&Stub::CreatePartner, request));
  ASSERT_OK(Call(&Stub::ApprovePartner, TransitionRequest<v1::ApprovePartnerRequest>(first.name())));
  clock_.Advance(absl::Hours(48));
  ASSERT_OK_AND_ASSIGN(const v1::Partner again, Call(&Stub::CreatePartner, request));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(CountRows("partners"), 1);
  EXPECT_EQ(CountRows("events"), 2);
}

TEST_F(PartnerApiTest, RefusesAnotherRequestUnderTheSameId) {
  v1::CreatePartnerRequest request = CreateRequest();
  ASSERT_OK(Call(&Stub::CreatePartner, request));
  request.mutable_partner()->set_display_name("Somebody Else");
  EXPECT_THAT(Call(&Stub::CreatePartner, request), HasReason("REQUEST_ID_REUSED"));
}

TEST_F(PartnerApiTest, MakesOnePartnerOfManyTriesAtOnce) {
  const v1::CreatePartnerRequest request = CreateRequest();
  std::array<std::string, 8> names;
  std::vector<std::thread> tries;
  for (std::string& name : names) {
    tries.emplace_back([&] { name = Call(&Stub::CreatePartner, request).value_or(v1::Partner()).name(); });
  }
  for (std::thread& attempt : tries) attempt.join();
  EXPECT_NE(names[0], "");
  EXPECT_THAT(names, Each(names[0]));
  EXPECT_EQ(CountRows("partners"), 1);
}

TEST_F(PartnerApiTest, RefusesANumberThatIsTakenAndStoresNothing) {
  CreatePartner("P-1001");
  EXPECT_THAT(Call(&Stub::CreatePartner, CreateRequest("P-1001")), HasReason("PARTNER_NUMBER_TAKEN"));
  EXPECT_EQ(CountRows("partners"), 1);
  EXPECT_EQ(CountRows("stored_replies"), 1);
}

TEST_F(PartnerApiTest, ChecksWithoutWritingWhenAskedTo) {
  v1::CreatePartnerRequest request = CreateRequest("P-1001");
  request.set_validate_only(true);
  EXPECT_OK(Call(&Stub::CreatePartner, request));
  for (const char* table : {"partners", "partner_numbers", "events", "stored_replies"}) {
    EXPECT_EQ(CountRows(table), 0) << table;
  }
  CreatePartner("P-1001");
  EXPECT_THAT(Call(&Stub::CreatePartner, request), HasReason("PARTNER_NUMBER_TAKEN"));
}

TEST_F(PartnerApiTest, RecordsTheAcceptanceOfTheCurrentAgreement) {
  const v1::Partner created = CreatePartner();
  ASSERT_OK_AND_ASSIGN(const v1::Partner partner,
                       Call(&Stub::AcceptAgreement, AcceptRequest(created.name()), created.name()));
  EXPECT_EQ(partner.accepted_agreement(), "agreements/2009-06");
  EXPECT_EQ(partner.agreement_accepted_by(), "Ann Lee");
  EXPECT_TRUE(partner.agreement_current());
  EXPECT_EQ(partner.version(), 2);
}

TEST_F(PartnerApiTest, RefusesAnAgreementThatIsNotTheCurrentOne) {
  v1::AcceptAgreementRequest request = AcceptRequest(CreatePartner().name());
  request.set_agreement("agreements/2008-01");
  EXPECT_THAT(Call(&Stub::AcceptAgreement, request), HasReason("AGREEMENT_NOT_CURRENT"));
}

TEST_F(PartnerApiTest, WalksThroughTheStatesAndLeavesAnEventForEach) {
  const std::string name = CreatePartner().name();
  ASSERT_OK_AND_ASSIGN(v1::Partner partner,
                       Call(&Stub::ApprovePartner, TransitionRequest<v1::ApprovePartnerRequest>(name)));
  EXPECT_EQ(partner.state(), v1::Partner::STATE_ACTIVE);
  EXPECT_EQ(partner.state_reason(), "because of the test");
  ASSERT_OK_AND_ASSIGN(partner, Call(&Stub::SuspendPartner, TransitionRequest<v1::SuspendPartnerRequest>(name)));
  EXPECT_EQ(partner.state(), v1::Partner::STATE_SUSPENDED);
  ASSERT_OK_AND_ASSIGN(partner, Call(&Stub::ReinstatePartner, TransitionRequest<v1::ReinstatePartnerRequest>(name)));
  EXPECT_EQ(partner.state(), v1::Partner::STATE_ACTIVE);
  ASSERT_OK_AND_ASSIGN(partner, Call(&Stub::TerminatePartner, TransitionRequest<v1::TerminatePartnerRequest>(name)));
  EXPECT_EQ(partner.state(), v1::Partner::STATE_TERMINATED);
  EXPECT_EQ(partner.version(), 5);

  std::vector<std::string> types;
  for (const mysql::Row& row : database_->Query("SELECT type FROM events ORDER BY version"))
    types.push_back(row.Bytes(0));
  EXPECT_THAT(types, ::testing::ElementsAre("PARTNER_CREATED", "PARTNER_APPROVED", "PARTNER_SUSPENDED",
                                            "PARTNER_REINSTATED", "PARTNER_TERMINATED"));
}

TEST_F(PartnerApiTest, RefusesAnEdgeThatDoesNotExistAndNamesTheState) {
  const std::string name = CreatePartner().name();
  ASSERT_OK(Call(&Stub::RejectPartner, TransitionRequest<v1::RejectPartnerRequest>(name)));
  const auto refused = Call(&Stub::ApprovePartner, TransitionRequest<v1::ApprovePartnerRequest>(name));
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(refused, HasReason("PARTNER_STATE"));
  EXPECT_THAT(refused.status().message(), ::testing::HasSubstr("REJECTED"));
  EXPECT_EQ(CountRows("events"), 2);
}

TEST_F(PartnerApiTest, RefusesAChangeMadeOnAnOldEtag) {
  const v1::Partner created = CreatePartner();
  auto approve = TransitionRequest<v1::ApprovePartnerRequest>(created.name());
  approve.set_etag(created.etag());
  ASSERT_OK(Call(&Stub::ApprovePartner, approve));
  auto suspend = TransitionRequest<v1::SuspendPartnerRequest>(created.name());
  suspend.set_etag(created.etag());
  EXPECT_THAT(Call(&Stub::SuspendPartner, suspend), HasReason("ETAG_MISMATCH"));
  EXPECT_THAT(Call(&Stub::SuspendPartner, suspend), StatusIs(absl::StatusCode::kAborted));
}

TEST_F(PartnerApiTest, LetsOnlyOperatorsDecideAboutAPartner) {
  const std::string name = CreatePartner().name();
  const auto request = TransitionRequest<v1::ApprovePartnerRequest>(name);
  EXPECT_THAT(Call(&Stub::ApprovePartner, request, name), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Call(&Stub::ApprovePartner, request, kService), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Call(&Stub::CreatePartner, CreateRequest("P-2"), name), StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(PartnerApiTest, HidesAPartnerFromEveryOtherPartner) {
  const std::string name = CreatePartner("P-1001").name();
  const std::string other = CreatePartner("P-1002").name();
  EXPECT_THAT(Call(&Stub::GetPartner, GetRequest(name), other), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Call(&Stub::AcceptAgreement, AcceptRequest(name), other), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(PartnerApiTest, FindsNoPartnerThatNeverWas) {
  const std::string name = absl::StrCat("partners/", NewRequestId());
  EXPECT_THAT(Call(&Stub::GetPartner, GetRequest(name)), HasReason("PARTNER_NOT_FOUND"));
  EXPECT_THAT(Call(&Stub::ApprovePartner, TransitionRequest<v1::ApprovePartnerRequest>(name)),
              HasReason("PARTNER_NOT_FOUND"));
}

}  // namespace
}  // namespace countersign::partner
