#include "integration-tests/plausible.h"

#include <fstream>
#include <regex>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"
#include "google/type/postal_address.pb.h"
#include "integration-tests/messages.h"
#include "integration-tests/story.h"

namespace countersign::integration {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kMaxDepth = 4;
constexpr int64_t kSomeTime = 1243850400;  // 2009-06-01, when the business clock starts.

// Required texts whose form matters, by the field's name.
std::string TextFor(absl::string_view field) {
  static const auto* const texts = new std::map<std::string, std::string, std::less<>>{
      {"currency_code", "USD"},
      {"contact_email", "kim@contoso.example"},
      {"billing_email", "accounts@contoso.example"},
      {"confirmer_email", "kim@contoso.example"},
      {"partner_number", "P-4711"},
      {"tenant", "01900000-0000-7000-8000-000000000000"},
      {"aggregate", "01900000-0000-7000-8000-000000000001"},
      {"product", "offers/-"},
  };
  if (field == "request_id") return NewRequestId();
  const auto found = texts->find(field);
  return found == texts->end() ? "example" : found->second;
}

int32_t NumberFor(absl::string_view field) { return field == "quantity" ? 25 : 1; }

bool IsName(absl::string_view text) {
  static const auto* const pattern =
      new std::regex("[a-z][a-zA-Z]+/[^/\" ]+(/[a-z][a-zA-Z]+/[^/\" ]+)*(/[a-z][a-zA-Z]+)?");
  return std::regex_match(text.begin(), text.end(), *pattern);
}

// The first name that a comment documents, without its quotes.
const std::regex& DocumentedName() {
  static const auto* const pattern =
      new std::regex("\"([a-z][a-zA-Z]+/\\{[a-z_]+\\}(?:/[a-z][a-zA-Z]+/\\{[a-z_]+\\})*(?:/[a-z][a-zA-Z]+)?)\"");
  return *pattern;
}

void SetText(Message& message, const FieldDescriptor* field, const std::string& text) {
  if (field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return;
  const Reflection& reflection = *message.GetReflection();
  field->is_repeated() ? reflection.AddString(&message, field, text) : reflection.SetString(&message, field, text);
}

void SetScalar(Message& message, const FieldDescriptor* field) {
  const Reflection& reflection = *message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      SetText(message, field,
              field->type() == FieldDescriptor::TYPE_BYTES ? std::string(32, 'x') : TextFor(field->name()));
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      if (!field->is_repeated()) reflection.SetInt32(&message, field, NumberFor(field->name()));
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      if (!field->is_repeated()) reflection.SetInt64(&message, field, NumberFor(field->name()));
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      if (!field->is_repeated()) reflection.SetEnumValue(&message, field, field->enum_type()->value(1)->number());
      break;
    default:
      break;
  }
}

// Types whose comments say nothing of what is required here. False for any other.
bool FillGoogleType(Message& message) {
  if (auto* time = dynamic_cast<google::protobuf::Timestamp*>(&message)) {
    time->set_seconds(kSomeTime);
  } else if (auto* date = dynamic_cast<google::type::Date*>(&message)) {
    date->set_year(2009);
    date->set_month(6);
    date->set_day(1);
  } else if (auto* money = dynamic_cast<google::type::Money*>(&message)) {
    money->set_currency_code("USD");
    money->set_units(10);
  } else if (auto* address = dynamic_cast<google::type::PostalAddress*>(&message)) {
    address->set_region_code("US");
    address->set_locality("Springfield");
    address->add_address_lines("1 Main Street");
  } else {
    return absl::StartsWith(message.GetDescriptor()->full_name(), "google.");
  }
  return true;
}

}  // namespace

std::string KindOfName(absl::string_view name) {
  if (!IsName(name)) return "";
  std::vector<std::string> parts = absl::StrSplit(name, '/');
  for (size_t i = 1; i < parts.size(); i += 2) parts[i] = "*";
  return absl::StrJoin(parts, "/");
}

Names NamesOfNothing(const Names& names) {
  static const auto* const uuid = new std::regex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  std::map<std::string, std::string> replaced;  // A child stays below its parent.
  Names nothing;
  for (const auto& [kind, name] : names) {
    std::string& other = nothing[kind] = name;
    for (std::sregex_iterator id(name.begin(), name.end(), *uuid); id != std::sregex_iterator(); ++id) {
      const auto [with, is_new] = replaced.try_emplace(id->str());
      if (is_new) with->second = NewRequestId();
      absl::StrReplaceAll({{id->str(), with->second}}, &other);
    }
  }
  return nothing;
}

void CollectNames(const Message& message, Names& names) {
  for (const std::string& text : TextsOf(message)) {
    if (const std::string kind = KindOfName(text); !kind.empty()) names.emplace(kind, text);
  }
}

RequestMaker::RequestMaker() {
  std::ifstream file(COUNTERSIGN_DESCRIPTOR_SET, std::ios::binary);
  google::protobuf::FileDescriptorSet set;
  set.ParseFromIstream(&file);
  for (const google::protobuf::FileDescriptorProto& proto : set.file()) pool_.BuildFile(proto);
}

std::string RequestMaker::CommentOf(const FieldDescriptor* field) const {
  const auto* message = pool_.FindMessageTypeByName(field->containing_type()->full_name());
  if (message == nullptr) return "";
  google::protobuf::SourceLocation location;
  const FieldDescriptor* commented = message->FindFieldByNumber(field->number());
  if (commented == nullptr || !commented->GetSourceLocation(&location)) return "";
  return location.leading_comments;
}

RequestMaker::Request RequestMaker::Make(const Method& method, const Names& names) const {
  Request request;
  request.message = method.NewRequest();
  const auto* type = method.descriptor->input_type();
  // Without a name or parent field, the resource in the request names itself.
  const bool resource_is_named = type->FindFieldByName("name") != nullptr || type->FindFieldByName("parent") != nullptr;
  Fill(*request.message, names, 0, !resource_is_named, request);
  return request;
}

void RequestMaker::Fill(Message& message, const Names& names, int depth, bool with_name, Request& request) const {
  if (FillGoogleType(message) || depth > kMaxDepth) return;
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    const std::string comment = CommentOf(field);
    const bool names_it = depth == 1 && with_name && field->name() == "name";
    if (absl::StrContains(comment, "Output only") && !names_it) continue;
    std::smatch pattern;
    if (std::regex_search(comment, pattern, DocumentedName())) {
      const std::string kind = KindOfName(pattern[1].str());
      const auto name = names.find(kind);
      (name == names.end() ? request.missing : request.kinds).insert(kind);
      if (name != names.end()) SetText(message, field, name->second);
    } else if (!absl::StrContains(comment, "Required") && field->name() != "currency_code") {
      continue;  // An update must have something to change: a currency, where all is optional.
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const Reflection& reflection = *message.GetReflection();
      Fill(field->is_repeated() ? *reflection.AddMessage(&message, field) : *reflection.MutableMessage(&message, field),
           names, depth + 1, with_name, request);
    } else {
      SetScalar(message, field);
    }
  }
}

}  // namespace countersign::integration
