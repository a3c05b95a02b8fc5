#include "partner-service/src/api/agreement_handlers.h"

#include <cstdint>
#include <string>
#include <vector>

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
  const mysql::Event event = call.MakeEvent(command.tenant, AgreementAggregate(agreement.agreement_id), /*version=*/1,
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
  ASSIGN_OR_RETURN(std::vector<Agreement> agreements,
                   agreements_.List(call.deadline(), command.page.after, int64_t{command.page.size} + 1));
  v1::ListAgreementsResponse reply;
  if (CutToPage(agreements, command.page.size)) {
    reply.set_next_page_token(rpc::NextPageToken(call, /*filter=*/"", agreements.back().agreement_id));
  }
  for (const Agreement& agreement : agreements) *reply.add_agreements() = ToProto(agreement);
  return reply;
}

absl::StatusOr<v1::ListAgreementAcceptancesResponse> AgreementHandlers::ListAcceptances(
    const rpc::Call& call, const ListUnderPartner& command) const {
  ASSIGN_OR_RETURN(std::vector<AgreementAcceptance> acceptances,
                   agreements_.ListAcceptances(call.deadline(), command.partner, PositionOf(command.page.after),
                                               int64_t{command.page.size} + 1));
  v1::ListAgreementAcceptancesResponse reply;
  if (CutToPage(acceptances, command.page.size)) {
    const Position last{acceptances.back().accept_time, acceptances.back().acceptance_id};
    reply.set_next_page_token(rpc::NextPageToken(call, command.scope, ToText(last)));
  }
  for (const AgreementAcceptance& acceptance : acceptances) *reply.add_agreement_acceptances() = ToProto(acceptance);
  return reply;
}

}  // namespace countersign::partner
