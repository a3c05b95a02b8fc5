// The frame of a service's API tests: a schema for the suite, a clock that stands still, calls through the network.
#ifndef COUNTERSIGN_COMMON_TESTING_API_TEST_H_
#define COUNTERSIGN_COMMON_TESTING_API_TEST_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "common/base/crypto.h"
#include "common/base/error.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/mysql/migrate.h"
#include "common/rpc/status.h"
#include "common/testing/fake_clock.h"
#include "common/testing/in_process_server.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace countersign::testing {

// A new request_id, or any other new id.
inline std::string NewRequestId() { return Uuid::V7(absl::Now()).ToString(); }

// Calls the method of a stub as `caller`, through the network. With an `api_key` it is the key that says who calls.
template <typename Stub, typename Request, typename Reply>
absl::StatusOr<Reply> CallAs(absl::string_view caller, Stub& stub,
                             grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                             const Request& request, const std::string& api_key = "") {
  grpc::ClientContext context;
  SetCaller(context, caller);
  if (!api_key.empty()) context.AddMetadata("authorization", "Bearer " + api_key);
  Reply reply;
  const grpc::Status status = (stub.*method)(&context, request, &reply);
  if (!status.ok()) return rpc::FromGrpc(status);
  return reply;
}

// Events that DeliveryService leaves in a service's log, which no consumer may care about: whoever tried to parse them
// as its own would fail.
inline std::vector<events::Event> DeliveryEvents() {
  std::vector<events::Event> events;
  for (const char* type : {"DELIVERY_RETRIED", "DELIVERY_ABANDONED", "REDELIVERY_REQUESTED", "EVENTS_REDELIVERED"}) {
    events.emplace_back().type = type;
    events.back().payload = "\xff";
  }
  return events;
}

// The program's schema of the migrations of `AllMigrations`, as they left it when a suite begins; SetUp empties it. A
// service's test base adds the service, built on database_, committer_ and clock_ as its main builds it, and an
// InProcessServer.
template <std::vector<mysql::Migrations> (*AllMigrations)()>
class ApiTestFrame : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = &TestDatabase::Shared(AllMigrations()); }
  void SetUp() override { database_->Clear(); }

  // Calls the method as `caller`, through the network: Call(&v1::NoteService::Stub::GetNote, request). With an
  // `api_key` it is the key that says who calls.
  template <typename Stub, typename Request, typename Reply>
  absl::StatusOr<Reply> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                             const Request& request, absl::string_view caller = "operators/test",
                             const std::string& api_key = "") {
    Stub stub(channel());
    return CallAs(caller, stub, method, request, api_key);
  }

  // To the server under test.
  virtual std::shared_ptr<grpc::Channel> channel() = 0;

  // How many rows a table has: its name, and a WHERE where only some count.
  static int64_t CountRows(absl::string_view table) {
    return database_->Query(absl::StrCat("SELECT COUNT(*) FROM ", table)).at(0).Int(0);
  }

  // A refusal for the very fields, in any order.
  static void ExpectViolations(const absl::Status& status, const std::vector<std::string>& fields) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
    std::vector<std::string> violated;
    for (const FieldViolation& violation : DetailsOf(status).violations) violated.push_back(violation.field);
    EXPECT_THAT(violated, ::testing::UnorderedElementsAreArray(fields));
  }

  inline static TestDatabase* database_ = nullptr;
  events::Committer committer_{database_->database()};
  FakeClock clock_;
  const KeyRing keys_ = *KeyRing::Parse("test:" + std::string(64, '7'));  // For replies and page tokens.
};

}  // namespace countersign::testing

#endif  // COUNTERSIGN_COMMON_TESTING_API_TEST_H_
