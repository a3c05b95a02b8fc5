#include "partner-service/src/api/agreement_service.h"

#include <string>

#include "common/base/status_macros.h"
#include "common/rpc/etag.h"
#include "partner-service/src/api/agreement_messages.h"
#include "partner-service/src/api/partner_messages.h"

namespace countersign::partner {

absl::StatusOr<v1::Agreement> AgreementService::Create(const rpc::Call& call, const CreateAgreementCommand& command) {
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
  const events::Event event = call.MakeEvent({.aggregate = AgreementAggregate(agreement.agreement_id),
                                              .version = 1,
                                              .type = "AGREEMENT_CREATED",
                                              .payload = EventOf(agreement),
                                              .resource = reply});
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = {AgreementStore::Row(agreement)}, .events = {event}, .reply = reply})));
  return reply;
}

absl::StatusOr<v1::Agreement> AgreementService::Get(const rpc::Call& call, const GetAgreementCommand& command) const {
  ASSIGN_OR_RETURN(const Agreement agreement, agreements_.Get(call.deadline(), command.agreement_id));
  return ToProto(agreement);
}

absl::StatusOr<v1::ListAgreementsResponse> AgreementService::List(const rpc::Call& call,
                                                                  const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Agreement> page, agreements_.List(call.deadline(), command.list.page));
  v1::ListAgreementsResponse reply;
  for (const Agreement& agreement : page.items) *reply.add_agreements() = ToProto(agreement);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Partner> AgreementService::Accept(const rpc::Call& call, const AcceptAgreementCommand& command) {
  ASSIGN_OR_RETURN(const Partner partner, partners_.Get(call.deadline(), command.tenant));
  ASSIGN_OR_RETURN(const std::string current, agreements_.GetCurrent(call.deadline(), call.now()));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, partner.version));
  ASSIGN_OR_RETURN(const Partner next,
                   partner::AcceptAgreement(partner, command.agreement_id, current, command.accepted_by, call.now()));
  const AgreementAcceptance acceptance{.partner_id = next.partner_id,
                                       .acceptance_id = call.DerivedId("agreement_acceptance"),
                                       .agreement_id = next.accepted_agreement,
                                       .accepted_by = next.agreement_accepted_by,
                                       .recorded_by = call.caller().name,
                                       .accept_time = call.now()};
  const v1::Partner reply = ToProto(next, current);
  const events::Event event = call.MakeEvent({.aggregate = next.partner_id,
                                              .version = next.version,
                                              .type = "PARTNER_AGREEMENT_ACCEPTED",
                                              .payload = EventOf(next),
                                              .resource = reply});
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(),
      call.ChangeOf(
          {.rows = {PartnerStore::Row(next), AgreementStore::Row(acceptance)}, .events = {event}, .reply = reply})));
  return reply;
}

absl::StatusOr<v1::ListAgreementAcceptancesResponse> AgreementService::ListAcceptances(
    const rpc::Call& call, const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<AgreementAcceptance> page,
                   agreements_.ListAcceptances(call.deadline(), command.parent, command.list.page));
  v1::ListAgreementAcceptancesResponse reply;
  for (const AgreementAcceptance& acceptance : page.items) *reply.add_agreement_acceptances() = ToProto(acceptance);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::partner
