// A new order of a customer that has a billing account: it is shown, masked, instead of asked for.
#include <string>

#include "absl/strings/str_cat.h"
#include "countersign/link/v1/link_service.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "link-service/src/page/page_test_base.h"

namespace countersign::link {
namespace {

using ::countersign::testing::FormFields;
using ::countersign::testing::HttpGet;
using ::countersign::testing::HttpPost;
using ::testing::HasSubstr;
using ::testing::Not;

class SecondOrderTest : public PageTest {
 protected:
  void SetUp() override {
    PageTest::SetUp();
    v1::IssueLinkRequest request = IssueRequest();
    request.mutable_review()->set_payer_on_file(true);
    IssueToAccount(request);
  }
};

TEST_F(SecondOrderTest, ShowsTheAccountMaskedAndDropsNothingThatWasTyped) {
  const std::string page = HttpGet(url_).body;
  for (const char* text : {"<bdi>Contoso Ltd</bdi>", "c•••@c•••", "as it does today", "name=\"purchase_order_number\"",
                           "the company that is billed for this order", "billing address that we have on file"}) {
    EXPECT_THAT(page, HasSubstr(text));
  }
  EXPECT_THAT(page, Not(HasSubstr("Mail the code"))) << "a new subscription needs none";
  FormFields form = ConfirmFields();
  for (const char* field :
       {"company_name", "contact_email", "address", "city", "region", "postal_code", "country", "tax_id"}) {
    EXPECT_THAT(page, Not(HasSubstr(absl::StrCat("name=\"", field, "\"")))) << field;
    std::erase_if(form, [&](const auto& entry) { return entry.first == field; });
  }
  EXPECT_EQ(HttpPost(url_, form).status, 303);
  ASSERT_EQ(orders_.confirms().size(), 1u);
  const order::v1::Acceptance acceptance = orders_.confirms()[0].acceptance();
  EXPECT_EQ(acceptance.company_name(), "");
  EXPECT_EQ(acceptance.billing_email(), "");
  EXPECT_FALSE(acceptance.has_billing_address());
  EXPECT_EQ(acceptance.purchase_order_number(), "PO-2009-0417");
  EXPECT_EQ(acceptance.confirmer_email(), "ann@fabrikam.example");
}

TEST_F(SecondOrderTest, ALinkThatSaysWhoPaysAsksOrderServiceForNothing) {
  const std::string payer = "billingAccounts/0197e2a0-0000-7000-8000-000000000001";
  v1::IssueLinkRequest request = IssueRequest();
  request.mutable_review()->set_payer_on_file(true);
  request.set_billing_account(payer);
  ASSERT_OK_AND_ASSIGN(issued_, Call(&Stub::IssueLink, request));
  url_ = Local(issued_.url());
  orders_.Answer(absl::UnavailableError("down"));
  EXPECT_THAT(HttpGet(url_).body, HasSubstr("<bdi>Contoso Ltd</bdi>"));
  EXPECT_EQ(billing_.asked_account(), payer);
}

TEST_F(SecondOrderTest, TheBillingContactOnFileIsWrittenToAsWellAsWhoeverConfirmed) {
  ASSERT_EQ(PressConfirm().status, 303);
  ASSERT_OK(DeliverConfirmed(issued_.link().name()));
  ASSERT_EQ(mailer_.sent.size(), 2u);
  EXPECT_EQ(mailer_.sent[0].to.address, "chief@contoso.example");
  EXPECT_EQ(mailer_.sent[1].to.address, "ann@fabrikam.example");
}

}  // namespace
}  // namespace countersign::link
