#include "integration-tests/state_edges.h"

#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "countersign/billing/v1/billing_event.pb.h"
#include "countersign/link/v1/link.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/partner/v1/partner.pb.h"

namespace countersign::integration {
namespace {

using Edges = std::set<std::pair<std::string, std::string>>;

// "" is before the first event.
const std::map<std::string, Edges>& Machines() {
  static const auto* const machines = new std::map<std::string, Edges>{
      {"Partner",
       {{"", "PENDING"},
        {"PENDING", "ACTIVE"},
        {"PENDING", "REJECTED"},
        {"ACTIVE", "SUSPENDED"},
        {"SUSPENDED", "ACTIVE"},
        {"ACTIVE", "TERMINATED"},
        {"SUSPENDED", "TERMINATED"}}},
      {"Order",
       {{"", "DRAFT"},
        {"DRAFT", "AWAITING_CONFIRMATION"},
        {"AWAITING_CONFIRMATION", "CONFIRMED"},
        {"CONFIRMED", "COMPLETED"},
        {"AWAITING_CONFIRMATION", "DECLINED"},
        {"AWAITING_CONFIRMATION", "EXPIRED"},
        {"AWAITING_CONFIRMATION", "CANCELLED"},
        {"DRAFT", "CANCELLED"},
        {"AWAITING_CONFIRMATION", "DRAFT"},
        {"EXPIRED", "DRAFT"},
        {"DECLINED", "DRAFT"},
        {"CONFIRMED", "CANCELLED"}}},
      {"Link",
       {{"", "ACTIVE"},
        {"ACTIVE", "CONFIRMED"},
        {"ACTIVE", "DECLINED"},
        {"ACTIVE", "EXPIRED"},
        {"ACTIVE", "REVOKED"},
        {"ACTIVE", "SUPERSEDED"}}},
      {"Subscription",
       {{"", "PENDING"},
        {"", "ACTIVE"},  // Pending and at once active, where it starts today.
        {"PENDING", "ACTIVE"},
        {"ACTIVE", "PAST_DUE"},
        {"PAST_DUE", "ACTIVE"},
        {"PAST_DUE", "SUSPENDED"},
        {"ACTIVE", "SUSPENDED"},
        {"SUSPENDED", "ACTIVE"},
        {"PENDING", "CANCELLED"},
        {"ACTIVE", "CANCELLED"},
        {"PAST_DUE", "CANCELLED"},
        {"SUSPENDED", "CANCELLED"},
        {"ACTIVE", "EXPIRED"},
        {"PAST_DUE", "EXPIRED"},
        {"SUSPENDED", "EXPIRED"}}},
      {"Invoice",
       {{"", "OPEN"},
        {"OPEN", "PAID"},
        {"OPEN", "VOID"},
        {"OPEN", "UNCOLLECTIBLE"},
        {"UNCOLLECTIBLE", "PAID"},
        {"UNCOLLECTIBLE", "VOID"},
        {"PAID", "OPEN"}}},
      {"Payment",
       {{"", "PENDING"},
        {"", "SUCCEEDED"},  // A bank receipt: the money is there already.
        {"PENDING", "SUCCEEDED"},
        {"PENDING", "FAILED"},
        {"PENDING", "UNKNOWN"},
        {"UNKNOWN", "SUCCEEDED"},
        {"UNKNOWN", "FAILED"},
        {"SUCCEEDED", "REVERSED"}}},
  };
  return *machines;
}

std::string Short(absl::string_view enum_value) { return std::string(absl::StripPrefix(enum_value, "STATE_")); }

StateOfEvent StateOfBilling(const std::string& payload) {
  billing::v1::BillingEvent event;
  if (!event.ParseFromString(payload)) return {"Billing", "UNREADABLE"};
  static constexpr std::pair<absl::string_view, absl::string_view> kNouns[] = {
      {"/subscriptions/", "Subscription"}, {"/invoices/", "Invoice"}, {"/payments/", "Payment"}};
  for (const auto& [part, noun] : kNouns) {
    if (absl::StrContains(event.resource(), part)) return {std::string(noun), Short(event.state())};
  }
  return {};
}

}  // namespace

StateOfEvent StateAfter(absl::string_view service, absl::string_view payload_type, const std::string& payload) {
  if (service == "partner" && payload_type == "countersign.partner.v1.PartnerEvent") {
    partner::v1::PartnerEvent event;
    if (!event.ParseFromString(payload)) return {"Partner", "UNREADABLE"};
    return {"Partner", Short(partner::v1::Partner::State_Name(event.state()))};
  }
  if (service == "order" && payload_type == "countersign.order.v1.OrderEvent") {
    order::v1::OrderEvent event;
    if (!event.ParseFromString(payload)) return {"Order", "UNREADABLE"};
    return {"Order", Short(order::v1::Order::State_Name(event.state()))};
  }
  if (service == "link" && payload_type == "countersign.link.v1.LinkEvent") {
    link::v1::LinkEvent event;
    if (!event.ParseFromString(payload)) return {"Link", "UNREADABLE"};
    return {"Link", Short(link::v1::Link::State_Name(event.state()))};
  }
  if (service == "billing" && payload_type == "countersign.billing.v1.BillingEvent") return StateOfBilling(payload);
  return {};
}

bool IsEdge(absl::string_view noun, absl::string_view from, absl::string_view to) {
  if (from == to) return true;
  const auto machine = Machines().find(std::string(noun));
  return machine != Machines().end() && machine->second.count({std::string(from), std::string(to)}) != 0;
}

}  // namespace countersign::integration
