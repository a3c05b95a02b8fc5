// Fixture of EventService's tests: a log, the service over it with its server, and streams of watchers.
#ifndef COUNTERSIGN_COMMON_EVENT_API_EVENT_SERVICE_FIXTURE_H_
#define COUNTERSIGN_COMMON_EVENT_API_EVENT_SERVICE_FIXTURE_H_

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/crypto.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/event_api/event_service.h"
#include "common/events/log_fixture.h"
#include "common/events/relay.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/status.h"
#include "common/testing/fake_clock.h"
#include "common/testing/in_process_server.h"
#include "common/testing/status_matchers.h"
#include "countersign/event/v1/event_service.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace countersign::event_api {

inline constexpr char kEventOperator[] = "operators/anna";

// A key as it must be written.
inline std::string KeyOf(char secret) {
  return absl::StrCat("cs_", std::string(32, 'a'), "_", std::string(16, 'b'), "_", std::string(43, secret));
}

class EventServiceTest : public events::LogTest {
 protected:
  void SetUp() override {
    LogTest::SetUp();
    endpoint_ = std::make_unique<rpc::Endpoint>(rpc::EndpointOptions{
        .service = "note-service",
        .database = &db(),
        .clock = &clock_,
        .reply_keys = &keys_,
        .verify_key = [this](absl::string_view key, absl::Time) -> absl::StatusOr<rpc::VerifiedKey> {
          if (key == KeyOf('h')) {
            absl::MutexLock lock(&mutex_);
            ++hanging_;
            mutex_.Await(absl::Condition(&answer_));
          }
          if (!key_is_good_) return absl::NotFoundError("");
          return rpc::VerifiedKey{.partner = tenant_};
        },
        .key_cache = {.ttl = {}}});
    handlers_ = std::make_unique<EventService>(*endpoint_, db());
    // The handlers hear of what it seals, as they do in a service.
    relay_ = events::MakeRelay(db(), {.owner = "test", .on_sealed = handlers_->Waker()}, {}, {});
    server_ = std::make_unique<testing::InProcessServer>(std::vector<grpc::Service*>{handlers_.get()});
    stub_ = event::v1::EventService::NewStub(server_->channel());
  }

  void TearDown() override {
    relay_.reset();
    handlers_->Stop();
    server_.reset();
  }

  void CommitAndSeal(const Uuid& tenant, const std::string& aggregate, int64_t from, int64_t to) {
    for (int64_t version = from; version <= to; ++version) {
      ASSERT_OK(CommitEvents({MakeEvent(tenant, Id(aggregate), version)}));
    }
    ASSERT_OK(relay_->Drain(Deadline()));
  }

  static std::string ParentOf(const Uuid& tenant) { return "partners/" + tenant.ToString(); }

  absl::StatusOr<std::vector<event::v1::Event>> List(event::v1::ListEventsRequest request,
                                                     absl::string_view caller = kEventOperator) {
    std::vector<event::v1::Event> all;
    do {
      grpc::ClientContext context;
      testing::SetCaller(context, caller);
      event::v1::ListEventsResponse page;
      RETURN_IF_ERROR(rpc::FromGrpc(stub_->ListEvents(&context, request, &page)));
      all.insert(all.end(), page.events().begin(), page.events().end());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }

  // One stream, read by the calling thread.
  class Stream {
   public:
    Stream(event::v1::EventService::Stub& stub, const std::string& parent, const std::string& position = "",
           absl::string_view caller = kEventOperator, const std::string& authorization = "") {
      testing::SetCaller(context_, caller);
      if (!authorization.empty()) context_.AddMetadata("authorization", authorization);
      event::v1::WatchEventsRequest request;
      request.set_parent(parent);
      request.set_position(position);
      reader_ = stub.WatchEvents(&context_, request);
    }
    ~Stream() {
      if (reader_ == nullptr) return;
      context_.TryCancel();
      event::v1::Event ignored;
      while (reader_->Read(&ignored)) {
      }
      reader_->Finish().IgnoreError();
    }
    std::vector<event::v1::Event> Read(size_t count) {
      std::vector<event::v1::Event> events(count);
      for (event::v1::Event& event : events) {
        if (!reader_->Read(&event)) {
          ADD_FAILURE() << "the stream ended: " << Finish();
          break;
        }
      }
      return events;
    }
    bool ReadOne(event::v1::Event* event) { return reader_->Read(event); }
    absl::Status Finish() {
      const absl::Status status = rpc::FromGrpc(reader_->Finish());
      reader_ = nullptr;
      return status;
    }
    grpc::ClientContext& context() { return context_; }

   private:
    grpc::ClientContext context_;
    std::unique_ptr<grpc::ClientReader<event::v1::Event>> reader_;
  };

  testing::FakeClock clock_;
  const KeyRing keys_ = *KeyRing::Parse("test:" + std::string(64, '7'));
  const Uuid tenant_ = Id("tenant");
  std::atomic<bool> key_is_good_ = true;
  absl::Mutex mutex_;
  int hanging_ ABSL_GUARDED_BY(mutex_) = 0;  // Verifications of the key KeyOf('h') that began.
  bool answer_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<rpc::Endpoint> endpoint_;
  std::unique_ptr<EventService> handlers_;
  std::unique_ptr<events::Relay> relay_;
  std::unique_ptr<testing::InProcessServer> server_;
  std::unique_ptr<event::v1::EventService::Stub> stub_;
};

inline std::vector<int64_t> VersionsOf(const std::vector<event::v1::Event>& events) {
  std::vector<int64_t> versions;
  for (const event::v1::Event& event : events) versions.push_back(event.version());
  return versions;
}

}  // namespace countersign::event_api

#endif  // COUNTERSIGN_COMMON_EVENT_API_EVENT_SERVICE_FIXTURE_H_
