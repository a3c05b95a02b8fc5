#include "benchmarks/flood_attack.h"

#include <grpcpp/grpcpp.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "benchmarks/measure.h"
#include "countersign/order/v1/order_service.grpc.pb.h"

ABSL_FLAG(int, flood, 100, "Callers of the partner that floods, each with its next call at once.");
ABSL_FLAG(int, nice, 0, "How nice the flooding process is, 0 to 19.");
// For itself, the process that floods: whom, with whose certificate and key, and what.
ABSL_FLAG(std::string, attack, "", "Flood this address with the request and API key in --attack_files.");
ABSL_FLAG(std::string, attack_files, "", "A folder with request, key, cert.pem, key.pem and ca.pem.");

namespace countersign::benchmarks {
namespace {

using integration::NewRequestId;
using integration::Process;
using integration::Story;
using integration::Suite;

constexpr int kConnections = 8;  // More calls at once than one connection carries.

}  // namespace

order::v1::CreateOrderRequest RequestOf(const Story& story) {
  order::v1::CreateOrderRequest request;
  request.set_parent(story.partner);
  request.mutable_order()->set_customer(story.customer);
  request.mutable_order()->set_partner_of_record(story.partner);
  request.mutable_order()->set_currency_code("USD");
  order::v1::Order::Line& line = *request.mutable_order()->add_lines();
  line.set_offer(story.offer);
  line.set_quantity(story.seats);
  return request;
}

std::string TextOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool IsAttack() { return !absl::GetFlag(FLAGS_attack).empty(); }

int Attack() {
  setpriority(PRIO_PROCESS, 0, absl::GetFlag(FLAGS_nice));
  const std::string files = absl::GetFlag(FLAGS_attack_files);
  const std::string key = TextOf(files + "/key");
  order::v1::CreateOrderRequest request;
  if (!request.ParseFromString(TextOf(files + "/request"))) return 1;
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = TextOf(files + "/ca.pem");
  tls.pem_cert_chain = TextOf(files + "/cert.pem");
  tls.pem_private_key = TextOf(files + "/key.pem");
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride("order-service");
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // A connection of its own.
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (int i = 0; i < kConnections; ++i) {
    channels.push_back(grpc::CreateCustomChannel(absl::GetFlag(FLAGS_attack), grpc::SslCredentials(tls), arguments));
  }
  std::atomic<bool> stopped = false;
  std::atomic<int64_t> served = 0;
  std::atomic<int64_t> refused = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < absl::GetFlag(FLAGS_flood); ++i) {
    callers.emplace_back([&, request, channel = channels[i % kConnections]]() mutable {
      order::v1::OrderService::Stub stub(channel);
      while (!stopped) {
        const auto context = integration::NewContext();
        context->AddMetadata("authorization", "Bearer " + key);
        request.set_request_id(NewRequestId());
        order::v1::Order reply;
        ++(stub.CreateOrder(context.get(), request, &reply).ok() ? served : refused);
      }
    });
  }
  const absl::Duration lasts = absl::GetFlag(FLAGS_duration) + 2 * kLead;
  absl::SleepFor(lasts);
  stopped = true;
  const double seconds = absl::ToDoubleSeconds(lasts);
  std::cout << absl::StrFormat("the flood: %.0f calls/s served, %.0f refused, %.2f processors\n",
                               static_cast<double>(served) / seconds, static_cast<double>(refused) / seconds,
                               absl::FDivDuration(CpuOf(getpid()), lasts))
            << std::flush;
  std::_Exit(0);  // Not waiting for the calls under way.
}

absl::StatusOr<Process> StartAttack(Suite& suite, const Story& story, const std::string& log_path) {
  const std::string files = suite.directory() + "/flood";
  std::error_code error;
  std::filesystem::create_directory(files, error);
  const std::pair<std::string, std::string> contents[] = {{"request", RequestOf(story).SerializeAsString()},
                                                          {"key", integration::KeyOf(story.partner)},
                                                          {"ca.pem", TextOf(suite.operator_files().ca_file())},
                                                          {"cert.pem", TextOf(suite.operator_files().cert_file())},
                                                          {"key.pem", TextOf(suite.operator_files().key_file())}};
  for (const auto& [name, content] : contents)
    std::ofstream(absl::StrCat(files, "/", name), std::ios::binary) << content;
  return Process::Start(
      {std::filesystem::read_symlink("/proc/self/exe").string(),
       absl::StrCat("--attack=", suite.Address(integration::Service::kOrder)), "--attack_files=" + files,
       absl::StrCat("--flood=", absl::GetFlag(FLAGS_flood)), absl::StrCat("--nice=", absl::GetFlag(FLAGS_nice)),
       absl::StrCat("--duration=", absl::FormatDuration(absl::GetFlag(FLAGS_duration)))},
      log_path);
}

}  // namespace countersign::benchmarks
