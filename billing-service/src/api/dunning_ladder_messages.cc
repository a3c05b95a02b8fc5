#include "billing-service/src/api/dunning_ladder_messages.h"

#include <cstdint>

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::DunningLadder ToProto(const DunningLadder& ladder) {
  v1::DunningLadder message;
  message.set_name(rpc::FormatName(kDunningLadderName, {ladder.id}));
  *message.mutable_effective_date() = rpc::ToProto(ladder.effective_date);
  for (const DunningRung& rung : ladder.rungs) {
    v1::DunningLadder::Rung& added = *message.add_rungs();
    added.set_days_after_due(static_cast<int32_t>(rung.days));
    added.set_state(rpc::EnumNamed<v1::Dunning::State>("STATE_", NameOf(rung.state)));
  }
  *message.mutable_create_time() = rpc::ToProto(ladder.create_time);
  return message;
}

v1::DunningLadderEvent EventOf(const DunningLadder& ladder) {
  v1::DunningLadderEvent event;
  event.set_dunning_ladder(rpc::FormatName(kDunningLadderName, {ladder.id}));
  event.set_version(DunningLadder::version);
  return event;
}

}  // namespace countersign::billing
