#include "common/rpc/refusal_interceptor.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/trace.h"
#include "common/rpc/caller.h"
#include "common/rpc/status.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/status.h"

namespace countersign::rpc {
namespace {

// Our own error for a refusal of gRPC's; OK when `status` is none. Our wrapper's errors always have details.
absl::Status RefusalOf(const grpc::Status& status) {
  if (!status.error_details().empty()) return absl::OkStatus();
  // Bytes that do not parse are INTERNAL with no message; broken frames are INTERNAL with gRPC's own text. A stream of
  // the callback API says UNIMPLEMENTED for both. No interceptor hears of a method that does not exist.
  if (status.error_code() == grpc::StatusCode::INTERNAL ||
      (status.error_code() == grpc::StatusCode::UNIMPLEMENTED && status.error_message().empty())) {
    return Error(absl::StatusCode::kInvalidArgument, "MALFORMED_REQUEST",
                 "The request is not one whole message of this method. Check that it is framed as gRPC prescribes, not "
                 "compressed, and that its strings are valid UTF-8.");
  }
  if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
    return Error(absl::StatusCode::kResourceExhausted, "SERVER_BUSY",
                 "The server works on as many calls as it can. Try again later.");
  }
  return absl::OkStatus();
}

class RefusalInterceptor final : public grpc::experimental::Interceptor {
 public:
  explicit RefusalInterceptor(grpc::experimental::ServerRpcInfo& info) : info_(info) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    using Hook = grpc::experimental::InterceptionHookPoints;
    if (methods->QueryInterceptionHookPoint(Hook::PRE_SEND_STATUS)) {
      if (const absl::Status refusal = RefusalOf(methods->GetSendStatus()); !refusal.ok()) Explain(refusal, *methods);
    }
    methods->Proceed();
  }

 private:
  void Explain(const absl::Status& refusal, grpc::experimental::InterceptorBatchMethods& methods) {
    const std::string trace_id = NewTraceId();
    methods.ModifySendStatus(ToGrpc(refusal, trace_id));
    if (auto* metadata = methods.GetSendTrailingMetadata(); metadata != nullptr) {
      metadata->insert({kTraceIdMetadata, trace_id});
    }
    LogSparingly(Level::kInfo, "call",
                 {{"method", info_.method()},
                  {"code", absl::StatusCodeToString(refusal.code())},
                  {"trace_id", trace_id},
                  {"peer", info_.server_context()->peer()},
                  {"reason", DetailsOf(refusal).reason}});
  }

  grpc::experimental::ServerRpcInfo& info_;
};

class RefusalInterceptorFactory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override {
    // Streams of gRPC's own services (reflection, health) pass untouched.
    using Type = grpc::experimental::ServerRpcInfo::Type;
    const bool is_ours = info->type() == Type::SERVER_STREAMING && absl::StartsWith(info->method(), "/countersign.");
    if (info->type() != Type::UNARY && !is_ours) return nullptr;
    return new RefusalInterceptor(*info);
  }
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeRefusalInterceptorFactory() {
  return std::make_unique<RefusalInterceptorFactory>();
}

}  // namespace countersign::rpc
