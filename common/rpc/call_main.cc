// countersign-call: calls one unary method with JSON, as grpcurl does, for machines that have only Debian's packages.
// It knows the methods that were compiled into it (every proto of this repository) and asks no server for reflection.

#include <chrono>
#include <cstdlib>
#include <future>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/impl/codegen/proto_utils.h"

namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;

constexpr absl::string_view kUsage =
    R"(countersign-call [options] HOST:PORT PACKAGE.SERVICE/METHOD [JSON]
countersign-call [options] HOST:PORT --serving      waits until the server's health says SERVING

Calls a unary method with a request given as JSON ({} without; - reads it from standard input) and prints the reply
as JSON. Otherwise prints the error, with its details, to standard error.

  -H 'name: value'    request metadata, as often as needed
  -max-time SECONDS   the call's deadline (default 20)
  -plaintext          accepted as in grpcurl; there is nothing else yet

Exit code: 0 replied, 1 refused or failed, 2 called wrongly.
)";

struct Arguments {
  std::string target;
  std::string method;  // package.Service/Method, or empty with --serving
  std::string json = "{}";
  bool serving = false;
  double max_time_seconds = 20;
  std::vector<std::pair<std::string, std::string>> metadata;
};

absl::Status AddHeader(absl::string_view header, Arguments& arguments) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(header, absl::MaxSplits(':', 1));
  const absl::string_view name = absl::StripAsciiWhitespace(parts.first);
  if (name.empty() || !absl::StrContains(header, ':')) {
    return absl::InvalidArgumentError(absl::StrCat("-H wants 'name: value', not '", header, "'"));
  }
  arguments.metadata.emplace_back(absl::AsciiStrToLower(name), absl::StripAsciiWhitespace(parts.second));
  return absl::OkStatus();
}

// INVALID_ARGUMENT with the reason where the command line makes no sense.
absl::StatusOr<Arguments> Parse(const std::vector<std::string>& words) {
  Arguments arguments;
  std::vector<std::string> operands;
  for (size_t i = 0; i < words.size(); ++i) {
    const bool has_value = i + 1 < words.size();
    if (words[i] == "-plaintext" || words[i] == "--plaintext") {
      continue;
    } else if (words[i] == "--serving") {
      arguments.serving = true;
    } else if (words[i] == "-H" && has_value) {
      if (absl::Status added = AddHeader(words[++i], arguments); !added.ok()) return added;
    } else if (words[i] == "-d" && has_value) {
      arguments.json = words[++i];
    } else if ((words[i] == "-max-time" || words[i] == "--max-time") && has_value) {
      if (!absl::SimpleAtod(words[++i], &arguments.max_time_seconds) || arguments.max_time_seconds <= 0) {
        return absl::InvalidArgumentError("-max-time wants a number of seconds");
      }
    } else if (words[i] != "-" && absl::StartsWith(words[i], "-")) {
      return absl::InvalidArgumentError(absl::StrCat("unknown option, or its value is missing: ", words[i]));
    } else {
      operands.push_back(words[i]);
    }
  }
  const size_t wanted = arguments.serving ? 1 : 2;
  if (operands.size() < wanted || operands.size() > wanted + (arguments.serving ? 0 : 1)) {
    return absl::InvalidArgumentError("HOST:PORT and PACKAGE.SERVICE/METHOD are needed");
  }
  arguments.target = operands[0];
  if (!arguments.serving) arguments.method = operands[1];
  if (operands.size() > 2) arguments.json = operands[2];
  if (arguments.json == "-") arguments.json.assign(std::istreambuf_iterator<char>(std::cin), {});
  return arguments;
}

std::chrono::system_clock::time_point In(double seconds) {
  return std::chrono::system_clock::now() + std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
}

// `path` is "/package.Service/Method".
grpc::Status CallOnce(grpc::GenericStub& stub, grpc::ClientContext& context, const std::string& path,
                      const grpc::ByteBuffer& request, grpc::ByteBuffer& reply) {
  std::promise<grpc::Status> done;
  stub.UnaryCall(&context, path, grpc::StubOptions(), &request, &reply,
                 [&done](grpc::Status status) { done.set_value(std::move(status)); });
  return done.get_future().get();
}

std::string ToJson(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = false;
  std::string json;
  const auto converted = google::protobuf::util::MessageToJsonString(message, &json, options);
  return converted.ok() ? json : absl::StrCat("(unprintable: ", converted.ToString(), ")\n");
}

void PrintError(const grpc::Status& status) {
  google::rpc::Status details;
  std::cerr << "ERROR:\n  Code: " << absl::StatusCodeToString(static_cast<absl::StatusCode>(status.error_code()))
            << "\n  Message: " << status.error_message() << "\n";
  if (!status.error_details().empty() && details.ParseFromString(status.error_details())) {
    for (const google::protobuf::Any& detail : details.details()) std::cerr << "  Detail: " << ToJson(detail);
  }
}

// The request and reply types of a method, or nullptr after saying what is there instead.
const MethodDescriptor* FindMethod(absl::string_view method) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(method, absl::MaxSplits('/', 1));
  const auto* service = DescriptorPool::generated_pool()->FindServiceByName(parts.first);
  if (service == nullptr) {
    std::cerr << "countersign-call: unknown service " << parts.first << "\n";
    return nullptr;
  }
  const MethodDescriptor* found = service->FindMethodByName(parts.second);
  if (found == nullptr) {
    std::cerr << "countersign-call: " << parts.first << " has no method " << parts.second << ", but:";
    for (int i = 0; i < service->method_count(); ++i) std::cerr << " " << service->method(i)->name();
    std::cerr << "\n";
  } else if (found->client_streaming() || found->server_streaming()) {
    std::cerr << "countersign-call: " << parts.second << " is a stream; use grpcurl\n";
    return nullptr;
  }
  return found;
}

int Call(const Arguments& arguments) {
  const MethodDescriptor* method = FindMethod(arguments.method);
  if (method == nullptr) return 2;
  MessageFactory* factory = MessageFactory::generated_factory();
  const std::unique_ptr<Message> request(factory->GetPrototype(method->input_type())->New());
  const auto parsed = google::protobuf::util::JsonStringToMessage(arguments.json, request.get());
  if (!parsed.ok()) {
    std::cerr << "countersign-call: not a " << method->input_type()->full_name() << ": " << parsed.ToString() << "\n";
    return 2;
  }

  grpc::GenericStub stub(grpc::CreateChannel(arguments.target, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(In(arguments.max_time_seconds));
  for (const auto& [name, value] : arguments.metadata) context.AddMetadata(name, value);
  grpc::ByteBuffer request_bytes;
  bool own_buffer = false;
  grpc::Status status = grpc::GenericSerialize<grpc::ProtoBufferWriter, Message>(*request, &request_bytes, &own_buffer);
  grpc::ByteBuffer reply_bytes;
  if (status.ok()) {
    const std::string path = absl::StrCat("/", arguments.method);
    status = CallOnce(stub, context, path, request_bytes, reply_bytes);
  }
  const std::unique_ptr<Message> reply(factory->GetPrototype(method->output_type())->New());
  if (status.ok()) {
    status = grpc::GenericDeserialize<grpc::ProtoBufferReader, Message>(&reply_bytes, reply.get());
  }
  if (!status.ok()) {
    PrintError(status);
    return 1;
  }
  std::cout << ToJson(*reply);
  return 0;
}

// grpc.health.v1.HealthCheckResponse with status = SERVING (field 1, value 1). Its proto is not shipped by Debian.
constexpr absl::string_view kServingBytes("\x08\x01", 2);

int WaitUntilServing(const Arguments& arguments) {
  const auto deadline = In(arguments.max_time_seconds);
  const auto channel = grpc::CreateChannel(arguments.target, grpc::InsecureChannelCredentials());
  grpc::GenericStub stub(channel);
  std::string last = "no connection";
  while (channel->WaitForConnected(deadline)) {
    grpc::ClientContext context;
    context.set_deadline(deadline);
    grpc::ByteBuffer reply;
    const grpc::Slice nothing("");
    const grpc::Status status =
        CallOnce(stub, context, "/grpc.health.v1.Health/Check", grpc::ByteBuffer(&nothing, 1), reply);
    grpc::Slice bytes;
    if (status.ok() && reply.DumpToSingleSlice(&bytes).ok()) {
      const absl::string_view answer(reinterpret_cast<const char*>(bytes.begin()), bytes.size());
      if (answer == kServingBytes) return 0;
      last = "not serving";
    } else {
      last = status.error_message();
    }
    if (std::chrono::system_clock::now() > deadline) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  std::cerr << "countersign-call: " << arguments.target << ": " << last << "\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty() || words[0] == "--help" || words[0] == "-help" || words[0] == "-h") {
    std::cout << kUsage;
    return words.empty() ? 2 : 0;
  }
  const absl::StatusOr<Arguments> arguments = Parse(words);
  if (!arguments.ok()) {
    std::cerr << "countersign-call: " << arguments.status().message() << "\n\n" << kUsage;
    return 2;
  }
  return arguments->serving ? WaitUntilServing(*arguments) : Call(*arguments);
}
