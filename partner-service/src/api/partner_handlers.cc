#include "partner-service/src/api/partner_handlers.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"
#include "partner-service/src/api/partner_messages.h"

namespace countersign::partner {
namespace {

// What Commit needs to know: this version's event, and the reply to give again.
events::Change ChangeOf(const rpc::Call& call, const Partner& partner, absl::string_view event_type,
                        const v1::Partner& reply, absl::string_view reason = "") {
  return call.MakeChange({call.MakeEvent(partner.partner_id, partner.partner_id, partner.version, event_type,
                                         EventOf(partner), reply, reason)},
                         reply);
}

}  // namespace

absl::StatusOr<v1::Partner> PartnerHandlers::Create(const rpc::Call& call, const CreatePartner& command) {
  Partner partner;
  partner.partner_id = command.tenant;
  partner.partner_number = command.partner_number;
  partner.display_name = command.display_name;
  partner.contact_email = command.contact_email;
  partner.create_time = partner.update_time = call.now();
  const v1::Partner reply = ToProto(partner, /*current_agreement=*/"");  // A new partner has accepted none.
  if (call.validate_only()) {
    RETURN_IF_ERROR(partners_.CheckNumber(call.deadline(), partner.partner_number, partner.partner_id));
    return reply;
  }
  // The number is unique beyond the partner, so it is reserved first; should the next step fail, the same request
  // finds its own reservation when it comes again.
  RETURN_IF_ERROR(partners_.ReserveNumber(call.deadline(), partner.partner_number, partner.partner_id, call.now()));
  RETURN_IF_ERROR(partners_.Insert(call.deadline(), partner, ChangeOf(call, partner, "PARTNER_CREATED", reply)));
  return reply;
}

absl::StatusOr<v1::Partner> PartnerHandlers::Get(const rpc::Call& call, const GetPartner& command) {
  ASSIGN_OR_RETURN(const Partner partner, partners_.Find(call.deadline(), command.partner));
  ASSIGN_OR_RETURN(const std::string current, agreements_.Current(call.deadline(), call.now()));
  return ToProto(partner, current);
}

absl::StatusOr<v1::ListPartnersResponse> PartnerHandlers::List(const rpc::Call& call, const ListPartners& command) {
  ASSIGN_OR_RETURN(const std::string current, agreements_.Current(call.deadline(), call.now()));
  ASSIGN_OR_RETURN(const mysql::Page<Partner> page, partners_.List(call.deadline(), command.list.page));
  v1::ListPartnersResponse reply;
  for (const Partner& partner : page.items) *reply.add_partners() = ToProto(partner, current);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Partner> PartnerHandlers::Lookup(const rpc::Call& call, const LookupPartner& command) {
  ASSIGN_OR_RETURN(const Partner partner, partners_.FindByNumber(call.deadline(), command.partner_number));
  ASSIGN_OR_RETURN(const std::string current, agreements_.Current(call.deadline(), call.now()));
  return ToProto(partner, current);
}

absl::StatusOr<v1::Partner> PartnerHandlers::Update(const rpc::Call& call, const UpdatePartner& command) {
  ASSIGN_OR_RETURN(const Partner partner, partners_.Find(call.deadline(), command.tenant));
  ASSIGN_OR_RETURN(const std::string current, agreements_.Current(call.deadline(), call.now()));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, partner.version));
  const Partner next = partner::Update(partner, command.change, call.now());
  const v1::Partner reply = ToProto(next, current);
  RETURN_IF_ERROR(partners_.Update(call.deadline(), next, ChangeOf(call, next, "PARTNER_UPDATED", reply)));
  return reply;
}

absl::StatusOr<v1::Partner> PartnerHandlers::AcceptAgreement(const rpc::Call& call,
                                                             const AcceptAgreementCommand& command) {
  ASSIGN_OR_RETURN(const Partner partner, partners_.Find(call.deadline(), command.tenant));
  ASSIGN_OR_RETURN(const std::string current, agreements_.Current(call.deadline(), call.now()));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, partner.version));
  ASSIGN_OR_RETURN(const Partner next,
                   partner::AcceptAgreement(partner, command.agreement, current, command.accepted_by, call.now()));
  const v1::Partner reply = ToProto(next, current);
  const AgreementAcceptance acceptance{.partner_id = next.partner_id,
                                       .acceptance_id = call.DerivedId("agreement_acceptance"),
                                       .agreement_id = next.accepted_agreement,
                                       .accepted_by = next.agreement_accepted_by,
                                       .recorded_by = call.caller().name,
                                       .accept_time = call.now()};
  RETURN_IF_ERROR(
      partners_.Accept(call.deadline(), next, acceptance, ChangeOf(call, next, "PARTNER_AGREEMENT_ACCEPTED", reply)));
  return reply;
}

absl::StatusOr<v1::Partner> PartnerHandlers::Transit(const rpc::Call& call, PartnerAct act, const Transition& command) {
  ASSIGN_OR_RETURN(const Partner partner, partners_.Find(call.deadline(), command.tenant));
  ASSIGN_OR_RETURN(const std::string current, agreements_.Current(call.deadline(), call.now()));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, partner.version));
  ASSIGN_OR_RETURN(const Partner next, Apply(partner, act, command.reason, call.now()));
  const v1::Partner reply = ToProto(next, current);
  const std::string event_type = absl::StrCat("PARTNER_", PastTense(act));
  RETURN_IF_ERROR(partners_.Update(call.deadline(), next, ChangeOf(call, next, event_type, reply, command.reason)));
  return reply;
}

}  // namespace countersign::partner
