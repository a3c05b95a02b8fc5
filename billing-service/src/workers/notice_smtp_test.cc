// Notices through a real SMTP server.
#include <memory>
#include <string>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "billing-service/src/workers/notice_test_base.h"
#include "common/mail/aiosmtpd_for_test.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class NoticeSmtpTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    auto smtp = mail::MakeSmtpMailer(
        {.url = server_.Url(), .from = {.address = "billing@vendor.example"}, .plaintext_loopback = true});
    ASSERT_OK(smtp);
    smtp_ = *std::move(smtp);
    mailer_.through = smtp_.get();
  }

  // The invoice of an order of Müller & Söhne, who read mail at `email`, as the relay delivers that it opened.
  events::Event OpenedFor(const std::string& email) {
    v1::ActivateOrderRequest request = OrderRequest();
    request.set_company_name("Müller & Söhne, 請求");
    request.set_billing_email(email);
    const absl::StatusOr<v1::ActivateOrderResponse> activated = Activate(request);
    EXPECT_OK(activated);
    return Opened(activated->invoices(0));
  }
  absl::Status Notify(const events::Event& event) {
    for (const events::Consumer& consumer : parts().consumers()) {
      if (consumer.name == "notices") return consumer.deliver(event, testing::TestDeadline());
    }
    return absl::NotFoundError("There is no such consumer.");
  }

  const mail::AiosmtpdForTest server_;
  std::unique_ptr<mail::Mailer> smtp_;
};

TEST_F(NoticeSmtpTest, AnInvoiceArrivesAsItWasWritten) {
  ASSERT_OK(Notify(OpenedFor("buchhaltung@xn--mller-kva.example")));
  const std::vector<nlohmann::json> taken = server_.messages();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0]["to_name"], "Müller & Söhne, 請求");
  EXPECT_EQ(taken[0]["to_address"], "buchhaltung@xn--mller-kva.example");
  EXPECT_THAT(taken[0]["text"].get<std::string>(), HasSubstr("375.00"));
  EXPECT_EQ(CountRows("notices WHERE state = 'SENT'"), 1);
}

TEST_F(NoticeSmtpTest, RefusedForNowItIsSentLaterAndOnce) {
  const events::Event opened = OpenedFor("later@contoso.example");
  EXPECT_THAT(Notify(opened), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(CountRows("notices"), 0);
  EXPECT_OK(Notify(opened));
  EXPECT_OK(Notify(opened));
  EXPECT_EQ(CountRows("notices WHERE state = 'SENT'"), 1);
  EXPECT_EQ(server_.messages().size(), 1U);
}

TEST_F(NoticeSmtpTest, RefusedForGoodItBounces) {
  EXPECT_OK(Notify(OpenedFor("nobody@contoso.example")));
  EXPECT_EQ(CountRows("notices WHERE state = 'BOUNCED' AND bounce_reason LIKE '%550%'"), 1);
  EXPECT_THAT(server_.messages(), IsEmpty());
}

}  // namespace
}  // namespace countersign::billing
