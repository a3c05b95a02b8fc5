#include <string>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::testing::ElementsAre;

class InvoiceListTest : public ApiTest {
 protected:
  static v1::ListInvoicesRequest Request(const std::string& parent, int page_size = 0, const std::string& token = "") {
    v1::ListInvoicesRequest request;
    request.set_parent(parent);
    request.set_page_size(page_size);
    request.set_page_token(token);
    return request;
  }

  static std::vector<std::string> Names(const v1::ListInvoicesResponse& page) {
    std::vector<std::string> names;
    for (const v1::Invoice& invoice : page.invoices()) names.push_back(invoice.name());
    return names;
  }
};

TEST_F(InvoiceListTest, PagesOldestFirst) {
  std::vector<std::string> opened;
  for (const char* order : {"first", "second", "third"}) {
    ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(OrderRequest(order)));
    opened.push_back(activated.invoices(0));
  }
  ASSERT_OK_AND_ASSIGN(const v1::ListInvoicesResponse first, Call(&Stub::ListInvoices, Request(account_, 2)));
  EXPECT_THAT(Names(first), ElementsAre(opened[0], opened[1]));
  EXPECT_EQ(first.invoices(1).lines_size(), 1);
  ASSERT_OK_AND_ASSIGN(const v1::ListInvoicesResponse second,
                       Call(&Stub::ListInvoices, Request(account_, 2, first.next_page_token())));
  EXPECT_THAT(Names(second), ElementsAre(opened[2]));
  EXPECT_EQ(second.next_page_token(), "");
}

TEST_F(InvoiceListTest, FiltersByOrder) {
  ASSERT_OK(Activate(OrderRequest("first")));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse wanted, Activate(OrderRequest("second")));
  v1::ListInvoicesRequest request = Request(account_);
  request.set_order(OrderRequest("second").order());
  ASSERT_OK_AND_ASSIGN(const v1::ListInvoicesResponse page, Call(&Stub::ListInvoices, request));
  EXPECT_THAT(Names(page), ElementsAre(wanted.invoices(0)));
  EXPECT_EQ(page.invoices(0).lines_size(), 1);
}

TEST_F(InvoiceListTest, FiltersByEveryFieldItNames) {
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse first, Activate(OrderRequest("first")));
  ASSERT_OK(Activate(OrderRequest("second")));
  const auto filtered = [&](const std::string& filter) {
    v1::ListInvoicesRequest request = Request(account_);
    request.set_filter(filter);
    const absl::StatusOr<v1::ListInvoicesResponse> page = Call(&Stub::ListInvoices, request);
    EXPECT_OK(page);
    return page.ok() ? Names(*page) : std::vector<std::string>();
  };
  ASSERT_OK_AND_ASSIGN(const v1::Invoice invoice, GetInvoice(first.invoices(0)));
  EXPECT_EQ(invoice.etag(), "1");
  EXPECT_THAT(filtered(absl::StrCat("invoice_number = ", invoice.invoice_number())), ElementsAre(invoice.name()));
  EXPECT_EQ(filtered("state = OPEN AND issue_date = 2009-06-01 AND due_date >= 2009-07-01").size(), 2U);
  EXPECT_EQ(filtered("state = PAID OR due_date < 2009-07-01").size(), 0U);
  EXPECT_EQ(filtered("create_time > \"2008-01-01T00:00:00Z\"").size(), 2U);
}

TEST_F(InvoiceListTest, TokenOfAnotherListIsRefused) {
  ASSERT_OK(Activate(OrderRequest("first")));
  ASSERT_OK(Activate(OrderRequest("second")));
  ASSERT_OK_AND_ASSIGN(const v1::ListInvoicesResponse page, Call(&Stub::ListInvoices, Request(account_, 1)));
  const std::string other = absl::StrCat("billingAccounts/", Uuid::Derived({"other"}).ToString());
  EXPECT_THAT(Call(&Stub::ListInvoices, Request(other, 1, page.next_page_token())), HasReason("INVALID_FIELD"));
}

TEST_F(InvoiceListTest, UnknownNamesAreNotFound) {
  const std::string id = Uuid::Derived({"unknown"}).ToString();
  EXPECT_THAT(GetInvoice(absl::StrCat(account_, "/invoices/", id)), HasReason("INVOICE_NOT_FOUND"));
  v1::GetSubscriptionRequest subscription;
  subscription.set_name(absl::StrCat(account_, "/subscriptions/", id));
  EXPECT_THAT(Call(&Stub::GetSubscription, subscription), HasReason("SUBSCRIPTION_NOT_FOUND"));
  v1::GetBillingAccountRequest account;
  account.set_name(account_);
  EXPECT_THAT(Call(&Stub::GetBillingAccount, account), HasReason("BILLING_ACCOUNT_NOT_FOUND"));
}

}  // namespace
}  // namespace countersign::billing
