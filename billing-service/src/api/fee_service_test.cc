#include <string>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/bank_receipt_service.grpc.pb.h"
#include "countersign/billing/v1/fee.pb.h"
#include "countersign/billing/v1/fee_service.grpc.pb.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::StatusIs;
using ::testing::HasSubstr;

using FeeServiceTest = ApiTest;

TEST_F(FeeServiceTest, FeesAreFilteredByEveryFieldThatIsNamed) {
  const std::string first = OpenInvoice("first");
  const std::string second = OpenInvoice("second");
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1", first)));
  Drain();
  clock_.Advance(absl::Hours(24));
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-2", second)));
  Drain();
  const std::vector<v1::Fee> fees = Fees(partner_);
  ASSERT_EQ(fees.size(), 2u);
  const auto only = [&](const std::string& filter) {
    const std::vector<v1::Fee> found = Fees(partner_, filter);
    return found.size() == 1 ? found[0].name() : absl::StrCat(found.size(), " entries");
  };
  EXPECT_EQ(only(absl::StrCat("invoice = \"", second, "\"")), fees[1].name());
  EXPECT_EQ(only(absl::StrCat("subscription = \"", fees[0].subscription(), "\"")), fees[0].name());
  EXPECT_EQ(only("accrue_time < \"2009-06-02T00:00:00Z\""), fees[0].name());
  EXPECT_EQ(Fees(partner_, "state = ACCRUED AND rate_basis_points = 1200").size(), 2u);
  EXPECT_EQ(Fees(partner_, "state = HELD OR rate_basis_points < 1200").size(), 0u);
}

TEST_F(FeeServiceTest, AnExportNamesTheCustomerThePartnersReferenceAndTheOrder) {
  const std::string first = OpenInvoice("first");
  v1::ActivateOrderRequest bare = OrderRequest("bare");
  bare.clear_order_number();
  bare.clear_partner_reference();
  bare.clear_customer_display_name();
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse second, Activate(bare));
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-1", first)));
  clock_.Advance(absl::Minutes(1));
  ASSERT_OK(Call(&v1::BankReceiptService::Stub::CreateBankReceipt, ReceiptRequest(375, "BANK-2", second.invoices(0))));
  Drain();
  v1::ExportFeesRequest request;
  request.set_parent(partner_);
  ASSERT_OK_AND_ASSIGN(const v1::ExportFeesResponse page, Call(&v1::FeeService::Stub::ExportFees, request, partner_));
  EXPECT_THAT(page.csv(), HasSubstr(",explanation,customer,partner_reference,order_number\r\n"));
  EXPECT_THAT(page.csv(), HasSubstr("= 45.00 USD,Fabrikam <Seattle>,crm-first,CS-first\r\n"));
  EXPECT_THAT(page.csv(), HasSubstr("= 45.00 USD,,,\r\n")) << "an order of before has no label";
}

TEST_F(FeeServiceTest, PartnersReadTheirOwnFeesOnly) {
  v1::ListFeesRequest request;
  request.set_parent(partner_);
  const std::string other = absl::StrCat("partners/", Uuid::Derived({"other"}).ToString());
  EXPECT_THAT(Call(&v1::FeeService::Stub::ListFees, request, other), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(FeeServiceTest, NamesTheBadFields) {
  v1::ListFeesRequest request;
  request.set_page_size(-1);
  request.set_page_token("forged");
  request.set_filter("amount > 1");
  ExpectViolations(Call(&v1::FeeService::Stub::ListFees, request).status(),
                   {"parent", "filter", "page_size", "page_token"});
}

}  // namespace
}  // namespace countersign::billing
