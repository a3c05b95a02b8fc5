// docs/operating.md: every command of the operator's page still ends as it did when the page was written. With the real
// grpcurl where it is installed, else with countersign-call.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "integration-tests/process.h"
#include "integration-tests/proof.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class OperatingPageTest : public SuiteTest {
 protected:
  static void SetUpTestSuite() {
    setenv("FLAGS_audit_head_interval", "1s", /*overwrite=*/1);  // Of every service that the suite starts.
    SuiteTest::SetUpTestSuite();
  }
  // By a name that the services' certificates have.
  static std::string AddressOf(Service service) {
    return absl::StrReplaceAll(suite().Address(service), {{"127.0.0.1", "localhost"}});
  }
};

TEST_F(OperatingPageTest, EveryCommandRunsAsPrinted) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / absl::StrCat("countersign-operating-page-", getpid());
  const std::filesystem::path certificates = folder / "certs";
  std::filesystem::create_directories(certificates);
  std::filesystem::copy_file(suite().operator_files().ca_file(), certificates / "ca.pem");
  std::filesystem::copy_file(suite().operator_files().cert_file(), certificates / "operator-demo.pem");
  std::filesystem::copy_file(suite().operator_files().key_file(), certificates / "operator-demo.key");

  const Answer answer =
      RunProgram({"/usr/bin/env", "PARTNER=" + AddressOf(Service::kPartner), "ORDER=" + AddressOf(Service::kOrder),
                  "LINK=" + AddressOf(Service::kLink), "BILLING=" + AddressOf(Service::kBilling),
                  "CERTS=" + certificates.string(), "SUITE_LOGS=" + suite().directory(), "BIN=" COUNTERSIGN_BIN_DIR,
                  COUNTERSIGN_OPERATING_PAGE, folder / "operating.md"});
  EXPECT_EQ(answer.exit_code, 0) << answer.output;
  const std::string page = Read(folder / "operating.md");
  EXPECT_THAT(page, HasSubstr("PartnerService/SuspendPartner"));
  // No key and no URL of a customer.
  EXPECT_THAT(page, Not(::testing::ContainsRegex("cs_[0-9a-f]{32}_[0-9a-f]{16}_[A-Za-z0-9_-]{43}")));
  EXPECT_THAT(page, Not(HasSubstr("/c/")));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace countersign::integration
