#include "partner-service/src/api/agreement_requests.h"

#include <cstddef>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/hex.h"
#include "common/base/slug.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "partner-service/src/api/names.h"
#include "partner-service/src/domain/agreement.h"

namespace countersign::partner {
namespace {

constexpr size_t kMaxAgreementIdBytes = 32;  // As wide as its column, which is narrower than a slug.
constexpr size_t kMaxUriBytes = 500;

bool IsAgreementId(absl::string_view id) { return IsSlug(id) && id.size() <= kMaxAgreementIdBytes; }

// "agreements/{agreement}" → the id.
std::string RequireAgreement(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  absl::string_view id = value;
  if (!absl::ConsumePrefix(&id, kAgreementPrefix) || !IsAgreementId(id)) {
    violations.Add(field, "must be agreements/{agreement}");
  }
  return std::string(id);
}

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
  if (!value.empty() && !allowed) {
    violations.Add(field, absl::StrCat("must be empty or an https:// URL of at most ", kMaxUriBytes, " characters"));
  }
  return std::string(value);
}

}  // namespace

absl::StatusOr<CreateAgreementCommand> ParseCreateAgreement(const rpc::Call& /*call*/,
                                                            const v1::CreateAgreementRequest& request) {
  FieldViolations violations;
  const v1::Agreement& agreement = request.agreement();
  CreateAgreementCommand command;
  command.tenant = AgreementTenant();
  command.agreement_id = request.agreement_id();
  if (!IsAgreementId(command.agreement_id)) {
    violations.Add("agreement_id", absl::StrCat("must be 1 to ", kMaxAgreementIdBytes, " of a–z, 0–9 and hyphen"));
  }
  command.title = rpc::RequireText(violations, "agreement.title", agreement.title(), 1, kMaxTitleChars);
  if (agreement.has_effective_time()) {
    command.effective_time = rpc::RequireTime(violations, "agreement.effective_time", true, agreement.effective_time());
  }
  command.document_sha256 = RequireSha256(violations, "agreement.document_sha256", agreement.document_sha256());
  command.document_uri = RequireUri(violations, "agreement.document_uri", agreement.document_uri());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<GetAgreementCommand> ParseGetAgreement(const rpc::Call& /*call*/,
                                                      const v1::GetAgreementRequest& request) {
  FieldViolations violations;
  GetAgreementCommand command{.agreement_id = RequireAgreement(violations, "name", request.name())};
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<AcceptAgreementCommand> ParseAcceptAgreement(const rpc::Call& call,
                                                            const v1::AcceptAgreementRequest& request) {
  FieldViolations violations;
  AcceptAgreementCommand command;
  command.tenant = rpc::RequireName(violations, "name", kPartnerName, request.name())[0];
  command.agreement_id = RequireAgreement(violations, "agreement", request.agreement());
  command.accepted_by = rpc::RequireText(violations, "accepted_by", request.accepted_by(), 1, kMaxTitleChars);
  command.etag = request.etag();
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

}  // namespace countersign::partner
