#include "partner-service/src/api/agreement_requests.h"

#include <cstddef>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "common/base/hex.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/names.h"
#include "partner-service/src/api/names.h"
#include "partner-service/src/domain/agreement.h"

namespace countersign::partner {
namespace {

constexpr size_t kMaxUriBytes = 500;

std::vector<mysql::FilterField> AgreementFilterFields() {
  return {{"title", "title"},
          {"effective_time", "effective_time", mysql::FilterType::kTime},
          {"create_time", "create_time", mysql::FilterType::kTime}};
}

std::vector<mysql::FilterField> AcceptanceFilterFields() {
  return {{"agreement", "agreement_id", mysql::FilterType::kSlug, {kAgreementPrefix}},
          {"accepted_by", "accepted_by"},
          {"recorded_by", "recorded_by", mysql::FilterType::kAscii},
          {"accept_time", "accept_time", mysql::FilterType::kTime}};
}

bool IsAgreementId(absl::string_view id) { return rpc::IsSlug(id, 32); }

// 64 lower-case hexadecimal digits → 32 bytes.
std::string RequireSha256(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  const bool allowed = value.size() == 64 && absl::c_all_of(value, [](unsigned char c) {
                         return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
                       });
  if (allowed) return HexToBytes(value);
  violations.Add(field, "must be 64 lower-case hexadecimal digits, the SHA-256 of the document");
  return "";
}

std::string RequireUri(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  const bool allowed = value.size() <= kMaxUriBytes && absl::StartsWith(value, "https://") &&
                       absl::c_all_of(value, [](unsigned char c) { return absl::ascii_isgraph(c); });
  if (!value.empty() && !allowed) violations.Add(field, "must be empty or an https:// URL of at most 500 characters");
  return std::string(value);
}

}  // namespace

std::string RequireAgreement(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  absl::string_view id = value;
  if (!absl::ConsumePrefix(&id, kAgreementPrefix) || !IsAgreementId(id)) {
    violations.Add(field, "must be agreements/{agreement}");
  }
  return std::string(id);
}

absl::StatusOr<CreateAgreement> ParseCreateAgreement(const rpc::Call& /*call*/,
                                                     const v1::CreateAgreementRequest& request) {
  FieldViolations violations;
  const v1::Agreement& agreement = request.agreement();
  CreateAgreement command;
  command.tenant = AgreementTenant();
  command.agreement_id = request.agreement_id();
  if (!IsAgreementId(command.agreement_id)) {
    violations.Add("agreement_id", "must be 1 to 32 of a–z, 0–9 and hyphen");
  }
  command.title = rpc::RequireText(violations, "agreement.title", agreement.title(), 1, 200);
  if (agreement.has_effective_time()) {
    command.effective_time = rpc::RequireTime(violations, "agreement.effective_time", true, agreement.effective_time());
  }
  command.document_sha256 = RequireSha256(violations, "agreement.document_sha256", agreement.document_sha256());
  command.document_uri = RequireUri(violations, "agreement.document_uri", agreement.document_uri());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<GetAgreement> ParseGetAgreement(const rpc::Call& /*call*/, const v1::GetAgreementRequest& request) {
  FieldViolations violations;
  GetAgreement command{.agreement_id = RequireAgreement(violations, "name", request.name())};
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<ListAgreements> ParseListAgreements(const rpc::Call& call, const v1::ListAgreementsRequest& request) {
  FieldViolations violations;
  ListAgreements command;
  command.list = rpc::RequireListing(violations, call, request, AgreementFilterFields());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<ListUnderPartner> ParseListAgreementAcceptances(const rpc::Call& call,
                                                               const v1::ListAgreementAcceptancesRequest& request) {
  return ParseListUnderPartner(call, request, AcceptanceFilterFields());
}

}  // namespace countersign::partner
