#include "partner-service/src/api/partner_service.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"
#include "partner-service/src/api/partner_messages.h"

namespace countersign::partner {

absl::StatusOr<v1::Partner> PartnerService::Create(const rpc::Call& call, const CreatePartnerCommand& command) {
  const Partner partner = NewPartner(command.tenant, command.partner_number, command.fields, call.now());
  const v1::Partner reply = ToProto(partner, /*current_agreement=*/"");  // A new partner has accepted none.
  if (call.validate_only()) {
    RETURN_IF_ERROR(partners_.CheckNumber(call.deadline(), partner.partner_number, partner.partner_id));
    return reply;
  }
  // The number is unique beyond the partner, so it is reserved first; should the next step fail, the same request
  // finds its own reservation when it comes again.
  RETURN_IF_ERROR(partners_.ReserveNumber(call.deadline(), partner.partner_number, partner.partner_id, call.now()));
  return Save(call, partner, "PARTNER_CREATED", reply);
}

absl::StatusOr<v1::Partner> PartnerService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Partner partner, partners_.Get(call.deadline(), named.id));
  return Show(call, partner);
}

absl::StatusOr<v1::ListPartnersResponse> PartnerService::List(const rpc::Call& call,
                                                              const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const std::string current, agreements_.GetCurrent(call.deadline(), call.now()));
  ASSIGN_OR_RETURN(const mysql::Page<Partner> page, partners_.List(call.deadline(), command.list.page));
  v1::ListPartnersResponse reply;
  for (const Partner& partner : page.items) *reply.add_partners() = ToProto(partner, current);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Partner> PartnerService::Lookup(const rpc::Call& call, const LookupPartnerCommand& command) const {
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetByNumber(call.deadline(), command.partner_number));
  return Show(call, partner);
}

absl::StatusOr<v1::Partner> PartnerService::Update(const rpc::Call& call, const UpdatePartnerCommand& command) {
  ASSIGN_OR_RETURN(const Partner partner, partners_.Get(call.deadline(), command.tenant));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, partner.version));
  const Partner next = partner::Update(partner, command.fields, call.now());
  ASSIGN_OR_RETURN(const v1::Partner reply, Show(call, next));
  return Save(call, next, "PARTNER_UPDATED", reply);
}

absl::StatusOr<v1::Partner> PartnerService::Transit(PartnerAct act, const rpc::Call& call,
                                                    const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const Partner partner, partners_.Get(call.deadline(), named.id));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, partner.version));
  ASSIGN_OR_RETURN(const Partner next, Apply(partner, act, named.reason, call.now()));
  ASSIGN_OR_RETURN(const v1::Partner reply, Show(call, next));
  return Save(call, next, absl::StrCat("PARTNER_", PastTense(act)), reply, named.reason);
}

absl::StatusOr<v1::Partner> PartnerService::Restate(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const Partner partner, partners_.Get(call.deadline(), named.id));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, partner.version));
  const Partner next = partner::Restate(partner, call.now());
  ASSIGN_OR_RETURN(const v1::Partner reply, Show(call, next));
  return Save(call, next, "PARTNER_RESTATED", reply, named.reason);
}

absl::StatusOr<v1::Partner> PartnerService::Show(const rpc::Call& call, const Partner& partner) const {
  ASSIGN_OR_RETURN(const std::string current, agreements_.GetCurrent(call.deadline(), call.now()));
  return ToProto(partner, current);
}

absl::StatusOr<v1::Partner> PartnerService::Save(const rpc::Call& call, const Partner& partner,
                                                 absl::string_view event_type, const v1::Partner& reply,
                                                 absl::string_view reason) {
  const events::Event event = call.MakeEvent({.aggregate = partner.partner_id,
                                              .version = partner.version,
                                              .type = event_type,
                                              .payload = EventOf(partner),
                                              .resource = reply,
                                              .reason = reason});
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = {PartnerStore::Row(partner)}, .events = {event}, .reply = reply})));
  return reply;
}

}  // namespace countersign::partner
