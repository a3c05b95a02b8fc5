// Requests about the partner agreement, checked and in the domain's types: as partner_requests.h.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_AGREEMENT_REQUESTS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_AGREEMENT_REQUESTS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "common/rpc/page.h"
#include "countersign/partner/v1/partner_service.pb.h"
#include "partner-service/src/api/partner_requests.h"

namespace countersign::partner {

// "agreements/{agreement}" → the id, 1 to 32 of a–z, 0–9 and hyphen.
std::string RequireAgreement(FieldViolations& violations, absl::string_view field, absl::string_view value);

struct CreateAgreement {
  Uuid tenant;  // AgreementTenant().
  std::string agreement_id;
  std::string title;
  std::optional<absl::Time> effective_time;  // None: now.
  std::string document_sha256;               // 32 bytes.
  std::string document_uri;                  // May be empty.
};
absl::StatusOr<CreateAgreement> ParseCreateAgreement(const rpc::Call& call, const v1::CreateAgreementRequest& request);

struct GetAgreement {
  std::string agreement_id;
};
absl::StatusOr<GetAgreement> ParseGetAgreement(const rpc::Call& call, const v1::GetAgreementRequest& request);

struct ListAgreements {
  rpc::Listing list;
};
absl::StatusOr<ListAgreements> ParseListAgreements(const rpc::Call& call, const v1::ListAgreementsRequest& request);

absl::StatusOr<ListUnderPartner> ParseListAgreementAcceptances(const rpc::Call& call,
                                                               const v1::ListAgreementAcceptancesRequest& request);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_AGREEMENT_REQUESTS_H_
