// TLS with the database fails closed: encrypted and verified, or no session.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/crypto.h"
#include "common/mysql/connection.h"
#include "common/mysql/migrate.h"
#include "common/mysql/server_url.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"

namespace countersign::mysql {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::countersign::testing::TestServerOptions;

// A certificate authority that signed nobody's certificate.
constexpr char kStrangeAuthority[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBnTCCAUOgAwIBAgIUJygHlIMlHWLem8p83UdvQC3/sj4wCgYIKoZIzj0EAwIw\n"
    "IzEhMB8GA1UEAwwYQSBDQSB0aGF0IHNpZ25lZCBub3RoaW5nMCAXDTI2MTEyMzAw\n"
    "NTcxOFoYDzIxMjYxMDMwMDA1NzE4WjAjMSEwHwYDVQQDDBhBIENBIHRoYXQgc2ln\n"
    "bmVkIG5vdGhpbmcwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARvAxbtGQSawm/8\n"
    "gYqKzDX4jA5FuGk3Kr7byDjINIs+mHK7zdaM0Fe0eQeNkxjZnnJIUQ1E649Jfj7P\n"
    "anEi9Yp7o1MwUTAdBgNVHQ4EFgQUz4RZUDluenpZyBfJGFWdevgF3SIwHwYDVR0j\n"
    "BBgwFoAUz4RZUDluenpZyBfJGFWdevgF3SIwDwYDVR0TAQH/BAUwAwEB/zAKBggq\n"
    "hkjOPQQDAgNIADBFAiEAvl3E1/16SVnDQqEFRESsBleg9/nIbzG8l23XRoHdeUIC\n"
    "IHrawtsOJbNhiJl+XP2beCN25QXmuEdLVHPlhMykhrUa\n"
    "-----END CERTIFICATE-----\n";

// Passes one connection at a time on to the test's server. Without `offers_tls` it takes the offer of TLS out of the
// server's greeting: what an attacker on the way would do, and what a server without TLS looks like.
class TestProxy {
 public:
  TestProxy(const char* host, bool offers_tls) : host_(host), offers_tls_(offers_tls) {
    const absl::StatusOr<ServerUrl> server = ParseServerUrl(TestServerOptions().url);
    upstream_.sin_family = AF_INET;
    upstream_.sin_port = htons(static_cast<uint16_t>(server.ok() ? server->port : 0));
    inet_pton(AF_INET, "127.0.0.1", &upstream_.sin_addr);
    sockaddr_in address = upstream_;
    address.sin_port = 0;
    inet_pton(AF_INET, host, &address.sin_addr);
    socklen_t size = sizeof(address);
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    listen(listener_, 8);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }

  ~TestProxy() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  // `options` with the proxy in the server's place.
  DatabaseOptions Through(DatabaseOptions options) const {
    const size_t at = options.url.find('@') + 1;
    const size_t slash = std::min(options.url.find('/', at), options.url.size());
    options.url.replace(at, slash - at, absl::StrCat(host_, ":", port_));
    return options;
  }

 private:
  static constexpr unsigned char kOffersTls = 0x08;  // CLIENT_SSL, 0x0800, in the second byte of the capabilities.

  void Serve() {
    for (int client = 0; (client = accept(listener_, nullptr, nullptr)) >= 0; close(client)) {
      const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      if (connect(server, reinterpret_cast<sockaddr*>(&upstream_), sizeof(upstream_)) == 0) Pump(client, server);
      close(server);
    }
  }

  void Pump(int client, int server) const {
    bool greeted = offers_tls_;
    pollfd both[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    std::string buffer(65536, '\0');
    while (poll(both, 2, -1) > 0) {
      for (int i = 0; i < 2; ++i) {
        if (both[i].revents == 0) continue;
        const ssize_t size = read(both[i].fd, buffer.data(), buffer.size());
        if (size <= 0) return;
        if (i == 1 && !greeted) {
          // Header of 4 bytes, protocol, version string and its zero, thread 4, salt 8, a zero; then the capabilities.
          buffer[buffer.find('\0', 5) + 1 + 4 + 8 + 1 + 1] &= static_cast<char>(~kOffersTls);
          greeted = true;
        }
        if (write(both[1 - i].fd, buffer.data(), size) != size) return;
      }
    }
  }

  const std::string host_;
  const bool offers_tls_;
  sockaddr_in upstream_ = {};
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
};

bool ServerHasOurCertificate() { return std::getenv("COUNTERSIGN_DATABASE_CA") != nullptr; }

std::string CipherOf(const DatabaseOptions& options) {
  auto connection = Connect(options);
  EXPECT_OK(connection);
  if (!connection.ok()) return "";
  auto row = (*connection)->QueryOne("SHOW SESSION STATUS LIKE 'Ssl_cipher'", {});
  return row.ok() && row->has_value() ? (*row)->Bytes(1) : "";
}

TEST(TlsTest, ASessionWithTheAuthorityFileIsEncrypted) {
  if (!ServerHasOurCertificate()) GTEST_SKIP() << "COUNTERSIGN_DATABASE_CA is not set";
  EXPECT_NE(CipherOf(TestServerOptions()), "");
}

TEST(TlsTest, AServerOfAnotherAuthorityIsRefused) {
  const std::string path = absl::StrCat(::testing::TempDir(), "/strange_authority.pem");
  std::ofstream(path) << kStrangeAuthority;
  DatabaseOptions options = TestServerOptions();
  options.ca_file = path;
  EXPECT_THAT(Connect(options), StatusIs(absl::StatusCode::kUnavailable));
  std::remove(path.c_str());
  EXPECT_THAT(Connect(options), StatusIs(absl::StatusCode::kUnavailable));  // No such file: not in clear text either.
}

TEST(TlsTest, AServerWhoseCertificateNamesAnotherHostIsRefused) {
  if (!ServerHasOurCertificate()) GTEST_SKIP() << "COUNTERSIGN_DATABASE_CA is not set";
  const TestProxy named("127.0.0.1", /*offers_tls=*/true);
  EXPECT_NE(CipherOf(named.Through(TestServerOptions())), "");
  const TestProxy unnamed("127.0.0.2", /*offers_tls=*/true);
  EXPECT_THAT(Connect(unnamed.Through(TestServerOptions())), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(TlsTest, AServerThatOffersNoTlsIsRefused) {
  const std::string path = absl::StrCat(::testing::TempDir(), "/authority.pem");
  std::ofstream(path) << kStrangeAuthority;
  const TestProxy proxy("127.0.0.1", /*offers_tls=*/false);
  DatabaseOptions options = proxy.Through(TestServerOptions());
  if (options.ca_file.empty()) options.ca_file = path;
  EXPECT_THAT(Connect(options), StatusIs(absl::StatusCode::kUnavailable));
  options.ca_file.clear();
  EXPECT_EQ(CipherOf(options), "");  // Whoever asks for no TLS gets through: it was not the proxy that failed.
  std::remove(path.c_str());
}

TEST(TlsTest, AServerElsewhereIsNotSpokenToInClearText) {
  DatabaseOptions options;
  options.url = "mysql://root@192.0.2.1:1/nothing";  // TEST-NET-1: nobody has it.
  EXPECT_THAT(Connect(options), HasReason("DATABASE_TLS_REQUIRED"));
}

TEST(TlsTest, AUserProvisionedWithAnAuthorityFileCannotConnectInClearText) {
  if (!ServerHasOurCertificate()) GTEST_SKIP() << "COUNTERSIGN_DATABASE_CA is not set";
  const std::string name = absl::StrCat("test_", getpid(), "_", absl::BytesToHexString(RandomBytes(4)));
  DatabaseOptions runtime = TestServerOptions();
  runtime.url = absl::StrCat("mysql://", name, ":pass", runtime.url.substr(runtime.url.find('@')), "/", name);
  DatabaseOptions migrator = runtime;
  migrator.url.insert(migrator.url.find(':', 8), "_mig");
  ASSERT_OK(Provision(TestServerOptions(), migrator, runtime));
  ASSERT_OK(MigrateAs(migrator, runtime, {CommonMigrations()}));

  const TestProxy proxy("127.0.0.1", /*offers_tls=*/false);
  for (const DatabaseOptions* user : {&runtime, &migrator}) {
    EXPECT_NE(CipherOf(*user), "");
    DatabaseOptions clear = proxy.Through(*user);
    clear.ca_file.clear();
    EXPECT_THAT(Connect(clear), HasReason("DATABASE_UNAVAILABLE"));
  }

  auto admin = Connect(TestServerOptions());
  ASSERT_OK(admin);
  EXPECT_OK((*admin)->Run(absl::StrCat("DROP DATABASE ", name)));
  EXPECT_OK((*admin)->Run(absl::StrCat("DROP USER '", name, "'@'%', '", name, "_mig'@'%'")));
}

}  // namespace
}  // namespace countersign::mysql
