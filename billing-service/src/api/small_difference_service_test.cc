#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "billing-service/src/domain/small_difference.h"
#include "billing-service/src/store/small_difference_store.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/small_difference.pb.h"
#include "countersign/billing/v1/small_difference_service.grpc.pb.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;

class SmallDifferenceServiceTest : public ApiTest {
 protected:
  static v1::CreateSmallDifferenceRequest Request(Date from, int64_t units = 1, const std::string& currency = "USD") {
    v1::CreateSmallDifferenceRequest request;
    v1::SmallDifference& version = *request.mutable_small_difference();
    version.mutable_limit()->set_currency_code(currency);
    version.mutable_limit()->set_units(units);
    *version.mutable_effective_date() = rpc::ToProto(from);
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::SmallDifference> Create(const v1::CreateSmallDifferenceRequest& request) {
    return Call(&v1::SmallDifferenceService::Stub::CreateSmallDifference, request);
  }
  void Receive(int64_t units, int32_t nanos, const std::string& reference) {
    v1::CreateBankReceiptRequest request = ReceiptRequest(units, reference);
    request.mutable_bank_receipt()->mutable_amount()->set_nanos(nanos);
    ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, request));
    Drain();
  }
};

TEST_F(SmallDifferenceServiceTest, APaymentThatFallsShortByLessIsPaidAndEarnsTheWholeFee) {
  ASSERT_OK(Create(Request(Date(2009, 1, 1))));
  const std::string name = OpenInvoice();
  Receive(374, 600'000'000, "BANK-1");
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(name));
  EXPECT_EQ(invoice.state(), v1::Invoice::STATE_PAID);
  ASSERT_EQ(Fees(kOperator).size(), 1u);
  EXPECT_EQ(Fees(kOperator)[0].amount().units(), 45);
  EXPECT_EQ(CountRows("ledger_entries WHERE account = 'bank_charges' AND debit_micros = 400000"), 1);
  ExpectBalancedBooks();
}

// The limits are what the migrations brought.
class FirstSmallDifferencesTest : public SmallDifferenceServiceTest {
 protected:
  void SetUp() override { database_->Clear({"small_differences", "fee_schedules"}); }
};

TEST_F(FirstSmallDifferencesTest, AServiceBeginsWithALimitForEachOfItsCurrencies) {
  const SmallDifferenceStore store(database_->database());
  for (const auto& [currency, micros] : std::vector<std::pair<std::string, int64_t>>{
           {"USD", 1'000'000}, {"EUR", 1'000'000}, {"JPY", 100'000'000}, {"KWD", 300'000}, {"CHF", 0}}) {
    ASSERT_OK_AND_ASSIGN(const int64_t limit, store.LimitOn(testing::TestDeadline(), currency, DateOf(clock_.Now())));
    EXPECT_EQ(limit, micros) << currency;
  }
  EXPECT_THAT(Create(Request(Date(2009, 1, 1))), HasReason("SMALL_DIFFERENCE_EXISTS"));
  v1::GetSmallDifferenceRequest get;
  get.set_name(absl::StrCat("smallDifferences/", SmallDifferenceId("KWD", Date(2009, 1, 1)).ToString()));
  ASSERT_OK_AND_ASSIGN(const v1::SmallDifference dinars,
                       Call(&v1::SmallDifferenceService::Stub::GetSmallDifference, get));
  EXPECT_EQ(dinars.limit().nanos(), 300'000'000);
  const std::string name = OpenInvoice();
  Receive(374, 600'000'000, "BANK-1");
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(name));
  EXPECT_EQ(invoice.state(), v1::Invoice::STATE_PAID);
}

TEST_F(SmallDifferenceServiceTest, WithoutAVersionNothingIsSmall) {
  const std::string name = OpenInvoice();
  Receive(374, 600'000'000, "BANK-1");
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(name));
  EXPECT_EQ(invoice.state(), v1::Invoice::STATE_OPEN);
}

TEST_F(SmallDifferenceServiceTest, VersionsNeverBeginInThePast) {
  ASSERT_OK_AND_ASSIGN(const v1::SmallDifference first, Create(Request(Date(2009, 1, 1))));
  EXPECT_THAT(Create(Request(Date(2009, 1, 1))), HasReason("SMALL_DIFFERENCE_EXISTS"));
  EXPECT_THAT(Create(Request(Date(2009, 6, 1))), HasReason("SMALL_DIFFERENCE_IN_THE_PAST"));
  ASSERT_OK(Create(Request(Date(2009, 6, 2))));
  v1::ListSmallDifferencesRequest list;
  list.set_filter("currency_code = \"USD\" AND effective_date < 2009-06-01");
  ASSERT_OK_AND_ASSIGN(const v1::ListSmallDifferencesResponse page,
                       Call(&v1::SmallDifferenceService::Stub::ListSmallDifferences, list));
  ASSERT_EQ(page.small_differences_size(), 1);
  EXPECT_EQ(page.small_differences(0).SerializeAsString(), first.SerializeAsString());
  v1::GetSmallDifferenceRequest get;
  get.set_name(first.name());
  ASSERT_OK_AND_ASSIGN(const v1::SmallDifference read,
                       Call(&v1::SmallDifferenceService::Stub::GetSmallDifference, get));
  EXPECT_EQ(read.SerializeAsString(), first.SerializeAsString());
  get.set_name("smallDifferences/" + kId);
  EXPECT_THAT(Call(&v1::SmallDifferenceService::Stub::GetSmallDifference, get),
              HasReason("SMALL_DIFFERENCE_NOT_FOUND"));
}

TEST_F(SmallDifferenceServiceTest, NamesTheBadFields) {
  ExpectViolations(Create(v1::CreateSmallDifferenceRequest()).status(),
                   {"small_difference.limit", "small_difference.effective_date", "request_id"});
  ExpectViolations(Create(Request(Date(2009, 1, 1), -1)).status(), {"small_difference.limit"});
  EXPECT_THAT(Call(&v1::SmallDifferenceService::Stub::CreateSmallDifference, Request(Date(2009, 1, 1)), partner_),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace countersign::billing
