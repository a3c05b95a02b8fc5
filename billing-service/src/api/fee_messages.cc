#include "billing-service/src/api/fee_messages.h"

#include <cstddef>
#include <cstdint>
#include <functional>

#include "billing-service/src/domain/csv.h"
#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

v1::Fee::State ToProto(FeeState state) { return rpc::EnumNamed<v1::Fee::State>("STATE_", NameOf(state)); }

// `make` makes an event of what happened to one entry.
std::vector<events::Event> EventsOf(const std::vector<FeeEntry>& entries,
                                    const std::function<events::Event(const rpc::EventAbout&)>& make) {
  std::vector<events::Event> events;
  for (const FeeEntry& fee : entries) {
    events.push_back(make({.tenant = fee.account,
                           .aggregate = fee.id,
                           .version = fee.version,
                           .type = fee.key.reversal == 0 ? "FEE_EARNED" : "FEE_REVERSED",
                           .payload = EventOf(fee),
                           .resource = ToProto(fee)}));
  }
  return events;
}

}  // namespace

v1::Fee ToProto(const FeeEntry& fee) {
  v1::Fee message;
  message.set_name(rpc::FormatName(kFeeName, {fee.segment.partner, fee.id}));
  message.set_state(ToProto(fee.state));
  message.set_invoice(rpc::FormatName(kInvoiceName, {fee.account, fee.invoice}));
  message.set_line(static_cast<int32_t>(fee.line - 1));
  message.set_subscription(rpc::FormatName(kSubscriptionName, {fee.account, fee.subscription}));
  *message.mutable_line_net() = rpc::ToProto(fee.line_net);
  message.set_rate_basis_points(static_cast<int32_t>(fee.segment.rate_basis_points));
  message.set_days(fee.segment.days);
  message.set_period_days(fee.line_days);
  *message.mutable_amount() = rpc::ToProto(fee.amount);
  *message.mutable_service_start_date() = rpc::ToProto(fee.service.start);
  *message.mutable_service_end_date() = rpc::ToProto(fee.service.end);
  message.set_explanation(Explain(fee));
  *message.mutable_accrue_time() = rpc::ToProto(fee.accrue_time);
  message.set_generation(static_cast<int32_t>(fee.key.generation));
  message.set_reversal(static_cast<int32_t>(fee.key.reversal));
  message.set_cause(rpc::EnumNamed<v1::Fee::Cause>("CAUSE_", NameOf(fee.cause)));
  *message.mutable_basis() = rpc::ToProto(fee.basis);
  message.set_basis_days(fee.basis_days);
  message.set_reason(fee.reason);
  if (fee.hold.has_value()) message.set_fee_hold(rpc::FormatName(kFeeHoldName, {fee.segment.partner, *fee.hold}));
  return message;
}

v1::FeeEvent EventOf(const FeeEntry& fee) {
  v1::FeeEvent event;
  event.set_fee(rpc::FormatName(kFeeName, {fee.segment.partner, fee.id}));
  event.set_state(ToProto(fee.state));
  event.set_version(fee.version);
  event.set_invoice(rpc::FormatName(kInvoiceName, {fee.account, fee.invoice}));
  return event;
}

std::vector<events::Event> FeeEvents(const rpc::Call& call, const std::vector<FeeEntry>& entries) {
  return EventsOf(entries, [&](const rpc::EventAbout& about) { return call.MakeEvent(about); });
}

std::vector<events::Event> FeeEvents(const rpc::WorkerAct& act, const std::vector<FeeEntry>& entries) {
  return EventsOf(entries, [&](const rpc::EventAbout& about) { return rpc::WorkerEvent(act, about); });
}

std::string FeesCsv(const std::vector<FeeEntry>& fees, const std::vector<OrderLabel>& labels, bool with_header) {
  CsvWriter csv;
  if (with_header) {
    for (const char* column :
         {"fee", "state", "cause", "invoice", "line", "subscription", "service_start", "service_end", "rate_percent",
          "amount", "currency", "accrued_on", "explanation", "customer", "partner_reference", "order_number"}) {
      csv.Text(column);
    }
    csv.EndRow();
  }
  for (size_t i = 0; i < fees.size(); ++i) {
    const FeeEntry& fee = fees[i];
    csv.Text(fee.id.ToString()).Text(NameOf(fee.state)).Text(NameOf(fee.cause)).Text(fee.invoice.ToString());
    csv.Number(fee.line).Text(fee.subscription.ToString()).Day(fee.service.start).Day(fee.service.end);
    csv.Text(PercentText(fee.segment.rate_basis_points)).Amount(fee.amount).Text(fee.amount.currency());
    csv.Day(DateOf(fee.accrue_time)).Text(Explain(fee)).Text(labels[i].customer_name);
    csv.Text(labels[i].reference).Text(labels[i].number).EndRow();
  }
  return csv.text();
}

events::Event PartnersFeeEvent(const rpc::WorkerAct& act, const FeeEntry& fee, absl::string_view type) {
  return rpc::WorkerEvent(act, {.tenant = fee.segment.partner,
                                .aggregate = fee.id,
                                .version = fee.version,
                                .type = type,
                                .payload = EventOf(fee),
                                .resource = ToProto(fee)});
}

}  // namespace countersign::billing
