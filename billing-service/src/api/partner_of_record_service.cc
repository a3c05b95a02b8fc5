#include "billing-service/src/api/partner_of_record_service.h"

#include <optional>
#include <string>
#include <utility>

#include "billing-service/src/api/partner_of_record_messages.h"
#include "billing-service/src/api/subscription_messages.h"
#include "billing-service/src/domain/cancellation.h"
#include "common/base/date.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

absl::string_view EventTypeOf(PartnerChangeKind kind) {
  switch (kind) {
    case PartnerChangeKind::kTransfer:
      return "SUBSCRIPTION_PARTNER_TRANSFER_ANNOUNCED";
    case PartnerChangeKind::kEnd:
      return "SUBSCRIPTION_PARTNER_END_ANNOUNCED";
    case PartnerChangeKind::kResignation:
      return "SUBSCRIPTION_PARTNER_RESIGNED";
    case PartnerChangeKind::kRemoval:
      return "SUBSCRIPTION_PARTNER_REMOVED";
    case PartnerChangeKind::kOptOut:
      break;
  }
  return "SUBSCRIPTION_PARTNER_REFUSED";
}

events::Event PartnerChanged(const rpc::Call& call, const Subscription& subscription, const PartnerChange& change,
                             const google::protobuf::Message& resource, absl::string_view reason) {
  return call.MakeEvent({.tenant = subscription.account,
                         .aggregate = subscription.id,
                         .version = subscription.version,
                         .type = EventTypeOf(change.kind),
                         .payload = EventOf(subscription, change),
                         .resource = resource,
                         .reason = reason});
}

// Of the whole report: the reply has to be proven by an event of its own.
events::Event ReportMade(const rpc::Call& call, const PartnerChangesCommand& command,
                         const v1::PartnerChangeReport& report) {
  v1::PartnerChangeReportEvent payload;
  payload.set_partner(rpc::FormatName(kPartnerName, {command.tenant}));
  if (command.new_partner.has_value()) payload.set_new_partner(rpc::FormatName(kPartnerName, {*command.new_partner}));
  payload.set_changed_count(report.changed_count());
  payload.set_refused_count(report.refused_count());
  return call.MakeEvent({.aggregate = call.DerivedId("partner change report"),
                         .version = 1,
                         .type = "PARTNER_CHANGES_ANNOUNCED",
                         .payload = payload,
                         .resource = report,
                         .reason = command.reason});
}

}  // namespace

absl::StatusOr<v1::ListPartnerSubscriptionsResponse> PartnerOfRecordService::List(
    const rpc::Call& call, const rpc::ListRequest& command) const {
  const Date today = DateOf(call.now());
  ASSIGN_OR_RETURN(const mysql::Page<Subscription> page,
                   subscriptions_.ListOfPartner(call.deadline(), command.parent, today, command.list.page));
  v1::ListPartnerSubscriptionsResponse reply;
  for (const Subscription& subscription : page.items) {
    *reply.add_partner_subscriptions() = PartnerSubscriptionOf(subscription, command.parent, today);
  }
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::PartnerChangeReport> PartnerOfRecordService::Transfer(const rpc::Call& call,
                                                                         const PartnerChangesCommand& command) {
  partner::v1::GetPartnerRequest request;
  request.set_name(rpc::FormatName(kPartnerName, {command.new_partner.value_or(Uuid())}));
  ASSIGN_OR_RETURN(const partner::v1::Partner next, partners_.GetPartner(call.outgoing(), request));
  if (next.state() != partner::v1::Partner::STATE_ACTIVE) {
    return FailedPrecondition("NEW_PARTNER_NOT_ACTIVE",
                              "The new partner is not ACTIVE. Name one that is, or reinstate it first.",
                              {{"partner", next.name()}});
  }
  return ChangeAll(call, command);
}

absl::StatusOr<v1::PartnerChangeReport> PartnerOfRecordService::ChangeAll(const rpc::Call& call,
                                                                          const PartnerChangesCommand& command) {
  ASSIGN_OR_RETURN(mysql::Page<Subscription> page,
                   subscriptions_.ListRunningOfPartner(call.deadline(), command.tenant, DateOf(call.now()),
                                                       command.after, command.count));
  v1::PartnerChangeReport report;
  for (Subscription& subscription : page.items) {
    RETURN_IF_ERROR(call.CheckTimeLeft());
    const absl::StatusOr<PartnerChange> change = ChangeOne(call, command, subscription);
    if (change.ok()) {
      AddChanged(subscription, *change, report);
    } else if (absl::IsFailedPrecondition(change.status())) {
      AddRefused(subscription, change.status(), report);
    } else {
      return change.status();
    }
  }
  if (!page.next.empty()) report.set_next_start_after(report.entries(report.entries_size() - 1).subscription());
  if (call.validate_only()) return report;
  RETURN_IF_ERROR(committer_.Commit(call.deadline(),
                                    call.ChangeOf({.events = {ReportMade(call, command, report)}, .reply = report})));
  return report;
}

absl::StatusOr<PartnerChange> PartnerOfRecordService::ChangeOne(const rpc::Call& call,
                                                                const PartnerChangesCommand& command,
                                                                Subscription& subscription) {
  const PartnerChangeKind kind =
      command.new_partner.has_value() ? PartnerChangeKind::kTransfer : PartnerChangeKind::kEnd;
  RETURN_IF_ERROR(CheckClock(subscription, call.now()));
  ASSIGN_OR_RETURN(const PartnerChange change,
                   AnnounceChange(subscription, kind, command.tenant, command.new_partner, DateOf(call.now())));
  if (change.known || call.validate_only()) return change;
  SetNextVersion(subscription, call.now());
  events::Event event = PartnerChanged(call, subscription, change, ToProto(subscription), command.reason);
  event.request_id.clear();  // The request's reply is stored with the report. Asked again, this change is known.
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), {.events = {event}, .reply = std::nullopt, .rows = SubscriptionStore::Rows(subscription)}));
  return change;
}

absl::StatusOr<v1::PartnerSubscription> PartnerOfRecordService::Resign(const rpc::Call& call,
                                                                       const PartnerActCommand& command) {
  ASSIGN_OR_RETURN(Subscription subscription, subscriptions_.Get(call.deadline(), command.tenant, command.id));
  const Date today = DateOf(call.now());
  if (PartnerAt(subscription, today) != command.partner) return SubscriptionNotFound(command.tenant, command.id);
  RETURN_IF_ERROR(CheckClock(subscription, call.now()));
  ASSIGN_OR_RETURN(const PartnerChange change,
                   AnnounceChange(subscription, PartnerChangeKind::kResignation, command.partner, std::nullopt, today));
  if (change.known) {
    return FailedPrecondition("PARTNER_CHANGE_PENDING", "The partner's time as partner of record ends already.",
                              {{"endDate", FormatDate(change.effective)}});
  }
  SetNextVersion(subscription, call.now());
  const v1::PartnerSubscription reply = PartnerSubscriptionOf(subscription, command.partner, today);
  if (call.validate_only()) return reply;
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = SubscriptionStore::Rows(subscription),
                                      .events = {PartnerChanged(call, subscription, change, reply, command.reason)},
                                      .reply = reply})));
  return reply;
}

absl::StatusOr<v1::Subscription> PartnerOfRecordService::OptOut(const rpc::Call& call,
                                                                const rpc::NamedResource& named) {
  return Change(call, named, billing::OptOut);
}

absl::StatusOr<v1::Subscription> PartnerOfRecordService::Remove(const rpc::Call& call,
                                                                const rpc::NamedResource& named) {
  return Change(call, named, RemovePartner);
}

absl::StatusOr<v1::Subscription> PartnerOfRecordService::Change(const rpc::Call& call, const rpc::NamedResource& named,
                                                                CustomersDecision decide) {
  ASSIGN_OR_RETURN(Subscription subscription, subscriptions_.Get(call.deadline(), named.tenant, named.id));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, subscription.version));
  RETURN_IF_ERROR(CheckClock(subscription, call.now()));
  ASSIGN_OR_RETURN(const PartnerChange change, decide(subscription, DateOf(call.now())));
  SetNextVersion(subscription, call.now());
  const v1::Subscription reply = ToProto(subscription);
  if (call.validate_only()) return reply;
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = SubscriptionStore::Rows(subscription),
                                      .events = {PartnerChanged(call, subscription, change, reply, named.reason)},
                                      .reply = reply})));
  return reply;
}

}  // namespace countersign::billing
