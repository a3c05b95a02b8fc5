#include "partner-service/src/api/agreement_handlers.h"

#include "common/base/status_macros.h"
#include "partner-service/src/api/partner_messages.h"

namespace countersign::partner {

absl::StatusOr<v1::Agreement> AgreementHandlers::Create(const rpc::Call& call, const CreateAgreement& command) {
  const Agreement agreement{.agreement_id = command.agreement_id,
                            .title = command.title,
                            .effective_time = command.effective_time.value_or(call.now()),
                            .document_sha256 = command.document_sha256,
                            .document_uri = command.document_uri,
                            .create_time = call.now()};
  RETURN_IF_ERROR(CheckNewAgreement(agreement, call.now()));
  RETURN_IF_ERROR(agreements_.CheckFree(call.deadline(), agreement.agreement_id));
  const v1::Agreement reply = ToProto(agreement);
  if (call.validate_only()) return reply;
  const events::Event event = call.MakeEvent(command.tenant, AgreementAggregate(agreement.agreement_id), /*version=*/1,
                                             "AGREEMENT_CREATED", EventOf(agreement), reply);
  RETURN_IF_ERROR(agreements_.Insert(call.deadline(), agreement, call.MakeChange({event}, reply)));
  return reply;
}

absl::StatusOr<v1::Agreement> AgreementHandlers::Get(const rpc::Call& call, const GetAgreement& command) const {
  ASSIGN_OR_RETURN(const Agreement agreement, agreements_.Find(call.deadline(), command.agreement_id));
  return ToProto(agreement);
}

absl::StatusOr<v1::ListAgreementsResponse> AgreementHandlers::List(const rpc::Call& call,
                                                                   const ListAgreements& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Agreement> page, agreements_.List(call.deadline(), command.list.page));
  v1::ListAgreementsResponse reply;
  for (const Agreement& agreement : page.items) *reply.add_agreements() = ToProto(agreement);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::ListAgreementAcceptancesResponse> AgreementHandlers::ListAcceptances(
    const rpc::Call& call, const ListUnderPartner& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<AgreementAcceptance> page,
                   agreements_.ListAcceptances(call.deadline(), command.partner, command.list.page));
  v1::ListAgreementAcceptancesResponse reply;
  for (const AgreementAcceptance& acceptance : page.items) *reply.add_agreement_acceptances() = ToProto(acceptance);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::partner
