// config/access.policy against the contract: every method of every proto (protos/all.binpb).
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/access_policy.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"

namespace countersign::rpc {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorSet;
using google::protobuf::MethodDescriptor;

class AccessPolicyFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file(COUNTERSIGN_DESCRIPTORS, std::ios::binary);
    FileDescriptorSet set;
    ASSERT_TRUE(set.ParseFromIstream(&file)) << COUNTERSIGN_DESCRIPTORS;
    for (const auto& proto : set.file()) {
      const FileDescriptor* const built = pool_.BuildFile(proto);
      ASSERT_NE(built, nullptr) << proto.name();
      if (!absl::StartsWith(proto.package(), "countersign.")) continue;
      for (int i = 0; i < built->service_count(); ++i) {
        for (int j = 0; j < built->service(i)->method_count(); ++j) methods_.push_back(built->service(i)->method(j));
      }
    }
    ASSERT_GT(methods_.size(), 30u);
  }

  static std::string NameOf(const MethodDescriptor& method) {
    return absl::StrCat(method.service()->full_name(), "/", method.name());
  }

  static Caller CallerOf(const std::string& name, bool suspended = false) {
    Caller caller = *ParseCaller(name);
    caller.suspended = suspended;
    return caller;
  }

  DescriptorPool pool_;
  std::vector<const MethodDescriptor*> methods_;
};

TEST_F(AccessPolicyFileTest, NamesOnlyMethodsThatExist) {
  ASSERT_OK(AccessPolicy::Parse(AccessPolicy::BuiltInText(), pool_));
  for (const auto& [method, words] : AccessPolicy::BuiltIn().grants()) {
    const std::string service = method.substr(0, method.find('/'));
    EXPECT_NE(pool_.FindServiceByName(service), nullptr) << method;
  }
}

TEST_F(AccessPolicyFileTest, GrantsEveryMethodToSomebody) {
  for (const MethodDescriptor* method : methods_) {
    if (absl::StartsWith(NameOf(*method), "countersign.payment.")) continue;  // A processor's, not ours.
    EXPECT_TRUE(AccessPolicy::BuiltIn().grants().contains(NameOf(*method)))
        << NameOf(*method) << " has no line in config/access.policy";
  }
}

TEST_F(AccessPolicyFileTest, LetsAViewerChangeNothing) {
  const Caller viewer = CallerOf("viewers/anna");
  int granted = 0;
  for (const MethodDescriptor* method : methods_) {
    if (!AccessPolicy::BuiltIn().Allows(NameOf(*method), viewer)) continue;
    ++granted;
    EXPECT_EQ(method->input_type()->FindFieldByName("request_id"), nullptr) << NameOf(*method);
  }
  EXPECT_GT(granted, 5);
}

TEST_F(AccessPolicyFileTest, GivesASuspendedPartnerNoMoreThanAPartner) {
  const std::string name = "partners/01890a5d-ac96-774b-bcce-b302099a8057";
  for (const MethodDescriptor* method : methods_) {
    if (!AccessPolicy::BuiltIn().Allows(NameOf(*method), CallerOf(name, /*suspended=*/true))) continue;
    EXPECT_TRUE(AccessPolicy::BuiltIn().Allows(NameOf(*method), CallerOf(name))) << NameOf(*method);
    for (const char* verb : {"Create", "Submit", "Update", "Reissue", "Revise"}) {
      EXPECT_FALSE(absl::StartsWith(method->name(), verb)) << NameOf(*method);
    }
  }
}

// What one service decides no other may be talked into saying for it.
TEST_F(AccessPolicyFileTest, LetsNobodySpeakForTheServiceThatDecides) {
  const std::vector<std::pair<std::string, std::string>> only = {
      {"countersign.order.v1.OrderService/ConfirmOrder", "link-service"},
      {"countersign.order.v1.OrderService/DeclineOrder", "link-service"},
      {"countersign.order.v1.PartnerStateService/ApplyPartnerState", "partner-service"},
      {"countersign.link.v1.LinkService/IssueLink", "order-service"},
      {"countersign.link.v1.LinkService/ApplyOrderOutcome", "order-service"},
      {"countersign.billing.v1.ActivationService/ActivateOrder", "order-service"},
      {"countersign.partner.v1.SellerService/CheckSeller", "order-service"},
  };
  for (const auto& [method, service] : only) {
    EXPECT_THAT(AccessPolicy::BuiltIn().grants().at(method), ::testing::ElementsAre(service)) << method;
  }
}

}  // namespace
}  // namespace countersign::rpc
