#include "common/rpc/reflection_limit.h"

#include <grpcpp/server_context.h>

#include <atomic>
#include <memory>

#include "absl/strings/match.h"

namespace countersign::rpc {
namespace {

// Lives as long as its stream.
class ReflectionStream final : public grpc::experimental::Interceptor {
 public:
  ReflectionStream(grpc::experimental::ServerRpcInfo& info, std::atomic<int>& open, int max_streams)
      : info_(info), open_(open), too_many_(open.fetch_add(1) >= max_streams) {}
  ~ReflectionStream() override { open_.fetch_sub(1); }

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    using Hook = grpc::experimental::InterceptionHookPoints;
    // The handler then finds the end of its stream and gives its thread back.
    if (too_many_ && methods->QueryInterceptionHookPoint(Hook::POST_RECV_INITIAL_METADATA)) {
      info_.server_context()->TryCancel();
    }
    methods->Proceed();
  }

 private:
  grpc::experimental::ServerRpcInfo& info_;
  std::atomic<int>& open_;
  const bool too_many_;
};

class ReflectionLimitFactory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit ReflectionLimitFactory(int max_streams) : max_streams_(max_streams) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override {
    const bool is_reflection = absl::StartsWith(info->method(), "/grpc.reflection.");
    return is_reflection ? new ReflectionStream(*info, open_, max_streams_) : nullptr;
  }

 private:
  const int max_streams_;
  std::atomic<int> open_{0};
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeReflectionLimitFactory(int max_streams) {
  return std::make_unique<ReflectionLimitFactory>(max_streams);
}

}  // namespace countersign::rpc
