// The whole system for a test: the four real binaries, each with its own schema and its own least-privilege user on the
// test's database server, over mutual TLS with certificates of an authority of its own, on a business clock that starts
// on 2009-06-01.
#ifndef COUNTERSIGN_INTEGRATION_TESTS_SUITE_H_
#define COUNTERSIGN_INTEGRATION_TESTS_SUITE_H_

#include <grpcpp/grpcpp.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/mysql/connection.h"
#include "common/rpc/channel.h"
#include "common/testing/test_certificates.h"
#include "integration-tests/process.h"
#include "integration-tests/tcp_proxy.h"

namespace countersign::integration {

enum class Service { kPartner, kOrder, kLink, kBilling };
inline constexpr std::array<Service, 4> kServices = {Service::kPartner, Service::kOrder, Service::kLink,
                                                     Service::kBilling};

// "partner", "order", "link", "billing".
std::string NameOf(Service service);
// The service that serves a gRPC service of its own package: kPartner for "countersign.partner.v1.CustomerService".
Service OwnerOf(absl::string_view grpc_service);

// Whose certificate the stubs of a suite have.
inline constexpr char kOperator[] = "operators/integration-test";

// The address of this machine that link-service trusts as a proxy before the page. Everybody else comes from others.
inline constexpr char kTrustedProxy[] = "127.0.0.2";

struct SuiteOptions {
  // Each service writes its statements to StatementLogPath (common/mysql/statement_log.h), as it does where the tests'
  // statements are kept (common/testing/test_database.h).
  bool log_statements = false;
  int replicas = 1;    // Of each service, all on one schema.
  int pool_size = 16;  // Sessions that each process has with the database, at most.
  // Everybody reaches everybody, and the database, over a TcpProxy, and the stubs try again as our own clients do.
  bool proxies = false;
  bool database_proxies = true;  // False: the database's servers, as many as there are, are reached directly.
  absl::Duration drain = absl::ZeroDuration();                   // --drain_seconds
  absl::Duration processor_timeout = rpc::kDefaultPeerDeadline;  // --payment_processor_timeout
};

class Suite {
 public:
  // Makes the schemas, starts everything, sandbox-processor too, and waits until all four serve. Needs
  // COUNTERSIGN_TEST_DATABASE.
  static absl::StatusOr<std::unique_ptr<Suite>> Start(const SuiteOptions& options = {});
  ~Suite();  // Stops everything and drops schemas and users.

  // SIGKILL, as the kernel or a failing machine would.
  void Kill(Service service);

  // SIGTERM: the exit code of an orderly shutdown, 0 when all is well.
  int Terminate(Service service);

  // One of several replicas, which may be stopped, or started without waiting for it. For the thread that called Start.
  Process& process(Service service, int replica) { return processes_[{service, replica}]; }
  absl::Status Launch(Service service, int replica);
  absl::Status AwaitAllServing();

  // With SuiteOptions::proxies: every wire, by its ends: "order to billing", "order to database", "client to order",
  // "browser to page".
  const std::map<std::string, std::unique_ptr<TcpProxy>>& wires() const { return wires_; }

  // The payment processor that billing-service charges through, a process of its own. Its book is a file.
  void KillProcessor() { processor_.Kill(); }
  absl::Status StartProcessor();
  std::string processor_book() const { return directory_ + "/processor.book"; }

  // Starts a service that does not run and waits until it serves. `days_later` moves its business clock; `drain` is how
  // long it goes on after its health says that it ends.
  absl::Status StartService(Service service, int days_later = 0, absl::Duration drain = absl::ZeroDuration());
  // From its next start on, the replica's business clock differs by `ahead` from everybody else's.
  void SetClock(Service service, int replica, absl::Duration ahead) { clocks_[{service, replica}] = ahead; }
  // Its health now; false also when it does not run.
  bool IsServing(Service service);
  pid_t pid(Service service) { return processes_[{service, 0}].pid(); }

  // As kOperator, or as a partner whose API key a call carries (see As in story.h):
  // suite.stub<partner::v1::CustomerService>().CreateCustomer(…).
  template <typename GrpcService>
  typename GrpcService::Stub stub() {
    return typename GrpcService::Stub(channel(OwnerOf(GrpcService::service_full_name())));
  }
  // "127.0.0.1:port" where clients find its gRPC server.
  std::string Address(Service service) const;
  // The same channel each time. `identity` is whose certificate it has: "operators/NAME", "viewers/NAME" or
  // "services/NAME"; empty: none. Thread-safe.
  std::shared_ptr<grpc::Channel> channel(Service service, const std::string& identity = kOperator);
  // A new one, with a certificate of whatever kind or none, that trusts these authorities (PEM).
  std::shared_ptr<grpc::Channel> channel(Service service, const std::optional<testing::TestCertificate>& certificate,
                                         const std::string& authorities) const;

  // The certificate of kOperator as files, for other programs.
  const testing::CertificateFiles& operator_files() const { return *operator_files_; }
  // The policy in force in all four: config/access.policy without its quotas, so that a test may call as fast as it
  // likes.
  const std::string& access_policy_file() const { return access_policy_file_; }

  // Whose certificates the services have and trust.
  const testing::TestAuthority& authority() const { return authority_; }
  // Gives a service another certificate and other authorities to trust, in one step. It sees that by itself.
  void ReplaceCertificate(Service service, const testing::TestCertificate& certificate, const std::string& authorities);

  // A session with administrator's rights in the service's schema.
  absl::StatusOr<std::unique_ptr<mysql::Connection>> Database(Service service) const;
  std::string schema(Service service) const;

  std::string StatementLogPath(Service service) const;

  // Holds the services' passwords, keys and logs.
  const std::string& directory() const { return directory_; }

  // Everything that the service has logged since the suite started.
  std::string Log(Service service) const;

 private:
  Suite() = default;
  absl::Status SetUp();
  absl::Status LayWires();
  std::vector<std::string> CommandLine(Service service, int replica, int days_later) const;
  // "127.0.0.1:port" of one replica, and of a wire or of what it would lead to.
  std::string Address(Service service, int replica) const;
  std::string AddressOver(const std::string& wire, int port) const;
  std::string UserUrl(const std::string& user) const;
  // "127.0.0.1:port" of the database, over the wire where there is one; of each of its servers, with commas between.
  std::string DatabaseAddress(const std::string& wire) const;
  std::string LogPath(Service service) const;
  absl::Status AwaitServing(Service service, int replica);
  std::shared_ptr<grpc::Channel> MakeChannel(Service service, const std::string& address,
                                             const std::optional<testing::TestCertificate>& certificate,
                                             const std::string& authorities) const;
  testing::TestCertificate CertificateOf(const std::string& identity) const;

  SuiteOptions options_;
  std::string admin_url_;
  std::string directory_;  // Logs and key files; removed at the end.
  std::string access_policy_file_;
  std::string prefix_;  // Of schemas and users: unique per suite.
  absl::Duration clock_offset_;
  using Replica = std::pair<Service, int>;
  std::map<Replica, int> ports_;
  std::map<Replica, absl::Duration> clocks_;  // See SetClock.
  std::vector<int> http_ports_;               // Of each replica of link-service.
  std::map<std::string, std::unique_ptr<TcpProxy>> wires_;
  std::map<Replica, Process> processes_;
  int processor_port_ = 0;
  Process processor_;
  std::unique_ptr<testing::CertificateFiles> processor_files_;
  const testing::TestAuthority authority_;
  std::map<Service, std::unique_ptr<testing::CertificateFiles>> certificates_;
  std::unique_ptr<testing::CertificateFiles> operator_files_;
  absl::Mutex mutex_;
  std::map<std::pair<Service, std::string>, std::shared_ptr<grpc::Channel>> channels_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace countersign::integration

#endif  // COUNTERSIGN_INTEGRATION_TESTS_SUITE_H_
