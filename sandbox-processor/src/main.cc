// sandbox-processor: a payment processor that moves no money, for the sandbox and the tests.
//   sandbox-processor --listen=127.0.0.1:7105 --book=FILE --tls_cert_file=… --tls_key_file=… --tls_ca_file=…
#include <signal.h>

#include <cstdio>
#include <memory>
#include <string>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/flags.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/rpc/credentials.h"
#include "common/rpc/library_log.h"
#include "common/rpc/server.h"
#include "sandbox-processor/src/book.h"
#include "sandbox-processor/src/processor_service.h"

ABSL_FLAG(std::string, listen, "127.0.0.1:7105", "host:port to serve gRPC on.");
ABSL_FLAG(std::string, book, "", "Required. The file that keeps every charge.");
ABSL_FLAG(std::string, tls_cert_file, "", "Required. PEM file of a certificate for the DNS name payment-processor.");
ABSL_FLAG(std::string, tls_key_file, "", "Required. PEM file of its private key.");
ABSL_FLAG(std::string, tls_ca_file, "", "Required. PEM file of the authorities whose certificates are trusted.");

namespace countersign::sandbox_processor {
namespace {

absl::Status Serve(const sigset_t& stop) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Book> book, Book::Open(absl::GetFlag(FLAGS_book)));
  ProcessorService service(*book);
  rpc::ServerOptions options;
  options.listen = absl::GetFlag(FLAGS_listen);
  options.shutdown_timeout = absl::Seconds(1);
  ASSIGN_OR_RETURN(options.credentials,
                   rpc::Credentials::Tls({absl::GetFlag(FLAGS_tls_cert_file), absl::GetFlag(FLAGS_tls_key_file),
                                          absl::GetFlag(FLAGS_tls_ca_file)}));
  ASSIGN_OR_RETURN(const std::unique_ptr<rpc::Server> server,
                   rpc::Server::Start(options, {&service}, [] { return absl::OkStatus(); }));
  int signal = 0;
  sigwait(&stop, &signal);
  server->Shutdown();
  return absl::OkStatus();
}

}  // namespace
}  // namespace countersign::sandbox_processor

int main(int argc, char** argv) {
  using namespace countersign;
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);  // Before any thread exists.
  if (!ParseFlags(argc, argv, "A payment processor that moves no money.").empty()) {
    std::fputs("Only flags are understood; see --help.\n", stderr);
    return 2;
  }
  SetUpLogging("sandbox-processor", Level::kInfo);
  rpc::RouteLibraryLogs();
  const absl::Status served = sandbox_processor::Serve(stop);
  if (served.ok()) return 0;
  Log(Level::kError, "cannot serve", {{"error", served.ToString()}});
  return 1;
}
