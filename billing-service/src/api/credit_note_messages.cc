#include "billing-service/src/api/credit_note_messages.h"

#include <cstdint>

#include "billing-service/src/api/account_events.h"
#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::CreditNote ToProto(const CreditNote& note) {
  v1::CreditNote message;
  message.set_name(rpc::FormatName(kCreditNoteName, {note.account, note.id}));
  message.set_credit_note_number(note.number);
  message.set_invoice(rpc::FormatName(kInvoiceName, {note.account, note.invoice}));
  for (const CreditedLine& credit : note.lines) {
    v1::CreditNote::Line& line = *message.add_lines();
    line.set_line(static_cast<int32_t>(credit.line - 1));
    *line.mutable_net() = rpc::ToProto(credit.net);
    *line.mutable_tax() = rpc::ToProto(credit.tax);
    if (!credit.days.has_value()) continue;
    *line.mutable_service_start_date() = rpc::ToProto(credit.days->start);
    *line.mutable_service_end_date() = rpc::ToProto(credit.days->end);
  }
  *message.mutable_net() = rpc::ToProto(note.net);
  *message.mutable_tax() = rpc::ToProto(note.tax);
  *message.mutable_total() = rpc::ToProto(note.total);
  *message.mutable_applied() = rpc::ToProto(note.applied);
  *message.mutable_credited() = rpc::ToProto(note.credited);
  message.set_voids_invoice(note.voids);
  message.set_reason(note.reason);
  *message.mutable_issue_date() = rpc::ToProto(note.issue_date);
  *message.mutable_create_time() = rpc::ToProto(note.create_time);
  return message;
}

namespace {

v1::CreditNoteEvent CreditNoteEventOf(const CreditNote& note) {
  v1::CreditNoteEvent event;
  event.set_credit_note(rpc::FormatName(kCreditNoteName, {note.account, note.id}));
  event.set_version(note.version);
  event.set_invoice(rpc::FormatName(kInvoiceName, {note.account, note.invoice}));
  return event;
}

constexpr absl::string_view kCreated = "CREDIT_NOTE_CREATED";

events::Event CreditNoteCreated(const rpc::Call& call, const CreditNote& note) {
  return call.MakeEvent({.aggregate = note.id,
                         .version = note.version,
                         .type = kCreated,
                         .payload = CreditNoteEventOf(note),
                         .resource = ToProto(note),
                         .reason = note.reason});
}

}  // namespace

events::Event CreditNoteCreated(const rpc::WorkerAct& act, const CreditNote& note) {
  return rpc::WorkerEvent(act, {.tenant = note.account,
                                .aggregate = note.id,
                                .version = note.version,
                                .type = kCreated,
                                .payload = CreditNoteEventOf(note),
                                .resource = ToProto(note),
                                .reason = note.reason});
}

std::vector<events::Event> CreditNoteEvents(const rpc::Call& call, const CreditIssue& issue) {
  const CreditNote& note = issue.note;
  std::vector<events::Event> events = {CreditNoteCreated(call, note)};
  v1::BillingAccountEvent about;
  about.set_credit_note(rpc::FormatName(kCreditNoteName, {note.account, note.id}));
  AppendEvents(events, AccountEvents(call, issue.change, "CREDIT_NOTE_APPLIED", about, note.reason));
  return events;
}

std::vector<events::Event> CancellationEvents(const rpc::Call& call, const CancellationCredit& credit,
                                              absl::string_view reason) {
  std::vector<events::Event> events;
  if (!credit.change.has_value()) return events;
  for (const CreditNote& note : credit.notes) events.push_back(CreditNoteCreated(call, note));
  v1::BillingAccountEvent about;
  about.set_credit_note(rpc::FormatName(kCreditNoteName, {credit.notes.back().account, credit.notes.back().id}));
  AppendEvents(events, AccountEvents(call, *credit.change, "CREDIT_NOTE_APPLIED", about, reason));
  return events;
}

}  // namespace countersign::billing
