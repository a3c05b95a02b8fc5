#include "billing-service/src/api/notice_messages.h"

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

// Names what the notice is about. The resource and its event have the same fields for it.
template <typename Message>
void NameSubjects(const Notice& notice, Message& message) {
  if (IsAboutInvoice(notice)) message.set_invoice(rpc::FormatName(kInvoiceName, {notice.account, notice.invoice}));
  if (notice.subscription.has_value()) {
    message.set_subscription(rpc::FormatName(kSubscriptionName, {notice.account, *notice.subscription}));
  }
  if (notice.credit_note.has_value()) {
    message.set_credit_note(rpc::FormatName(kCreditNoteName, {notice.account, *notice.credit_note}));
  }
  if (notice.charge.has_value()) message.set_charge(rpc::FormatName(kChargeName, {notice.account, *notice.charge}));
  if (notice.partner_request.has_value()) {
    message.set_partner_request(rpc::FormatName(kPartnerRequestName, {notice.account, *notice.partner_request}));
  }
}

}  // namespace

v1::Notice ToProto(const Notice& notice) {
  v1::Notice message;
  message.set_name(rpc::FormatName(kNoticeName, {notice.account, notice.id}));
  message.set_kind(rpc::EnumNamed<v1::Notice::Kind>("KIND_", NameOf(notice.kind)));
  message.set_state(rpc::EnumNamed<v1::Notice::State>("STATE_", NameOf(notice.state)));
  NameSubjects(notice, message);
  if (notice.kind == NoticeKind::kDunning) {
    message.set_dunning_state(rpc::EnumNamed<v1::Dunning::State>("STATE_", NameOf(notice.dunning_state)));
    message.set_dunning_rung(static_cast<int32_t>(notice.dunning_rung));
  }
  message.set_bounce_reason(notice.bounce_reason);
  if (notice.send_time.has_value()) *message.mutable_send_time() = rpc::ToProto(*notice.send_time);
  message.set_etag(rpc::EtagOf(notice.version));
  *message.mutable_create_time() = rpc::ToProto(notice.create_time);
  *message.mutable_update_time() = rpc::ToProto(notice.update_time);
  return message;
}

v1::NoticeEvent EventOf(const Notice& notice) {
  v1::NoticeEvent event;
  event.set_notice(rpc::FormatName(kNoticeName, {notice.account, notice.id}));
  event.set_state(rpc::EnumNamed<v1::Notice::State>("STATE_", NameOf(notice.state)));
  event.set_version(notice.version);
  event.set_kind(rpc::EnumNamed<v1::Notice::Kind>("KIND_", NameOf(notice.kind)));
  NameSubjects(notice, event);
  return event;
}

absl::string_view NoticeEventType(const Notice& notice) {
  switch (notice.state) {
    case NoticeState::kQueued:
      return "NOTICE_QUEUED";
    case NoticeState::kSent:
      return "NOTICE_SENT";
    case NoticeState::kBounced:
      return "NOTICE_BOUNCED";
  }
  return "";
}

events::Event NoticeEventOf(const rpc::WorkerAct& act, const Notice& notice) {
  return rpc::WorkerEvent(act, {.tenant = notice.account,
                                .aggregate = notice.id,
                                .version = notice.version,
                                .type = NoticeEventType(notice),
                                .payload = EventOf(notice),
                                .resource = ToProto(notice)});
}

}  // namespace countersign::billing
