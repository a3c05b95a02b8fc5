#include "integration-tests/state_edges.h"

#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "integration-tests/messages.h"

namespace countersign::integration {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
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
      {"ParkedActivation", {{"", "PARKED"}, {"PARKED", "ACTIVATED"}, {"PARKED", "ABANDONED"}}},
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
        {"", "PAID"},  // Its lines come to nothing.
        {"OPEN", "PAID"},
        {"OPEN", "VOID"},
        {"OPEN", "UNCOLLECTIBLE"},
        {"UNCOLLECTIBLE", "PAID"},
        {"UNCOLLECTIBLE", "VOID"},
        {"PAID", "OPEN"}}},
      {"BankReceipt",
       {{"", "UNALLOCATED"},
        {"", "ALLOCATED"},
        {"UNALLOCATED", "ALLOCATED"},
        {"UNALLOCATED", "REVERSED"},
        {"ALLOCATED", "UNALLOCATED"},
        {"ALLOCATED", "REVERSED"}}},
      {"Payment",
       {{"", "PENDING"},
        {"", "SUCCEEDED"},  // The money is there already.
        {"", "FAILED"},     // It was taken off the account before it was used.
        {"PENDING", "SUCCEEDED"},
        {"PENDING", "FAILED"},
        {"PENDING", "UNKNOWN"},
        {"UNKNOWN", "SUCCEEDED"},
        {"UNKNOWN", "FAILED"},
        {"SUCCEEDED", "REVERSED"}}},
      {"Charge",
       {{"", "REQUESTED"},
        {"REQUESTED", "SUCCEEDED"},
        {"REQUESTED", "DECLINED"},
        {"REQUESTED", "UNKNOWN"},
        {"REQUESTED", "CANCELLED"},
        {"UNKNOWN", "SUCCEEDED"},
        {"UNKNOWN", "DECLINED"},
        {"UNKNOWN", "CANCELLED"},
        {"SUCCEEDED", "CHARGED_BACK"},
        {"CHARGED_BACK", "SUCCEEDED"}}},
      {"Fee", {{"", "ACCRUED"}, {"", "HELD"}, {"", "NOT_EARNED"}}},
      {"Statement", {{"", "OPEN"}, {"OPEN", "CLOSED"}}},
      {"Payout",
       {{"", "PENDING"},
        {"PENDING", "APPROVED"},
        {"APPROVED", "SENT"},
        {"SENT", "PAID"},
        {"SENT", "RETURNED"},
        {"RETURNED", "APPROVED"}}},
      {"Notice",
       {{"", "QUEUED"},
        {"", "SENT"},     // An invoice's notice is on record when it was sent,
        {"", "BOUNCED"},  // or refused.
        {"QUEUED", "SENT"},
        {"QUEUED", "BOUNCED"},
        {"SENT", "BOUNCED"},
        {"BOUNCED", "QUEUED"}}},
      {"PartnerRequest", {{"", "WAITING"}, {"WAITING", "ACCEPTED"}, {"WAITING", "DECLINED"}, {"WAITING", "WITHDRAWN"}}},
      {"FeeHold", {{"", "ACTIVE"}, {"ACTIVE", "RELEASED"}, {"ACTIVE", "FORFEITED"}, {"RELEASED", "ACTIVE"}}},
  };
  return *machines;
}

constexpr absl::string_view kUnreadable = "UNREADABLE";  // To which no edge leads.

}  // namespace

StateOfEvent StateAfter(const std::string& payload_type, const std::string& payload) {
  if (payload_type.empty()) return {};  // From before events said what their payload is.
  const std::unique_ptr<Message> message = ParseMessage(payload_type, payload);
  if (message == nullptr) return {payload_type, std::string(kUnreadable)};
  const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName("state");
  // An event about the aggregate itself; what is applied of another service's is no …Event.
  if (field == nullptr || field->is_repeated() || !absl::EndsWith(payload_type, "Event")) return {};
  const google::protobuf::Reflection& reflection = *message->GetReflection();
  if (field->cpp_type() != FieldDescriptor::CPPTYPE_ENUM) return {payload_type, std::string(kUnreadable)};
  const google::protobuf::Descriptor* noun = field->enum_type()->containing_type();
  const std::string state = reflection.GetEnum(*message, field)->name();
  return {noun == nullptr ? payload_type : noun->name(), std::string(absl::StripPrefix(state, "STATE_"))};
}

bool IsEdge(absl::string_view noun, absl::string_view from, absl::string_view to) {
  if (from == to) return true;
  const auto machine = Machines().find(std::string(noun));
  return machine != Machines().end() && machine->second.count({std::string(from), std::string(to)}) != 0;
}

}  // namespace countersign::integration
