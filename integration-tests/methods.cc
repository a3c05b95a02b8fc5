#include "integration-tests/methods.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/raw_call_for_test.h"
#include "google/protobuf/empty.pb.h"
#include "google/protobuf/unknown_field_set.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"
#include "integration-tests/messages.h"
#include "integration-tests/story.h"

namespace countersign::integration {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

// Debian ships no reflection.proto, so the few fields of it are taken from the bytes: ServerReflectionRequest has
// list_services = 7 (a string), ServerReflectionResponse list_services_response = 6 with service = 1 with name = 1.
constexpr char kReflection[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
constexpr absl::string_view kListServices("\x3a\x00", 2);

// The contents of all fields `number` in `bytes`.
std::vector<std::string> Fields(const std::string& bytes, int number) {
  google::protobuf::Empty message;
  std::vector<std::string> found;
  if (!message.ParseFromString(bytes)) return found;
  const UnknownFieldSet& fields = message.GetReflection()->GetUnknownFields(message);
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    if (field.number() == number && field.type() == UnknownField::TYPE_LENGTH_DELIMITED) {
      found.push_back(field.length_delimited());
    }
  }
  return found;
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) return "";
  return std::string(reinterpret_cast<const char*>(slice.begin()), slice.size());
}

grpc::Status CallUnary(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                       const std::string& request, grpc::ClientContext& context, std::string* reply) {
  rpc::RawReply raw = rpc::RawCall(channel, context, path, request);
  if (raw.status.ok() && reply != nullptr) *reply = std::move(raw.bytes);
  return raw.status;
}

// The first reply ends it.
grpc::Status CallStream(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                        const std::string& request, grpc::ClientContext& context, std::string* reply) {
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareCall(&context, path, &queue);
  void* tag = nullptr;
  bool ok = false;
  bool replied = false;
  call->StartCall(nullptr);
  queue.Next(&tag, &ok);
  if (ok) {
    const grpc::Slice slice(request);
    call->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), nullptr);
    queue.Next(&tag, &ok);
    grpc::ByteBuffer buffer;
    call->Read(&buffer, nullptr);
    queue.Next(&tag, &replied);
    if (replied && reply != nullptr) *reply = BytesOf(buffer);
    if (replied) context.TryCancel();
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  queue.Next(&tag, &ok);
  return replied ? grpc::Status::OK : status;
}

std::vector<std::string> ServedServices(Suite& suite, Service service) {
  std::string reply;
  const auto context = As(kOperator);
  const grpc::Status status =
      CallStream(suite.channel(service), kReflection, std::string(kListServices), *context, &reply);
  EXPECT_TRUE(status.ok()) << NameOf(service) << " has no reflection: " << status.error_message();
  std::vector<std::string> names;
  for (const std::string& list : Fields(reply, 6)) {
    for (const std::string& entry : Fields(list, 1)) {
      for (const std::string& name : Fields(entry, 1)) names.push_back(name);
    }
  }
  return names;
}

}  // namespace

std::string Method::name() const { return absl::StrCat(descriptor->service()->full_name(), "/", descriptor->name()); }

std::unique_ptr<Message> Method::NewRequest() const { return NewMessage(*descriptor->input_type()); }

std::unique_ptr<Message> Method::NewReply() const { return NewMessage(*descriptor->output_type()); }

bool Method::reads() const {
  for (const char* verb :
       {"Get", "List", "Lookup", "Search", "Watch", "Check", "VerifyApiKey", "VerifyAudit", "Explain", "Resolve",
        "Preview", "Export", "TrialBalance", "AgedReceivables", "AccountStatement", "RevenueByMonth", "FeesByMonth"}) {
    if (absl::StartsWith(descriptor->name(), verb)) return true;
  }
  return false;
}

std::vector<Method> ServedMethods(Suite& suite) {
  std::vector<Method> methods;
  for (const Service service : kServices) {
    for (const std::string& name : ServedServices(suite, service)) {
      if (!absl::StartsWith(name, "countersign.")) continue;  // Reflection itself, and health.
      const auto* descriptor = DescriptorPool::generated_pool()->FindServiceByName(name);
      EXPECT_NE(descriptor, nullptr) << name << " is not linked into this test";
      if (descriptor == nullptr) continue;
      for (int i = 0; i < descriptor->method_count(); ++i) methods.push_back({service, descriptor->method(i)});
    }
  }
  EXPECT_GT(methods.size(), 30U);
  return methods;
}

grpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const Method& method, const std::string& request,
                     grpc::ClientContext& context, std::string* reply) {
  const std::string path = absl::StrCat("/", method.name());
  return method.descriptor->server_streaming() ? CallStream(channel, path, request, context, reply)
                                               : CallUnary(channel, path, request, context, reply);
}

grpc::Status CallAs(Suite& suite, const std::string& caller, const Method& method, const std::string& request,
                    std::string* reply) {
  const bool by_key = absl::StartsWith(caller, "partners/");
  const auto context = by_key ? As(caller) : NewContext();
  return CallRaw(suite.channel(method.service, by_key ? kOperator : caller), method, request, *context, reply);
}

}  // namespace countersign::integration
