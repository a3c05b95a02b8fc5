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
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/testing/repetitions.h"
#include "common/testing/test_certificates.h"
#include "countersign/billing/v1/partner_request.pb.h"
#include "countersign/billing/v1/partner_request_service.grpc.pb.h"
#include "countersign/billing/v1/self_billing_agreement.pb.h"
#include "countersign/billing/v1/self_billing_service.grpc.pb.h"
#include "countersign/partner/v1/api_key_service.grpc.pb.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "integration-tests/closed_quarters.h"
#include "integration-tests/methods.h"
#include "integration-tests/plausible.h"
#include "integration-tests/proof.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

using ::testing::AnyOf;
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
  std::string word;               // How the policy names it; empty = nobody, who may call nothing.
  std::string identity;           // Whose certificate it has (Suite::channel); empty = none.
  std::string key = {};           // The API key it sends; empty = none.
  bool connects = true;           // False: its certificate is no good, and it gets no connection.
  bool expired = false;           // Why not: this, or else an authority that nobody trusts.
  std::string on_behalf_of = {};  // What it says of whom it acts for.
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
    suspended_ = std::make_unique<Story>(suite());
    const absl::Status suspended = suspended_->RunUntil("order");
    ASSERT_TRUE(suspended.ok() && Suspend(*suspended_).ok()) << suspended;
    const absl::Status revoked = MakeRevokedKey();
    ASSERT_TRUE(revoked.ok()) << revoked;
    const absl::Status closed =
        WriteClosedQuarters(suite(), *Uuid::Parse(owner_->partner.substr(sizeof("partners/") - 1)));
    ASSERT_TRUE(closed.ok()) << closed;
    const absl::Status agreed = AgreeOnSelfBilling(*owner_);
    ASSERT_TRUE(agreed.ok()) << agreed;
    const absl::Status asked = AskFor(*owner_, *other_);
    ASSERT_TRUE(asked.ok()) << asked;
    names_ = NamesOf(*owner_);
  }

  static void TearDownTestSuite() {
    owner_.reset();
    other_.reset();
    suspended_.reset();
    SuiteTest::TearDownTestSuite();
  }

  static std::vector<Column> Columns() {
    const std::string own_key = KeyOf(owner_->partner);
    std::vector<Column> columns = {
        {"no certificate", "", ""},
        {"a certificate of another authority", "", "operators/ann", "", /*connects=*/false},
        {"an expired certificate", "", "operators/ann", "", /*connects=*/false, /*expired=*/true},
        {"an operator", "operator", "operators/ann"},
        {"an operator who only reads", "viewer", "viewers/bob"},
        {"the partner itself", "partner", "", own_key},
        {"another partner", "partner", "", KeyOf(other_->partner)},
        {"a suspended partner", "suspended-partner", "", KeyOf(suspended_->partner)},
        {"a revoked key", "", "", revoked_key_},
        {"a key with a wrong secret", "", "", own_key.substr(0, own_key.size() - 4) + "AAAA"},
        // The key says who calls, and with a service's or an operator's certificate it gives no more rights.
        {"a partner with an operator's certificate", "partner", "operators/ann", own_key},
        {"a revoked key with an operator's certificate", "", "operators/ann", revoked_key_}};
    for (const Service service : kServices) {
      const std::string name = NameOf(service) + "-service";
      columns.push_back({"the certificate of " + name, name, "services/" + name});
    }
    // For the record only: it neither gives a right nor takes one.
    const size_t count = columns.size();
    for (const std::string& somebody : {owner_->partner, std::string("operators/ann")}) {
      for (size_t i = 0; i < count; ++i) {
        columns.push_back(columns[i]);
        columns.back().on_behalf_of = somebody;
      }
    }
    return columns;
  }

  static std::shared_ptr<grpc::Channel> ChannelOf(const Column& column, Service service) {
    if (column.connects) return suite().channel(service, column.identity);
    static auto* const channels = new std::map<std::pair<Service, bool>, std::shared_ptr<grpc::Channel>>();
    std::shared_ptr<grpc::Channel>& made = (*channels)[{service, column.expired}];
    if (made == nullptr) {
      const testing::CertificateSpec spec = testing::CallerSpec("operator/ann");
      const testing::TestAuthority stranger;
      made = suite().channel(service,
                             column.expired ? suite().authority().Issue(testing::Expired(spec)) : stranger.Issue(spec),
                             suite().authority().pem());
    }
    return made;
  }

  static grpc::Status Call(const Column& column, const Method& method, const std::string& request,
                           std::string* reply = nullptr, absl::Duration patience = absl::Seconds(60)) {
    grpc::ClientContext context;
    if (!column.key.empty()) context.AddMetadata("authorization", "Bearer " + column.key);
    if (!column.on_behalf_of.empty()) context.AddMetadata("countersign-on-behalf-of", column.on_behalf_of);
    // What callers without TLS may say of themselves; here nobody may believe it.
    context.AddMetadata("countersign-caller", "operators/mallory");
    context.set_deadline(absl::ToChronoTime(absl::Now() + patience));
    return CallRaw(ChannelOf(column, method.service), method, request, context, reply);
  }

  // For a call that may be let in: a stream then has perhaps nothing to say.
  static absl::Duration PatienceFor(const Method& method) {
    return method.descriptor->server_streaming() ? absl::Seconds(1) : absl::Seconds(60);
  }

  // A key that was good until the partner revoked it.
  static absl::Status MakeRevokedKey() {
    Story story(suite());
    RETURN_IF_ERROR(story.RunUntil("customer"));
    revoked_key_ = KeyOf(story.partner);
    partner::v1::RevokeApiKeyRequest request;
    request.set_name(story.api_key);
    request.set_request_id(NewRequestId());
    partner::v1::ApiKey reply;
    return StatusOf(suite().stub<partner::v1::ApiKeyService>().RevokeApiKey(As(kOperator).get(), request, &reply));
  }

  static absl::Status Suspend(const Story& story) {
    partner::v1::SuspendPartnerRequest request;
    request.set_name(story.partner);
    request.set_reason("invoices of its own unpaid");
    request.set_request_id(NewRequestId());
    partner::v1::Partner reply;
    return StatusOf(suite().stub<partner::v1::PartnerService>().SuspendPartner(As(kOperator).get(), request, &reply));
  }

  static absl::Status AgreeOnSelfBilling(const Story& story) {
    billing::v1::CreateSelfBillingAgreementRequest request;
    request.set_parent(story.partner);
    billing::v1::SelfBillingAgreement& agreement = *request.mutable_self_billing_agreement();
    agreement.mutable_effective_date()->set_year(2111);
    agreement.mutable_effective_date()->set_month(1);
    agreement.mutable_effective_date()->set_day(1);
    agreement.set_region_code("AD");
    agreement.set_tax_id("AD123");
    request.set_request_id(NewRequestId());
    billing::v1::SelfBillingAgreement reply;
    return StatusOf(suite().stub<billing::v1::SelfBillingService>().CreateSelfBillingAgreement(As(kOperator).get(),
                                                                                               request, &reply));
  }

  // The customer of `story` asks the partner of `other` to take its subscription over.
  static absl::Status AskFor(const Story& story, const Story& other) {
    partner::v1::GetPartnerRequest get;
    get.set_name(other.partner);
    partner::v1::Partner partner;
    RETURN_IF_ERROR(
        StatusOf(suite().stub<partner::v1::PartnerService>().GetPartner(As(kOperator).get(), get, &partner)));
    billing::v1::CreatePartnerRequestRequest request;
    request.set_parent(story.subscription);
    request.set_partner_number(partner.partner_number());
    request.set_request_id(NewRequestId());
    billing::v1::PartnerRequest reply;
    return StatusOf(
        suite().stub<billing::v1::PartnerRequestService>().CreatePartnerRequest(As(kOperator).get(), request, &reply));
  }

  // What the story made, and whatever any List method shows an operator below that.
  static Names NamesOf(const Story& story) {
    Names names;
    for (const std::string& name :
         {story.partner, story.customer, story.order, story.billing_account, story.subscription, story.invoice,
          story.fee.name(), story.offer, story.api_key, story.authorization, story.partner + "/payeeProfile",
          std::string("agreements/2009-06"), std::string("offers/exchange-online/promotions/none")}) {
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
        if (!Call({"", "", kOperator}, method, request.message->SerializeAsString(), &bytes).ok()) continue;
        const auto reply = method.NewReply();
        reply->ParseFromString(bytes);
        CollectNames(*reply, names);
      }
    }
    return names;
  }

  // How often anything ever changed: every change leaves an event.
  static int64_t EventsOf(Service service) {
    const auto connection = suite().Database(service);
    const auto row = connection.ok() ? (*connection)->QueryOne("SELECT COUNT(*) FROM events", {}) : connection.status();
    return row.ok() && row->has_value() ? (*row)->Int(0) : -1;
  }

  static const RequestMaker& maker() {
    static const auto* const maker = new RequestMaker();
    return *maker;
  }

  static Policy policy_;
  static std::vector<Method> methods_;
  static std::unique_ptr<Story> owner_, other_, suspended_;
  static std::string revoked_key_;
  static Names names_;
};

Policy MatrixTest::policy_;
std::vector<Method> MatrixTest::methods_;
std::unique_ptr<Story> MatrixTest::owner_, MatrixTest::other_, MatrixTest::suspended_;
std::string MatrixTest::revoked_key_;
Names MatrixTest::names_;

// Kept apart from the policy file, so that a slip there does not pass for a decision.
TEST_F(MatrixTest, TheRowsThatMustNeverChangeUnseen) {
  const std::string order = "countersign.order.v1.OrderService/";
  EXPECT_THAT(policy_[order + "ConfirmOrder"], ElementsAre("link-service"));
  EXPECT_THAT(policy_[order + "DeclineOrder"], ElementsAre("link-service"));
  EXPECT_THAT(policy_["countersign.order.v1.PartnerStateService/ApplyPartnerState"], ElementsAre("partner-service"));
  EXPECT_THAT(policy_["countersign.billing.v1.ActivationService/ActivateOrder"], ElementsAre("order-service"));
  EXPECT_THAT(policy_["countersign.order.v1.ActivationOutcomeService/ApplyActivationOutcome"],
              ElementsAre("billing-service"));
  EXPECT_THAT(policy_["countersign.billing.v1.BankReceiptService/CreateBankReceipt"], ElementsAre("operator"));
  EXPECT_THAT(policy_["countersign.partner.v1.ApiKeyService/VerifyApiKey"],
              ElementsAre("billing-service", "link-service", "order-service"));
  EXPECT_THAT(policy_["countersign.partner.v1.SellerService/CheckSeller"], ElementsAre("order-service"));
  EXPECT_THAT(policy_["countersign.partner.v1.PayeeProfileService/ResolvePayeeAccount"],
              ElementsAre("billing-service"));
  EXPECT_THAT(policy_["countersign.link.v1.LinkService/IssueLink"], ElementsAre("order-service"));
  EXPECT_THAT(policy_["countersign.link.v1.LinkService/ApplyOrderOutcome"], ElementsAre("order-service"));
  const std::set<std::string> of_the_suspended = {"AcceptAgreement", "CancelOrder", "DeclinePartnerRequest",
                                                  "ResignPartnerOfRecord", "RevokeApiKey"};
  for (const Method& method : methods_) {
    const std::set<std::string>& words = policy_[method.name()];
    EXPECT_FALSE(words.empty()) << method.name() << " is granted to nobody";
    if (method.reads()) continue;
    EXPECT_EQ(words.count("viewer"), 0U) << method.name();
    EXPECT_EQ(words.count("suspended-partner"), of_the_suspended.count(method.descriptor->name())) << method.name();
  }
}

TEST_F(MatrixTest, EveryMethodAnswersEveryCallerAsThePolicySays) {
  const std::vector<Column> columns = Columns();
  int number = 0;
  for (const Method& method : methods_) {
    const bool on_behalf_too = number++ % 5 < testing::Repetitions(5);
    for (const Column& column : columns) {
      if (!column.on_behalf_of.empty() && !on_behalf_too) continue;
      const bool granted = policy_[method.name()].contains(column.word);
      const grpc::Status status =
          Call(column, method, "", /*reply=*/nullptr, granted ? PatienceFor(method) : absl::Seconds(60));
      const std::string cell = absl::StrCat(method.name(), ": ", column.title, ", for '", column.on_behalf_of,
                                            "': ", status.error_code(), " ", status.error_message());
      if (!column.connects) {
        EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << cell;
        EXPECT_EQ(ReasonOf(status), "") << cell;  // No handler answered.
      } else if (column.word.empty()) {
        EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << cell;
        EXPECT_NE(ReasonOf(status), "") << cell;
      } else if (!granted) {
        EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << cell;
        EXPECT_EQ(ReasonOf(status), "METHOD_NOT_ALLOWED") << cell;
      } else {
        EXPECT_THAT(status.error_code(),
                    AnyOf(grpc::StatusCode::OK, grpc::StatusCode::INVALID_ARGUMENT, grpc::StatusCode::NOT_FOUND,
                          grpc::StatusCode::FAILED_PRECONDITION, grpc::StatusCode::DEADLINE_EXCEEDED))
            << cell;
        if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
          EXPECT_TRUE(method.descriptor->server_streaming()) << cell;
        }
      }
    }
  }
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
  std::map<Service, int64_t> events;
  for (const Service service : kServices) events[service] = EventsOf(service);
  std::set<std::string> of_nobody;  // Methods that name nothing that is a partner's.
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
    const std::string of_something = request.message->SerializeAsString();
    const std::string of_nothing = maker().Make(method, nothing).message->SerializeAsString();
    for (const std::string& on_behalf_of : {std::string(), owner_->partner}) {
      Column other = {"another partner", "partner", "", KeyOf(other_->partner)};
      other.on_behalf_of = on_behalf_of;
      const grpc::Status real = Call(other, method, of_something);
      const grpc::Status unreal = Call(other, method, of_nothing);
      EXPECT_EQ(real.error_code(), grpc::StatusCode::NOT_FOUND)
          << method.name() << " says " << real.error_message() << " of " << request.message->ShortDebugString();
      EXPECT_EQ(Said(real), Said(unreal)) << method.name();
    }
    if (method.reads()) {
      // The same request from the partner itself finds something, so it was not the request that was at fault.
      const grpc::Status own =
          Call({"", "", "", KeyOf(owner_->partner)}, method, of_something, /*reply=*/nullptr, PatienceFor(method));
      const bool silent = method.descriptor->server_streaming() && own.error_code() == grpc::DEADLINE_EXCEEDED;
      EXPECT_TRUE(own.ok() || silent) << method.name() << ": " << own.error_message();
    }
  }
  EXPECT_GE(asked, 10);
  for (const Service service : kServices) EXPECT_EQ(EventsOf(service), events[service]) << NameOf(service);
  EXPECT_THAT(of_nobody, UnorderedElementsAre("GetAgreement", "GetOffer", "GetPrice", "GetPromotion", "ListAgreements",
                                              "ListOffers", "ListPrices", "ListPromotions", "ResolvePrice"));
}

}  // namespace
}  // namespace countersign::integration
