// link-service as the world sees it: a real gRPC server and a real HTTP server on loopback over a real database. Only
// the peers are fakes.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_API_API_TEST_BASE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_API_API_TEST_BASE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/testing/api_test.h"
#include "common/testing/http_client.h"
#include "countersign/link/v1/link.pb.h"
#include "countersign/link/v1/link_service.grpc.pb.h"
#include "link-service/src/api/fake_peers.h"
#include "link-service/src/link.h"
#include "link-service/src/page/receipt_finder.h"
#include "link-service/src/page/view_counter.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/store/migrations.h"

namespace countersign::link {

inline constexpr char kOperator[] = "operators/test";
inline constexpr char kOrderService[] = "services/order-service";
inline constexpr char kPublicUrl[] = "https://orders.example.com";

using testing::NewRequestId;

// 25 seats of the suite at 15.00 USD, monthly.
v1::OrderReview TestReview();

class ApiTest : public testing::ApiTestFrame<AllMigrations> {
 protected:
  using Stub = v1::LinkService::Stub;

  void SetUp() override;

  std::shared_ptr<grpc::Channel> channel() override { return server_.channel(); }

  // Calls the method as `caller`, through the network.
  template <typename Request, typename Reply>
  absl::StatusOr<Reply> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                             const Request& request, absl::string_view caller = kOrderService) {
    return ApiTestFrame::Call(method, request, caller);
  }

  // For a new link of a new order that expires in 30 days.
  v1::IssueLinkRequest IssueRequest();
  v1::IssueLinkResponse Issue();
  // Of the outcome that order-service's relay would bring.
  v1::ApplyOrderOutcomeRequest OutcomeRequest(const std::string& link, v1::Link::State state, int64_t version = 3);
  absl::StatusOr<v1::Link> GetLink(const std::string& name, absl::string_view caller = kOperator);

  // The address in this test of the page at a public URL.
  std::string Local(const std::string& url) const;

  // The types of all events, oldest first.
  static std::vector<std::string> EventTypes();

  // Keeps what was sent; refuses while it is told to.
  class FakeMailer final : public mail::Mailer {
   public:
    absl::Status Send(const mail::Message& message, absl::Time /*deadline*/) override {
      if (!answer.ok() && (refused.empty() || refused == message.to.address)) return answer;
      sent.push_back(message);
      return absl::OkStatus();
    }
    absl::Status answer;
    std::string refused;  // Empty: every address.
    std::vector<mail::Message> sent;
  };

  // Delivers the event of the link's confirmation, as the relay would.
  absl::Status DeliverConfirmed(const std::string& link);

  // Delivers the event of the newest access link.
  absl::Status DeliverAccessLink();

  // Delivers every event so far that may prove that the billing contact's mail is read.
  absl::Status DeliverContactProofs();

  // Delivers the event of the only act on a receipt.
  absl::Status DeliverReceiptAct();

  FakeMailer mailer_;
  FakeOrders orders_;
  FakeBilling billing_;
  const LinkStore links_{database_->database()};

 private:
  LinkParts link_{{.service = "link-service",
                   .database = &database_->database(),
                   .clock = &clock_,
                   .reply_keys = &keys_,
                   .observer = nullptr},
                  {.database = database_->database(),
                   .committer = committer_,
                   .clock = clock_,
                   .link_keys = keys_,
                   .orders = orders_,
                   .billing = billing_,
                   .mailer = &mailer_,
                   .vendor = {.name = "Test Vendor",
                              .contact = "help@vendor.example",
                              .legal_entity = "Test Vendor Ltd, Testville",
                              .public_url = kPublicUrl}}};
  testing::InProcessServer server_{link_.services()};

 protected:
  ViewCounter& views_ = link_.views();      // Neither is started: tests flush it …
  ReceiptFinder& finder_ = link_.finder();  // … and have it work off what waits.
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_API_API_TEST_BASE_H_
