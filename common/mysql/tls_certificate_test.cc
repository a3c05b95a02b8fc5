// TLS with a database whose certificate we can verify. Skipped (exit code 77) where COUNTERSIGN_DATABASE_CA does not
// name the CA that signed it; scripts/database does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/crypto.h"
#include "common/mysql/connection.h"
#include "common/mysql/migrate.h"
#include "common/mysql/proxy_fixture.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"

namespace countersign::mysql {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::countersign::testing::TestServerOptions;

class TlsCertificateTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (std::getenv("COUNTERSIGN_DATABASE_CA") != nullptr) return;
    std::cerr << "skipped: COUNTERSIGN_DATABASE_CA is not set, so no certificate can be verified\n";
    std::exit(77);
  }
};

std::string CipherOf(const DatabaseOptions& options) {
  auto connection = Connect(options);
  EXPECT_OK(connection);
  if (!connection.ok()) return "";
  auto row = (*connection)->QueryOne("SHOW SESSION STATUS LIKE 'Ssl_cipher'", {});
  return row.ok() && row->has_value() ? (*row)->Bytes(1) : "";
}

TEST_F(TlsCertificateTest, ASessionWithTheAuthorityFileIsEncrypted) { EXPECT_NE(CipherOf(TestServerOptions()), ""); }

TEST_F(TlsCertificateTest, AServerWhoseCertificateNamesAnotherHostIsRefused) {
  const TlsProxy named("127.0.0.1", /*has_tls=*/true);
  EXPECT_NE(CipherOf(named.Through(TestServerOptions())), "");
  const TlsProxy unnamed("127.0.0.2", /*has_tls=*/true);
  EXPECT_THAT(Connect(unnamed.Through(TestServerOptions())), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(TlsCertificateTest, AUserProvisionedWithAnAuthorityFileCannotConnectInClearText) {
  const std::string name = absl::StrCat("test_", getpid(), "_", absl::BytesToHexString(RandomBytes(4)));
  DatabaseOptions runtime = TestServerOptions();
  runtime.url = absl::StrCat("mysql://", name, ":pass", runtime.url.substr(runtime.url.find('@')), "/", name);
  DatabaseOptions migrator = runtime;
  migrator.url.insert(migrator.url.find(':', 8), "_mig");
  ASSERT_OK(Provision(TestServerOptions(), migrator, runtime));
  ASSERT_OK(MigrateAs(migrator, runtime, {}));

  const TlsProxy proxy("127.0.0.1", /*has_tls=*/false);
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
