#include <string>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/invoice_service.grpc.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::testing::ElementsAre;

class InvoiceServiceTest : public ApiTest {
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

TEST_F(InvoiceServiceTest, PagesOldestFirst) {
  std::vector<std::string> opened;
  for (const char* order : {"first", "second", "third"}) {
    ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse activated, Activate(OrderRequest(order)));
    opened.push_back(activated.invoices(0));
  }
  ASSERT_OK_AND_ASSIGN(const v1::ListInvoicesResponse first,
                       Call(&v1::InvoiceService::Stub::ListInvoices, Request(account_, 2)));
  EXPECT_THAT(Names(first), ElementsAre(opened[0], opened[1]));
  EXPECT_EQ(first.invoices(1).lines_size(), 1);
  ASSERT_OK_AND_ASSIGN(const v1::ListInvoicesResponse second,
                       Call(&v1::InvoiceService::Stub::ListInvoices, Request(account_, 2, first.next_page_token())));
  EXPECT_THAT(Names(second), ElementsAre(opened[2]));
  EXPECT_EQ(second.next_page_token(), "");
}

TEST_F(InvoiceServiceTest, FiltersByOrder) {
  ASSERT_OK(Activate(OrderRequest("first")));
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse wanted, Activate(OrderRequest("second")));
  v1::ListInvoicesRequest request = Request(account_);
  request.set_order(OrderRequest("second").order());
  ASSERT_OK_AND_ASSIGN(const v1::ListInvoicesResponse page, Call(&v1::InvoiceService::Stub::ListInvoices, request));
  EXPECT_THAT(Names(page), ElementsAre(wanted.invoices(0)));
  EXPECT_EQ(page.invoices(0).lines_size(), 1);
  request.set_filter("state = PAID OR state = VOID");
  ASSERT_OK_AND_ASSIGN(const v1::ListInvoicesResponse none, Call(&v1::InvoiceService::Stub::ListInvoices, request));
  EXPECT_EQ(none.invoices_size(), 0);
}

TEST_F(InvoiceServiceTest, FiltersByEveryFieldItNames) {
  ASSERT_OK_AND_ASSIGN(const v1::ActivateOrderResponse first, Activate(OrderRequest("first")));
  ASSERT_OK(Activate(OrderRequest("second")));
  const auto filtered = [&](const std::string& filter) {
    v1::ListInvoicesRequest request = Request(account_);
    request.set_filter(filter);
    const absl::StatusOr<v1::ListInvoicesResponse> page = Call(&v1::InvoiceService::Stub::ListInvoices, request);
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

TEST_F(InvoiceServiceTest, TokenOfAnotherListIsRefused) {
  ASSERT_OK(Activate(OrderRequest("first")));
  ASSERT_OK(Activate(OrderRequest("second")));
  ASSERT_OK_AND_ASSIGN(const v1::ListInvoicesResponse page,
                       Call(&v1::InvoiceService::Stub::ListInvoices, Request(account_, 1)));
  const std::string other = absl::StrCat("billingAccounts/", Uuid::Derived({"other"}).ToString());
  EXPECT_THAT(Call(&v1::InvoiceService::Stub::ListInvoices, Request(other, 1, page.next_page_token())),
              HasReason("INVALID_FIELD"));
}

TEST_F(InvoiceServiceTest, UnknownNameIsNotFound) {
  const std::string id = Uuid::Derived({"unknown"}).ToString();
  EXPECT_THAT(GetInvoice(absl::StrCat(account_, "/invoices/", id)), HasReason("INVOICE_NOT_FOUND"));
  v1::ExplainInvoiceRequest request;
  request.set_name(absl::StrCat(account_, "/invoices/", id));
  EXPECT_THAT(Call(&v1::InvoiceService::Stub::ExplainInvoice, request), HasReason("INVOICE_NOT_FOUND"));
}

TEST_F(InvoiceServiceTest, NamesTheBadFields) {
  for (const std::string& name : BadNames()) ExpectViolations(GetInvoice(name).status(), {"name"});
  v1::ListInvoicesRequest list;
  list.set_order("orders/1");
  list.set_page_size(-1);
  list.set_page_token("forged");
  list.set_filter("due_date < soon");
  ExpectViolations(Call(&v1::InvoiceService::Stub::ListInvoices, list).status(),
                   {"parent", "order", "filter", "page_size", "page_token"});
}

}  // namespace
}  // namespace countersign::billing
