#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "countersign/link/v1/link.pb.h"
#include "countersign/link/v1/link_service.pb.h"
#include "link-service/src/api/api_test_base.h"
#include "link-service/src/domain/link_token.h"

namespace countersign::link {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

using LinkServiceTest = ApiTest;

TEST_F(LinkServiceTest, IssuesALinkAndShowsItsSecretInTheUrlOnly) {
  const v1::IssueLinkRequest request = IssueRequest();
  ASSERT_OK_AND_ASSIGN(const v1::IssueLinkResponse reply, Call(&Stub::IssueLink, request));
  const std::string id(absl::StripPrefix(request.name(), "links/"));
  EXPECT_THAT(reply.url(), ::testing::MatchesRegex(absl::StrCat(kPublicUrl, "/c/", id, "\\.[A-Za-z0-9_-]{43}")));
  EXPECT_EQ(reply.link().name(), request.name());
  EXPECT_EQ(reply.link().order(), request.order());
  EXPECT_EQ(reply.link().revision(), 1);
  EXPECT_EQ(reply.link().state(), v1::Link::STATE_ACTIVE);
  EXPECT_EQ(reply.link().expire_time().seconds(), request.expire_time().seconds());
  EXPECT_EQ(reply.link().create_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  ASSERT_OK_AND_ASSIGN(const v1::Link read, GetLink(request.name()));
  EXPECT_EQ(read.SerializeAsString(), reply.link().SerializeAsString());
  EXPECT_THAT(EventTypes(), ElementsAre("LINK_ISSUED"));
}

TEST_F(LinkServiceTest, GivesTheSameUrlToTheSameRequestForOneDay) {
  const v1::IssueLinkRequest request = IssueRequest();
  ASSERT_OK_AND_ASSIGN(const v1::IssueLinkResponse first, Call(&Stub::IssueLink, request));
  ASSERT_OK(Call(&Stub::ApplyOrderOutcome, OutcomeRequest(request.name(), v1::Link::STATE_REVOKED)));
  clock_.Advance(absl::Hours(23));
  ASSERT_OK_AND_ASSIGN(const v1::IssueLinkResponse again, Call(&Stub::IssueLink, request));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  clock_.Advance(absl::Hours(2));
  EXPECT_THAT(Call(&Stub::IssueLink, request), HasReason("SECRET_NO_LONGER_SHOWN"));
  EXPECT_EQ(CountRows("links"), 1);
}

TEST_F(LinkServiceTest, RefusesToIssueTheSameLinkTwice) {
  v1::IssueLinkRequest request = IssueRequest();
  ASSERT_OK(Call(&Stub::IssueLink, request));
  request.set_revision(2);
  EXPECT_THAT(Call(&Stub::IssueLink, request), HasReason("REQUEST_ID_REUSED"));
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Stub::IssueLink, request), HasReason("LINK_EXISTS"));
  EXPECT_THAT(Call(&Stub::IssueLink, request), StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(CountRows("links"), 1);
  EXPECT_EQ(CountRows("stored_replies"), 1);
}

TEST_F(LinkServiceTest, ALinkAsksToAcceptTheNewestAgreementWhateverTheRequestSays) {
  v1::IssueLinkRequest request = IssueRequest();
  request.mutable_review()->set_agreement_version("1999-01");
  ASSERT_OK(Call(&Stub::IssueLink, request).status());
  v1::OrderReview review;
  ASSERT_TRUE(review.ParseFromString(database_->Query("SELECT review FROM links").at(0).Bytes(0)));
  EXPECT_EQ(review.agreement_version(), "2009-06");
}

TEST_F(LinkServiceTest, AppliesTheFirstOutcomeForGood) {
  const std::string name = Issue().link().name();
  clock_.Advance(absl::Hours(1));
  const auto request = OutcomeRequest(name, v1::Link::STATE_CONFIRMED);
  ASSERT_OK_AND_ASSIGN(const v1::Link confirmed, Call(&Stub::ApplyOrderOutcome, request));
  EXPECT_EQ(confirmed.state(), v1::Link::STATE_CONFIRMED);
  EXPECT_EQ(confirmed.update_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  clock_.Advance(absl::Hours(1));
  for (const v1::Link::State state : {v1::Link::STATE_REVOKED, v1::Link::STATE_SUPERSEDED}) {
    for (const int64_t version : {2, 3, 4}) {
      ASSERT_OK_AND_ASSIGN(const v1::Link same, Call(&Stub::ApplyOrderOutcome, OutcomeRequest(name, state, version)));
      EXPECT_EQ(same.SerializeAsString(), confirmed.SerializeAsString());
    }
  }
  EXPECT_THAT(EventTypes(), ElementsAre("LINK_ISSUED", "LINK_CONFIRMED"));
}

TEST_F(LinkServiceTest, AnswersTheSameOutcomeWithTheSameBytesWhateverIsViewed) {
  const v1::IssueLinkResponse issued = Issue();
  const auto decides = OutcomeRequest(issued.link().name(), v1::Link::STATE_SUPERSEDED);
  const auto comes_late = OutcomeRequest(issued.link().name(), v1::Link::STATE_EXPIRED);
  ASSERT_OK_AND_ASSIGN(const v1::Link first, Call(&Stub::ApplyOrderOutcome, decides));
  ASSERT_OK_AND_ASSIGN(const v1::Link late, Call(&Stub::ApplyOrderOutcome, comes_late));
  EXPECT_EQ(testing::HttpGet(Local(issued.url())).status, 200);
  views_.Flush(testing::TestDeadline());
  ASSERT_OK_AND_ASSIGN(const v1::Link viewed, GetLink(issued.link().name()));
  EXPECT_EQ(viewed.automated_view_count(), 1);
  ASSERT_OK_AND_ASSIGN(const v1::Link again, Call(&Stub::ApplyOrderOutcome, decides));
  ASSERT_OK_AND_ASSIGN(const v1::Link late_again, Call(&Stub::ApplyOrderOutcome, comes_late));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(late_again.SerializeAsString(), late.SerializeAsString());
}

TEST_F(LinkServiceTest, FindsNoLinkThatNeverWas) {
  const std::string name = absl::StrCat("links/", NewRequestId());
  EXPECT_THAT(GetLink(name), HasReason("LINK_NOT_FOUND"));
  EXPECT_THAT(Call(&Stub::ApplyOrderOutcome, OutcomeRequest(name, v1::Link::STATE_REVOKED)),
              HasReason("LINK_NOT_FOUND"));
}

TEST_F(LinkServiceTest, ShowsAPartnerTheLinksOfItsOwnOrdersOnly) {
  const v1::Link link = Issue().link();
  const std::string partner = link.order().substr(0, link.order().find("/orders/"));
  EXPECT_OK(GetLink(link.name(), partner));
  const auto other = GetLink(link.name(), absl::StrCat("partners/", NewRequestId()));
  EXPECT_THAT(other, HasReason("LINK_NOT_FOUND"));
  EXPECT_THAT(other, StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(LinkServiceTest, LetsOnlyServicesIssueAndDecide) {
  const v1::Link link = Issue().link();
  const std::string partner = link.order().substr(0, link.order().find("/orders/"));
  for (const std::string& caller : {partner, std::string(kOperator)}) {
    EXPECT_THAT(Call(&Stub::IssueLink, IssueRequest(), caller), StatusIs(absl::StatusCode::kPermissionDenied));
    EXPECT_THAT(Call(&Stub::ApplyOrderOutcome, OutcomeRequest(link.name(), v1::Link::STATE_CONFIRMED), caller),
                StatusIs(absl::StatusCode::kPermissionDenied));
  }
  EXPECT_EQ(CountRows("links"), 1);
}

TEST_F(LinkServiceTest, KeepsTheSecretOutOfEveryTableAndLog) {
  ::testing::internal::CaptureStderr();
  const v1::IssueLinkRequest request = IssueRequest();
  ASSERT_OK_AND_ASSIGN(const v1::IssueLinkResponse issued, Call(&Stub::IssueLink, request));
  ASSERT_OK(Call(&Stub::IssueLink, request));
  EXPECT_EQ(testing::HttpGet(Local(issued.url())).status, 200);
  EXPECT_EQ(testing::HttpPost(Local(issued.url()), {{"action", "decline"}, {"reason", "no"}}).status, 303);
  orders_.Answer(absl::UnavailableError("down"));
  EXPECT_EQ(testing::HttpGet(Local(issued.url()) + "x").status, 404);
  views_.Flush(testing::TestDeadline());
  const std::string log = ::testing::internal::GetCapturedStderr();

  const std::string path(absl::StripPrefix(issued.url(), kPublicUrl));
  const std::string secret = path.substr(path.size() - 43);
  EXPECT_THAT(log, HasSubstr("IssueLink"));
  EXPECT_THAT(log, Not(HasSubstr(secret)));
  int searched = 0;
  for (const mysql::Row& column : database_->Query(
           "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE()")) {
    const std::string sql = absl::StrCat("SELECT COUNT(*) FROM `", column.Bytes(0), "` WHERE INSTR(CAST(`",
                                         column.Bytes(1), "` AS BINARY), ?) > 0");
    for (const std::string& clear : {secret, ParsePath(path)->secret}) {
      EXPECT_EQ(database_->Query(sql, {clear}).at(0).Int(0), 0) << column.Bytes(0) << "." << column.Bytes(1);
      ++searched;
    }
  }
  EXPECT_GT(searched, 100);
}

}  // namespace
}  // namespace countersign::link
