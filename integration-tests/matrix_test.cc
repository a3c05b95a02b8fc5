// Who may call what, on the running services: every method that they have, from every kind of caller. What is expected
// follows from config/access.policy and the kind of caller; no method has a case of its own.
#include <fstream>
#include <map>
#include <memory>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "integration-tests/methods.h"
#include "integration-tests/plausible.h"
#include "integration-tests/proof.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

// The reviewed file, read here without the services' own reader: method → words of those who may call it.
using Policy = std::map<std::string, std::set<std::string>>;

Policy ReadPolicy() {
  Policy policy;
  std::ifstream file(COUNTERSIGN_ACCESS_POLICY);
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string method;
    if (!(words >> method) || method == "quota") continue;
    std::string word;
    while (words >> word) policy[method].insert(word);
  }
  return policy;
}

// One column of the matrix.
struct Column {
  std::string title;
  std::string caller;  // What it says of itself; empty = nothing.
  std::string word;    // How the policy names it; empty = nobody, who may call nothing.
};

class MatrixTest : public SuiteTest {
 protected:
  static void SetUpTestSuite() {
    SuiteTest::SetUpTestSuite();
    policy_ = ReadPolicy();
    methods_ = ServedMethods(suite());
    owner_ = std::make_unique<Story>(suite());
    const absl::Status told = owner_->Run();
    ASSERT_TRUE(told.ok()) << told;
    other_ = std::make_unique<Story>(suite());
    const absl::Status ready = other_->RunUntil("order");
    ASSERT_TRUE(ready.ok()) << ready;
    names_ = NamesOf(*owner_);
  }

  static void TearDownTestSuite() {
    owner_.reset();
    other_.reset();
    SuiteTest::TearDownTestSuite();
  }

  static std::vector<Column> Columns() {
    return {{"nobody", "", ""},
            {"partner-service", "services/partner-service", "partner-service"},
            {"order-service", "services/order-service", "order-service"},
            {"link-service", "services/link-service", "link-service"},
            {"billing-service", "services/billing-service", "billing-service"},
            {"an operator", "operators/ann", "operator"},
            {"a viewer", "viewers/bob", "viewer"},
            {"the partner itself", owner_->partner, "partner"},
            {"another partner", other_->partner, "partner"}};
  }

  static std::unique_ptr<grpc::ClientContext> ContextOf(const Column& column, const std::string& on_behalf_of) {
    auto context = std::make_unique<grpc::ClientContext>();
    if (!column.caller.empty()) context->AddMetadata("countersign-caller", column.caller);
    if (!on_behalf_of.empty()) context->AddMetadata("countersign-on-behalf-of", on_behalf_of);
    // Long for a refusal, and short for a stream that is let in and has nothing to say.
    context->set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(streams_ ? 1 : 10)));
    return context;
  }

  static grpc::Status CallAs(const Column& column, const Method& method, const std::string& request,
                             const std::string& on_behalf_of = "", std::string* reply = nullptr) {
    streams_ = method.descriptor->server_streaming();
    return CallRaw(suite().channel(method.service), method, request, *ContextOf(column, on_behalf_of), reply);
  }

  // What the story made, and whatever any List method shows an operator below that.
  static Names NamesOf(const Story& story) {
    Names names;
    for (const std::string& name :
         {story.partner, story.customer, story.order, story.billing_account, story.subscription, story.invoice,
          story.fee.name(), story.offer, story.api_key, story.authorization, std::string("agreements/2009-06")}) {
      names[KindOfName(name)] = name;
    }
    const auto order = story.GetOrder();
    if (order.ok()) CollectNames(*order, names);
    for (size_t known = 0; known < names.size();) {
      known = names.size();
      for (const Method& method : methods_) {
        if (!absl::StartsWith(method.descriptor->name(), "List")) continue;
        const RequestMaker::Request request = maker().Make(method, names);
        std::string bytes;
        if (!CallAs({"", kOperator, ""}, method, request.message->SerializeAsString(), "", &bytes).ok()) continue;
        const auto reply = method.NewReply();
        reply->ParseFromString(bytes);
        CollectNames(*reply, names);
      }
    }
    return names;
  }

  static const RequestMaker& maker() {
    static const auto* const maker = new RequestMaker();
    return *maker;
  }

  static Policy policy_;
  static std::vector<Method> methods_;
  static std::unique_ptr<Story> owner_, other_;
  static Names names_;
  static bool streams_;
};

Policy MatrixTest::policy_;
std::vector<Method> MatrixTest::methods_;
std::unique_ptr<Story> MatrixTest::owner_, MatrixTest::other_;
Names MatrixTest::names_;
bool MatrixTest::streams_ = false;

// Kept apart from the policy file, so that a slip there does not pass for a decision.
TEST_F(MatrixTest, TheRowsThatMustNeverChangeUnseen) {
  const std::string order = "countersign.order.v1.OrderService/";
  EXPECT_THAT(policy_[order + "ConfirmOrder"], ElementsAre("link-service"));
  EXPECT_THAT(policy_[order + "DeclineOrder"], ElementsAre("link-service"));
  EXPECT_THAT(policy_[order + "ApplyPartnerState"], ElementsAre("partner-service"));
  EXPECT_THAT(policy_["countersign.billing.v1.BillingService/ActivateOrder"], ElementsAre("order-service"));
  EXPECT_THAT(policy_["countersign.billing.v1.BillingService/CreateBankReceipt"], ElementsAre("operator"));
  EXPECT_THAT(policy_["countersign.partner.v1.PartnerService/VerifyApiKey"],
              ElementsAre("billing-service", "link-service", "order-service"));
  EXPECT_THAT(policy_["countersign.partner.v1.PartnerService/CheckSeller"], ElementsAre("order-service"));
  EXPECT_THAT(policy_["countersign.link.v1.LinkService/IssueLink"], ElementsAre("order-service"));
  EXPECT_THAT(policy_["countersign.link.v1.LinkService/ApplyOrderOutcome"], ElementsAre("order-service"));
  const std::set<std::string> of_the_suspended = {"AcceptAgreement", "CancelOrder", "RevokeApiKey"};
  for (const Method& method : methods_) {
    const std::set<std::string>& words = policy_[method.name()];
    EXPECT_FALSE(words.empty()) << method.name() << " is granted to nobody";
    if (!method.mutates()) continue;
    EXPECT_EQ(words.count("viewer"), 0U) << method.name();
    EXPECT_EQ(words.count("suspended-partner"), of_the_suspended.count(method.descriptor->name())) << method.name();
  }
}

TEST_F(MatrixTest, EveryMethodAnswersEveryCallerAsThePolicySays) {
  int cells = 0;
  for (const Method& method : methods_) {
    for (const Column& column : Columns()) {
      // For the record only: it neither gives a right nor takes one.
      for (const std::string& on_behalf_of : {std::string(), owner_->partner, std::string("operators/ann")}) {
        const grpc::Status status = CallAs(column, method, "", on_behalf_of);
        const std::string cell = absl::StrCat(method.name(), " as ", column.title, " for '", on_behalf_of,
                                              "': ", status.error_code(), " ", status.error_message());
        ++cells;
        if (column.word.empty()) {
          EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << cell;
        } else if (policy_[method.name()].count(column.word) == 0) {
          EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << cell;
          EXPECT_EQ(ReasonOf(status), "METHOD_NOT_ALLOWED") << cell;
        } else {
          EXPECT_NE(status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << cell;
          EXPECT_NE(status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << cell;
          EXPECT_NE(status.error_code(), grpc::StatusCode::INTERNAL) << cell;
          EXPECT_NE(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << cell;
          EXPECT_NE(status.error_code(), grpc::StatusCode::UNAVAILABLE) << cell;
        }
      }
    }
  }
  RecordProperty("cells", cells);
}

// What a refused call says, without what is never the same twice: ids, and the trace.
std::string Said(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  std::string said = absl::StrCat(status.error_code(), " ", status.error_message());
  for (const google::protobuf::Any& any : details.details()) {
    google::rpc::ErrorInfo info;
    if (any.UnpackTo(&info)) {
      info.mutable_metadata()->erase("traceId");
      absl::StrAppend(&said, "\n", info.Utf8DebugString());
    } else {
      absl::StrAppend(&said, "\n", any.type_url(), " ", any.value());
    }
  }
  static const auto* const uuid = new std::regex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  return std::regex_replace(said, *uuid, "{id}");
}

TEST_F(MatrixTest, AnotherPartnersResourcesAreNotThere) {
  const Names nothing = NamesOfNothing(names_);
  std::set<std::string> of_nobody;  // Methods that name nothing of a partner's.
  int asked = 0;
  for (const Method& method : methods_) {
    if (policy_[method.name()].count("partner") == 0) continue;
    const RequestMaker::Request request = maker().Make(method, names_);
    EXPECT_THAT(request.missing, UnorderedElementsAre()) << method.name() << ": nothing of this kind was recorded";
    bool names_something = false;
    for (const std::string& kind : request.kinds) names_something |= names_.at(kind) != nothing.at(kind);
    if (!names_something) {
      of_nobody.insert(method.descriptor->name());
      continue;
    }
    ++asked;
    const std::string of_nothing = maker().Make(method, nothing).message->SerializeAsString();
    for (const std::string& on_behalf_of : {std::string(), owner_->partner}) {
      const Column other = {"another partner", other_->partner, "partner"};
      const grpc::Status real = CallAs(other, method, request.message->SerializeAsString(), on_behalf_of);
      const grpc::Status unreal = CallAs(other, method, of_nothing, on_behalf_of);
      EXPECT_EQ(real.error_code(), grpc::StatusCode::NOT_FOUND)
          << method.name() << " says " << real.error_message() << " of " << request.message->ShortDebugString();
      EXPECT_EQ(Said(real), Said(unreal)) << method.name();
    }
    if (!method.mutates()) {
      // The same request from the partner itself finds something, so it was not the request that was at fault.
      const grpc::Status own = CallAs({"", owner_->partner, ""}, method, request.message->SerializeAsString());
      EXPECT_TRUE(own.ok()) << method.name() << ": " << own.error_message();
    }
  }
  EXPECT_GE(asked, 10);
  EXPECT_THAT(of_nobody, ElementsAre("GetOffer", "ListOffers"));
}

}  // namespace
}  // namespace countersign::integration
