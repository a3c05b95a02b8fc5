#include "common/rpc/calls_under_way.h"

#include <atomic>
#include <memory>

#include "absl/strings/match.h"

namespace countersign::rpc {
namespace {

// Lives as long as its call.
class CallUnderWay final : public grpc::experimental::Interceptor {
 public:
  explicit CallUnderWay(std::atomic<int>& count) : count_(count) { ++count_; }
  ~CallUnderWay() override { --count_; }

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override { methods->Proceed(); }

 private:
  std::atomic<int>& count_;
};

class Factory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit Factory(std::atomic<int>& count) : count_(count) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override {
    return absl::StartsWith(info->method(), "/grpc.") ? nullptr : new CallUnderWay(count_);
  }

 private:
  std::atomic<int>& count_;
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeCallsUnderWayFactory(
    std::atomic<int>& count) {
  return std::make_unique<Factory>(count);
}

}  // namespace countersign::rpc
