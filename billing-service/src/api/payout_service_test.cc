// Payouts and their terms, through the service: approved, sent in a file, and answered by the bank.
#include <string>
#include <utility>
#include <vector>

#include "billing-service/src/api/statement_test_base.h"
#include "billing-service/src/domain/statement.h"
#include "billing-service/src/store/payout_store.h"
#include "common/base/money.h"
#include "countersign/billing/v1/payout.pb.h"
#include "countersign/billing/v1/payout_service.grpc.pb.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

class PayoutServiceTest : public StatementTestBase {
 protected:
  // The APPROVED payout of a quarter with four fees: of 180.00, 129.60 is sent.
  std::string ApprovedPayout() {
    Pay(4);
    AdvanceTo("2009-07-08");
    Close();
    const std::vector<v1::Payout> pending = Payouts("state = PENDING");
    EXPECT_EQ(pending.size(), 1u);
    if (pending.size() != 1) return "";
    EXPECT_OK(Approve(pending[0].name()));
    return pending[0].name();
  }

  v1::CreatePayoutFileRequest FileOfAllPartners() {
    v1::CreatePayoutFileRequest request;
    request.set_parent("partners/-");
    request.set_currency_code("USD");
    request.set_request_id(NewRequestId());
    return request;
  }

  absl::StatusOr<v1::CreatePayoutFileResponse> Create(const v1::CreatePayoutFileRequest& request) {
    return Call(&v1::PayoutService::Stub::CreatePayoutFile, request);
  }

  // As if the process had died between the partner's commit and the reply.
  void LoseReply() {
    database_->Execute("DELETE FROM stored_replies WHERE method LIKE '%CreatePayoutFile'");
    database_->Execute("DELETE FROM events WHERE type = 'PAYOUT_FILE_CREATED'");
  }
};

TEST_F(PayoutServiceTest, APayoutIsApprovedSentReturnedAndPaid) {
  Pay(4);
  AdvanceTo("2009-07-08");
  EXPECT_EQ(Close().total().units(), 180);
  EXPECT_THAT(Send(), HasReason("NO_PAYOUTS"));
  const std::string name = Payouts("state = PENDING")[0].name();
  EXPECT_THAT(Answer(name, v1::RecordPayoutAnswerRequest::OUTCOME_PAID), HasReason("PAYOUT_ATTEMPT"));
  ASSERT_OK(Approve(name));
  ASSERT_OK_AND_ASSIGN(const v1::CreatePayoutFileResponse file, Send());
  ASSERT_EQ(file.payouts_size(), 1);
  EXPECT_EQ(file.csv(), absl::StrCat("payout,attempt,payee,currency,amount\r\n", name.substr(name.rfind('/') + 1),
                                     ",1,DE89370400440532013000,USD,129.60\r\n"));
  EXPECT_EQ(Fees(partner_, "state = STATED").size(), 4u);
  ASSERT_OK(Answer(name, v1::RecordPayoutAnswerRequest::OUTCOME_RETURNED));
  ASSERT_OK(Approve(name));
  ASSERT_OK(Send());
  EXPECT_THAT(Answer(name, v1::RecordPayoutAnswerRequest::OUTCOME_RETURNED), HasReason("PAYOUT_ATTEMPT"))
      << "the return of the first attempt, recorded again";
  ASSERT_OK_AND_ASSIGN(const v1::Payout paid, Answer(name, v1::RecordPayoutAnswerRequest::OUTCOME_PAID, 2));
  EXPECT_THAT(Answer(name, v1::RecordPayoutAnswerRequest::OUTCOME_RETURNED, 2), HasReason("PAYOUT_STATE"));
  EXPECT_EQ(paid.attempt(), 2);
  EXPECT_EQ(Fees(partner_, "state = PAID").size(), 4u);
  ExpectBalancedBooks();
}

TEST_F(PayoutServiceTest, ThePayoutFileHasTheWholeAccountAndNothingElseKeepsItInTheClear) {
  const std::string name = ApprovedPayout();
  payees_.bank_reference = "GB29NWBK60161331926819";  // Changed since the closing.
  v1::CreatePayoutFileRequest request;
  request.set_parent(partner_);
  request.set_request_id(NewRequestId());
  const auto send = [&] { return Create(request); };
  payees_.profile.set_currency_code("EUR");
  EXPECT_THAT(send(), HasReason("PAYEE_MISSING"));
  payees_.profile.set_currency_code("USD");
  payees_.status = absl::UnavailableError("down");
  EXPECT_THAT(send(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(CountRows("payouts WHERE state = 'APPROVED'"), 1) << "nothing was sent";
  payees_.status = absl::OkStatus();
  ASSERT_OK_AND_ASSIGN(const v1::CreatePayoutFileResponse file, send());
  EXPECT_THAT(file.csv(), ::testing::HasSubstr(",1,GB29NWBK60161331926819,USD,129.60"));
  ASSERT_OK_AND_ASSIGN(const v1::CreatePayoutFileResponse again, send());
  EXPECT_EQ(again.SerializeAsString(), file.SerializeAsString());
  EXPECT_EQ(Payouts("state = SENT")[0].masked_bank_reference(), "••••6819") << "the account that was paid";
  EXPECT_EQ(CountRows("stored_replies WHERE reply LIKE '%60161331926819%'"), 0);
  EXPECT_EQ(CountRows("events WHERE payload LIKE '%60161331926819%'"), 0);
  clock_.Advance(absl::Hours(25));
  EXPECT_THAT(send(), HasReason("SECRET_NO_LONGER_SHOWN"));
}

TEST_F(PayoutServiceTest, OneFileSendsThePayoutsOfAllPartnersAndItsAnswerIsReadBackRowByRow) {
  const std::string first = ApprovedPayout();
  // Another partner's payout, as the first one's.
  const Uuid other = Uuid::Derived({"other partner"});
  const std::string columns =
      "statement_id, currency, first_number, last_number, total_micros, withheld_micros, withholding_basis_points, "
      "tax_form, create_time, payee, state, attempt, bank_reference, reason, update_time, version";
  database_->Query(absl::StrCat("INSERT INTO payouts (partner_id, payout_id, ", columns, ") SELECT ?, payout_id, ",
                                columns, " FROM payouts"),
                   {other});
  const std::string second =
      absl::StrCat("partners/", other.ToString(), "/payouts/", first.substr(first.rfind('/') + 1));
  v1::CreatePayoutFileRequest request;
  request.set_parent("partners/-");
  request.set_request_id(NewRequestId());
  const auto send = [&] { return Create(request); };
  ExpectViolations(send().status(), {"currency_code"});
  request.set_currency_code("EUR");
  EXPECT_THAT(send(), HasReason("NO_PAYOUTS"));
  request.set_currency_code("USD");
  ASSERT_OK_AND_ASSIGN(const v1::CreatePayoutFileResponse file, send());
  EXPECT_THAT(file.payouts(), ::testing::UnorderedElementsAre(first, second));
  EXPECT_TRUE(file.skipped().empty());
  for (const std::string& name : {first, second}) {
    EXPECT_THAT(file.csv(), ::testing::HasSubstr(absl::StrCat(name, ",1,DE89370400440532013000,USD,129.60\r\n")));
  }
  ASSERT_OK_AND_ASSIGN(const v1::CreatePayoutFileResponse again, send());
  EXPECT_EQ(again.SerializeAsString(), file.SerializeAsString());
  EXPECT_EQ(CountRows("payouts WHERE state = 'SENT' AND attempt = 1"), 2);
  EXPECT_EQ(CountRows("events WHERE payload LIKE '%370400440532013000%'"), 0);

  v1::RecordPayoutAnswersRequest answers;
  const std::string header = "payout,attempt,outcome,bank_reference,reason\r\n";
  answers.set_csv(absl::StrCat(header, first, ",1,PAID,B-1,\r\n", second, ",1,RETURNED,B-2,\"no such, account\"\r\n",
                               second, ",2,PAID,B-3,\r\n", first.substr(0, first.size() - 1), "z,1,PAID,,\r\n"));
  answers.set_request_id(NewRequestId());
  const auto record = [&] { return Call(&v1::PayoutService::Stub::RecordPayoutAnswers, answers); };
  ASSERT_OK_AND_ASSIGN(const v1::RecordPayoutAnswersResponse report, record());
  ASSERT_EQ(report.entries_size(), 4);
  EXPECT_EQ(report.entries(0).state(), v1::Payout::STATE_PAID);
  EXPECT_EQ(report.entries(1).state(), v1::Payout::STATE_RETURNED);
  EXPECT_EQ(report.entries(2).refusal_reason(), "PAYOUT_ATTEMPT");
  EXPECT_EQ(report.entries(3).refusal_reason(), "ROW_MALFORMED");
  EXPECT_EQ(report.taken_count(), 2);
  EXPECT_EQ(report.refused_count(), 2);
  EXPECT_EQ(CountRows("payouts WHERE state = 'RETURNED' AND reason = 'no such, account'"), 1);
  answers.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::RecordPayoutAnswersResponse twice, record());
  EXPECT_EQ(twice.SerializeAsString(), report.SerializeAsString()) << "the bank's file again";
  EXPECT_EQ(CountRows("events WHERE type = 'PAYOUT_PAID'"), 1);
  answers.set_csv("payout\r\n");
  answers.set_request_id(NewRequestId());
  ExpectViolations(record().status(), {"csv"});
}

TEST_F(PayoutServiceTest, AFileOfAllPartnersNamesWhomItCannotPayAndGoesOnWhereItWasCutOff) {
  const std::string name = ApprovedPayout();
  v1::CreatePayoutFileRequest request = FileOfAllPartners();
  const auto send = [&] { return Create(request); };
  payees_.profile.set_currency_code("EUR");
  ASSERT_OK_AND_ASSIGN(const v1::CreatePayoutFileResponse none, send());
  ASSERT_EQ(none.skipped_size(), 1);
  EXPECT_EQ(none.skipped(0).payout(), name);
  EXPECT_EQ(none.skipped(0).reason(), "PAYEE_MISSING");
  EXPECT_EQ(CountRows("payouts WHERE state = 'APPROVED'"), 1);

  // The process dies between the partner's commit and the reply: the same request has the payout in its file.
  payees_.profile.set_currency_code("USD");
  request.set_request_id(NewRequestId());
  ASSERT_OK(send());
  LoseReply();
  ASSERT_OK_AND_ASSIGN(const v1::CreatePayoutFileResponse resumed, send());
  EXPECT_THAT(resumed.csv(), ::testing::HasSubstr(absl::StrCat(name, ",1,DE89370400440532013000,USD,129.60")));
  EXPECT_EQ(CountRows("payouts WHERE state = 'SENT' AND attempt = 1"), 1);
  ExpectBalancedBooks();
}

TEST_F(PayoutServiceTest, WhatAnotherTryOfTheSameFileSentIsInTheFile) {
  const std::string name = ApprovedPayout();
  v1::CreatePayoutFileRequest request = FileOfAllPartners();
  const auto send = [&] { return Create(request); };
  // While the first try asks for the account, another sends the payout and dies before its reply is stored.
  payees_.before_account = [&] {
    ASSERT_OK(send());
    LoseReply();
  };
  ASSERT_OK_AND_ASSIGN(const v1::CreatePayoutFileResponse file, send());
  EXPECT_THAT(file.payouts(), ::testing::ElementsAre(name));
  EXPECT_THAT(file.csv(), ::testing::HasSubstr(absl::StrCat(name, ",1,DE89370400440532013000,USD,129.60")));
  EXPECT_TRUE(file.skipped().empty());
  EXPECT_EQ(CountRows("payouts WHERE state = 'SENT' AND attempt = 1"), 1);
}

TEST_F(PayoutServiceTest, WhatWasSentInAFileIsNeverLeftOutOfItWithoutAWord) {
  const std::string name = ApprovedPayout();
  v1::CreatePayoutFileRequest request = FileOfAllPartners();
  const auto send = [&] { return Create(request); };
  ASSERT_OK(send());
  LoseReply();
  payees_.profile.set_currency_code("EUR");
  EXPECT_THAT(send(), HasReason("PAYEE_MISSING"));
  // The way out: what no bank was told of comes back.
  ASSERT_OK(Answer(name, v1::RecordPayoutAnswerRequest::OUTCOME_RETURNED));
  EXPECT_THAT(send(), HasReason("NO_PAYOUTS"));
}

TEST_F(PayoutServiceTest, PayoutsThatCannotBeSentDoNotKeepTheOthersOutOfTheFile) {
  const std::string good = ApprovedPayout();
  // Older ones of partners without an account, more than a file has.
  const std::string columns =
      "statement_id, currency, first_number, last_number, total_micros, withheld_micros, withholding_basis_points, "
      "tax_form, payee, state, attempt, bank_reference, reason, update_time, version";
  for (int i = 0; i < 101; ++i) {
    const Uuid partner = Uuid::Derived({"without an account", absl::StrCat(i)});
    database_->Query(absl::StrCat("INSERT INTO payouts (partner_id, payout_id, create_time, ", columns,
                                  ") SELECT ?, ?, '2009-01-01', ", columns, " FROM payouts WHERE partner_id = ?"),
                     {partner, partner, Uuid::Derived({"partner"})});
    payees_.without_account.insert(absl::StrCat("partners/", partner.ToString(), "/payeeProfile"));
  }
  v1::CreatePayoutFileRequest request = FileOfAllPartners();
  ASSERT_OK_AND_ASSIGN(const v1::CreatePayoutFileResponse file, Create(request));
  EXPECT_THAT(file.payouts(), ::testing::ElementsAre(good));
  EXPECT_EQ(file.skipped_size(), 40) << "as many as are named";
}

TEST_F(PayoutServiceTest, TheMinimumIsThatOfTheCurrency) {
  const PayoutStore payouts(database_->database());
  for (const auto& [currency, micros] :
       std::vector<std::pair<std::string, int64_t>>{{"USD", 50'000'000}, {"JPY", 5'000'000'000}, {"KWD", 15'000'000}}) {
    ASSERT_OK_AND_ASSIGN(const PayoutTerms terms,
                         payouts.TermsOn(testing::TestDeadline(), currency, DateOf(clock_.Now())));
    EXPECT_EQ(terms.minimum.micros(), micros) << currency;
    const StatementTerms by{.minimum = terms.minimum, .has_payee = true};
    const Money nothing = *Money::Zero(currency);
    EXPECT_EQ(CloseStatement(nothing, terms.minimum, by)->disposition, StatementDisposition::kPayable);
    const Money less = *terms.minimum.Minus(*Money::FromMicros(currency == "JPY" ? 1'000'000 : 10'000, currency));
    EXPECT_EQ(CloseStatement(nothing, less, by)->disposition, StatementDisposition::kCarried);
  }
}

TEST_F(PayoutServiceTest, TermsAreVersionsThatAreNeverChanged) {
  v1::CreatePayoutTermsRequest request;
  request.mutable_payout_terms()->set_currency_code("USD");
  request.mutable_payout_terms()->mutable_effective_date()->set_year(2009);
  request.mutable_payout_terms()->mutable_effective_date()->set_month(7);
  request.mutable_payout_terms()->mutable_effective_date()->set_day(1);
  request.mutable_payout_terms()->mutable_minimum()->set_currency_code("USD");
  request.mutable_payout_terms()->mutable_minimum()->set_units(45);
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::PayoutTerms terms, Call(&v1::PayoutService::Stub::CreatePayoutTerms, request));
  v1::GetPayoutTermsRequest get;
  get.set_name(terms.name());
  ASSERT_OK_AND_ASSIGN(const v1::PayoutTerms read, Call(&v1::PayoutService::Stub::GetPayoutTerms, get));
  EXPECT_EQ(read.SerializeAsString(), terms.SerializeAsString());
  get.set_name(absl::StrCat("payoutTerms/", kId));
  EXPECT_THAT(Call(&v1::PayoutService::Stub::GetPayoutTerms, get), HasReason("PAYOUT_TERMS_NOT_FOUND"));
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&v1::PayoutService::Stub::CreatePayoutTerms, request), HasReason("PAYOUT_TERMS_EXIST"));
  Pay(1);
  AdvanceTo("2009-07-08");
  const v1::Statement statement = Close();
  EXPECT_EQ(statement.disposition(), v1::Statement::DISPOSITION_PAYABLE) << "exactly the minimum pays";
  EXPECT_EQ(Payouts()[0].withheld().units(), 0);
}

}  // namespace
}  // namespace countersign::billing
