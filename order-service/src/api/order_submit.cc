// The stories that give the order to its customer: SubmitOrder and ReissueLink. Both end in a link whose URL is shown
// once; link-service keeps it sealed for replays, this service never stores it.
#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/mail_domain.h"
#include "common/base/status_macros.h"
#include "common/rpc/caller.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"
#include "order-service/src/api/activation_messages.h"
#include "order-service/src/api/names.h"
#include "order-service/src/api/offer_messages.h"
#include "order-service/src/api/order_link.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/api/order_service.h"
#include "order-service/src/domain/pricing.h"
#include "order-service/src/store/partner_state_store.h"
#include "order-service/src/store/waiting_change_store.h"

namespace countersign::order {
namespace {

// A peer that finds our request malformed is our fault: our caller could not make sense of the fields it names.
absl::Status FromPeer(const absl::Status& status) {
  if (!absl::IsInvalidArgument(status)) return status;
  return absl::InternalError(absl::StrCat("A peer refused our request: ", status.message()));
}

// May the seller have orders confirmed? `known` is what partner-service pushed: it may be newer than its answer was.
absl::Status CheckMaySubmit(const partner::v1::Partner& partner, const PartnerState& known) {
  const bool active =
      known.version >= partner.version() ? known.active : partner.state() == partner::v1::Partner::STATE_ACTIVE;
  if (!active) {
    return FailedPrecondition("PARTNER_NOT_ACTIVE", "Only an active partner may submit orders.",
                              {{"state", partner::v1::Partner::State_Name(partner.state())}});
  }
  if (!partner.agreement_current()) {
    return FailedPrecondition("AGREEMENT_NOT_ACCEPTED",
                              "The partner has not accepted the current agreement. Accept it first.",
                              {{"acceptedAgreement", partner.accepted_agreement()}});
  }
  return absl::OkStatus();
}

absl::Status CheckAuthorized(const partner::v1::CheckSellerResponse& seller, OrderKind kind) {
  if (seller.unauthorized_offers().empty()) return absl::OkStatus();
  if (kind == OrderKind::kChangePartner) {  // It does not learn which offer that is.
    return FailedPrecondition("OFFER_NOT_AUTHORIZED", "The partner is not authorized to sell what the customer has.");
  }
  return FailedPrecondition("OFFER_NOT_AUTHORIZED", "The partner is not authorized to sell every offer of the order.",
                            {{"offers", absl::StrJoin(seller.unauthorized_offers(), ",")}});
}

// Is every offer of the order sold where its customer is?
absl::Status CheckRegion(const Catalogue& catalogue, const OrderTerms& terms) {
  for (const OrderLine& line : terms.lines) {
    const Offer* const offer = catalogue.Find(line.offer_id);
    if (offer == nullptr || offer->IsSoldIn(terms.region)) continue;
    return FailedPrecondition(
        "OFFER_NOT_IN_REGION",
        terms.region.empty()
            ? absl::StrCat("The offer ", offer->id, " is not sold everywhere. Give the order a region_code.")
            : absl::StrCat("The offer ", offer->id, " is not sold in ", terms.region, ". GetOffer lists its regions."),
        {{"offer", OfferNameOf(offer->id)}, {"region", terms.region}});
  }
  return absl::OkStatus();
}

// The partner's key alone tells where the partner sits.
Submitter SubmitterOf(const rpc::Call& call, const partner::v1::Partner& partner) {
  const bool by_partner = call.caller().role == rpc::Role::kPartner;
  return {.address = by_partner ? rpc::AddressOfPeer(call.peer()) : "",
          .mail_domain = MailDomainOf(partner.contact_email())};
}

// Takes over what partner-service has just said of the partner, where its state was `known` less well.
std::function<absl::Status(mysql::Connection&)> TakeOverNews(const Uuid& partner, const PartnerState& known,
                                                             const PartnerState& told) {
  if (!told.IsNewsTo(known)) return nullptr;
  return PartnerStateStore::TakeOver({partner, told});
}

// A change of a subscription also takes the one place of those that wait.
std::function<absl::Status(mysql::Connection&)> AlsoOfSubmitted(
    const Order& order, std::function<absl::Status(mysql::Connection&)> take_over_news, absl::Time now) {
  if (order.kind == OrderKind::kNew) return take_over_news;
  return [take_over_news = std::move(take_over_news),
          take_place = TakeWaitingChange(order, now)](mysql::Connection& connection) -> absl::Status {
    if (take_over_news) RETURN_IF_ERROR(take_over_news(connection));
    return take_place(connection);
  };
}

}  // namespace

absl::StatusOr<PricedLines> OrderService::PriceAgain(const rpc::Call& call, const Order& draft) {
  const std::vector<RequestedLine> requested = RequestedLinesOf(draft.terms);
  if (draft.kind != OrderKind::kNew) {
    int billing_period_months = 0;  // Stays as it was: a subscription's never changes.
    return PriceChangeNow(call, draft.buyer(), draft.kind, requested.front(), draft.terms.currency,
                          billing_period_months);
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<const Catalogue> catalogue, catalogue_.Get(call.deadline()));
  ASSIGN_OR_RETURN(PricedLines priced, PriceLines(*catalogue, requested,
                                                  {.currency = draft.terms.currency,
                                                   .billing_period_months = draft.terms.billing_period_months,
                                                   .time = PricingTime(draft.terms.requested_start, call.now()),
                                                   .today = DateOf(call.now())}));
  RETURN_IF_ERROR(CheckRegion(*catalogue, draft.terms));
  return priced;
}

absl::StatusOr<Order> OrderService::PriceAndSubmit(const rpc::Call& call, const StoredOrder& before, int valid_days) {
  const Order& draft = before.order;
  RETURN_IF_ERROR(Next(draft.state, OrderAct::kSubmit).status());  // Before anything is said of its lines.
  absl::StatusOr<PricedLines> priced = PriceAgain(call, draft);
  if (absl::IsInvalidArgument(priced.status())) {
    // The draft was fine once; it is not this request's fields that are wrong.
    return FailedPrecondition("OFFER_NOT_AVAILABLE",
                              "An offer or promotion of the order is no longer for sale. Revise the order.");
  }
  RETURN_IF_ERROR(priced.status());
  return draft.Submit(*std::move(priced), call.now(), valid_days, before.account);
}

absl::StatusOr<partner::v1::CheckSellerResponse> OrderService::CheckMaySell(const rpc::Call& call, const Order& order,
                                                                            const PartnerState& known) {
  partner::v1::CheckSellerRequest request;
  request.set_customer(CustomerNameOf(order));
  for (const OrderLine& line : order.terms.lines) request.add_offers(OfferNameOf(line.offer_id));
  ASSIGN_OR_RETURN(auto seller, partners_.CheckSeller(call.outgoing(), request));
  RETURN_IF_ERROR(CheckMaySubmit(seller.partner(), known));
  RETURN_IF_ERROR(CheckAuthorized(seller, order.kind));
  return seller;
}

absl::StatusOr<billing::v1::ActivateOrderResponse> OrderService::CheckActivation(
    const rpc::Call& call, const billing::v1::ActivateOrderRequest& request) {
  absl::StatusOr<billing::v1::ActivateOrderResponse> checked = billing_.ActivateOrder(call.outgoing(), request);
  RETURN_IF_ERROR(FromPeer(checked.status()));
  return checked;
}

absl::StatusOr<OrderService::IssuedLink> OrderService::IssueLink(const rpc::Call& call, const Order& order,
                                                                 const partner::v1::CheckSellerResponse& seller) {
  link::v1::IssueLinkRequest request = LinkRequestOf(ToProto(order), seller);
  const Uuid id = LinkIdOf(order, request, call.now());
  Identify(request, rpc::FormatName(kLinkName, {id}));
  absl::StatusOr<link::v1::IssueLinkResponse> issued = links_.IssueLink(call.outgoing(), request);
  RETURN_IF_ERROR(FromPeer(issued.status()));
  return IssuedLink{id, std::move(*issued->mutable_url())};
}

absl::StatusOr<v1::SubmitOrderResponse> OrderService::Submit(const rpc::Call& call, const SubmitOrderCommand& command) {
  ASSIGN_OR_RETURN(const StoredOrder before, orders_.Get(call.deadline(), {command.tenant, command.id}));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, before.order.version));
  ASSIGN_OR_RETURN(const Order priced, PriceAndSubmit(call, before, command.valid_days));
  ASSIGN_OR_RETURN(const auto seller, CheckMaySell(call, priced, before.partner));
  const PartnerState partner = PartnerState::Of(seller.partner().version(), true);
  const Order checked = priced.WithSeller(std::max(partner.version, before.partner.version))
                            .WithSubmitter(SubmitterOf(call, seller.partner()))
                            .WithCustomerName(seller.customer().display_name());
  billing::v1::ActivateOrderRequest check = ActivationCheckOf(checked);
  check.set_request_id(call.request_id());
  ASSIGN_OR_RETURN(const billing::v1::ActivateOrderResponse billing, CheckActivation(call, check));
  const Order submitted = checked.WithPayerOnFile(billing.billing_account_exists());
  v1::SubmitOrderResponse reply;
  if (call.validate_only()) {
    *reply.mutable_order() = ToProto(submitted);
    return reply;
  }

  ASSIGN_OR_RETURN(IssuedLink link, IssueLink(call, submitted, seller));
  const Order waiting = submitted.WithLink(link.id);
  *reply.mutable_order() = ToProto(waiting);
  RETURN_IF_ERROR(Commit(
      call,
      {.before = before.order,
       .after = waiting,
       .event = "ORDER_SUBMITTED",
       .rows = OrderStore::RowsOfSubmitted(before, waiting),
       .guards = {PartnerStateStore::StandsBehind(waiting.name.partner, waiting.seller_version)},
       .also = AlsoOfSubmitted(waiting, TakeOverNews(waiting.name.partner, before.partner, partner), call.now())},
      reply.order(), reply));
  reply.set_confirmation_url(std::move(link.url));  // Only now: the stored reply must not have it.
  return reply;
}

absl::StatusOr<v1::Order> OrderService::Extend(const rpc::Call& call, const ExtendExpiryCommand& command) {
  ASSIGN_OR_RETURN(const StoredOrder before, orders_.Get(call.deadline(), {command.tenant, command.id}));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, before.order.version));
  ASSIGN_OR_RETURN(const Order extended, before.order.ExtendExpiry(command.expire_time, call.now()));
  return Save(call, {.before = before.order,
                     .after = extended,
                     .event = "ORDER_EXPIRY_EXTENDED",
                     .rows = {OrderStore::Row(extended)},
                     .also = AlsoOfSubmitted(extended, nullptr, call.now())});
}

absl::StatusOr<v1::SubmitOrderResponse> OrderService::Reissue(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const StoredOrder before, orders_.Get(call.deadline(), {named.tenant, named.id}));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, before.order.version));
  ASSIGN_OR_RETURN(const Order reissued, before.order.ReissueLink(call.now()));
  ASSIGN_OR_RETURN(const auto seller, CheckMaySell(call, reissued, before.partner));
  if (before.partner.inactive_version > reissued.seller_version) {
    return FailedPrecondition("PARTNER_NOT_ACTIVE",
                              "The order is withdrawn, because its partner was not active meanwhile.");
  }

  ASSIGN_OR_RETURN(IssuedLink link, IssueLink(call, reissued, seller));
  const Order waiting = reissued.WithLink(link.id);
  v1::SubmitOrderResponse reply;
  *reply.mutable_order() = ToProto(waiting);
  RETURN_IF_ERROR(Commit(
      call, {.before = before.order, .after = waiting, .event = "LINK_REISSUED", .rows = {OrderStore::Row(waiting)}},
      reply.order(), reply));
  reply.set_confirmation_url(std::move(link.url));
  return reply;
}

absl::Status OrderService::AddUrl(const rpc::Call& call, v1::SubmitOrderResponse& reply) {
  partner::v1::CheckSellerRequest names;
  names.set_customer(reply.order().customer());
  const absl::Status no_longer_shown = FailedPrecondition(
      "SECRET_NO_LONGER_SHOWN", "The link's address is no longer shown. Call ReissueLink for a new link.");
  const absl::StatusOr<partner::v1::CheckSellerResponse> seller = partners_.CheckSeller(call.outgoing(), names);
  // The customer was archived since, or the partner suspended.
  if (absl::IsFailedPrecondition(seller.status()) || absl::IsNotFound(seller.status())) return no_longer_shown;
  RETURN_IF_ERROR(seller.status());
  link::v1::IssueLinkRequest request = LinkRequestOf(reply.order(), *seller);
  Identify(request, reply.order().link());
  absl::StatusOr<link::v1::IssueLinkResponse> issued = links_.IssueLink(call.outgoing(), request);
  // Another request than the first (the partner was renamed since), or one whose answer was deleted by now.
  if (absl::IsInvalidArgument(issued.status()) || absl::IsAlreadyExists(issued.status())) return no_longer_shown;
  RETURN_IF_ERROR(issued.status());
  reply.set_confirmation_url(issued->url());
  return absl::OkStatus();
}

}  // namespace countersign::order
