#include "integration-tests/suite.h"

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "common/base/crypto.h"
#include "common/base/status_macros.h"
#include "common/mysql/server_url.h"
#include "common/rpc/channel.h"
#include "common/rpc/raw_call_for_test.h"
#include "common/testing/test_database.h"

namespace countersign::integration {
namespace {

// Slow machines and sanitizers start slowly; nothing here waits for it when all goes well.
constexpr absl::Duration kStartTimeout = absl::Seconds(60);
constexpr absl::Duration kHealthTimeout = absl::Seconds(10);

// grpc.health.v1.Health/Check of the whole server. Debian ships no health.proto, so the two tiny messages are bytes
// here: an empty request, and in the response field 1 (the status), where 1 is SERVING.
bool Serves(const std::shared_ptr<grpc::Channel>& channel, absl::Time deadline) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(deadline));
  context.set_wait_for_ready(true);
  const rpc::RawReply reply = rpc::RawCall(channel, context, "/grpc.health.v1.Health/Check", "");
  return reply.status.ok() && reply.bytes == "\x08\x01";
}

void WriteKeyFile(const std::string& path) {
  std::ofstream(path) << "k1:" << absl::BytesToHexString(RandomBytes(32)) << "\n";
}

void CopyWithoutQuotas(const std::string& from, const std::string& to) {
  std::ifstream in(from);
  std::ofstream out(to);
  for (std::string line; std::getline(in, line);) {
    if (!absl::StartsWith(line, "quota ")) out << line << "\n";
  }
}

}  // namespace

std::string NameOf(Service service) {
  switch (service) {
    case Service::kPartner:
      return "partner";
    case Service::kOrder:
      return "order";
    case Service::kLink:
      return "link";
    case Service::kBilling:
      return "billing";
  }
  return "";
}

Service OwnerOf(absl::string_view grpc_service) {
  for (const Service service : kServices) {
    if (absl::StartsWith(grpc_service, absl::StrCat("countersign.", NameOf(service), "."))) return service;
  }
  return Service::kPartner;
}

absl::StatusOr<std::unique_ptr<Suite>> Suite::Start(const SuiteOptions& options) {
  std::unique_ptr<Suite> suite(new Suite());
  suite->options_ = options;
  RETURN_IF_ERROR(suite->SetUp());
  return suite;
}

absl::Status Suite::SetUp() {
  admin_url_ = testing::TestServerOptions().url;
  std::string directory = (std::filesystem::temp_directory_path() / "countersign-suite-XXXXXX").string();
  if (mkdtemp(directory.data()) == nullptr) return absl::InternalError("no temporary folder");
  directory_ = directory;
  prefix_ = absl::StrCat("it", getpid(), "_", absl::BytesToHexString(RandomBytes(3)), "_");
  clock_offset_ = absl::FromCivil(absl::CivilHour(2009, 6, 1, 9), absl::UTCTimeZone()) -
                  absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()));
  WriteKeyFile(directory_ + "/link.keys");
  std::filesystem::create_directory(directory_ + "/mailbox");
  WriteKeyFile(directory_ + "/partner.data_keys");
  access_policy_file_ = directory_ + "/access.policy";
  CopyWithoutQuotas(COUNTERSIGN_ACCESS_POLICY, access_policy_file_);
  for (int i = 0; i < options_.replicas; ++i) http_ports_.push_back(FreePort());
  operator_files_ = std::make_unique<testing::CertificateFiles>(CertificateOf(kOperator), authority_.pem());
  for (const Service service : kServices) {
    WriteKeyFile(absl::StrCat(directory_, "/", NameOf(service), ".reply_keys"));
    std::ofstream(absl::StrCat(directory_, "/", NameOf(service), ".password"))
        << absl::BytesToHexString(RandomBytes(16)) << "\n";
    for (int i = 0; i < options_.replicas; ++i) ports_[{service, i}] = FreePort();
    certificates_[service] = std::make_unique<testing::CertificateFiles>(
        CertificateOf(absl::StrCat("services/", NameOf(service), "-service")), authority_.pem());
  }
  processor_port_ = FreePort();
  processor_files_ =
      std::make_unique<testing::CertificateFiles>(CertificateOf("services/payment-processor"), authority_.pem());
  RETURN_IF_ERROR(StartProcessor());
  if (options_.proxies) RETURN_IF_ERROR(LayWires());
  std::map<Service, Process> migrators;  // At the same time: they wait for the disk, and their schemas never meet.
  for (const Service service : kServices) {
    std::vector<std::string> migrate = CommandLine(service, 0, 0);
    migrate.push_back("--provision=" + admin_url_);
    migrate.push_back(absl::StrCat("--migrate=", UserUrl(schema(service) + "_mig")));
    migrate.push_back(absl::StrCat("--migration_password_file=", directory_, "/", NameOf(service), ".password"));
    ASSIGN_OR_RETURN(migrators[service], Process::Start(migrate, LogPath(service)));
  }
  for (auto& [service, migrator] : migrators) {
    if (migrator.Wait() != 0) return absl::InternalError(absl::StrCat("--migrate failed:\n", Log(service)));
  }
  for (const Service service : kServices) {
    for (int i = 0; i < options_.replicas; ++i) RETURN_IF_ERROR(Launch(service, i));
  }
  return AwaitAllServing();
}

absl::Status Suite::LayWires() {
  const absl::StatusOr<mysql::ServerUrl> server = mysql::ParseServerUrl(admin_url_);
  RETURN_IF_ERROR(server.status());
  for (const Service to : kServices) {
    std::vector<int> targets;
    for (int i = 0; i < options_.replicas; ++i) targets.push_back(ports_.at({to, i}));
    for (const Service from : kServices) {
      if (from == to) continue;
      ASSIGN_OR_RETURN(wires_[absl::StrCat(NameOf(from), " to ", NameOf(to))], TcpProxy::Start(targets));
    }
    ASSIGN_OR_RETURN(wires_["client to " + NameOf(to)], TcpProxy::Start(targets));
    if (!options_.database_proxies) continue;
    ASSIGN_OR_RETURN(wires_[NameOf(to) + " to database"], TcpProxy::Start({server->port}));
  }
  ASSIGN_OR_RETURN(wires_["browser to page"], TcpProxy::Start(http_ports_));
  return absl::OkStatus();
}

absl::Status Suite::Launch(Service service, int replica) {
  std::vector<std::string> line = CommandLine(service, replica, 0);
  line.push_back(absl::StrCat("--drain_seconds=", absl::ToDoubleSeconds(options_.drain)));
  ASSIGN_OR_RETURN(processes_[std::make_pair(service, replica)], Process::Start(line, LogPath(service)));
  return absl::OkStatus();
}

absl::Status Suite::AwaitAllServing() {
  for (const auto& [replica, port] : ports_) RETURN_IF_ERROR(AwaitServing(replica.first, replica.second));
  return absl::OkStatus();
}

Suite::~Suite() {
  processes_.clear();
  processor_.Kill();
  absl::StatusOr<std::unique_ptr<mysql::Connection>> connection = mysql::Connect(testing::TestServerOptions());
  for (const Service service : kServices) {
    if (!connection.ok() || prefix_.empty()) break;
    (*connection)->Run(absl::StrCat("DROP DATABASE IF EXISTS ", schema(service))).IgnoreError();
    (*connection)
        ->Run(absl::StrCat("DROP USER IF EXISTS '", schema(service), "'@'%', '", schema(service), "_mig'@'%'"))
        .IgnoreError();
  }
  std::error_code ignored;
  if (!directory_.empty() && getenv("COUNTERSIGN_KEEP_LOGS") == nullptr) {
    std::filesystem::remove_all(directory_, ignored);
  }
}

void Suite::Kill(Service service) { process(service, 0).Kill(); }

int Suite::Terminate(Service service) { return process(service, 0).Terminate(); }

absl::Status Suite::StartService(Service service, int days_later, absl::Duration drain) {
  std::vector<std::string> line = CommandLine(service, 0, days_later);
  line.push_back(absl::StrCat("--drain_seconds=", absl::ToDoubleSeconds(drain)));
  ASSIGN_OR_RETURN(process(service, 0), Process::Start(line, LogPath(service)));
  return AwaitServing(service, 0);
}

absl::Status Suite::StartProcessor() {
  const std::vector<std::string> line = {absl::StrCat(COUNTERSIGN_BIN_DIR, "/sandbox-processor"),
                                         absl::StrCat("--listen=127.0.0.1:", processor_port_),
                                         "--book=" + processor_book(),
                                         "--tls_cert_file=" + processor_files_->cert_file(),
                                         "--tls_key_file=" + processor_files_->key_file(),
                                         "--tls_ca_file=" + processor_files_->ca_file()};
  ASSIGN_OR_RETURN(processor_, Process::Start(line, directory_ + "/processor.log"));
  return absl::OkStatus();
}

bool Suite::IsServing(Service service) { return Serves(channel(service), absl::Now() + kHealthTimeout); }

std::shared_ptr<grpc::Channel> Suite::channel(Service service, const std::string& identity) {
  const absl::MutexLock lock(&mutex_);
  std::shared_ptr<grpc::Channel>& made = channels_[{service, identity}];
  if (made == nullptr) {
    const auto certificate = identity.empty() ? std::nullopt : std::make_optional(CertificateOf(identity));
    made = channel(service, certificate, authority_.pem());
  }
  return made;
}

std::shared_ptr<grpc::Channel> Suite::channel(Service service,
                                              const std::optional<testing::TestCertificate>& certificate,
                                              const std::string& authorities) const {
  return MakeChannel(service, Address(service), certificate, authorities);
}

std::shared_ptr<grpc::Channel> Suite::MakeChannel(Service service, const std::string& address,
                                                  const std::optional<testing::TestCertificate>& certificate,
                                                  const std::string& authorities) const {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = authorities;
  if (certificate.has_value()) {
    tls.pem_cert_chain = certificate->cert;
    tls.pem_private_key = certificate->key;
  }
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(absl::StrCat(NameOf(service), "-service"));  // Whom we mean.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);                        // A connection of its own.
  // A killed service is back within the second: do not wait longer before looking for it.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5'000);  // A handshake may take that long.
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
  if (options_.proxies) arguments.SetServiceConfigJSON(rpc::kServiceConfig);
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(tls), arguments);
}

testing::TestCertificate Suite::CertificateOf(const std::string& identity) const {
  const std::pair<std::string, std::string> parts = absl::StrSplit(identity, absl::MaxSplits('/', 1));
  if (parts.first == "services") return authority_.Issue(testing::ServiceSpec(parts.second));
  return authority_.Issue(testing::CallerSpec(absl::StrCat(absl::StripSuffix(parts.first, "s"), "/", parts.second)));
}

void Suite::ReplaceCertificate(Service service, const testing::TestCertificate& certificate,
                               const std::string& authorities) {
  certificates_[service]->Replace(certificate, authorities);
}

absl::StatusOr<std::unique_ptr<mysql::Connection>> Suite::Database(Service service) const {
  mysql::DatabaseOptions options = testing::TestServerOptions();
  options.url = mysql::WithSchema(admin_url_, schema(service));
  return mysql::Connect(options);
}

std::string Suite::schema(Service service) const { return prefix_ + NameOf(service); }

std::string Suite::StatementLogPath(Service service) const {
  const std::string kept = testing::KeptStatements(schema(service), NameOf(service));
  return kept.empty() ? absl::StrCat(directory_, "/", NameOf(service), ".statements") : kept;
}

std::string Suite::Log(Service service) const {
  std::ostringstream text;
  text << std::ifstream(LogPath(service)).rdbuf();
  return text.str();
}

std::vector<std::string> Suite::CommandLine(Service service, int replica, int days_later) const {
  const std::string name = NameOf(service);
  const auto clock = clocks_.find({service, replica});
  const absl::Duration ahead = clock == clocks_.end() ? absl::ZeroDuration() : clock->second;
  const int64_t offset = absl::ToInt64Seconds(clock_offset_ + ahead + days_later * absl::Hours(24));
  std::vector<std::string> line = {
      absl::StrCat(COUNTERSIGN_BIN_DIR, "/", name, "-service"),
      absl::StrCat("--listen=", Address(service, replica)),
      absl::StrCat("--tls_cert_file=", certificates_.at(service)->cert_file()),
      absl::StrCat("--tls_key_file=", certificates_.at(service)->key_file()),
      absl::StrCat("--tls_ca_file=", certificates_.at(service)->ca_file()),
      "--access_policy_file=" + access_policy_file_,
      absl::StrCat("--database=mysql://", schema(service), "@", DatabaseAddress(name + " to database"), "/",
                   schema(service)),
      absl::StrCat("--database_password_file=", directory_, "/", name, ".password"),
      absl::StrCat("--reply_key_file=", directory_, "/", name, ".reply_keys"),
      absl::StrCat("--business_clock_offset_seconds=", offset),
      "--clock=sandbox",
      absl::StrCat("--pool_size=", options_.pool_size),
  };
  // Over a wire of its own a service speaks to the database without TLS, so that the proxy can tell what COMMIT is.
  if (!wires_.contains(name + " to database")) {
    line.push_back("--database_ca_file=" + testing::TestServerOptions().ca_file);
  }
  if (options_.log_statements || !testing::KeptStatements("", "").empty())
    line.push_back("--statement_log_file=" + StatementLogPath(service));
  const auto peer = [&](Service other) {
    line.push_back(absl::StrCat("--", NameOf(other), "_service=",
                                AddressOver(absl::StrCat(name, " to ", NameOf(other)), ports_.at({other, 0}))));
  };
  switch (service) {
    case Service::kPartner:
      peer(Service::kOrder);
      peer(Service::kBilling);
      line.push_back(absl::StrCat("--data_key_file=", directory_, "/partner.data_keys"));
      break;
    case Service::kOrder:
      peer(Service::kPartner);
      peer(Service::kLink);
      peer(Service::kBilling);
      break;
    case Service::kLink:
      peer(Service::kPartner);
      peer(Service::kOrder);
      peer(Service::kBilling);
      line.push_back(absl::StrCat("--http_listen=127.0.0.1:", http_ports_[replica]));
      line.push_back(absl::StrCat("--public_url=http://", AddressOver("browser to page", http_ports_[0])));
      line.push_back(absl::StrCat("--link_key_file=", directory_, "/link.keys"));
      line.push_back(absl::StrCat("--trusted_proxies=", kTrustedProxy));
      break;
    case Service::kBilling:
      peer(Service::kPartner);
      peer(Service::kOrder);
      line.push_back(absl::StrCat("--mail_server=file://", directory_, "/mailbox"));
      line.push_back(absl::StrCat("--payment_processor=127.0.0.1:", processor_port_));
      line.push_back("--payment_processor_timeout=" + absl::FormatDuration(options_.processor_timeout));
      line.push_back(absl::StrCat("--find_url=http://", AddressOver("browser to page", http_ports_[0]), "/find"));
      break;
  }
  return line;
}

std::string Suite::UserUrl(const std::string& user) const {
  return absl::StrCat("mysql://", user, "@", DatabaseAddress(""));
}

std::string Suite::DatabaseAddress(const std::string& wire) const {
  const absl::StatusOr<std::vector<mysql::ServerUrl>> servers = mysql::ParseServerUrls(admin_url_);
  if (!servers.ok()) return "";
  if (wires_.contains(wire)) return AddressOver(wire, servers->front().port);
  return absl::StrJoin(*servers, ",", [](std::string* out, const mysql::ServerUrl& server) {
    absl::StrAppend(out, server.host, ":", server.port);
  });
}

std::string Suite::Address(Service service) const {
  return AddressOver("client to " + NameOf(service), ports_.at({service, 0}));
}

std::string Suite::Address(Service service, int replica) const {
  return absl::StrCat("127.0.0.1:", ports_.at({service, replica}));
}

std::string Suite::AddressOver(const std::string& wire, int port) const {
  const auto found = wires_.find(wire);
  return absl::StrCat("127.0.0.1:", found == wires_.end() ? port : found->second->port());
}

std::string Suite::LogPath(Service service) const { return absl::StrCat(directory_, "/", NameOf(service), ".log"); }

absl::Status Suite::AwaitServing(Service service, int replica) {
  const absl::Time give_up = absl::Now() + kStartTimeout;
  const auto direct = MakeChannel(service, Address(service, replica), CertificateOf(kOperator), authority_.pem());
  while (absl::Now() < give_up) {
    if (Serves(direct, give_up)) return absl::OkStatus();
    absl::SleepFor(absl::Milliseconds(20));  // The server is up and waits for its database: ask again.
  }
  return absl::DeadlineExceededError(absl::StrCat(NameOf(service), "-service does not serve:\n", Log(service)));
}

}  // namespace countersign::integration
