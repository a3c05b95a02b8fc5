// link-service as the world sees it: a real gRPC server and a real HTTP server on loopback over a real database. Only
// the peers are stand-ins.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_API_API_TEST_BASE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_API_API_TEST_BASE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/endpoint.h"
#include "common/testing/api_test.h"
#include "common/testing/http_client.h"
#include "countersign/link/v1/link_service.grpc.pb.h"
#include "link-service/src/api/fake_peers.h"
#include "link-service/src/api/link_api.h"
#include "link-service/src/api/link_handlers.h"
#include "link-service/src/page/page_controller.h"
#include "link-service/src/page/press_handlers.h"
#include "link-service/src/page/view_counter.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/store/migrations.h"
#include "link-service/src/store/press_store.h"
#include "link-service/src/web/http_server.h"

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

  // Calls the method as `caller`, through the network.
  template <typename Request, typename Reply>
  absl::StatusOr<Reply> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                             const Request& request, absl::string_view caller = kOrderService) {
    return testing::CallAs(caller, stub_, method, request);
  }

  // For a new link of a new order that expires in 30 days.
  v1::IssueLinkRequest IssueRequest();
  v1::IssueLinkResponse Issue();
  // Of the outcome that order-service's relay would bring.
  v1::ApplyOrderOutcomeRequest OutcomeRequest(const std::string& link, v1::Link::State state, int64_t version = 3);
  absl::StatusOr<v1::Link> GetLink(const std::string& name, absl::string_view caller = kOperator);

  // Where the page that a public URL names is served in this test.
  std::string Local(const std::string& url) const;

  // The types of all events, oldest first.
  static std::vector<std::string> EventTypes();

  FakeOrders orders_;
  FakeBilling billing_;
  LinkStore links_{database_->database()};
  ViewCounter views_{links_};  // Not started: tests flush it.

 private:
  PressStore presses_{database_->database()};
  LinkHandlers link_handlers_{links_, keys_, kPublicUrl};
  PressHandlers press_handlers_{links_, presses_, orders_, clock_};
  PageController page_{{links_, press_handlers_, views_, orders_, billing_, keys_, clock_},
                       {"Test Vendor", "help@vendor.example"}};
  rpc::Endpoint endpoint_{{.service = "link-service",
                           .database = &database_->database(),
                           .clock = &clock_,
                           .reply_keys = &keys_,
                           .observer = nullptr}};
  LinkApi api_{endpoint_, link_handlers_};
  testing::InProcessServer server_{{&api_}};
  Stub stub_{server_.channel()};
  std::unique_ptr<web::HttpServer> http_;  // Last: stops before what it uses.
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_API_API_TEST_BASE_H_
