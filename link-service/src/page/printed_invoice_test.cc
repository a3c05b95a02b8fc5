// The receipt's invoices, each printable.
#include "link-service/src/page/printed_invoice.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/crypto.h"
#include "common/base/error.h"
#include "countersign/billing/v1/invoice.pb.h"
#include "countersign/billing/v1/invoice_service.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "gmock/gmock.h"
#include "link-service/src/page/page_test_base.h"

namespace countersign::link {
namespace {

using ::countersign::testing::HttpGet;
using ::countersign::testing::HttpReply;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kPrinted[] = "<html><style>p { color: red; }</style><p>Invoice 1234567897-1</p></html>";

class PrintedInvoiceTest : public PageTest {
 protected:
  void SetUp() override {
    PageTest::SetUp();
    const HttpReply pressed = PressConfirm();
    ASSERT_EQ(pressed.status, 303);
    receipt_ = Followed(pressed);
    order::v1::Order completed = FakeOrders::ConfirmedOrder();
    completed.set_state(order::v1::Order::STATE_COMPLETED);
    completed.set_billing_account("billingAccounts/0d6f4c0e-6c6b-4d4f-9d55-0a4f4f6f7a11");
    orders_.Answer(completed);
    billing::v1::ListInvoicesResponse invoices;
    billing::v1::Invoice& invoice = *invoices.add_invoices();
    invoice.set_name(completed.billing_account() + "/invoices/0d6f4c0e-6c6b-4d4f-9d55-0a4f4f6f7a12");
    invoice.set_invoice_number("1234567897-1");
    for (google::type::Money* amount :
         {invoice.mutable_net(), invoice.mutable_tax(), invoice.mutable_total(), invoice.mutable_amount_due()}) {
      amount->set_currency_code("USD");
    }
    invoice.mutable_due_date()->set_year(2009);
    invoice.mutable_due_date()->set_month(7);
    invoice.mutable_due_date()->set_day(1);
    billing_.Answer(invoices);
    billing_.AnswerDocument(invoice.name(), kPrinted);
  }

  std::string receipt_;
};

TEST_F(PrintedInvoiceTest, TheReceiptLinksToEachInvoiceAsItIsPrinted) {
  EXPECT_THAT(HttpGet(receipt_).body, HasSubstr("<a href=\"?invoice=1234567897-1\"><bdi>1234567897-1</bdi></a>"));
  const HttpReply printed = HttpGet(receipt_ + "?invoice=1234567897-1");
  EXPECT_EQ(printed.status, 200);
  EXPECT_EQ(printed.body, kPrinted);
  EXPECT_THAT(printed.headers.at("content-security-policy"),
              HasSubstr(absl::StrCat("style-src 'sha256-", absl::Base64Escape(Sha256("p { color: red; }")), "';")));
  EXPECT_EQ(printed.headers.at("cache-control"), "no-store");
  EXPECT_EQ(printed.headers.at("referrer-policy"), "no-referrer");
}

TEST_F(PrintedInvoiceTest, OnlyItsOwnReceiptOpensIt) {
  EXPECT_THAT(HttpGet(url_ + "?invoice=1234567897-1").body, Not(HasSubstr("Invoice 1234567897-1")))
      << "whoever holds the link sees no invoice";
  std::string wrong = receipt_;
  wrong[receipt_.size() - 3] = wrong[receipt_.size() - 3] == 'A' ? 'B' : 'A';
  EXPECT_EQ(HttpGet(wrong + "?invoice=1234567897-1").status, 404);
  for (const char* other : {"1234567897-2", "1234567897-1&x=1", "%31234567897-1", "../1"}) {
    EXPECT_EQ(HttpGet(absl::StrCat(receipt_, "?invoice=", other)).status, 404) << other;
  }
  EXPECT_THAT(HttpGet(receipt_ + "?invoice=").body, HasSubstr("1234567897-1")) << "the receipt itself";
}

TEST_F(PrintedInvoiceTest, WithoutALegalEntityItSaysThatItCannotBePrintedYet) {
  billing_.FailDocument(FailedPrecondition("LEGAL_ENTITY_MISSING", "No legal entity sells in USD."));
  const HttpReply later = HttpGet(receipt_ + "?invoice=1234567897-1");
  EXPECT_EQ(later.status, 409);
  EXPECT_THAT(later.body, HasSubstr("This invoice cannot be printed yet"));
  EXPECT_THAT(later.body, Not(HasSubstr("Something went wrong")));
}

TEST_F(PrintedInvoiceTest, WithoutItsPeersItSaysSo) {
  billing_.Answer(absl::UnavailableError("down"));
  EXPECT_EQ(HttpGet(receipt_ + "?invoice=1234567897-1").status, 503);
  orders_.Answer(FakeOrders::ConfirmedOrder());
  EXPECT_EQ(HttpGet(receipt_ + "?invoice=1234567897-1").status, 404) << "no invoice before the order is completed";
}

}  // namespace
}  // namespace countersign::link
