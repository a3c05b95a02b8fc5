// What an operator sees with the real grpcurl: services by reflection, replies, and errors with their details. Skipped
// (exit code 77) where grpcurl is not installed; `./dev tools` installs it.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "integration-tests/process.h"
#include "integration-tests/proof.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// The project's own tools first, then the PATH; empty when there is none.
std::string FindGrpcurl() {
  std::vector<std::string> folders = {COUNTERSIGN_TOOLS_DIR};
  if (const char* path = std::getenv("PATH")) {
    for (const absl::string_view folder : absl::StrSplit(path, ':')) folders.emplace_back(folder);
  }
  for (const std::string& folder : folders) {
    const std::string program = folder + "/grpcurl";
    if (access(program.c_str(), X_OK) == 0) return program;
  }
  return "";
}

class GrpcurlTest : public SuiteTest {
 protected:
  static void SetUpTestSuite() {
    if (FindGrpcurl().empty()) {
      std::cerr << "skipped: there is no grpcurl in " COUNTERSIGN_TOOLS_DIR
                   " or on the PATH (./dev tools installs it)\n";
      std::exit(77);
    }
    SuiteTest::SetUpTestSuite();
  }

  static Answer Grpcurl(Service service, std::vector<std::string> arguments, const std::string& method = "") {
    const testing::CertificateFiles& files = suite().operator_files();
    std::vector<std::string> line = {FindGrpcurl(),    "-cacert",         files.ca_file(),
                                     "-cert",          files.cert_file(), "-key",
                                     files.key_file(), "-authority",      NameOf(service) + "-service"};
    line.insert(line.end(), arguments.begin(), arguments.end());
    line.push_back(suite().Address(service));
    line.push_back(method.empty() ? "list" : method);
    return RunProgram(line);
  }
};

TEST_F(GrpcurlTest, ListsTheServicesByReflection) {
  for (const auto& [service, name] : {std::pair{Service::kPartner, "countersign.partner.v1.CustomerService"},
                                      std::pair{Service::kOrder, "countersign.order.v1.OrderService"},
                                      std::pair{Service::kLink, "countersign.link.v1.LinkService"},
                                      std::pair{Service::kBilling, "countersign.billing.v1.InvoiceService"}}) {
    const Answer answer = Grpcurl(service, {});
    EXPECT_EQ(answer.exit_code, 0) << answer.output;
    EXPECT_THAT(answer.output, AllOf(HasSubstr(name), HasSubstr("countersign.event.v1.DeliveryService"),
                                     HasSubstr("grpc.health.v1.Health")));
  }
}

TEST_F(GrpcurlTest, ShowsTheCatalogueWithItsPrices) {
  const Answer answer = Grpcurl(Service::kOrder, {"-d", "{}"}, "countersign.order.v1.OfferService/ListOffers");
  EXPECT_EQ(answer.exit_code, 0) << answer.output;
  EXPECT_THAT(answer.output, AllOf(HasSubstr("offers/bpos-standard-suite"), HasSubstr("\"units\": \"15\"")));
}

TEST_F(GrpcurlTest, PrintsTheDetailsOfAnError) {
  const Answer answer = Grpcurl(Service::kOrder, {"-d", "{}"}, "countersign.order.v1.OrderService/CreateOrder");
  EXPECT_NE(answer.exit_code, 0);
  EXPECT_THAT(answer.output, AllOf(HasSubstr("InvalidArgument"), HasSubstr("google.rpc.BadRequest"),
                                   HasSubstr("request_id"), HasSubstr("google.rpc.ErrorInfo")));
}

}  // namespace
}  // namespace countersign::integration
