#include "common/base/error.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/optional.h"
#include "nlohmann/json.hpp"

namespace countersign {
namespace {

using Json = nlohmann::json;

// The details travel inside the status as a payload, so that plain absl::Status serves every layer.
constexpr absl::string_view kPayloadUrl = "countersign/error-details";
constexpr absl::string_view kInvalidField = "INVALID_FIELD";
constexpr absl::string_view kLostRace = "LOST_RACE";

absl::Cord Encode(const ErrorDetails& details) {
  Json violations = Json::array();
  for (const FieldViolation& violation : details.violations) {
    violations.push_back({violation.field, violation.description});
  }
  const Json json = {{"reason", details.reason}, {"metadata", details.metadata}, {"violations", violations}};
  // Callers put request text into errors; replacing invalid UTF-8 keeps dump from throwing.
  return absl::Cord(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

absl::Status WithDetails(absl::Status status, const ErrorDetails& details) {
  status.SetPayload(kPayloadUrl, Encode(details));
  return status;
}

ErrorDetails DetailsOf(const absl::Status& status) {
  ErrorDetails details;
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return details;
  const Json json = Json::parse(std::string(*payload));  // Written by Encode alone.
  details.reason = json.at("reason");
  details.metadata = json.at("metadata").get<ErrorMetadata>();
  for (const Json& violation : json.at("violations")) details.violations.push_back({violation.at(0), violation.at(1)});
  return details;
}

absl::Status Error(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                   const ErrorMetadata& metadata) {
  return WithDetails(absl::Status(code, message), {std::string(reason), metadata, {}});
}

absl::Status FailedPrecondition(absl::string_view reason, absl::string_view message, const ErrorMetadata& metadata) {
  return Error(absl::StatusCode::kFailedPrecondition, reason, message, metadata);
}

absl::Status NotFound(absl::string_view reason, absl::string_view message, const ErrorMetadata& metadata) {
  return Error(absl::StatusCode::kNotFound, reason, message, metadata);
}

absl::Status AlreadyExists(absl::string_view reason, absl::string_view message, const ErrorMetadata& metadata) {
  return Error(absl::StatusCode::kAlreadyExists, reason, message, metadata);
}

absl::Status InvalidField(absl::string_view field, absl::string_view description) {
  FieldViolations violations;
  violations.Add(field, description);
  return violations.ToStatus();
}

absl::Status LostRace() {
  static const auto* const lost_race = new absl::Status(  // Made once: each row to be written carries one.
      Error(absl::StatusCode::kAborted, kLostRace, "the resource changed meanwhile; read it again and retry"));
  return *lost_race;
}

bool IsLostRace(const absl::Status& status) {
  return status.code() == absl::StatusCode::kAborted && DetailsOf(status).reason == kLostRace;
}

void FieldViolations::Add(absl::string_view field, absl::string_view description) {
  violations_.push_back({std::string(field), std::string(description)});
}

void FieldViolations::AddIfError(absl::string_view field, const absl::Status& status) {
  if (!status.ok()) Add(field, status.message());
}

absl::Status FieldViolations::ToStatus() const {
  if (violations_.empty()) return absl::OkStatus();
  const auto name = [](std::string* out, const FieldViolation& v) { absl::StrAppend(out, v.field); };
  const auto sentence = [](std::string* out, const FieldViolation& v) {
    absl::StrAppend(out, v.field, ": ", v.description);
  };
  return WithDetails(absl::InvalidArgumentError(absl::StrJoin(violations_, "; ", sentence)),
                     {std::string(kInvalidField), {{"fields", absl::StrJoin(violations_, ",", name)}}, violations_});
}

}  // namespace countersign
