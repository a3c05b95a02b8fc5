// countersign-call: calls a method with JSON, as grpcurl does, for machines that have only Debian's packages. It knows
// the methods that were compiled into it (every proto of this repository) and asks no server for reflection.

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
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

Calls a method with a request given as JSON ({} without; - reads it from standard input) and prints the reply as JSON,
or each reply of a stream as it comes. An error is printed to standard error, with its details. The options are
grpcurl's:

  -cacert FILE        PEM file of the authorities that may have signed the server's certificate (default: the system's)
  -cert FILE          PEM file of our own certificate, with -key
  -key FILE           PEM file of its key
  -authority NAME     the name that the server's certificate must have, if not HOST
  -plaintext          no TLS
  -H 'name: value'    request metadata, as often as needed
  -expand-headers     ${NAME} in a value is the environment's NAME
  -d JSON             the request
  -max-time SECONDS   the call's deadline (default 20; a stream has none)

Exit code: 0 replied, 64 + the gRPC code when refused or failed, 2 called wrongly.
)";

struct Arguments {
  std::string target;
  std::string method;  // package.Service/Method, or empty with --serving
  std::string json = "{}";
  bool serving = false;
  bool plaintext = false;
  std::string ca_file, certificate_file, key_file;  // Empty: not given.
  std::string authority;
  std::optional<double> max_time_seconds;
  std::vector<std::pair<std::string, std::string>> metadata;
};

constexpr double kDefaultMaxTimeSeconds = 20;
constexpr int kCallFailed = 64;  // Plus the gRPC code, as grpcurl's exit codes.

absl::Status AddHeader(absl::string_view header, Arguments& arguments) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(header, absl::MaxSplits(':', 1));
  const absl::string_view name = absl::StripAsciiWhitespace(parts.first);
  if (name.empty() || !absl::StrContains(header, ':')) {
    return absl::InvalidArgumentError(absl::StrCat("-H wants 'name: value', not '", header, "'"));
  }
  arguments.metadata.emplace_back(absl::AsciiStrToLower(name), absl::StripAsciiWhitespace(parts.second));
  return absl::OkStatus();
}

// Replaces ${NAME} in all values of the metadata.
absl::Status ExpandHeaders(Arguments& arguments) {
  for (auto& [header, value] : arguments.metadata) {
    for (size_t begin = value.find("${"); begin != std::string::npos; begin = value.find("${", begin)) {
      const size_t end = value.find('}', begin);
      if (end == std::string::npos) break;
      const std::string name = value.substr(begin + 2, end - begin - 2);
      const char* const found = std::getenv(name.c_str());
      if (found == nullptr) return absl::InvalidArgumentError(absl::StrCat("the environment has no ", name));
      value.replace(begin, end + 1 - begin, found);
      begin += std::strlen(found);
    }
  }
  return absl::OkStatus();
}

// The option whose value is put as it is into the arguments; nullptr for any other word.
std::string* TextOption(absl::string_view word, Arguments& arguments) {
  if (word == "-cacert") return &arguments.ca_file;
  if (word == "-cert") return &arguments.certificate_file;
  if (word == "-key") return &arguments.key_file;
  if (word == "-authority" || word == "-servername") return &arguments.authority;
  if (word == "-d") return &arguments.json;
  return nullptr;
}

absl::Status TakeOperands(std::vector<std::string> operands, Arguments& arguments) {
  const size_t wanted = arguments.serving ? 1 : 2;
  if (operands.size() < wanted || operands.size() > wanted + (arguments.serving ? 0 : 1)) {
    return absl::InvalidArgumentError("HOST:PORT and PACKAGE.SERVICE/METHOD are needed");
  }
  arguments.target = operands[0];
  if (!arguments.serving) arguments.method = operands[1];
  if (operands.size() > 2) arguments.json = operands[2];
  if (arguments.json == "-" || arguments.json == "@") {
    arguments.json.assign(std::istreambuf_iterator<char>(std::cin), {});
  }
  return absl::OkStatus();
}

// INVALID_ARGUMENT with the reason where the command line makes no sense.
absl::StatusOr<Arguments> Parse(const std::vector<std::string>& words) {
  Arguments arguments;
  std::vector<std::string> operands;
  bool expand_headers = false;
  for (size_t i = 0; i < words.size(); ++i) {
    // As Go's flags: one hyphen or two.
    const std::string word = absl::StartsWith(words[i], "--") ? words[i].substr(1) : words[i];
    const bool has_value = i + 1 < words.size();
    if (word == "-plaintext") {
      arguments.plaintext = true;
    } else if (word == "-expand-headers") {
      expand_headers = true;
    } else if (word == "-serving") {
      arguments.serving = true;
    } else if (word == "-H" && has_value) {
      if (absl::Status added = AddHeader(words[++i], arguments); !added.ok()) return added;
    } else if (std::string* const text = TextOption(word, arguments); text != nullptr && has_value) {
      *text = words[++i];
    } else if (word == "-max-time" && has_value) {
      double seconds = 0;
      if (!absl::SimpleAtod(words[++i], &seconds) || seconds <= 0) {
        return absl::InvalidArgumentError("-max-time wants a number of seconds");
      }
      arguments.max_time_seconds = seconds;
    } else if (word != "-" && absl::StartsWith(word, "-")) {
      return absl::InvalidArgumentError(absl::StrCat("unknown option, or its value is missing: ", words[i]));
    } else {
      operands.push_back(words[i]);
    }
  }
  if (arguments.certificate_file.empty() != arguments.key_file.empty()) {
    return absl::InvalidArgumentError("-cert and -key go together");
  }
  if (absl::Status expanded = expand_headers ? ExpandHeaders(arguments) : absl::OkStatus(); !expanded.ok()) {
    return expanded;
  }
  if (arguments.plaintext && !(arguments.ca_file + arguments.certificate_file).empty()) {
    return absl::InvalidArgumentError("-plaintext and certificates exclude each other");
  }
  if (absl::Status taken = TakeOperands(std::move(operands), arguments); !taken.ok()) return taken;
  return arguments;
}

std::chrono::system_clock::time_point In(double seconds) {
  return std::chrono::system_clock::now() + std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
}

// Appends nothing for an empty path; false after saying why when the file cannot be read.
bool ReadPem(const std::string& path, std::string& content) {
  if (path.empty()) return true;
  std::ifstream file(path, std::ios::binary);
  content.assign(std::istreambuf_iterator<char>(file), {});
  if (file.is_open() && !content.empty()) return true;
  std::cerr << "countersign-call: " << path << " cannot be read, or is empty\n";
  return false;
}

// Null after saying why.
std::shared_ptr<grpc::Channel> MakeChannel(const Arguments& arguments) {
  grpc::ChannelArguments channel_arguments;
  channel_arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // A server that is starting is wanted the moment it is there.
  channel_arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  channel_arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5'000);  // A connection may take that long.
  channel_arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
  if (arguments.plaintext) {
    return grpc::CreateCustomChannel(arguments.target, grpc::InsecureChannelCredentials(), channel_arguments);
  }
  grpc::SslCredentialsOptions ssl;
  if (!ReadPem(arguments.ca_file, ssl.pem_root_certs) || !ReadPem(arguments.certificate_file, ssl.pem_cert_chain) ||
      !ReadPem(arguments.key_file, ssl.pem_private_key)) {
    return nullptr;
  }
  if (!arguments.authority.empty()) channel_arguments.SetSslTargetNameOverride(arguments.authority);
  return grpc::CreateCustomChannel(arguments.target, grpc::SslCredentials(ssl), channel_arguments);
}

// One call of "/package.Service/Method" with one request, whatever comes back; `receive` gets each reply.
grpc::Status CallOnce(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context,
                      const std::string& path, const grpc::ByteBuffer& request,
                      const std::function<void(grpc::ByteBuffer&)>& receive) {
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  void* tag = nullptr;
  bool ok = false;
  const auto call = stub.PrepareCall(&context, path, &queue);
  call->StartCall(nullptr);
  if (queue.Next(&tag, &ok) && ok) {
    call->WriteLast(request, grpc::WriteOptions(), nullptr);
    queue.Next(&tag, &ok);
    for (;;) {
      grpc::ByteBuffer reply;
      call->Read(&reply, nullptr);
      if (!queue.Next(&tag, &ok) || !ok) break;
      receive(reply);
    }
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  queue.Next(&tag, &ok);
  return status;
}

std::string ToJson(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;  // As grpcurl prints them.
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
  } else if (found->client_streaming()) {
    std::cerr << "countersign-call: " << parts.second << " takes a stream of requests; use grpcurl\n";
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
  const std::shared_ptr<grpc::Channel> channel = MakeChannel(arguments);
  if (channel == nullptr) return 2;

  grpc::ClientContext context;
  if (arguments.max_time_seconds.has_value() || !method->server_streaming()) {
    context.set_deadline(In(arguments.max_time_seconds.value_or(kDefaultMaxTimeSeconds)));
  }
  for (const auto& [name, value] : arguments.metadata) context.AddMetadata(name, value);
  grpc::ByteBuffer request_bytes;
  bool own_buffer = false;
  grpc::Status status = grpc::GenericSerialize<grpc::ProtoBufferWriter, Message>(*request, &request_bytes, &own_buffer);
  grpc::Status readable;
  if (status.ok()) {
    status = CallOnce(
        channel, context, absl::StrCat("/", arguments.method), request_bytes, [&](grpc::ByteBuffer& reply_bytes) {
          const std::unique_ptr<Message> reply(factory->GetPrototype(method->output_type())->New());
          readable = grpc::GenericDeserialize<grpc::ProtoBufferReader, Message>(&reply_bytes, reply.get());
          if (readable.ok()) std::cout << ToJson(*reply) << std::flush;
        });
  }
  if (status.ok()) status = readable;
  if (status.ok()) return 0;
  PrintError(status);
  return kCallFailed + status.error_code();
}

// grpc.health.v1.HealthCheckResponse with status = SERVING (field 1, value 1). Its proto is not shipped by Debian.
constexpr absl::string_view kServingBytes("\x08\x01", 2);

int WaitUntilServing(const Arguments& arguments) {
  const auto deadline = In(arguments.max_time_seconds.value_or(kDefaultMaxTimeSeconds));
  const std::shared_ptr<grpc::Channel> channel = MakeChannel(arguments);
  if (channel == nullptr) return 2;
  std::string last;
  bool connected = true;
  while (connected) {
    connected = channel->WaitForConnected(deadline);  // If not, the last call tells why.
    grpc::ClientContext context;
    context.set_deadline(connected ? deadline : In(1));
    bool serving = false;
    const grpc::Slice nothing("");
    const grpc::Status status = CallOnce(
        channel, context, "/grpc.health.v1.Health/Check", grpc::ByteBuffer(&nothing, 1), [&](grpc::ByteBuffer& reply) {
          grpc::Slice bytes;
          serving = reply.DumpToSingleSlice(&bytes).ok() &&
                    absl::string_view(reinterpret_cast<const char*>(bytes.begin()), bytes.size()) == kServingBytes;
        });
    if (status.ok() && serving) return 0;
    last = status.ok() ? "not serving" : status.error_message();
    if (std::chrono::system_clock::now() > deadline) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  std::cerr << "countersign-call: " << arguments.target << ": " << last << "\n";
  return kCallFailed + grpc::StatusCode::UNAVAILABLE;
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
  const int exit_code = arguments->serving ? WaitUntilServing(*arguments) : Call(*arguments);
  // gRPC's threads may still be closing connections. Nobody waits for them, and destructors run meanwhile would let the
  // sanitizer's check for leaks find what they are about to free.
  std::cout.flush();
  std::_Exit(exit_code);
}
