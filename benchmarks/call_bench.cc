// What a call costs in which nothing happens: the floor under every call between services. gRPC's own server and
// client, mutual TLS, one connection for each four callers, a reply of the size of a partner; no code of ours on either
// side.
//   call_bench [--callers=1,32,128] [--duration=5s]     Needs no database.
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/testing/test_certificates.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"

ABSL_FLAG(std::vector<std::string>, callers, std::vector<std::string>({"1", "32", "128"}),
          "Closed-loop callers per run.");
ABSL_FLAG(absl::Duration, duration, absl::Seconds(5), "How long a run lasts.");

namespace countersign::benchmarks {
namespace {

using partner::v1::GetPartnerRequest;
using partner::v1::Partner;
using partner::v1::PartnerService;

constexpr int kCallersPerConnection = 4;

class EmptyService final : public PartnerService::Service {
 public:
  EmptyService() {
    reply_.set_name("partners/0190a5b2-7c3d-7e4f-8a6b-000000000001");
    reply_.set_display_name("Fabrikam Consulting");
    reply_.set_contact_email("orders@fabrikam.example");
  }
  grpc::Status GetPartner(grpc::ServerContext* /*context*/, const GetPartnerRequest* /*request*/,
                          Partner* reply) override {
    *reply = reply_;
    return grpc::Status::OK;
  }

 private:
  Partner reply_;
};

// User and system time of this process, which is client and server.
absl::Duration CpuSoFar() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return absl::DurationFromTimeval(usage.ru_utime) + absl::DurationFromTimeval(usage.ru_stime);
}

// Callers that each wait for their answer, until `duration` is over.
class Run {
 public:
  Run(std::string address, grpc::SslCredentialsOptions tls) : address_(std::move(address)), tls_(std::move(tls)) {}

  absl::Status Print(int callers, absl::Duration duration) {
    std::vector<std::shared_ptr<grpc::Channel>> channels;
    for (int i = 0; i < callers; i += kCallersPerConnection) {
      grpc::ChannelArguments arguments;
      arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // Else all would share one connection.
      channels.push_back(grpc::CreateCustomChannel(address_, grpc::SslCredentials(tls_), arguments));
      if (!channels.back()->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10))) {
        return absl::UnavailableError("no connection");
      }
    }
    std::vector<std::vector<absl::Duration>> latencies(callers);
    std::atomic<int> failed = 0;
    const absl::Duration before = CpuSoFar();
    const absl::Time begin = absl::Now();
    std::vector<std::thread> threads;
    for (int i = 0; i < callers; ++i) {
      threads.emplace_back([&, i] {
        const std::unique_ptr<PartnerService::Stub> stub = PartnerService::NewStub(channels[i / kCallersPerConnection]);
        for (absl::Time start = absl::Now(); start < begin + duration; start = absl::Now()) {
          if (!Call(*stub)) ++failed;
          latencies[i].push_back(absl::Now() - start);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    const absl::Duration elapsed = absl::Now() - begin;
    const absl::Duration cpu = CpuSoFar() - before;
    std::vector<absl::Duration> all;
    for (const auto& some : latencies) all.insert(all.end(), some.begin(), some.end());
    std::sort(all.begin(), all.end());
    absl::PrintF(
        "%8d %9.0f %8.2f %8.2f %12.3f\n", callers, static_cast<double>(all.size()) / absl::ToDoubleSeconds(elapsed),
        absl::ToDoubleMilliseconds(all[all.size() / 2]), absl::ToDoubleMilliseconds(all[all.size() * 99 / 100]),
        absl::ToDoubleMilliseconds(cpu) / static_cast<double>(all.size()));
    return failed == 0 ? absl::OkStatus() : absl::InternalError(absl::StrCat(failed.load(), " calls failed"));
  }

 private:
  static bool Call(PartnerService::Stub& stub) {
    GetPartnerRequest request;
    request.set_name("partners/0190a5b2-7c3d-7e4f-8a6b-000000000001");
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    Partner reply;
    return stub.GetPartner(&context, request, &reply).ok();
  }

  const std::string address_;
  const grpc::SslCredentialsOptions tls_;
};

absl::Status Main() {
  const testing::TestAuthority authority;
  testing::CertificateSpec spec = testing::ServiceSpec("partner-service");
  spec.for_servers = true;
  const testing::TestCertificate served = authority.Issue(spec);
  const testing::TestCertificate calling = authority.Issue(testing::ServiceSpec("order-service"));
  grpc::SslServerCredentialsOptions server_tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  server_tls.pem_root_certs = authority.pem();
  server_tls.pem_key_cert_pairs.push_back({served.key, served.cert});
  EmptyService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("localhost:0", grpc::SslServerCredentials(server_tls), &port);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return absl::UnavailableError("the server does not start");
  Run run(absl::StrCat("localhost:", port),
          {.pem_root_certs = authority.pem(), .pem_private_key = calling.key, .pem_cert_chain = calling.cert});
  absl::PrintF("%8s %9s %8s %8s %12s\n", "callers", "calls/s", "p50 ms", "p99 ms", "CPU ms/call");
  for (const std::string& text : absl::GetFlag(FLAGS_callers)) {
    int callers = 0;
    if (!absl::SimpleAtoi(text, &callers) || callers < 1) return absl::InvalidArgumentError("--callers");
    RETURN_IF_ERROR(run.Print(callers, absl::GetFlag(FLAGS_duration)));
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace countersign::benchmarks

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const absl::Status status = countersign::benchmarks::Main();
  if (!status.ok()) std::cerr << "call_bench: " << status << "\n";
  return status.ok() ? 0 : 1;
}
