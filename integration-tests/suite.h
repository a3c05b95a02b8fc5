// The whole system for a test: the four real binaries, each with its own schema and its own least-privilege user on the
// test's database server, on a business clock that starts on 2009-06-01.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_SUITE_H_
#define COUNTERSIGN_INTEGRATION_TESTS_SUITE_H_

#include <grpcpp/grpcpp.h>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/connection.h"
#include "countersign/billing/v1/billing_service.grpc.pb.h"
#include "countersign/event/v1/delivery_service.grpc.pb.h"
#include "countersign/link/v1/link_service.grpc.pb.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "integration-tests/process.h"

namespace countersign::integration {

enum class Service { kPartner, kOrder, kLink, kBilling };
inline constexpr std::array<Service, 4> kServices = {Service::kPartner, Service::kOrder, Service::kLink,
                                                     Service::kBilling};

// "partner", "order", "link", "billing".
std::string NameOf(Service service);

class Suite {
 public:
  // Makes the schemas, starts everything and waits until all four serve. Needs COUNTERSIGN_TEST_DATABASE.
  // `log_statements`: each service writes its statements to StatementLogPath (common/mysql/statement_log.h).
  static absl::StatusOr<std::unique_ptr<Suite>> Start(bool log_statements = false);
  ~Suite();  // Stops everything and drops schemas and users.

  // SIGKILL, as the kernel or a failing machine would.
  void Kill(Service service);

  // SIGTERM: the exit code of an orderly shutdown, 0 when all is well.
  int Terminate(Service service);

  // Starts a service that does not run and waits until it serves. `days_later` moves its business clock.
  absl::Status StartService(Service service, int days_later = 0);
  pid_t pid(Service service) { return processes_[service].pid(); }

  partner::v1::PartnerService::Stub& partners() { return *partners_; }
  order::v1::OrderService::Stub& orders() { return *orders_; }
  link::v1::LinkService::Stub& links() { return *links_; }
  billing::v1::BillingService::Stub& billing() { return *billing_; }
  // The service's own DeliveryService.
  event::v1::DeliveryService::Stub& deliveries(Service service) { return *deliveries_[service]; }
  // "127.0.0.1:port" of its gRPC server.
  std::string Address(Service service) const;
  std::shared_ptr<grpc::Channel> channel(Service service) { return channels_[service]; }

  // A session with administrator's rights in the service's schema.
  absl::StatusOr<std::unique_ptr<mysql::Connection>> Database(Service service) const;
  std::string schema(Service service) const;

  std::string StatementLogPath(Service service) const;

  // Everything that the service has logged since the suite started.
  std::string Log(Service service) const;

 private:
  Suite() = default;
  absl::Status SetUp();
  std::vector<std::string> CommandLine(Service service, int days_later) const;
  std::string DatabaseUrl(Service service) const;
  std::string UserUrl(const std::string& user) const;
  std::string LogPath(Service service) const;
  absl::Status AwaitServing(Service service);

  bool log_statements_ = false;
  std::string admin_url_;
  std::string directory_;  // Logs and key files; removed at the end.
  std::string prefix_;     // Of schemas and users: unique per suite.
  absl::Duration clock_offset_;
  std::map<Service, int> ports_;
  int http_port_ = 0;
  std::map<Service, Process> processes_;
  std::map<Service, std::shared_ptr<grpc::Channel>> channels_;
  std::unique_ptr<partner::v1::PartnerService::Stub> partners_;
  std::unique_ptr<order::v1::OrderService::Stub> orders_;
  std::unique_ptr<link::v1::LinkService::Stub> links_;
  std::unique_ptr<billing::v1::BillingService::Stub> billing_;
  std::map<Service, std::unique_ptr<event::v1::DeliveryService::Stub>> deliveries_;
};

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_SUITE_H_
