#include "common/service/service.h"

#include <pthread.h>
#include <signal.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/metrics.h"
#include "common/rpc/channel.h"
#include "common/rpc/raw_call_for_test.h"
#include "common/rpc/testdata/note_service.grpc.pb.h"
#include "common/testing/in_process_server.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::service {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::SetCaller;
using ::countersign::testing::TestDatabase;
using ::countersign::testing::TestDeadline;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class NoteHandlers final : public rpc::testdata::NoteService::Service {
 public:
  grpc::Status GetNote(grpc::ServerContext*, const rpc::testdata::GetNoteRequest*, rpc::testdata::Note*) override {
    return grpc::Status::OK;
  }
};

std::string FreeAddress() {
  NoteHandlers handlers;
  return testing::InProcessServer({&handlers}).address();
}

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() {
    parts_.name = "note-service";
    parts_.relay.owner = "note-service@test";
    parts_.database = mysql::OpenDatabase(schema_.options());
    parts_.clock = std::make_unique<SystemClock>();
    parts_.server.listen = FreeAddress();
    parts_.server.drain = absl::Milliseconds(100);
    parts_.probe = [] { return absl::OkStatus(); };
  }

  // Serves in a thread, to which alone Signal sends SIGINT.
  void Serve(const Companions& companions) {
    thread_ = std::thread([this, companions] {
      BlockStopSignals();
      NoteHandlers api;
      const rpc::Endpoint endpoint(parts_.MakeEndpointOptions(nullptr));
      ServiceLog log(parts_, endpoint, /*consumers=*/{});
      ended_ = ServeUntilStopped(parts_, {&api}, log, companions);
    });
  }
  void Signal() { pthread_kill(thread_.native_handle(), SIGINT); }
  absl::Status Join() {
    thread_.join();
    return ended_;
  }

  // Over a connection of its own.
  bool Answers() const { return Call("/countersign.rpc.testdata.NoteService/GetNote").status.ok(); }
  bool IsServing() const { return Call("/grpc.health.v1.Health/Check").bytes == std::string("\x08\x01"); }

  TestDatabase schema_;
  ServiceParts parts_;

 private:
  rpc::RawReply Call(const std::string& method) const {
    grpc::ClientContext context;
    SetCaller(context, "operators/anna");
    return rpc::RawCall(rpc::MakeChannel(parts_.server.listen), context, method, "");
  }

  std::thread thread_;
  absl::Status ended_ = absl::UnknownError("not ended");
};

TEST_F(ServiceTest, EndsInTheOrderInWhichNoCallIsLost) {
  std::vector<std::string> order;
  absl::Time signalled;
  Serve({.stop_serving =
             [&](absl::Time deadline) {
               order.emplace_back("no more pages");
               EXPECT_GE(absl::Now() - signalled, parts_.server.drain);
               EXPECT_LE(deadline, absl::Now() + parts_.server.shutdown_timeout / 2);
               EXPECT_FALSE(IsServing());
               EXPECT_TRUE(Answers());
             },
         .stop_working =
             [&] {
               order.emplace_back("no more work");
               EXPECT_FALSE(Answers());
               EXPECT_OK(parts_.database->Ping(TestDeadline()));
             }});
  while (!IsServing()) std::this_thread::yield();
  EXPECT_TRUE(Answers());
  signalled = absl::Now();
  Signal();
  EXPECT_OK(Join());
  EXPECT_THAT(order, ElementsAre("no more pages", "no more work"));
  EXPECT_FALSE(parts_.database->Ping(TestDeadline()).ok());
}

TEST_F(ServiceTest, WhatAServiceReadsOfItsTablesIsAGauge) {
  absl::Notification read;
  Serve({.figures = [&](absl::Time) -> absl::StatusOr<std::vector<metrics::Figure>> {
    if (!read.HasBeenNotified()) read.Notify();
    return std::vector<metrics::Figure>{{.name = "countersign_notes_open",
                                         .help = "Notes that nobody has read.",
                                         .labels = {{"state", "OPEN"}},
                                         .value = 7}};
  }});
  read.WaitForNotification();
  Signal();
  EXPECT_OK(Join());
  EXPECT_THAT(metrics::Text(), HasSubstr("countersign_notes_open{state=\"OPEN\"} 7"));
  EXPECT_THAT(metrics::Text(), HasSubstr("countersign_figures_measured_timestamp_seconds"));
}

TEST_F(ServiceTest, EndsByItselfWhenItCanNeverServe) {
  parts_.probe = [] { return FailedPrecondition("MIGRATION_PENDING", "The schema is old."); };
  bool stopped = false;
  Serve({.stop_working = [&] { stopped = true; }});
  EXPECT_THAT(Join(), HasReason("MIGRATION_PENDING"));
  EXPECT_TRUE(stopped);
}

}  // namespace
}  // namespace countersign::service
