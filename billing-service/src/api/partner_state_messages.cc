#include "billing-service/src/api/partner_state_messages.h"

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"
#include "countersign/billing/v1/partner_state_service.pb.h"

namespace countersign::billing {

events::Event PartnerStateEventOf(const rpc::Call& call, const PartnerState& state, absl::string_view reason) {
  v1::ApplyPartnerStateRequest applied;
  applied.set_partner(rpc::FormatName(kPartnerName, {state.partner}));
  applied.set_version(state.partner_version);
  applied.set_state(rpc::EnumNamed<partner::v1::Partner::State>("STATE_", NameOf(state.standing)));
  *applied.mutable_change_time() = rpc::ToProto(state.since);
  return call.MakeEvent({.aggregate = state.partner,
                         .version = state.version,
                         .type = "PARTNER_STATE_APPLIED",
                         .payload = applied,
                         .resource = applied,
                         .reason = reason});
}

}  // namespace countersign::billing
