#include "billing-service/src/api/account_events.h"

#include <cstddef>
#include <functional>
#include <utility>

#include "billing-service/src/api/billing_account_messages.h"
#include "billing-service/src/api/fee_messages.h"
#include "billing-service/src/api/invoice_messages.h"

namespace countersign::billing {
namespace {

absl::string_view InvoiceEventType(const Invoice& before, const Invoice& after) {
  if (after.state != before.state) {
    switch (after.state) {
      case InvoiceState::kPaid:
        return "INVOICE_PAID";
      case InvoiceState::kOpen:
        return "INVOICE_REOPENED";
      case InvoiceState::kVoid:
        return "INVOICE_VOIDED";
      case InvoiceState::kUncollectible:
        return "INVOICE_WRITTEN_OFF";
    }
  }
  if (after.paid.micros() > before.paid.micros()) return "INVOICE_PARTLY_PAID";
  if (after.paid.micros() < before.paid.micros()) return "INVOICE_PAYMENT_REVERSED";
  return "INVOICE_CREDITED";
}

using MakeEvent = std::function<events::Event(const rpc::EventAbout&)>;

std::vector<events::Event> EventsOf(const MakeEvent& make, const AccountChange& change, absl::string_view type,
                                    v1::BillingAccountEvent payload, absl::string_view reason) {
  payload.MergeFrom(EventOf(change.account));
  payload.set_credit_waits(change.credit_waits);
  std::vector<events::Event> events = {make({.tenant = change.account.id,
                                             .aggregate = change.account.id,
                                             .version = change.account.version,
                                             .type = type,
                                             .payload = payload,
                                             .resource = ToProto(change.account),
                                             .reason = reason})};
  for (size_t i = 0; i < change.invoices.size(); ++i) {
    const Invoice& invoice = change.invoices[i];
    events.push_back(make({.tenant = invoice.account,
                           .aggregate = invoice.id,
                           .version = invoice.version,
                           .type = InvoiceEventType(change.before[i], invoice),
                           .payload = EventOf(invoice),
                           .resource = ToProto(invoice),
                           .reason = reason}));
  }
  return events;
}

std::vector<events::Event> Joined(std::vector<events::Event> events, std::vector<events::Event> more) {
  AppendEvents(events, std::move(more));
  return events;
}

}  // namespace

std::vector<events::Event> AccountEvents(const rpc::Call& call, const AccountChange& change, absl::string_view type,
                                         const v1::BillingAccountEvent& about, absl::string_view reason) {
  return Joined(
      EventsOf([&](const rpc::EventAbout& event) { return call.MakeEvent(event); }, change, type, about, reason),
      FeeEvents(call, change.fees));
}

std::vector<events::Event> AccountEvents(const rpc::WorkerAct& act, const AccountChange& change, absl::string_view type,
                                         const v1::BillingAccountEvent& about) {
  return Joined(
      EventsOf([&](const rpc::EventAbout& event) { return rpc::WorkerEvent(act, event); }, change, type, about, ""),
      FeeEvents(act, change.fees));
}

}  // namespace countersign::billing
