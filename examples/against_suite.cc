// Runs an example against a suite of the four services, with the environment that `./dev up` prints:
//   examples_against_suite PROGRAM [ARGUMENT…]      COUNTERSIGN_TEST_DATABASE names the server
// Exit code: 0 when the example went its whole way, as its output says; 77 when the example was skipped; else 1.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/testing/test_certificates.h"
#include "integration-tests/process.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

// What every example prints on its way.
constexpr const char* kMilestones[] = {"partner ",          "order ",          "375 USD",
                                       "send this http://", "ORDER_SUBMITTED", "0 fees"};

int Fail(absl::string_view what) {
  std::cerr << what << "\n";
  return 1;
}

int Run(const std::vector<std::string>& program) {
  const absl::StatusOr<std::unique_ptr<Suite>> suite = Suite::Start();
  if (!suite.ok()) return Fail(suite.status().ToString());
  std::string folder = (std::filesystem::temp_directory_path() / "countersign-example-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return Fail("no temporary folder");

  const testing::CertificateFiles& files = (*suite)->operator_files();
  std::filesystem::create_symlink(files.ca_file(), folder + "/ca.pem");
  std::filesystem::create_symlink(files.cert_file(), folder + "/operator-demo.pem");
  std::filesystem::create_symlink(files.key_file(), folder + "/operator-demo.key");
  setenv("CERTS", folder.c_str(), 1);
  for (const Service service : kServices) {
    // By the name that stands in the suite's certificates.
    const std::string address = absl::StrReplaceAll((*suite)->Address(service), {{"127.0.0.1", "localhost"}});
    setenv(absl::AsciiStrToUpper(NameOf(service)).c_str(), address.c_str(), 1);
  }

  const std::string log = folder + "/output";
  absl::StatusOr<Process> process = Process::Start(program, log);
  const int code = process.ok() ? process->Wait() : 1;
  std::ostringstream output;
  output << std::ifstream(log).rdbuf();
  std::filesystem::remove_all(folder);
  std::cout << output.str();
  if (!process.ok()) return Fail(process.status().ToString());
  if (code != 0) return code;
  for (const char* milestone : kMilestones) {
    if (!absl::StrContains(output.str(), milestone)) return Fail(absl::StrCat("The output lacks: ", milestone));
  }
  return 0;
}

}  // namespace
}  // namespace countersign::integration

int main(int argc, char** argv) {
  if (argc < 2) return countersign::integration::Fail("usage: examples_against_suite PROGRAM [ARGUMENT...]");
  return countersign::integration::Run({argv + 1, argv + argc});
}
