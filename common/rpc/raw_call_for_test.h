// Unary calls with raw bytes, as a client that is broken or strange would make them. For tests.
#ifndef COUNTERSIGN_COMMON_RPC_RAW_CALL_FOR_TEST_H_
#define COUNTERSIGN_COMMON_RPC_RAW_CALL_FOR_TEST_H_

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"

namespace countersign::rpc {

struct RawReply {
  grpc::Status status;
  std::string bytes;
};

// Calls "/package.Service/Method" with `request` as the message's bytes.
inline RawReply RawCall(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context,
                        const std::string& method, const std::string& request) {
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  const grpc::Slice slice(request);
  const auto call = stub.PrepareUnaryCall(&context, method, grpc::ByteBuffer(&slice, 1), &queue);
  call->StartCall();
  RawReply reply;
  grpc::ByteBuffer buffer;
  call->Finish(&buffer, &reply.status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  if (!reply.status.ok()) return reply;
  std::vector<grpc::Slice> slices;
  buffer.Dump(&slices);
  for (const grpc::Slice& part : slices) reply.bytes.append(reinterpret_cast<const char*>(part.begin()), part.size());
  return reply;
}

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_RAW_CALL_FOR_TEST_H_
