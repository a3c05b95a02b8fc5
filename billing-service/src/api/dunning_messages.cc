#include "billing-service/src/api/dunning_messages.h"

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::Dunning ToProto(const Dunning& dunning, int64_t account_version) {
  v1::Dunning message;
  message.set_name(rpc::FormatName(kDunningName, {dunning.account}));
  message.set_state(rpc::EnumNamed<v1::Dunning::State>("STATE_", NameOf(dunning.state)));
  if (dunning.invoice.has_value()) {
    message.set_invoice(rpc::FormatName(kInvoiceName, {dunning.account, *dunning.invoice}));
  }
  if (dunning.ladder.has_value()) message.set_dunning_ladder(rpc::FormatName(kDunningLadderName, {*dunning.ladder}));
  message.set_rung(static_cast<int32_t>(dunning.rung));
  if (dunning.rung_date.has_value()) *message.mutable_rung_date() = rpc::ToProto(*dunning.rung_date);
  if (dunning.next_date.has_value() && *dunning.next_date != kNoNextRung) {
    *message.mutable_next_date() = rpc::ToProto(*dunning.next_date);
  }
  if (dunning.hold_until.has_value()) *message.mutable_hold_until_date() = rpc::ToProto(*dunning.hold_until);
  message.set_hold_reason(dunning.hold_reason);
  if (account_version > 0) message.set_etag(rpc::EtagOf(account_version));
  if (dunning.update_time > absl::UnixEpoch()) *message.mutable_update_time() = rpc::ToProto(dunning.update_time);
  return message;
}

v1::BillingAccountEvent AboutDunning(const Dunning& dunning) {
  v1::BillingAccountEvent about;
  if (dunning.invoice.has_value()) {
    about.set_invoice(rpc::FormatName(kInvoiceName, {dunning.account, *dunning.invoice}));
  }
  about.set_dunning_state(rpc::EnumNamed<v1::Dunning::State>("STATE_", NameOf(dunning.state)));
  about.set_dunning_rung(static_cast<int32_t>(dunning.rung));
  return about;
}

}  // namespace countersign::billing
