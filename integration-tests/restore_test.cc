// A service whose schema was restored to an older moment than its peers': the steps of docs/operations/backup.md bring
// the four together again.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/mysql/connection.h"
#include "common/testing/http_client.h"
#include "countersign/event/v1/delivery_service.grpc.pb.h"
#include "countersign/link/v1/link_service.grpc.pb.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "integration-tests/proof.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

// A service's whole schema at one moment, as a dump of it would be.
class Backup {
 public:
  Backup(Suite& suite, Service service)
      : suite_(suite), service_(service), schema_(suite.schema(service)), kept_(schema_ + "_kept") {}
  ~Backup() {
    if (const auto session = suite_.Database(service_); session.ok()) {
      (*session)->Run(absl::StrCat("DROP DATABASE IF EXISTS ", kept_)).IgnoreError();
    }
  }
  Backup(const Backup&) = delete;
  Backup& operator=(const Backup&) = delete;

  absl::Status Take() {
    return WithServiceStopped([&](mysql::Connection& session) -> absl::Status {
      RETURN_IF_ERROR(session.Run(absl::StrCat("CREATE DATABASE ", kept_)));
      return ForEachTable(session, [&](const std::string& table) -> absl::Status {
        RETURN_IF_ERROR(session.Run(absl::StrCat("CREATE TABLE ", kept_, table, " LIKE ", schema_, table)));
        return session.Run(absl::StrCat("INSERT INTO ", kept_, table, " SELECT * FROM ", schema_, table));
      });
    });
  }

  absl::Status Restore() {
    return WithServiceStopped([&](mysql::Connection& session) {
      return ForEachTable(session, [&](const std::string& table) -> absl::Status {
        RETURN_IF_ERROR(session.Run(absl::StrCat("DELETE FROM ", schema_, table)));
        return session.Run(absl::StrCat("INSERT INTO ", schema_, table, " SELECT * FROM ", kept_, table));
      });
    });
  }

 private:
  absl::Status WithServiceStopped(absl::FunctionRef<absl::Status(mysql::Connection&)> act) {
    suite_.Kill(service_);
    ASSIGN_OR_RETURN(const std::unique_ptr<mysql::Connection> session, suite_.Database(service_));
    RETURN_IF_ERROR(act(*session));
    return suite_.StartService(service_);
  }

  // `act` gets ".name".
  absl::Status ForEachTable(mysql::Connection& session, absl::FunctionRef<absl::Status(const std::string&)> act) const {
    ASSIGN_OR_RETURN(const std::vector<mysql::Row> tables,
                     session.Query("SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND "
                                   "table_type = 'BASE TABLE'",
                                   {schema_}));
    for (const mysql::Row& table : tables) RETURN_IF_ERROR(act(absl::StrCat(".", table.Bytes(0))));
    return absl::OkStatus();
  }

  Suite& suite_;
  const Service service_;
  const std::string schema_;
  const std::string kept_;
};

#define ASSERT_DONE(expression)             \
  do {                                      \
    const absl::Status status = expression; \
    ASSERT_TRUE(status.ok()) << status;     \
  } while (false)

class RestoreTest : public SuiteTest {
 protected:
  // What has been delivered is delivered again, whatever its receiver knows.
  static void Redeliver(Service sender, const std::string& consumer) {
    event::v1::RedeliverEventsRequest request;
    request.set_consumer(consumer);
    request.mutable_since()->set_seconds(1);  // All that there is.
    request.set_reason("a peer was restored");
    request.set_request_id(NewRequestId());
    event::v1::RedeliverEventsResponse reply;
    event::v1::DeliveryService::Stub stub(suite().channel(sender));
    const grpc::Status status = stub.RedeliverEvents(NewContext().get(), request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }

  static void RestateLink(const std::string& link) {
    link::v1::RestateLinkRequest request;
    request.set_name(link);
    request.set_request_id(NewRequestId());
    link::v1::Link reply;
    const grpc::Status status = suite().stub<link::v1::LinkService>().RestateLink(NewContext().get(), request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }

  using PartnerStub = partner::v1::PartnerService::Stub;
  template <typename Request>
  static void Decide(const Story& story,
                     grpc::Status (PartnerStub::*act)(grpc::ClientContext*, const Request&, partner::v1::Partner*)) {
    Request request;
    request.set_name(story.partner);
    request.set_reason("for the test");
    request.set_request_id(NewRequestId());
    partner::v1::Partner reply;
    PartnerStub stub = suite().stub<partner::v1::PartnerService>();
    const grpc::Status status = (stub.*act)(NewContext().get(), request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
  static void Suspend(const Story& story) { Decide(story, &PartnerStub::SuspendPartner); }
  static void Reinstate(const Story& story) { Decide(story, &PartnerStub::ReinstatePartner); }
  static void Restate(const Story& story) { Decide(story, &PartnerStub::RestatePartner); }

  static constexpr absl::string_view kInactivePartners = "partner_states WHERE active = 0 AND version < 1000000";
  static int64_t CountRows(Service service, absl::string_view rows) {
    const auto session = suite().Database(service);
    if (!session.ok()) return -1;
    const auto counted = (*session)->Query(absl::StrCat("SELECT COUNT(*) FROM ", rows), {});
    return counted.ok() ? counted->front().Int(0) : -1;
  }

  static order::v1::Order OrderOf(const Story& story) {
    const absl::StatusOr<order::v1::Order> order = story.GetOrder();
    EXPECT_TRUE(order.ok()) << order.status();
    return order.value_or(order::v1::Order());
  }

  static void ConfirmAndAwaitInvoice(Story& story) {
    ASSERT_DONE(story.Confirm());
    ASSERT_DONE(story.AwaitCompleted());
    ASSERT_DONE(story.AwaitInvoice());
  }

  // The order's invoice is this one. It is paid, for the second time where the restore took the payment away, as when
  // the bank's file is imported again; and the fee is earned.
  static void ExpectBilledOnce(Story& story, const std::string& invoice) {
    ASSERT_DONE(story.AwaitInvoice());
    EXPECT_EQ(story.invoice, invoice);
    ASSERT_DONE(story.Pay());
    ASSERT_DONE(story.AwaitFee());
    EXPECT_EQ(story.fee.amount().units(), 45);
    ProveInvariants();
  }
};

TEST_F(RestoreTest, AnOrderFromBeforeItsConfirmationIsConfirmedAgainByTheStoredPress) {
  Story story(suite());
  ASSERT_DONE(story.RunUntil("confirm"));
  Backup orders(suite(), Service::kOrder);
  ASSERT_DONE(orders.Take());
  ASSERT_NO_FATAL_FAILURE(ConfirmAndAwaitInvoice(story));
  const std::string invoice = story.invoice;
  ASSERT_DONE(orders.Restore());
  ASSERT_EQ(OrderOf(story).state(), order::v1::Order::STATE_AWAITING_CONFIRMATION);

  RestateLink(OrderOf(story).link());

  ASSERT_DONE(story.AwaitCompleted());
  ExpectBilledOnce(story, invoice);
}

TEST_F(RestoreTest, AnOrderFromBeforeItWasDeclinedIsDeclinedAgain) {
  Story story(suite());
  ASSERT_DONE(story.RunUntil("confirm"));
  Backup orders(suite(), Service::kOrder);
  ASSERT_DONE(orders.Take());
  EXPECT_EQ(testing::HttpPost(story.url, {{"action", "decline"}, {"reason", "Too dear."}}).status, 303);
  ASSERT_EQ(OrderOf(story).state(), order::v1::Order::STATE_DECLINED);
  ASSERT_DONE(orders.Restore());

  RestateLink(OrderOf(story).link());

  EXPECT_EQ(OrderOf(story).state(), order::v1::Order::STATE_DECLINED);
  ProveInvariants();
}

TEST_F(RestoreTest, APartnerFromBeforeItsSuspensionIsActiveEverywhereOnceItIsRestated) {
  Story story(suite());
  ASSERT_DONE(story.RunUntil("submit"));
  Backup partners(suite(), Service::kPartner);
  ASSERT_DONE(partners.Take());
  Suspend(story);
  ASSERT_DONE(Eventually("order-service knows", [&] { return CountRows(Service::kOrder, kInactivePartners) == 1; }));
  ASSERT_DONE(partners.Restore());

  Restate(story);

  ASSERT_DONE(Eventually("the order can be submitted", [&] { return story.Submit().ok(); }));
  ASSERT_DONE(story.OpenPage());
  ASSERT_DONE(story.Confirm());
  ASSERT_DONE(story.AwaitCompleted());
  ProveInvariants();
}

TEST_F(RestoreTest, ALinkFromBeforeTheConfirmationIsToldTheOutcomeAgain) {
  Story story(suite());
  ASSERT_DONE(story.RunUntil("confirm"));
  Backup links(suite(), Service::kLink);
  ASSERT_DONE(links.Take());
  ASSERT_DONE(story.Confirm());
  ASSERT_DONE(story.AwaitCompleted());
  ASSERT_DONE(links.Restore());

  Redeliver(Service::kOrder, "link");

  ASSERT_DONE(Eventually("the page shows the receipt's state",
                         [&] { return absl::StrContains(testing::HttpGet(story.url).body, "is confirmed"); }));
  ProveInvariants();
}

TEST_F(RestoreTest, BillingFromBeforeTheConfirmationBillsTheOrderOnce) {
  Story story(suite());
  ASSERT_DONE(story.RunUntil("confirm"));
  Backup billing(suite(), Service::kBilling);
  ASSERT_DONE(billing.Take());
  ASSERT_NO_FATAL_FAILURE(ConfirmAndAwaitInvoice(story));
  const std::string invoice = story.invoice;
  ASSERT_DONE(billing.Restore());

  Redeliver(Service::kOrder, "billing");
  Redeliver(Service::kPartner, "billing");

  ExpectBilledOnce(story, invoice);
}

TEST_F(RestoreTest, FourSchemasOfFourMomentsComeTogether) {
  Story story(suite());
  ASSERT_DONE(story.RunUntil("approve"));
  Backup partners(suite(), Service::kPartner);
  Backup orders(suite(), Service::kOrder);
  Backup links(suite(), Service::kLink);
  Backup billing(suite(), Service::kBilling);
  ASSERT_DONE(story.Approve());
  ASSERT_DONE(story.Authorize());
  ASSERT_DONE(story.AddCustomer());
  ASSERT_DONE(partners.Take());
  Suspend(story);
  Reinstate(story);
  ASSERT_DONE(Eventually("the partner may sell", [&] { return story.CreateOrder().ok() && story.Submit().ok(); }));
  ASSERT_DONE(orders.Take());
  ASSERT_DONE(story.OpenPage());
  ASSERT_DONE(story.Confirm());
  ASSERT_DONE(links.Take());
  ASSERT_DONE(story.AwaitCompleted());
  ASSERT_DONE(story.AwaitInvoice());
  ASSERT_DONE(billing.Take());
  ASSERT_DONE(story.Pay());
  ASSERT_DONE(story.AwaitFee());
  const std::string invoice = story.invoice;
  for (Backup* backup : {&partners, &orders, &links, &billing}) ASSERT_DONE(backup->Restore());

  RestateLink(OrderOf(story).link());
  Restate(story);
  Redeliver(Service::kPartner, "order");
  Redeliver(Service::kPartner, "billing");
  Redeliver(Service::kOrder, "link");
  Redeliver(Service::kOrder, "billing");
  Redeliver(Service::kBilling, "orders");

  ASSERT_DONE(story.AwaitCompleted());
  ExpectBilledOnce(story, invoice);
}

}  // namespace
}  // namespace countersign::integration
