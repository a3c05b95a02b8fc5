// What every method promises (protos/README.md), asked of every method that the running services have. None
// has a case of its own: a new method is found by reflection, and fails here by name when nothing in scenario.txt calls
// it or when it breaks a convention.
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/uuid.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "countersign/partner/v1/payee_profile_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/field_mask.pb.h"
#include "gtest/gtest.h"
#include "integration-tests/checker.h"
#include "integration-tests/closed_quarters.h"
#include "integration-tests/methods.h"
#include "integration-tests/proof.h"
#include "integration-tests/scenario.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"
#include "integration-tests/tenant_keys.h"

namespace countersign::integration {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using ::testing::Contains;

// The only exceptions, each with its reason.
const std::map<std::string, std::string>& WithoutEtag() {
  static const auto* const resources = new std::map<std::string, std::string>{
      {"countersign.link.v1.Link", "changes by order-service's word only, which carries the order's version"},
      {"countersign.billing.v1.BillingRun", "no caller can change it"},
      {"countersign.billing.v1.Fee", "never changes: an adjustment is an entry of its own"}};
  return *resources;
}
const std::map<std::string, std::string>& NotCalled() {
  static const auto* const methods = new std::map<std::string, std::string>{
      {"link countersign.event.v1.DeliveryService/RedeliverEvents", "link-service's log has no consumer"},
      {"order countersign.order.v1.ActivationOutcomeService/ApplyActivationOutcome", "no activation is parked here"},
      {"order countersign.order.v1.ActivationOutcomeService/ExpireWaitingChange", "no change waits here"}};
  return *methods;
}

const std::map<std::string, std::string>& WithoutFilter() {
  static const auto* const methods = new std::map<std::string, std::string>{
      {"countersign.event.v1.AuditService/ListAuditHeads", "64 rows, which are kept together"}};
  return *methods;
}

const FieldDescriptor* FieldOf(const Descriptor* message, const std::string& name, FieldDescriptor::CppType type) {
  const FieldDescriptor* field = message->FindFieldByName(name);
  return field != nullptr && !field->is_repeated() && field->cpp_type() == type ? field : nullptr;
}

bool IsNamed(const Method& method, const char* prefix) { return absl::StartsWith(method.descriptor->name(), prefix); }

void SetText(Message& message, const std::string& name, const std::string& value) {
  message.GetReflection()->SetString(&message, message.GetDescriptor()->FindFieldByName(name), value);
}

// Puts `etag` into the request or its resource; false where there is no such field.
bool SetEtag(const Method& method, Message& request, const std::string& etag) {
  const Descriptor* type = request.GetDescriptor();
  if (FieldOf(type, "etag", FieldDescriptor::CPPTYPE_STRING) != nullptr) {
    SetText(request, "etag", etag);
    return true;
  }
  for (int i = 0; IsNamed(method, "Update") && i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_repeated()) continue;
    if (FieldOf(field->message_type(), "etag", FieldDescriptor::CPPTYPE_STRING) == nullptr) continue;
    SetText(*request.GetReflection()->MutableMessage(&request, field), "etag", etag);
    return true;
  }
  return false;
}

class ConventionsTest : public SuiteTest {
 protected:
  static void SetUpTestSuite() {
    StartSuite({.log_statements = true});
    HoldDeliveries();
    const std::string payee = MakePayee();
    const absl::Status closed = WriteClosedQuarters(suite(), *Uuid::Parse(payee.substr(sizeof("partners/") - 1)));
    ASSERT_TRUE(closed.ok()) << closed;
    ParkAnAccount();
    scenario_ = std::make_unique<Scenario>(suite(), ServedMethods(suite()));
    scenario_->Keep("payee", payee);
    const absl::Status played = scenario_->Play(COUNTERSIGN_SCENARIO);
    ASSERT_TRUE(played.ok()) << played;
  }
  static void TearDownTestSuite() {
    scenario_.reset();
    SuiteTest::TearDownTestSuite();
  }

  // A partner that can be paid.
  static std::string MakePayee() {
    partner::v1::CreatePartnerRequest create;
    create.mutable_partner()->set_partner_number("P-PAYEE");
    create.mutable_partner()->set_display_name("Tailspin");
    create.mutable_partner()->set_contact_email("sales@tailspin.example");
    create.set_request_id(NewRequestId());
    partner::v1::Partner made;
    EXPECT_TRUE(suite().stub<partner::v1::PartnerService>().CreatePartner(As(kOperator).get(), create, &made).ok());
    partner::v1::UpdatePayeeProfileRequest update;
    update.mutable_payee_profile()->set_name(made.name() + "/payeeProfile");
    update.mutable_payee_profile()->set_currency_code("USD");
    update.mutable_payee_profile()->set_bank_reference("US00 1234 3000");
    update.set_request_id(NewRequestId());
    partner::v1::PayeeProfile profile;
    EXPECT_TRUE(suite()
                    .stub<partner::v1::PayeeProfileService>()
                    .UpdatePayeeProfile(As(kOperator).get(), update, &profile)
                    .ok());
    return made.name();
  }

  // Nothing fails here by itself, so two deliveries per service are parked by hand, for the lists of them.
  static void HoldDeliveries() {
    for (const Service service : kServices) {
      const auto connection = suite().Database(service);
      ASSERT_TRUE(connection.ok()) << connection.status();
      for (int i = 0; i < 2; ++i) {
        const auto inserted =
            (*connection)
                ->Execute(
                    "INSERT INTO held_deliveries (tenant_id, aggregate_id, consumer, bucket, version, "
                    "parked, attempts, next_attempt, last_error) VALUES (?, ?, 'nobody', 0, 1, 1, 1, "
                    "UTC_TIMESTAMP(6), '')",
                    {Uuid::V7(absl::Now()), Uuid::V7(absl::Now())});
        ASSERT_TRUE(inserted.ok()) << inserted.status();
      }
    }
  }

  // Neither is any account faulty by itself.
  static void ParkAnAccount() {
    const auto connection = suite().Database(Service::kBilling);
    ASSERT_TRUE(connection.ok()) << connection.status();
    const auto inserted =
        (*connection)
            ->Execute(
                "INSERT INTO billing_accounts (account_id, account_number, currency, company_name, billing_email, "
                "region_code, postal_code, administrative_area, locality, address_lines, recipients, organization, "
                "credit_micros, next_invoice_sequence, version, create_time, update_time, state, park_reason, "
                "park_message) VALUES (?, '4821937564', 'USD', 'Faulty', 'billing@faulty.example', 'US', '', '', "
                "'Seattle', '', '', '', 0, 1, 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), 'PARKED', 'OUT_OF_RANGE', "
                "'Too large.')",
                {Uuid::V7(absl::Now())});
    ASSERT_TRUE(inserted.ok()) << inserted.status();
  }

  static std::vector<Method> Methods() { return ServedMethods(suite()); }
  static const std::vector<Recorded>& Calls() { return scenario_->recorded(); }

  static std::vector<Recorded> Mutations() {
    std::vector<Recorded> mutations;
    for (const Recorded& call : Calls()) {
      if (call.method.mutates()) mutations.push_back(call);
    }
    return mutations;
  }

  // The list calls of which there is more than one page, by method and server.
  static std::vector<Recorded> Lists() {
    std::vector<Recorded> lists;
    for (const Recorded& call : Calls()) {
      if (IsNamed(call.method, "List")) lists.push_back(call);
    }
    return lists;
  }

  static std::string TitleOf(const Recorded& call) {
    return absl::StrCat(NameOf(call.method.service), " ", call.method.name());
  }

  static std::unique_ptr<Message> Copy(const Message& message) {
    std::unique_ptr<Message> copy(message.New());
    copy->CopyFrom(message);
    return copy;
  }

  static grpc::Status Do(const Recorded& call, const std::string& bytes, const std::string& caller,
                         std::string* reply = nullptr) {
    return CallAs(suite(), caller, call.method, bytes, reply);
  }

  // A refusal with the code, and with the domain and reason that every refusal has.
  static grpc::Status ExpectRefused(const Recorded& call, const std::string& bytes, const std::string& caller,
                                    grpc::StatusCode code, const std::string& what) {
    const grpc::Status status = Do(call, bytes, caller);
    EXPECT_EQ(status.error_code(), code) << TitleOf(call) << ", " << what << ": " << status.error_message();
    const auto info = ErrorInfoOf(status);
    EXPECT_EQ(info.domain(), "countersign") << TitleOf(call) << ", " << what;
    EXPECT_NE(info.reason(), "") << TitleOf(call) << ", " << what;
    return status;
  }

  static std::string FirstPageToken(const Recorded& call) {
    const std::unique_ptr<Message> request = Copy(*call.request);
    request->GetReflection()->SetInt32(request.get(), request->GetDescriptor()->FindFieldByName("page_size"), 1);
    std::string bytes;
    if (!Do(call, request->SerializeAsString(), call.caller, &bytes).ok()) return "";
    const std::unique_ptr<Message> reply = call.method.NewReply();
    reply->ParseFromString(bytes);
    return reply->GetReflection()->GetString(*reply, reply->GetDescriptor()->FindFieldByName("next_page_token"));
  }

  static std::unique_ptr<Scenario> scenario_;
};

std::unique_ptr<Scenario> ConventionsTest::scenario_;

TEST_F(ConventionsTest, EveryStatementBindsTheTenantOfEachTable) { ExpectStatementsBindTheirTenants(suite()); }

TEST_F(ConventionsTest, TheScenarioCallsEveryMethodOfEveryService) {
  std::set<std::string> called;
  for (const Recorded& call : Calls()) called.insert(TitleOf(call));
  for (const Method& method : Methods()) {
    const std::string title = absl::StrCat(NameOf(method.service), " ", method.name());
    if (NotCalled().count(title) != 0) continue;
    EXPECT_EQ(called.count(title), 1u) << title << " is not in integration-tests/scenario.txt";
  }
}

TEST_F(ConventionsTest, EveryMutationAndNoReadHasARequestId) {
  for (const Method& method : Methods()) {
    EXPECT_EQ(FieldOf(method.descriptor->input_type(), "request_id", FieldDescriptor::CPPTYPE_STRING) != nullptr,
              !method.reads())
        << method.name();
  }
}

TEST_F(ConventionsTest, EveryListHasPagesAndAFilter) {
  for (const Method& method : Methods()) {
    if (!IsNamed(method, "List")) continue;
    const Descriptor* request = method.descriptor->input_type();
    const Descriptor* reply = method.descriptor->output_type();
    EXPECT_NE(FieldOf(request, "page_size", FieldDescriptor::CPPTYPE_INT32), nullptr) << method.name();
    EXPECT_NE(FieldOf(request, "page_token", FieldDescriptor::CPPTYPE_STRING), nullptr) << method.name();
    EXPECT_NE(FieldOf(reply, "next_page_token", FieldDescriptor::CPPTYPE_STRING), nullptr) << method.name();
    if (WithoutFilter().count(method.name()) != 0) continue;
    EXPECT_NE(FieldOf(request, "filter", FieldDescriptor::CPPTYPE_STRING), nullptr) << method.name();
  }
}

TEST_F(ConventionsTest, EveryUpdateHasAnUpdateMaskAndEveryChangedResourceAnEtag) {
  for (const Method& method : Methods()) {
    if (IsNamed(method, "Update")) {
      const FieldDescriptor* mask = method.descriptor->input_type()->FindFieldByName("update_mask");
      ASSERT_NE(mask, nullptr) << method.name();
      EXPECT_EQ(mask->message_type(), google::protobuf::FieldMask::descriptor()) << method.name();
    }
    const Descriptor* resource = method.descriptor->output_type();
    const bool changes_it = method.mutates() && !IsNamed(method, "Create") && resource->FindFieldByName("name");
    if (!changes_it || WithoutEtag().count(resource->full_name()) != 0) continue;
    EXPECT_NE(FieldOf(resource, "etag", FieldDescriptor::CPPTYPE_STRING), nullptr) << resource->full_name();
  }
}

TEST_F(ConventionsTest, AMutationAskedAgainGivesTheSameBytes) {
  EXPECT_GT(Mutations().size(), 20u);
  for (const Recorded& call : Mutations()) {
    std::string reply;
    const grpc::Status status = Do(call, call.request->SerializeAsString(), call.caller, &reply);
    EXPECT_TRUE(status.ok()) << TitleOf(call) << ": " << status.error_message();
    EXPECT_EQ(reply, call.reply) << TitleOf(call);
  }
}

TEST_F(ConventionsTest, ARequestIdIsGoodForOneRequestOnly) {
  for (const Recorded& call : Mutations()) {
    // Another body, whatever the fields mean: a field that this schema does not know.
    const std::unique_ptr<Message> request = Copy(*call.request);
    request->GetReflection()->MutableUnknownFields(request.get())->AddVarint(99'999, 1);
    const grpc::Status status = ExpectRefused(call, request->SerializeAsString(), call.caller,
                                              grpc::StatusCode::INVALID_ARGUMENT, "another body");
    EXPECT_EQ(ReasonOf(status), "REQUEST_ID_REUSED") << TitleOf(call);
  }
}

TEST_F(ConventionsTest, AnotherEtagThanTheResourcesIsRefused) {
  int asked = 0;
  for (const Recorded& call : Mutations()) {
    const std::unique_ptr<Message> request = Copy(*call.request);
    if (!SetEtag(call.method, *request, "another")) continue;
    ++asked;
    SetText(*request, "request_id", NewRequestId());
    const grpc::Status status =
        ExpectRefused(call, request->SerializeAsString(), call.caller, grpc::StatusCode::ABORTED, "another etag");
    EXPECT_EQ(ReasonOf(status), "ETAG_MISMATCH") << TitleOf(call);
  }
  EXPECT_GT(asked, 5);
}

TEST_F(ConventionsTest, AnUnknownPathOfTheUpdateMaskIsRefused) {
  int asked = 0;
  for (const Recorded& call : Mutations()) {
    const FieldDescriptor* field = call.request->GetDescriptor()->FindFieldByName("update_mask");
    if (field == nullptr) continue;
    ++asked;
    for (const char* path : {"no_such_field", "name", "create_time"}) {  // Unknown, and output only.
      const std::unique_ptr<Message> request = Copy(*call.request);
      SetText(*request, "request_id", NewRequestId());
      google::protobuf::FieldMask mask;
      mask.add_paths(path);
      request->GetReflection()->MutableMessage(request.get(), field)->CopyFrom(mask);
      const grpc::Status status =
          ExpectRefused(call, request->SerializeAsString(), call.caller, grpc::StatusCode::INVALID_ARGUMENT, path);
      EXPECT_THAT(ViolatedFieldsOf(status), Contains("update_mask")) << TitleOf(call) << ", " << path;
    }
  }
  EXPECT_GT(asked, 3);
}

TEST_F(ConventionsTest, APageTokenIsGoodForItsOwnCallerAndRequestOnly) {
  for (const Recorded& call : Lists()) {
    // Only the customer's page makes these, so that no scenario can make two: new_links_test.cc turns their pages.
    if (call.method.name() == "countersign.link.v1.NewLinkRequestService/ListNewLinkRequests") continue;
    const std::string token = FirstPageToken(call);
    if (token.empty()) {
      // Another call of the same method may have shown more.
      const bool other_has = std::any_of(Calls().begin(), Calls().end(), [&](const Recorded& other) {
        return TitleOf(other) == TitleOf(call) && !FirstPageToken(other).empty();
      });
      EXPECT_TRUE(other_has) << TitleOf(call) << ": the scenario must make two of what it lists";
      continue;
    }
    const std::unique_ptr<Message> next = Copy(*call.request);
    SetText(*next, "page_token", token);
    EXPECT_TRUE(Do(call, next->SerializeAsString(), call.caller).ok()) << TitleOf(call);
    const auto expect_refused = [&](const Message& request, const std::string& caller, const std::string& what) {
      const grpc::Status status =
          ExpectRefused(call, request.SerializeAsString(), caller, grpc::StatusCode::INVALID_ARGUMENT, what);
      EXPECT_THAT(ViolatedFieldsOf(status), Contains("page_token")) << TitleOf(call) << ", " << what;
    };
    expect_refused(*next, "operators/somebody-else", "another caller");
    for (int i = 0; i < next->GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = next->GetDescriptor()->field(i);
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_STRING || field->is_repeated()) continue;
      if (field->name() == "page_token") continue;
      const std::unique_ptr<Message> other = Copy(*next);
      SetText(*other, field->name(), other->GetReflection()->GetString(*other, field) + "x");
      expect_refused(*other, call.caller, absl::StrCat("another ", field->name()));
    }
    for (const Recorded& other : Lists()) {
      if (other.method.descriptor == call.method.descriptor) continue;
      const std::unique_ptr<Message> request = Copy(*other.request);
      SetText(*request, "page_token", token);
      const grpc::Status status = ExpectRefused(other, request->SerializeAsString(), other.caller,
                                                grpc::StatusCode::INVALID_ARGUMENT, "a token of " + TitleOf(call));
      EXPECT_THAT(ViolatedFieldsOf(status), Contains("page_token")) << TitleOf(other);
    }
  }
}

// By the events that were committed with them, so a reply of a new method must be its resource, or contain nothing
// else.
TEST_F(ConventionsTest, EveryStoredReplyCanBeProven) {
  const auto sessions = Connect();
  ASSERT_TRUE(sessions.ok()) << sessions.status();
  absl::StatusOr<std::vector<std::string>> broken = absl::UnknownError("not looked yet");
  const absl::Status at_rest = Eventually("the services are at rest", [&] {
    broken = FindBrokenReplies(SchemasOf(*sessions));
    return !absl::IsAborted(broken.status());
  });
  EXPECT_TRUE(at_rest.ok()) << at_rest;
  ASSERT_TRUE(broken.ok()) << broken.status();
  for (const std::string& sentence : *broken) ADD_FAILURE() << sentence;
}

// Whatever is refused says so in the same way, also where nobody thought of it.
TEST_F(ConventionsTest, EveryRefusalSaysWhy) {
  for (const Recorded& call : Calls()) {
    ExpectRefused(call, call.request->SerializeAsString(), "", grpc::StatusCode::UNAUTHENTICATED, "no caller");
    // Bytes that are no message never reach a handler.
    const grpc::Status garbled = Do(call, "\xff\xff", call.caller);
    EXPECT_FALSE(garbled.ok()) << TitleOf(call);
    EXPECT_EQ(ErrorInfoOf(garbled).domain(), "countersign") << TitleOf(call);
  }
}

}  // namespace
}  // namespace countersign::integration
