// The main job through real servers, real HTTP and a real database.
#include <future>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/http_client.h"
#include "common/testing/status_matchers.h"
#include "countersign/link/v1/link_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "integration-tests/proof.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class MainJobTest : public SuiteTest {};

TEST_F(MainJobTest, TurnsAnEnrolmentIntoAnInvoiceAndAFee) {
  Story story(suite());
  ASSERT_TRUE(story.Run().ok());

  const auto order = story.GetOrder();
  ASSERT_TRUE(order.ok()) << order.status();
  EXPECT_EQ(order->state(), order::v1::Order::STATE_COMPLETED);
  EXPECT_EQ(order->partner_of_record(), story.partner);
  EXPECT_EQ(order->start_date().year(), 2009);
  EXPECT_EQ(order->start_date().month(), 6);

  const auto invoice = story.GetInvoice();
  ASSERT_TRUE(invoice.ok()) << invoice.status();
  EXPECT_EQ(invoice->state(), billing::v1::Invoice::STATE_PAID);
  EXPECT_EQ(invoice->total().units(), 375);
  EXPECT_EQ(invoice->total().nanos(), 0);
  EXPECT_EQ(invoice->purchase_order_number(), "PO-4711");
  EXPECT_EQ(invoice->amount_due().units(), 0);

  EXPECT_EQ(story.fee.amount().units(), 45);
  EXPECT_EQ(story.fee.amount().nanos(), 0);
  EXPECT_EQ(story.fee.state(), billing::v1::Fee::STATE_ACCRUED);
  EXPECT_EQ(story.fee.rate_basis_points(), 1200);
  ProveInvariants();
}

TEST_F(MainJobTest, ShowsTheCustomerWhatItConfirms) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("confirm").ok());
  EXPECT_THAT(story.page, HasSubstr("Fabrikam Consulting"));
  EXPECT_THAT(story.page, HasSubstr("Contoso &amp; S"));  // Escaped.
  EXPECT_THAT(story.page, Not(HasSubstr("<Ltd>")));
  EXPECT_THAT(story.page, HasSubstr("375.00"));
  EXPECT_THAT(story.page, HasSubstr("Confirm order"));
  EXPECT_THAT(story.page, Not(HasSubstr("<script")));
}

TEST_F(MainJobTest, TheReceiptShowsTheInvoiceAndTheLinkOnlyTheOrder) {
  Story story(suite());
  ASSERT_TRUE(story.Run().ok());
  EXPECT_EQ(testing::HttpGet(story.url).status, 200);
  EXPECT_THAT(testing::HttpGet(story.url).body, Not(HasSubstr(story.GetInvoice()->invoice_number())));
  const testing::HttpReply page = testing::HttpGet(story.receipt_url);
  EXPECT_EQ(page.status, 200);
  const auto invoice = story.GetInvoice();
  ASSERT_TRUE(invoice.ok());
  EXPECT_THAT(page.body, HasSubstr(invoice->invoice_number()));
  EXPECT_THAT(page.body, Not(HasSubstr("name=\"agreement\"")));
}

TEST_F(MainJobTest, OpeningThePageChangesNothing) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("open the page").ok());
  EXPECT_EQ(testing::HttpGet(story.url).status, 200);
  EXPECT_EQ(testing::HttpHead(story.url).status, 200);
  EXPECT_EQ(testing::HttpGet(story.url + "?action=confirm").status, 200);
  const auto order = story.GetOrder();
  ASSERT_TRUE(order.ok());
  EXPECT_EQ(order->state(), order::v1::Order::STATE_AWAITING_CONFIRMATION);
}

// What link-service kept of the view and the press of a story's link, each with its address. A view is written a moment
// after its answer.
std::set<std::string> AddressesInEvidence(Suite& suite, const Story& story) {
  std::set<std::string> addresses;
  EXPECT_OK(Eventually("the view and the press are listed", [&] {
    link::v1::ListLinkEventsRequest request;
    link::v1::ListLinkEventsResponse reply;
    request.set_parent(story.GetOrder().value_or(order::v1::Order()).link());
    const grpc::Status listed =
        suite.stub<link::v1::LinkService>().ListLinkEvents(As(kOperator).get(), request, &reply);
    addresses.clear();
    for (const link::v1::LinkRecord& event : reply.events()) {
      if (!event.ip_address().empty()) addresses.insert(absl::StrCat(event.type(), " ", event.ip_address()));
    }
    return listed.ok() && addresses.size() == 2;
  }));
  return addresses;
}

TEST_F(MainJobTest, EvidenceNamesTheClientOfATrustedProxyAndBelievesNobodyElse) {
  const std::vector<std::string> headers = {"Sec-Fetch-Mode: navigate", "Sec-Fetch-User: ?1",
                                            "X-Forwarded-For: 198.51.100.66, 192.0.2.7"};
  const std::pair<std::string, std::string> cases[] = {{kTrustedProxy, "192.0.2.7"}, {"127.0.0.3", "127.0.0.3"}};
  for (const auto& [from, client] : cases) {
    Story story(suite());
    ASSERT_OK(story.RunUntil("open the page"));
    story.page = testing::HttpGet(story.url, headers, from).body;
    ASSERT_EQ(testing::HttpPost(story.url, story.ConfirmForm(), headers, from).status, 303) << from;
    EXPECT_THAT(AddressesInEvidence(suite(), story),
                ElementsAre(absl::StrCat("PRESS_RECORDED ", client), absl::StrCat("VIEW_RECORDED ", client)))
        << from;
  }
}

TEST_F(MainJobTest, ASecondPressGivesTheSameAnswer) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("completed").ok());
  ASSERT_TRUE(story.Confirm().ok());
  ASSERT_TRUE(story.AwaitCompleted().ok());
  ASSERT_TRUE(story.AwaitInvoice().ok());
  ASSERT_TRUE(story.Confirm().ok());
  ProveInvariants();
}

TEST_F(MainJobTest, ConfirmsWhileBillingIsDownAndCompletesOnceItIsBack) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("confirm").ok());
  suite().Kill(Service::kBilling);
  ASSERT_TRUE(story.Confirm().ok());
  EXPECT_THAT(testing::HttpGet(story.url).body, HasSubstr("onfirmed"));
  auto order = story.GetOrder();
  ASSERT_TRUE(order.ok());
  EXPECT_EQ(order->state(), order::v1::Order::STATE_CONFIRMED);

  ASSERT_TRUE(suite().StartService(Service::kBilling).ok());
  EXPECT_TRUE(story.AwaitCompleted().ok());
  ProveInvariants();
}

TEST_F(MainJobTest, SubmitShowsTheUrlAgainToTheSameRequestOnly) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("open the page").ok());
  const std::string url = story.url;
  ASSERT_TRUE(story.Submit().ok());  // The same request_id.
  EXPECT_EQ(story.url, url);
}

TEST_F(MainJobTest, WritesNoSecretIntoAnyLog) {
  Story story(suite());
  ASSERT_TRUE(story.Run().ok());
  const std::string path = story.url.substr(story.url.rfind('/') + 1);
  const std::string secret = path.substr(path.size() - 40);
  for (const Service service : kServices) {
    EXPECT_THAT(suite().Log(service), Not(HasSubstr(secret))) << NameOf(service);
    EXPECT_THAT(suite().Log(service), Not(HasSubstr("accounts@contoso.example"))) << NameOf(service);
  }
}

TEST_F(MainJobTest, EveryServiceStopsInAnOrderlyWay) {
  for (const Service service : kServices) {
    EXPECT_EQ(suite().Terminate(service), 0) << suite().Log(service);
    ASSERT_TRUE(suite().StartService(service).ok());
  }
}

TEST_F(MainJobTest, ThePageTakesAPressWhileLinkServiceDrains) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("confirm").ok());
  suite().Kill(Service::kLink);
  ASSERT_TRUE(suite().StartService(Service::kLink, /*days_later=*/0, /*drain=*/absl::Seconds(3)).ok());
  std::future<int> exit_code = std::async(std::launch::async, [] { return suite().Terminate(Service::kLink); });
  ASSERT_TRUE(Eventually("its health says that it ends", [] { return !suite().IsServing(Service::kLink); }).ok());
  EXPECT_TRUE(story.Confirm().ok());
  EXPECT_EQ(testing::HttpGet(story.url).status, 200);
  EXPECT_EQ(exit_code.get(), 0) << suite().Log(Service::kLink);
  EXPECT_EQ(testing::HttpGet(story.url).status, 0);
}

}  // namespace
}  // namespace countersign::integration
