#include "integration-tests/scenario.h"

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "countersign/partner/v1/api_key_service.grpc.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/text_format.h"
#include "integration-tests/story.h"

namespace countersign::integration {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The field at "orders.0.name" as text; empty when it is not there.
std::string ValueAt(const Message& message, const std::string& path) {
  const std::vector<std::string> parts = absl::StrSplit(path, '.');
  const Message* at = &message;
  for (size_t i = 0; i < parts.size(); ++i) {
    const FieldDescriptor* field = at->GetDescriptor()->FindFieldByName(parts[i]);
    if (field == nullptr) return "";
    int index = -1;
    if (field->is_repeated()) {
      if (++i == parts.size() || !absl::SimpleAtoi(parts[i], &index)) return "";
      if (index >= at->GetReflection()->FieldSize(*at, field)) return "";
    }
    if (i + 1 == parts.size()) {
      std::string text;
      google::protobuf::TextFormat::PrintFieldValueToString(*at, field, index, &text);
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) text = text.substr(1, text.size() - 2);
      return text;
    }
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return "";
    at = index < 0 ? &at->GetReflection()->GetMessage(*at, field)
                   : &at->GetReflection()->GetRepeatedMessage(*at, field, index);
  }
  return "";
}

void SetRequestId(Message& request) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("request_id");
  if (field != nullptr) request.GetReflection()->SetString(&request, field, NewRequestId());
}

}  // namespace

absl::StatusOr<std::vector<Scenario::Step>> Scenario::Read(const std::string& path) {
  std::ifstream file(path);
  std::vector<Step> steps;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (absl::StripAsciiWhitespace(line).empty() || line[0] == '#') continue;
    const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words[0] == "@") {
      if (words.size() < 3) return absl::InvalidArgumentError(absl::StrCat("scenario line ", number));
      steps.push_back({number, words[1], words[2], words.size() > 3 ? words[3] : "", "", {}});
    } else if (steps.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("scenario line ", number, ": before the first call"));
    } else if (words[0] == "=") {
      steps.back().keeps.emplace_back(words.at(1), words.at(2));
    } else {
      absl::StrAppend(&steps.back().body, line, "\n");
    }
  }
  if (steps.empty()) return absl::NotFoundError(absl::StrCat("no scenario in ", path));
  return steps;
}

std::string Scenario::Fill(const std::string& text) {
  static const std::regex variable(R"(\$([a-z_]+))");
  std::string filled;
  auto rest = text.cbegin();
  for (auto match = std::sregex_iterator(text.begin(), text.end(), variable); match != std::sregex_iterator();
       ++match) {
    const std::string name = (*match)[1];
    if (absl::StartsWith(name, "id_")) variables_.try_emplace(name, NewRequestId());
    filled.append(rest, (*match)[0].first);
    filled.append(variables_[name]);
    rest = (*match)[0].second;
  }
  filled.append(rest, text.cend());
  return filled;
}

absl::Status Scenario::Play(const std::string& path) {
  ASSIGN_OR_RETURN(const std::vector<Step> steps, Read(path));
  for (const Step& step : steps) {
    int made = 0;
    for (const Method& method : methods_) {
      if (method.name() != step.method || (!step.server.empty() && NameOf(method.service) != step.server)) continue;
      RETURN_IF_ERROR(Make(step, method));
      ++made;
    }
    if (made == 0)
      return absl::NotFoundError(absl::StrCat("scenario line ", step.line, ": nobody serves ", step.method));
  }
  return absl::OkStatus();
}

absl::Status Scenario::Make(const Step& step, const Method& method) {
  const std::shared_ptr<Message> request = method.NewRequest();
  if (!google::protobuf::TextFormat::ParseFromString(Fill(step.body), request.get())) {
    return absl::InvalidArgumentError(absl::StrCat("scenario line ", step.line, ": no such request"));
  }
  SetRequestId(*request);
  const std::string caller = Fill(step.caller);
  std::string bytes;
  grpc::Status status;
  const auto is_done = [&] {
    status = CallAs(suite_, caller, method, request->SerializeAsString(), &bytes);
    const std::unique_ptr<Message> reply = method.NewReply();
    if (!status.ok() || !reply->ParseFromString(bytes)) return method.mutates();
    bool all_kept = true;
    for (const auto& [variable, path] : step.keeps) {
      variables_[variable] = ValueAt(*reply, path);
      all_kept = all_kept && !variables_[variable].empty();
    }
    return all_kept;
  };
  const absl::Status done = Eventually(absl::StrCat("line ", step.line, " of the scenario succeeds"), is_done);
  if (!status.ok() || !done.ok()) {
    return absl::InternalError(absl::StrCat(step.method, " of ", NameOf(method.service), ": ", done.ToString(), " ",
                                            status.error_message(), " ", ReasonOf(status)));
  }
  // A partner calls with the first key that it got.
  if (const auto* made = dynamic_cast<const partner::v1::CreateApiKeyRequest*>(request.get())) {
    partner::v1::ApiKey key;
    if (key.ParseFromString(bytes) && KeyOf(made->parent()).empty()) RememberKey(made->parent(), key.key());
  }
  recorded_.push_back({method, caller, request, bytes});
  return absl::OkStatus();
}

}  // namespace countersign::integration
