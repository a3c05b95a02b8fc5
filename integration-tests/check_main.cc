// countersign-check: proves the invariants of safety on a running or stopped suite, whose logs must be drained.
//   countersign-check PARTNER_URL ORDER_URL LINK_URL BILLING_URL [BOOK]   (mysql://user:password@host:port/schema)
// BOOK is the path of sandbox-processor's book, where that is the payment processor.
// COUNTERSIGN_DATABASE_CA, when set, names the CA of the servers' certificates: the sessions are then over TLS.
// It also prints what a fault left over: reservations without a row, links of no order, deliveries that are held.
// Exit code 0: all hold. 1: the broken ones are printed. 2: it could not look, or the services were at work meanwhile.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/connection.h"
#include "integration-tests/checker.h"

constexpr int kAttempts = 5;

int main(int argc, char** argv) {
  using namespace countersign;
  if (argc != 5 && argc != 6) {
    std::cerr << "usage: countersign-check PARTNER_URL ORDER_URL LINK_URL BILLING_URL [BOOK]\n";
    return 2;
  }
  std::vector<std::unique_ptr<mysql::Connection>> connections;
  for (int i = 1; i < 5; ++i) {
    mysql::DatabaseOptions options;
    options.url = argv[i];
    if (const char* ca_file = std::getenv("COUNTERSIGN_DATABASE_CA")) options.ca_file = ca_file;
    absl::StatusOr<std::unique_ptr<mysql::Connection>> connection = mysql::Connect(options);
    if (!connection.ok()) {
      std::cerr << "countersign-check: " << connection.status().message() << "\n";
      return 2;
    }
    connections.push_back(*std::move(connection));
  }
  const integration::Schemas schemas{connections[0].get(), connections[1].get(), connections[2].get(),
                                     connections[3].get(), argc == 6 ? argv[5] : ""};
  absl::StatusOr<std::vector<std::string>> broken = integration::FindBrokenInvariants(schemas);
  for (int attempt = 1; attempt < kAttempts && absl::IsAborted(broken.status()); ++attempt) {
    broken = integration::FindBrokenInvariants(schemas);
  }
  const absl::StatusOr<std::vector<std::string>> leftovers = integration::FindLeftovers(schemas);
  for (const absl::Status& status : {broken.status(), leftovers.status()}) {
    if (status.ok()) continue;
    std::cerr << "countersign-check: " << status.message() << "\n";
    return 2;
  }
  for (const std::string& sentence : *broken) std::cout << sentence << "\n";
  for (const std::string& sentence : *leftovers) std::cout << "left over: " << sentence << "\n";
  if (broken->empty()) std::cout << "All invariants hold.\n";
  return broken->empty() ? 0 : 1;
}
