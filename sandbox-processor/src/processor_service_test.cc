#include "sandbox-processor/src/processor_service.h"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "common/rpc/status.h"
#include "common/testing/in_process_server.h"
#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace countersign::sandbox_processor {
namespace {

using ::countersign::testing::StatusIs;
using payment::v1::Charge;
using Processor = payment::v1::PaymentProcessor;

class ProcessorServiceTest : public ::testing::Test {
 protected:
  ~ProcessorServiceTest() override { std::filesystem::remove_all(folder_); }

  template <typename Request>
  absl::StatusOr<Charge> Call(grpc::Status (Processor::Stub::*method)(grpc::ClientContext*, const Request&, Charge*),
                              const Request& request, absl::string_view caller = "services/billing-service") {
    grpc::ClientContext context;
    testing::SetCaller(context, caller);
    if (timeout_ < absl::InfiniteDuration()) context.set_deadline(absl::ToChronoTime(absl::Now() + timeout_));
    Processor::Stub stub(server_.channel());
    Charge reply;
    const grpc::Status status = (stub.*method)(&context, request, &reply);
    if (!status.ok()) return rpc::FromGrpc(status);
    return reply;
  }
  static payment::v1::CreateChargeRequest Request(const std::string& token, const std::string& key = "key") {
    payment::v1::CreateChargeRequest request;
    request.set_idempotency_key(key);
    request.set_payment_token(token);
    request.mutable_amount()->set_currency_code("USD");
    request.mutable_amount()->set_units(375);
    return request;
  }
  absl::StatusOr<Charge> Create(const std::string& token) {
    return Call(&Processor::Stub::CreateCharge, Request(token));
  }
  absl::StatusOr<Charge> Get() {
    payment::v1::GetChargeRequest request;
    request.set_idempotency_key("key");
    return Call(&Processor::Stub::GetCharge, request);
  }
  absl::StatusOr<Charge> Cancel() {
    payment::v1::CancelChargeRequest request;
    request.set_idempotency_key("key");
    return Call(&Processor::Stub::CancelCharge, request);
  }
  Charges InBook() const { return *Book::Read(folder_ + "/book"); }

  std::string NewFolder() {
    std::string folder = (std::filesystem::temp_directory_path() / "sandbox-processor-XXXXXX").string();
    return mkdtemp(folder.data());
  }

  absl::Duration timeout_ = absl::InfiniteDuration();
  const std::string folder_ = NewFolder();
  const std::unique_ptr<Book> book_ = *Book::Open(folder_ + "/book");
  ProcessorService service_{*book_};
  testing::InProcessServer server_{{&service_}};
};

TEST_F(ProcessorServiceTest, OneKeyIsOneCharge) {
  ASSERT_OK_AND_ASSIGN(const Charge charge, Create("tok"));
  EXPECT_EQ(charge.state(), Charge::STATE_SUCCEEDED);
  EXPECT_EQ(charge.amount().units(), 375);
  EXPECT_EQ(charge.processor_reference(), "sandbox-key");
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) callers.emplace_back([this] { EXPECT_OK(Create("tok")); });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(InBook().size(), 1u);
  EXPECT_EQ(Get()->SerializeAsString(), charge.SerializeAsString());
  payment::v1::CreateChargeRequest more = Request("tok");
  more.mutable_amount()->set_units(376);
  EXPECT_THAT(Call(&Processor::Stub::CreateCharge, more), testing::HasReason("IDEMPOTENCY_KEY_REUSED"));
}

TEST_F(ProcessorServiceTest, DoesAsTheTokenSays) {
  EXPECT_EQ(Create("decline")->state(), Charge::STATE_DECLINED);
  EXPECT_EQ(Get()->decline_reason(), "INSUFFICIENT_FUNDS");
  EXPECT_EQ(Call(&Processor::Stub::CreateCharge, Request("twice", "second"))->state(), Charge::STATE_SUCCEEDED);
  EXPECT_THAT(Call(&Processor::Stub::CreateCharge, Request("gone", "third")), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(InBook().size(), 2u);
}

TEST_F(ProcessorServiceTest, ADelayedChargeSucceedsLater) {
  EXPECT_EQ(Create("delay")->state(), Charge::STATE_PENDING);
  EXPECT_EQ(Get()->state(), Charge::STATE_PENDING);
  EXPECT_EQ(Get()->state(), Charge::STATE_SUCCEEDED);
}

TEST_F(ProcessorServiceTest, ALateChargeSucceedsWhenItIsAskedFor) {
  EXPECT_EQ(Create("late")->state(), Charge::STATE_PENDING);
  EXPECT_EQ(Get()->state(), Charge::STATE_SUCCEEDED);
}

TEST_F(ProcessorServiceTest, ASilentChargeIsTakenAllTheSame) {
  timeout_ = absl::Milliseconds(200);
  EXPECT_THAT(Create("timeout-after-charge"), StatusIs(absl::StatusCode::kDeadlineExceeded));
  timeout_ = absl::InfiniteDuration();
  // The call may have ended before it came to the book; the charge is there once the same key was asked again.
  const absl::StatusOr<Charge> charge = Get();
  EXPECT_TRUE(charge.ok() ? charge->state() == Charge::STATE_SUCCEEDED : absl::IsNotFound(charge.status()));
}

TEST_F(ProcessorServiceTest, ACancelledKeyMovesNoMoney) {
  EXPECT_THAT(Get(), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(Cancel()->state(), Charge::STATE_CANCELLED);
  EXPECT_EQ(Create("tok")->state(), Charge::STATE_CANCELLED);
  EXPECT_EQ(InBook().at("key").state, BookedState::kCancelled);
}

TEST_F(ProcessorServiceTest, WhatIsTakenIsNotCancelled) {
  ASSERT_OK(Create("tok"));
  EXPECT_EQ(Cancel()->state(), Charge::STATE_SUCCEEDED);
}

TEST_F(ProcessorServiceTest, RefusesOthersAndMalformedRequests) {
  EXPECT_THAT(Call(&Processor::Stub::CreateCharge, Request("tok"), "services/order-service"),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Call(&Processor::Stub::CreateCharge, Request("tok"), "operators/ann"),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Call(&Processor::Stub::CreateCharge, payment::v1::CreateChargeRequest()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Call(&Processor::Stub::CreateCharge, Request("tok\tmore")), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_TRUE(InBook().empty());
}

}  // namespace
}  // namespace countersign::sandbox_processor
