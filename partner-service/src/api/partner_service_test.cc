#include <array>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "countersign/partner/v1/partner.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "partner-service/src/api/api_test_base.h"

namespace countersign::partner {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

class PartnerApiTest : public ApiTest {
 protected:
  static v1::UpdatePartnerRequest UpdateRequest(const std::string& name) {
    v1::UpdatePartnerRequest request;
    request.mutable_partner()->set_name(name);
    request.set_request_id(NewRequestId());
    return request;
  }

  std::vector<std::string> Partners(absl::string_view filter, absl::string_view caller = kOperator) {
    v1::ListPartnersRequest request;
    request.set_filter(std::string(filter));
    return Names(&v1::PartnerService::Stub::ListPartners, request, &v1::ListPartnersResponse::partners, caller);
  }
};

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

  ASSERT_OK_AND_ASSIGN(const v1::Partner read,
                       Call(&v1::PartnerService::Stub::GetPartner, GetRequest(partner.name()), partner.name()));
  EXPECT_EQ(read.SerializeAsString(), partner.SerializeAsString());
}

TEST_F(PartnerApiTest, AnswersTheSameRequestWithTheSameBytes) {
  const v1::CreatePartnerRequest request = CreateRequest();
  ASSERT_OK_AND_ASSIGN(const v1::Partner first, Call(&v1::PartnerService::Stub::CreatePartner, request));
  ASSERT_OK(
      Call(&v1::PartnerService::Stub::ApprovePartner, TransitionRequest<v1::ApprovePartnerRequest>(first.name())));
  clock_.Advance(absl::Hours(48));
  ASSERT_OK_AND_ASSIGN(const v1::Partner again, Call(&v1::PartnerService::Stub::CreatePartner, request));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(CountRows("partners"), 1);
  EXPECT_EQ(CountRows("events"), 2);
}

TEST_F(PartnerApiTest, RefusesAnotherRequestUnderTheSameId) {
  v1::CreatePartnerRequest request = CreateRequest();
  ASSERT_OK(Call(&v1::PartnerService::Stub::CreatePartner, request));
  request.mutable_partner()->set_display_name("Somebody Else");
  EXPECT_THAT(Call(&v1::PartnerService::Stub::CreatePartner, request), HasReason("REQUEST_ID_REUSED"));
}

TEST_F(PartnerApiTest, MakesOnePartnerOfManyTriesAtOnce) {
  const v1::CreatePartnerRequest request = CreateRequest();
  std::array<std::string, 8> names;
  std::vector<std::thread> tries;
  for (std::string& name : names) {
    tries.emplace_back(
        [&] { name = Call(&v1::PartnerService::Stub::CreatePartner, request).value_or(v1::Partner()).name(); });
  }
  for (std::thread& attempt : tries) attempt.join();
  EXPECT_NE(names[0], "");
  EXPECT_THAT(names, Each(names[0]));
  EXPECT_EQ(CountRows("partners"), 1);
}

TEST_F(PartnerApiTest, RefusesANumberThatIsTakenAndStoresNothing) {
  CreatePartner("P-1001");
  EXPECT_THAT(Call(&v1::PartnerService::Stub::CreatePartner, CreateRequest("P-1001")),
              HasReason("PARTNER_NUMBER_TAKEN"));
  EXPECT_EQ(CountRows("partners"), 1);
  EXPECT_EQ(CountRows("stored_replies"), 1);
}

TEST_F(PartnerApiTest, ChecksWithoutWritingWhenAskedTo) {
  v1::CreatePartnerRequest request = CreateRequest("P-1001");
  request.set_validate_only(true);
  EXPECT_OK(Call(&v1::PartnerService::Stub::CreatePartner, request));
  for (const char* table : {"partners", "partner_numbers", "events", "stored_replies"}) {
    EXPECT_EQ(CountRows(table), 0) << table;
  }
  CreatePartner("P-1001");
  EXPECT_THAT(Call(&v1::PartnerService::Stub::CreatePartner, request), HasReason("PARTNER_NUMBER_TAKEN"));
}

TEST_F(PartnerApiTest, WalksThroughTheStatesAndLeavesAnEventForEach) {
  const std::string name = CreatePartner().name();
  ASSERT_OK_AND_ASSIGN(v1::Partner partner, Call(&v1::PartnerService::Stub::ApprovePartner,
                                                 TransitionRequest<v1::ApprovePartnerRequest>(name)));
  EXPECT_EQ(partner.state(), v1::Partner::STATE_ACTIVE);
  EXPECT_EQ(partner.state_reason(), "because of the test");
  ASSERT_OK_AND_ASSIGN(
      partner, Call(&v1::PartnerService::Stub::SuspendPartner, TransitionRequest<v1::SuspendPartnerRequest>(name)));
  EXPECT_EQ(partner.state(), v1::Partner::STATE_SUSPENDED);
  ASSERT_OK_AND_ASSIGN(
      partner, Call(&v1::PartnerService::Stub::ReinstatePartner, TransitionRequest<v1::ReinstatePartnerRequest>(name)));
  EXPECT_EQ(partner.state(), v1::Partner::STATE_ACTIVE);
  ASSERT_OK_AND_ASSIGN(
      partner, Call(&v1::PartnerService::Stub::TerminatePartner, TransitionRequest<v1::TerminatePartnerRequest>(name)));
  EXPECT_EQ(partner.state(), v1::Partner::STATE_TERMINATED);
  EXPECT_EQ(partner.version(), 5);

  std::vector<std::string> types;
  for (const mysql::Row& row : database_->Query("SELECT type FROM events ORDER BY version"))
    types.push_back(row.Bytes(0));
  EXPECT_THAT(types, ::testing::ElementsAre("PARTNER_CREATED", "PARTNER_APPROVED", "PARTNER_SUSPENDED",
                                            "PARTNER_REINSTATED", "PARTNER_TERMINATED"));
}

TEST_F(PartnerApiTest, RestatesAPartnerInAnyState) {
  const std::string name = CreatePartner().name();
  const auto restate = TransitionRequest<v1::RestatePartnerRequest>(name);
  ASSERT_OK_AND_ASSIGN(const v1::Partner restated, Call(&v1::PartnerService::Stub::RestatePartner, restate));
  EXPECT_EQ(restated.version(), 1'000'000);
  EXPECT_EQ(restated.state(), v1::Partner::STATE_PENDING);
  EXPECT_EQ(restated.state_reason(), "");
  ASSERT_OK_AND_ASSIGN(const v1::Partner again, Call(&v1::PartnerService::Stub::RestatePartner, restate));
  EXPECT_EQ(again.version(), 1'000'000);
  ASSERT_OK_AND_ASSIGN(const v1::Partner approved, Call(&v1::PartnerService::Stub::ApprovePartner,
                                                        TransitionRequest<v1::ApprovePartnerRequest>(name)));
  EXPECT_EQ(approved.version(), 1'000'001);
}

TEST_F(PartnerApiTest, RefusesAnEdgeThatDoesNotExistAndNamesTheState) {
  const std::string name = CreatePartner().name();
  ASSERT_OK(Call(&v1::PartnerService::Stub::RejectPartner, TransitionRequest<v1::RejectPartnerRequest>(name)));
  const auto refused =
      Call(&v1::PartnerService::Stub::ApprovePartner, TransitionRequest<v1::ApprovePartnerRequest>(name));
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(refused, HasReason("PARTNER_STATE"));
  EXPECT_THAT(refused.status().message(), ::testing::HasSubstr("REJECTED"));
  EXPECT_EQ(CountRows("events"), 2);
}

TEST_F(PartnerApiTest, RefusesAChangeMadeOnAnOldEtag) {
  const v1::Partner created = CreatePartner();
  auto approve = TransitionRequest<v1::ApprovePartnerRequest>(created.name());
  approve.set_etag(created.etag());
  ASSERT_OK(Call(&v1::PartnerService::Stub::ApprovePartner, approve));
  auto suspend = TransitionRequest<v1::SuspendPartnerRequest>(created.name());
  suspend.set_etag(created.etag());
  EXPECT_THAT(Call(&v1::PartnerService::Stub::SuspendPartner, suspend), HasReason("ETAG_MISMATCH"));
  EXPECT_THAT(Call(&v1::PartnerService::Stub::SuspendPartner, suspend), StatusIs(absl::StatusCode::kAborted));
}

TEST_F(PartnerApiTest, LetsOnlyOperatorsDecideAboutAPartner) {
  const std::string name = CreatePartner().name();
  const auto request = TransitionRequest<v1::ApprovePartnerRequest>(name);
  EXPECT_THAT(Call(&v1::PartnerService::Stub::ApprovePartner, request, name),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Call(&v1::PartnerService::Stub::ApprovePartner, request, kService),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Call(&v1::PartnerService::Stub::CreatePartner, CreateRequest("P-2"), name),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(PartnerApiTest, HidesAPartnerFromEveryOtherPartner) {
  const std::string name = CreatePartner("P-1001").name();
  const std::string other = CreatePartner("P-1002").name();
  EXPECT_THAT(Call(&v1::PartnerService::Stub::GetPartner, GetRequest(name), other),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(PartnerApiTest, FindsNoPartnerThatNeverWas) {
  const std::string name = absl::StrCat("partners/", NewRequestId());
  EXPECT_THAT(Call(&v1::PartnerService::Stub::GetPartner, GetRequest(name)), HasReason("PARTNER_NOT_FOUND"));
  EXPECT_THAT(Call(&v1::PartnerService::Stub::ApprovePartner, TransitionRequest<v1::ApprovePartnerRequest>(name)),
              HasReason("PARTNER_NOT_FOUND"));
}

TEST_F(PartnerApiTest, ChangesWhatIsSet) {
  const v1::Partner created = CreatePartner();
  clock_.Advance(absl::Hours(1));
  v1::UpdatePartnerRequest request = UpdateRequest(created.name());
  request.mutable_partner()->set_display_name("Contoso");
  ASSERT_OK_AND_ASSIGN(const v1::Partner updated, Call(&v1::PartnerService::Stub::UpdatePartner, request));
  EXPECT_EQ(updated.display_name(), "Contoso");
  EXPECT_EQ(updated.contact_email(), created.contact_email());
  EXPECT_EQ(updated.version(), 2);
  EXPECT_EQ(updated.update_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  v1::GetPartnerRequest get;
  get.set_name(created.name());
  ASSERT_OK_AND_ASSIGN(const v1::Partner read, Call(&v1::PartnerService::Stub::GetPartner, get));
  EXPECT_EQ(read.SerializeAsString(), updated.SerializeAsString());
  EXPECT_EQ(database_->Query("SELECT type FROM events WHERE version = 2").at(0).Bytes(0), "PARTNER_UPDATED");
}

TEST_F(PartnerApiTest, ChangesOnlyTheFieldsOfTheMask) {
  const v1::Partner created = CreatePartner();
  v1::UpdatePartnerRequest request = UpdateRequest(created.name());
  request.mutable_partner()->set_display_name("Ignored");
  request.mutable_partner()->set_contact_email("orders@contoso.example");
  request.mutable_update_mask()->add_paths("contact_email");
  ASSERT_OK_AND_ASSIGN(const v1::Partner updated, Call(&v1::PartnerService::Stub::UpdatePartner, request));
  EXPECT_EQ(updated.display_name(), created.display_name());
  EXPECT_EQ(updated.contact_email(), "orders@contoso.example");
}

TEST_F(PartnerApiTest, NeverChangesNumberOrStateByAMask) {
  const v1::Partner created = CreatePartner();
  for (const char* path : {"partner_number", "state", "name", "etag", "version", "nonsense", "display_name.x", ""}) {
    v1::UpdatePartnerRequest request = UpdateRequest(created.name());
    request.mutable_partner()->set_partner_number("P-2");
    request.mutable_partner()->set_state(v1::Partner::STATE_ACTIVE);
    request.mutable_update_mask()->add_paths(path);
    const auto refused = Call(&v1::PartnerService::Stub::UpdatePartner, request);
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument)) << path;
    ASSERT_EQ(DetailsOf(refused.status()).violations.size(), 1U) << path;
    EXPECT_EQ(DetailsOf(refused.status()).violations[0].field, "update_mask") << path;
  }
  EXPECT_EQ(CountRows("events"), 1);
}

TEST_F(PartnerApiTest, RefusesAnUpdateMadeOnAnOldEtag) {
  const v1::Partner created = CreatePartner();
  v1::UpdatePartnerRequest request = UpdateRequest(created.name());
  request.mutable_partner()->set_display_name("Contoso");
  request.set_etag(created.etag());
  ASSERT_OK(Call(&v1::PartnerService::Stub::UpdatePartner, request));
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::PartnerService::Stub::UpdatePartner, request), HasReason("ETAG_MISMATCH"));
  EXPECT_THAT(Call(&v1::PartnerService::Stub::UpdatePartner, UpdateRequest(created.name())),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(PartnerApiTest, LetsNoPartnerChangeTheNameThatWasApproved) {
  const std::string partner = CreatePartner().name();
  v1::UpdatePartnerRequest request = UpdateRequest(partner);
  request.mutable_partner()->set_display_name("Microsoft");
  EXPECT_THAT(Call(&v1::PartnerService::Stub::UpdatePartner, request, partner),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(PartnerApiTest, FindsAPartnerByItsNumber) {
  CreatePartner("P-1001");
  const v1::Partner partner = CreatePartner("P-1002");
  v1::LookupPartnerRequest request;
  request.set_partner_number("P-1002");
  ASSERT_OK_AND_ASSIGN(const v1::Partner found, Call(&v1::PartnerService::Stub::LookupPartner, request));
  EXPECT_EQ(found.SerializeAsString(), partner.SerializeAsString());
  EXPECT_THAT(Call(&v1::PartnerService::Stub::LookupPartner, request, partner.name()),
              StatusIs(absl::StatusCode::kPermissionDenied));
  request.set_partner_number("P-9999");
  EXPECT_THAT(Call(&v1::PartnerService::Stub::LookupPartner, request), HasReason("PARTNER_NOT_FOUND"));
}

TEST_F(PartnerApiTest, ShowsAllToOperatorsAndViewers) {
  std::vector<std::string> made;
  for (const char* number : {"P-1005", "P-1001", "P-1004", "P-1002", "P-1003"}) {
    made.push_back(CreatePartner(number).name());
    clock_.Advance(absl::Seconds(1));
  }
  EXPECT_THAT(Partners(""), ElementsAreArray(made));
  EXPECT_THAT(Partners("", kViewer), ElementsAreArray(made));
  for (const std::string& caller : {made[0], std::string(kService)}) {
    EXPECT_THAT(Call(&v1::PartnerService::Stub::ListPartners, v1::ListPartnersRequest(), caller),
                StatusIs(absl::StatusCode::kPermissionDenied));
  }
}

TEST_F(PartnerApiTest, FiltersByStateNumberNameAndTime) {
  const std::string first = CreatePartner("P-1001").name();
  clock_.Advance(absl::Hours(1));
  const std::string second = CreatePartner("P-1002").name();
  clock_.Advance(absl::Hours(1));
  const std::string third = CreatePartner("P-1003").name();
  ASSERT_OK(Call(&v1::PartnerService::Stub::ApprovePartner, TransitionRequest<v1::ApprovePartnerRequest>(second)));
  ASSERT_OK(Call(&v1::PartnerService::Stub::RejectPartner, TransitionRequest<v1::RejectPartnerRequest>(third)));

  EXPECT_THAT(Partners("state = ACTIVE"), ElementsAre(second));
  EXPECT_THAT(Partners("state = PENDING OR state = REJECTED"), ElementsAre(first, third));
  EXPECT_THAT(Partners("partner_number = \"P-1003\""), ElementsAre(third));
  EXPECT_THAT(Partners("display_name = \"Contoso Consulting\" AND state != ACTIVE"), ElementsAre(first, third));
  EXPECT_THAT(Partners("create_time > \"2009-06-01T09:30:00Z\" AND create_time < \"2009-06-01T10:30:00Z\""),
              ElementsAre(second));
  EXPECT_THAT(Partners("contact_email = \"nobody@contoso.example\""), IsEmpty());
  EXPECT_THAT(Partners("display_name = \"' OR 1=1 --\""), IsEmpty());
}

}  // namespace
}  // namespace countersign::partner
