// Nonsense in every field of every method, found by reflection: a clear error, never INTERNAL, never a crash, and
// nothing is stored. A new method is covered without anybody writing a case for it.
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "common/rpc/server_limits.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "integration-tests/methods.h"
#include "integration-tests/plausible.h"
#include "integration-tests/proof.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

class BadInputTest : public SuiteTest {
 protected:
  // Once per test program: the methods stay the same.
  static const std::vector<Method>& AllMethods() {
    static const auto* const methods = new std::vector<Method>(ServedMethods(suite()));
    return *methods;
  }

  // Each role is asked, because a role that may not call a method never gets to its fields.
  static void ExpectRefused(const Method& method, const std::string& bytes, const std::string& what) {
    for (const std::string caller :
         {"operators/nonsense", "services/order-service", "services/link-service", "services/partner-service"}) {
      const grpc::Status status = CallAs(suite(), caller, method, bytes);
      EXPECT_THAT(status.error_code(),
                  ::testing::AnyOf(grpc::StatusCode::INVALID_ARGUMENT, grpc::StatusCode::PERMISSION_DENIED,
                                   grpc::StatusCode::NOT_FOUND))
          << method.descriptor->full_name() << " with " << what << " as " << caller << ": " << status.error_message();
      EXPECT_NE(ReasonOf(status), "") << method.descriptor->full_name() << " with " << what;
    }
  }

  // "filter: expects one of the fields state, create_time at byte 0" names two; what says anything else names none.
  static std::vector<std::string> FieldsNamedIn(const grpc::Status& status) {
    const std::string message = status.error_message();
    absl::string_view text = message;
    if (!absl::ConsumePrefix(&text, "filter: expects one of the fields ")) return {};
    return absl::StrSplit(text.substr(0, text.find(" at byte ")), ", ");
  }

  // Makes every field of `message` nonsense of its own type, as far down as messages go.
  static void FillWithNonsense(Message& message, const std::string& text, int64_t number, int depth = 0) {
    const Reflection& reflection = *message.GetReflection();
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = message.GetDescriptor()->field(i);
      if (field->name() == "validate_only") continue;
      switch (field->cpp_type()) {
        case FieldDescriptor::CPPTYPE_STRING:
          field->is_repeated() ? reflection.AddString(&message, field, text)
                               : reflection.SetString(&message, field, text);
          break;
        case FieldDescriptor::CPPTYPE_INT32:
          field->is_repeated() ? reflection.AddInt32(&message, field, static_cast<int32_t>(number))
                               : reflection.SetInt32(&message, field, static_cast<int32_t>(number));
          break;
        case FieldDescriptor::CPPTYPE_INT64:
          field->is_repeated() ? reflection.AddInt64(&message, field, number)
                               : reflection.SetInt64(&message, field, number);
          break;
        case FieldDescriptor::CPPTYPE_ENUM:
          if (!field->is_repeated()) reflection.SetEnumValue(&message, field, 77);
          break;
        case FieldDescriptor::CPPTYPE_MESSAGE:
          if (depth < 4) {
            FillWithNonsense(field->is_repeated() ? *reflection.AddMessage(&message, field)
                                                  : *reflection.MutableMessage(&message, field),
                             text, number, depth + 1);
          }
          break;
        default:
          break;
      }
    }
  }

  // Rows in all schemas but those that serving itself writes.
  static int64_t RowsOf(Service service) {
    const auto connection = suite().Database(service);
    if (!connection.ok()) return -1;
    const auto tables = (*connection)->Query("SHOW TABLES", {});
    int64_t rows = 0;
    for (const mysql::Row& table : *tables) {
      const std::string& name = table.Bytes(0);
      if (absl::StartsWith(name, "lease") || name == "cursors") continue;
      const auto count = (*connection)->Query(absl::StrCat("SELECT COUNT(*) FROM ", name), {});
      rows += (*count)[0].Int(0);
    }
    return rows;
  }
};

TEST_F(BadInputTest, AnEmptyRequestToEveryMethodIsRefusedWithItsFields) {
  for (const Method& method : AllMethods()) {
    const auto* request = method.descriptor->input_type();
    if (request->FindFieldByName("page_token") && !request->FindFieldByName("parent")) {
      continue;  // Asks for everything, and may.
    }
    if (request->field_count() == 0) continue;  // Says nothing, so nothing can be wrong with it.
    ExpectRefused(method, "", "an empty request");
  }
}

TEST_F(BadInputTest, NonsenseInEveryFieldOfEveryMethodIsRefusedAndStoresNothing) {
  std::vector<int64_t> before;
  for (const Service service : kServices) before.push_back(RowsOf(service));
  const std::pair<std::string, int64_t> nonsense[] = {
      {"nonsense", -1},
      {"\x01\x02", INT64_MIN},
      {"' OR 1=1 --", INT64_MAX},
      {std::string(25'000, 'x'), 1'000'001},  // The whole request stays below a mebibyte.
      {"partners/00000000-0000-0000-0000-00000000000G", -1'000'000},
      {"partners/-/orders/-", 0},
  };
  for (const Method& method : AllMethods()) {
    if (method.descriptor->input_type()->field_count() == 0) continue;
    for (const auto& [text, number] : nonsense) {
      const auto request = method.NewRequest();
      FillWithNonsense(*request, text, number);
      ExpectRefused(method, request->SerializeAsString(), absl::StrCat("'", text.substr(0, 20), "' and ", number));
    }
  }
  size_t i = 0;
  for (const Service service : kServices) EXPECT_EQ(RowsOf(service), before[i++]) << NameOf(service);
}

TEST_F(BadInputTest, InvalidUtf8InEveryMethodIsInvalidArgument) {
  for (const Method& method : AllMethods()) {
    for (int i = 0; i < method.descriptor->input_type()->field_count(); ++i) {
      const FieldDescriptor* field = method.descriptor->input_type()->field(i);
      if (field->type() != FieldDescriptor::TYPE_STRING) continue;
      const std::string bytes =
          absl::StrCat(std::string(1, static_cast<char>(field->number() << 3 | 2)), "\x02\xC3\x28");
      ExpectRefused(method, bytes, absl::StrCat("invalid UTF-8 in ", field->name()));
    }
  }
}

TEST_F(BadInputTest, AFilterByTextThatNoColumnHoldsIsNeverAnInternalError) {
  Story story(suite());
  ASSERT_TRUE(story.RunUntil("invoice").ok());
  Names names;
  for (const std::string& name : {story.partner, story.customer, story.order, story.billing_account, story.offer,
                                  story.partner + "/statements/01900000-0000-7000-8000-000000000000"}) {
    names[KindOfName(name)] = name;
  }
  const std::string link = absl::StrCat("links/", story.url.substr(story.url.find("/c/") + 3, 36));
  names[KindOfName(link)] = link;
  const RequestMaker maker;
  size_t lists = 0;
  for (const Method& method : AllMethods()) {
    const auto* field = method.descriptor->input_type()->FindFieldByName("filter");
    if (field == nullptr) continue;
    ++lists;
    const auto request = maker.Make(method, names).message;
    const auto filtered = [&](const std::string& filter) {
      request->GetReflection()->SetString(request.get(), field, filter);
      return CallAs(suite(), kOperator, method, request->SerializeAsString());
    };
    const grpc::Status refused = filtered("nothing = 1");
    const std::vector<std::string> fields = FieldsNamedIn(refused);
    EXPECT_FALSE(fields.empty()) << method.name() << ": " << refused.error_message();
    for (const std::string& name : fields) {
      for (const std::string comparison : {"=", "!=", "<"}) {
        const grpc::Status status = filtered(absl::StrCat(name, " ", comparison, " \"\u00e4 \U0001F600\""));
        EXPECT_THAT(status.error_code(), ::testing::AnyOf(grpc::StatusCode::OK, grpc::StatusCode::INVALID_ARGUMENT))
            << method.name() << " by " << name << ": " << status.error_message();
        EXPECT_THAT(ViolatedFieldsOf(status), ::testing::Each("filter")) << method.name() << " by " << name;
      }
    }
  }
  EXPECT_GE(lists, 14u);
}

TEST_F(BadInputTest, BytesThatAreNoMessageAreInvalidArgument) {
  for (const Method& method : AllMethods()) ExpectRefused(method, "\xFF\xFF\xFF", "bytes that are no message");
}

TEST_F(BadInputTest, ARequestOfMoreThanAMebibyteIsInvalidArgument) {
  size_t asked = 0;
  for (const Method& method : AllMethods()) {
    const auto request = method.NewRequest();
    FillWithNonsense(*request, std::string(rpc::kMaxRequestBytes, 'x'), 1);
    const std::string bytes = request->SerializeAsString();
    if (bytes.size() <= rpc::kMaxRequestBytes || bytes.size() > rpc::kMaxReceiveBytes) continue;
    ++asked;
    ExpectRefused(method, bytes, "more than a mebibyte");
  }
  EXPECT_GE(asked, 5u);
}

TEST_F(BadInputTest, WhatOneServiceDecidesNoOtherMaySayForIt) {
  const std::set<std::string> owned = {"CheckSeller", "ConfirmOrder",  "DeclineOrder",      "ApplyPartnerState",
                                       "IssueLink",   "ActivateOrder", "ApplyOrderOutcome", "ApplyActivationOutcome"};
  std::set<std::string> asked;
  for (const Method& method : AllMethods()) {
    if (owned.count(method.descriptor->name()) == 0) continue;
    asked.insert(method.descriptor->name());
    const grpc::Status status = CallAs(suite(), "services/another-service", method, "");
    EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << method.descriptor->full_name();
    EXPECT_EQ(ReasonOf(status), "METHOD_NOT_ALLOWED");
  }
  EXPECT_EQ(asked, owned);
}

TEST_F(BadInputTest, EveryViolationOfARequestIsListed) {
  order::v1::CreateOrderRequest request;
  request.set_parent("partners/nonsense");
  request.mutable_order()->set_customer("nonsense");
  request.mutable_order()->set_currency_code("usd");
  request.mutable_order()->add_lines()->set_quantity(-5);
  order::v1::Order reply;
  const grpc::Status status = suite().stub<order::v1::OrderService>().CreateOrder(As(kOperator).get(), request, &reply);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(ViolatedFieldsOf(status),
              ::testing::IsSupersetOf({"parent", "order.customer", "order.partner_of_record", "order.currency_code",
                                       "order.lines[0].offer", "order.lines[0].quantity", "request_id"}));
}

}  // namespace
}  // namespace countersign::integration
