#include "billing-service/src/api/partner_request_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "billing-service/src/api/partner_request_messages.h"
#include "billing-service/src/api/subscription_messages.h"
#include "billing-service/src/domain/cancellation.h"
#include "billing-service/src/domain/partner_request.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

// One answer for all of them: a number tells nothing of a partner that takes nobody over.
absl::Status PartnerUnavailable() {
  return FailedPrecondition("PARTNER_UNAVAILABLE",
                            "No partner with this number takes subscriptions over at present. Ask the partner for its "
                            "number in the vendor's programme.");
}

absl::Status CheckMayTakeOver(const partner::v1::Partner& partner) {
  const bool may = partner.state() == partner::v1::Partner::STATE_ACTIVE && partner.agreement_current();
  return may ? absl::OkStatus() : PartnerUnavailable();
}

}  // namespace

absl::StatusOr<v1::PartnerRequest> PartnerRequestService::Create(const rpc::Call& call,
                                                                 const CreatePartnerRequestCommand& command) {
  ASSIGN_OR_RETURN(const Subscription subscription,
                   needs_.subscriptions.Get(call.deadline(), command.tenant, command.subscription));
  partner::v1::LookupPartnerRequest lookup;
  lookup.set_partner_number(command.partner_number);
  const absl::StatusOr<partner::v1::Partner> partner = needs_.partners.LookupPartner(call.outgoing(), lookup);
  if (absl::IsNotFound(partner.status()) || absl::IsInvalidArgument(partner.status())) return PartnerUnavailable();
  RETURN_IF_ERROR(partner.status());
  RETURN_IF_ERROR(CheckMayTakeOver(*partner));
  ASSIGN_OR_RETURN(const std::vector<Uuid> ids, rpc::ParseName(kPartnerName, partner->name()));
  ASSIGN_OR_RETURN(std::optional<PartnerRequest> before,
                   needs_.requests.FindNewest(call.deadline(), command.tenant, command.subscription));
  ASSIGN_OR_RETURN(
      const PartnerRequest request,
      AskPartner(subscription, {.id = ids[0], .display_name = partner->display_name()}, before, call.now()));
  const v1::PartnerRequest reply = ToProto(request, call.now());
  if (call.validate_only()) return reply;
  std::vector<mysql::RowWrite> rows = {PartnerRequestStore::Row(request)};
  std::vector<events::Event> events = {PartnerRequestEventOf(call, request, reply)};
  if (before.has_value() && EndRequest(*before, PartnerRequestState::kWithdrawn, call.now()).ok()) {
    rows.push_back(PartnerRequestStore::Row(*before));
    events.push_back(PartnerRequestEventOf(call, *before, ToProto(*before, call.now())));
  }
  RETURN_IF_ERROR(needs_.committer.Commit(
      call.deadline(), call.ChangeOf({.rows = std::move(rows), .events = std::move(events), .reply = reply})));
  return reply;
}

absl::StatusOr<v1::PartnerRequest> PartnerRequestService::Get(const rpc::Call& call,
                                                              const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const PartnerRequest request, needs_.requests.Get(call.deadline(), named.tenant, named.id));
  return ToProto(request, call.now());
}

absl::StatusOr<v1::ListPartnerRequestsResponse> PartnerRequestService::List(const rpc::Call& call,
                                                                            const AccountList& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<PartnerRequest> page,
                   needs_.requests.List(call.deadline(), command.account, command.list.page));
  v1::ListPartnerRequestsResponse reply;
  for (const PartnerRequest& request : page.items) *reply.add_partner_requests() = ToProto(request, call.now());
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::PartnerRequest> PartnerRequestService::Withdraw(const rpc::Call& call,
                                                                   const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(PartnerRequest request, needs_.requests.Get(call.deadline(), named.tenant, named.id));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, request.version));
  RETURN_IF_ERROR(EndRequest(request, PartnerRequestState::kWithdrawn, call.now()));
  const v1::PartnerRequest reply = ToProto(request, call.now());
  if (call.validate_only()) return reply;
  RETURN_IF_ERROR(needs_.committer.Commit(
      call.deadline(), call.ChangeOf({.rows = {PartnerRequestStore::Row(request)},
                                      .events = {PartnerRequestEventOf(call, request, reply, named.reason)},
                                      .reply = reply})));
  return reply;
}

absl::StatusOr<v1::ListReceivedPartnerRequestsResponse> PartnerRequestService::ListReceived(
    const rpc::Call& call, const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<PartnerRequest> page,
                   needs_.requests.ListWaiting(call.deadline(), command.parent, call.now(), command.list.page));
  std::vector<Uuid> ids;
  for (const PartnerRequest& request : page.items) ids.push_back(request.account);
  ASSIGN_OR_RETURN(const std::vector<absl::StatusOr<BillingAccount>> accounts,
                   needs_.accounts.GetEach(call.deadline(), ids));
  v1::ListReceivedPartnerRequestsResponse reply;
  for (size_t i = 0; i < page.items.size(); ++i) {
    RETURN_IF_ERROR(accounts[i].status());
    *reply.add_received_partner_requests() = ReceivedOf(page.items[i], accounts[i]->customer.company_name, call.now());
  }
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<PartnerRequest> PartnerRequestService::AskedOf(const rpc::Call& call,
                                                              const PartnerActCommand& command) const {
  ASSIGN_OR_RETURN(PartnerRequest request, needs_.requests.Get(call.deadline(), command.tenant, command.id));
  if (request.partner != command.partner) return PartnerRequestNotFound();
  return request;
}

absl::StatusOr<v1::ReceivedPartnerRequest> PartnerRequestService::Received(const rpc::Call& call,
                                                                           const PartnerRequest& request) const {
  ASSIGN_OR_RETURN(const BillingAccount account, needs_.accounts.Get(call.deadline(), request.account));
  return ReceivedOf(request, account.customer.company_name, call.now());
}

absl::StatusOr<v1::ReceivedPartnerRequest> PartnerRequestService::Accept(const rpc::Call& call,
                                                                         const PartnerActCommand& command) {
  ASSIGN_OR_RETURN(PartnerRequest request, AskedOf(call, command));
  partner::v1::GetPartnerRequest get;
  get.set_name(rpc::FormatName(kPartnerName, {command.partner}));
  ASSIGN_OR_RETURN(const partner::v1::Partner partner, needs_.partners.GetPartner(call.outgoing(), get));
  RETURN_IF_ERROR(CheckMayTakeOver(partner));
  ASSIGN_OR_RETURN(Subscription subscription,
                   needs_.subscriptions.Get(call.deadline(), command.tenant, request.subscription));
  RETURN_IF_ERROR(CheckClock(subscription, call.now()));
  RETURN_IF_ERROR(AcceptRequest(request, subscription, call.now()));
  SetNextVersion(subscription, call.now());
  ASSIGN_OR_RETURN(const v1::ReceivedPartnerRequest reply, Received(call, request));
  if (call.validate_only()) return reply;
  std::vector<mysql::RowWrite> rows = SubscriptionStore::Rows(subscription);
  rows.push_back(PartnerRequestStore::Row(request));
  const events::Event changed = call.MakeEvent({.tenant = subscription.account,
                                                .aggregate = subscription.id,
                                                .version = subscription.version,
                                                .type = "SUBSCRIPTION_PARTNER_CHANGED",
                                                .payload = EventOf(subscription),
                                                .resource = ToProto(subscription)});
  RETURN_IF_ERROR(needs_.committer.Commit(
      call.deadline(), call.ChangeOf({.rows = std::move(rows),
                                      .events = {PartnerRequestEventOf(call, request, reply), changed},
                                      .reply = reply})));
  return reply;
}

absl::StatusOr<v1::ReceivedPartnerRequest> PartnerRequestService::Decline(const rpc::Call& call,
                                                                          const PartnerActCommand& command) {
  ASSIGN_OR_RETURN(PartnerRequest request, AskedOf(call, command));
  RETURN_IF_ERROR(EndRequest(request, PartnerRequestState::kDeclined, call.now()));
  ASSIGN_OR_RETURN(const v1::ReceivedPartnerRequest reply, Received(call, request));
  if (call.validate_only()) return reply;
  RETURN_IF_ERROR(needs_.committer.Commit(
      call.deadline(), call.ChangeOf({.rows = {PartnerRequestStore::Row(request)},
                                      .events = {PartnerRequestEventOf(call, request, reply, command.reason)},
                                      .reply = reply})));
  return reply;
}

}  // namespace countersign::billing
