// Requests of AgreementService, checked and in the domain's types. An agreement's id is a slug, not a UUID.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_AGREEMENT_REQUESTS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_AGREEMENT_REQUESTS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/partner/v1/agreement_service.pb.h"

namespace countersign::partner {

struct CreateAgreementCommand {
  Uuid tenant;  // AgreementTenant().
  std::string agreement_id;
  std::string title;
  std::optional<absl::Time> effective_time;  // None: now.
  std::string document_sha256;               // 32 bytes.
  std::string document_uri;                  // May be empty.
};
absl::StatusOr<CreateAgreementCommand> ParseCreateAgreement(const rpc::Call& call,
                                                            const v1::CreateAgreementRequest& request);

struct GetAgreementCommand {
  std::string agreement_id;
};
absl::StatusOr<GetAgreementCommand> ParseGetAgreement(const rpc::Call& call, const v1::GetAgreementRequest& request);

struct AcceptAgreementCommand {
  Uuid tenant;  // The partner.
  std::string agreement_id;
  std::string accepted_by;
  std::string etag;
};
absl::StatusOr<AcceptAgreementCommand> ParseAcceptAgreement(const rpc::Call& call,
                                                            const v1::AcceptAgreementRequest& request);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_AGREEMENT_REQUESTS_H_
