#include "billing-service/src/api/self_billing_service.h"

#include <vector>

#include "billing-service/src/api/self_billing_messages.h"
#include "billing-service/src/api/version_act.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::SelfBillingAgreement> SelfBillingService::Create(const rpc::Call& call,
                                                                    const CreateSelfBillingAgreementCommand& command) {
  const SelfBillingAgreement& version = command.version;
  ASSIGN_OR_RETURN(const std::vector<SelfBillingAgreement> versions,
                   agreements_.ReadOfPartner(call.deadline(), version.partner));
  RETURN_IF_ERROR(CheckNewVersion(version, versions, DateOf(call.now())));
  const v1::SelfBillingAgreement reply = ToProto(version);
  RETURN_IF_ERROR(CommitVersion(call, committer_, version, "SELF_BILLING_AGREEMENT_CREATED",
                                SelfBillingStore::Row(version), reply));
  return reply;
}

absl::StatusOr<v1::SelfBillingAgreement> SelfBillingService::Get(const rpc::Call& call,
                                                                 const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const SelfBillingAgreement version, agreements_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(version);
}

absl::StatusOr<v1::ListSelfBillingAgreementsResponse> SelfBillingService::List(const rpc::Call& call,
                                                                               const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<SelfBillingAgreement> page,
                   agreements_.List(call.deadline(), command.parent, command.list.page));
  v1::ListSelfBillingAgreementsResponse reply;
  for (const SelfBillingAgreement& version : page.items) *reply.add_self_billing_agreements() = ToProto(version);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
