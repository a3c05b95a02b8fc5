// The customer's side, over real HTTP: a link and what its customer does.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_TEST_BASE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_TEST_BASE_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "countersign/link/v1/link.pb.h"
#include "countersign/link/v1/link_service.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "link-service/src/api/api_test_base.h"

namespace countersign::link {

inline const testing::FormFields kDecline = {{"action", "decline"}, {"reason", "Too many\r\nseats"}};

class PageTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    issued_ = Issue();
    url_ = Local(issued_.url());
  }

  // Another link, whose order is paid by an account of Contoso's that billing-service has.
  void IssueToAccount(const v1::IssueLinkRequest& request) {
    ASSERT_OK_AND_ASSIGN(issued_, Call(&Stub::IssueLink, request));
    url_ = Local(issued_.url());
    order::v1::Order order = FakeOrders::ConfirmedOrder();
    order.set_billing_account("billingAccounts/0d6f4c0e-6c6b-4d4f-9d55-0a4f4f6f7a11");
    orders_.Answer(order);
    billing_.AnswerContact("chief@contoso.example");
  }

  // The confirm form of the page as it is now, filled in.
  testing::FormFields ConfirmFields() const {
    const std::string page = testing::HttpGet(url_).body;
    return {{"action", "confirm"},
            {"revision", testing::InputValue(page, "revision")},
            {"content_hash", testing::InputValue(page, "content_hash")},
            {"form_id", testing::InputValue(page, "form_id")},
            {"company_name", "Fabrikam, Inc."},
            {"contact_email", "accounts@fabrikam.example"},
            {"confirmer_name", "Ann Buyer"},
            {"confirmer_title", "Head of Purchasing"},
            {"confirmer_email", "ann@fabrikam.example"},
            {"tax_id", ""},
            {"purchase_order_number", "PO-2009-0417"},
            {"address", "1201 Harbour Road\r\nSuite 400"},
            {"city", "東京 & Seattle"},
            {"region", "WA"},
            {"postal_code", "98101"},
            {"country", "US"},
            {"agreement", "accepted"}};
  }

  testing::FormFields ConfirmFieldsWith(absl::string_view name, const std::string& value) const {
    testing::FormFields fields = ConfirmFields();
    for (auto& [field, text] : fields) {
      if (field == name) text = value;
    }
    return fields;
  }

  testing::HttpReply PressConfirm() const { return testing::HttpPost(url_, ConfirmFields()); }

  // Where a press led to: the receipt's address in this test.
  std::string Followed(const testing::HttpReply& reply) const {
    return Local(absl::StrCat(kPublicUrl, reply.headers.at("location")));
  }

  v1::Link::State State() { return GetLink(issued_.link().name()).value_or(v1::Link()).state(); }

  void Decide(v1::Link::State state) {
    ASSERT_OK(Call(&Stub::ApplyOrderOutcome, OutcomeRequest(issued_.link().name(), state)));
  }

  static std::string Outcome() { return database_->Query("SELECT outcome FROM presses").at(0).Bytes(0); }

  v1::IssueLinkResponse issued_;
  std::string url_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_TEST_BASE_H_
