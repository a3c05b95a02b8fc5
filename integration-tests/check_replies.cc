// Invariant 8: the same request_id always gets the same bytes back.
//
// The event that was committed with a reply proves it: resource_digest is SHA-256(salt, bytes of the resource), and the
// reply is that resource, or a message whose only field is that resource. The bytes are hashed as they are stored.
// Of what was erased since, the salts are gone, and with them the proof. Three kinds of reply have no digest:
//   * one that carries a secret (CreateApiKey, IssueLink, CreatePayoutFile) is stored sealed, and only its service can
//     open it. AES-GCM finds a change there; ReplyMemory finds it here;
//   * one whose type has no fields (ApplyPartnerState, RetryDelivery, AbandonDelivery, RedeliverEvents) must be empty;
//   * ActivateOrder's: see NamesWhatWasMade.
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/crypto.h"
#include "common/base/status_macros.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/empty.pb.h"
#include "google/protobuf/unknown_field_set.h"
#include "integration-tests/checks.h"
#include "integration-tests/messages.h"

namespace countersign::integration {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;
using mysql::Row;

constexpr absl::string_view kReplies =
    "SELECT tenant_id, caller, method, request_id, request_hash, reply, sealed, create_time FROM stored_replies";
constexpr absl::string_view kRequestedEvents =
    "SELECT tenant_id, request_id, aggregate_id, version, actor, payload, payload_type, resource_digest, salt, "
    "create_time FROM events WHERE request_id <> ''";
constexpr absl::string_view kErased =
    "SELECT aggregate_id, MAX(version) FROM events WHERE type LIKE '%\\_ERASED' GROUP BY aggregate_id";
constexpr absl::string_view kNewestEvent = "SELECT MAX(create_time) FROM events";

constexpr absl::Duration kKept = absl::Hours(30 * 24);  // As promised (protos/README.md).
constexpr size_t kMaxReplyBytes = 64 << 10;

// The one reply that contains no resource: it names the subscriptions and invoices that were made. They must be those
// that the events of the same request made.
bool NamesWhatWasMade(const Descriptor& type) {
  return type.full_name() == "countersign.billing.v1.ActivateOrderResponse";
}

// The requests whose events need no stored reply, each with the reason.
bool IsNeverReplied(const Row& event) {
  // A press of the customer's page: its request_id is the press itself, and the page is no method.
  if (absl::StartsWith(event.Bytes(4), "links/")) return true;
  // Written before anything moves; the reply comes with its second event.
  return event.Bytes(6) == "countersign.event.v1.RedeliveryEvent" && event.Int(3) == 1;
}

struct StoredReplyRow {
  std::string caller, method, request_id, bytes;
  bool sealed = false;

  std::string name() const { return absl::StrCat("the stored reply of ", method, " to ", request_id); }
};

StoredReplyRow ReplyOf(const Row& row) {
  return {.caller = row.Bytes(1),
          .method = row.Bytes(2),
          .request_id = row.Bytes(3),
          .bytes = row.Bytes(5),
          .sealed = row.Bool(6)};
}

using RequestOfTenant = std::pair<std::string, std::string>;  // tenant_id and request_id.
using EventsByRequest = std::map<RequestOfTenant, std::vector<Row>>;

// The value of the only field of `bytes`; empty if there is more.
std::string OnlyFieldOf(const std::string& bytes) {
  google::protobuf::Empty message;
  if (!message.ParseFromString(bytes) || message.SerializeAsString() != bytes) return "";
  const google::protobuf::UnknownFieldSet& fields = message.GetReflection()->GetUnknownFields(message);
  if (fields.field_count() != 1 || fields.field(0).type() != google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED) {
    return "";
  }
  return fields.field(0).length_delimited();
}

bool HasDigestOf(const Row& event, const std::string& bytes) {
  const std::string& salt = event.Bytes(8);
  return !salt.empty() && event.Bytes(7) == Sha256(absl::StrCat(salt, bytes));
}

bool IsProvenByDigest(const std::string& bytes, const std::vector<Row>& events) {
  const std::string inner = OnlyFieldOf(bytes);
  return std::any_of(events.begin(), events.end(), [&](const Row& event) {
    return HasDigestOf(event, bytes) || (!inner.empty() && HasDigestOf(event, inner));
  });
}

// True when the reply names every resource below the tenant that its events made, each once, and else only what they
// changed: the subscription that an order was about.
bool IsProvenByNames(const Message& reply, const std::vector<Row>& events) {
  std::vector<std::string> named = TextsOf(reply);
  std::vector<std::string> made;
  std::vector<std::string> touched;
  for (const Row& event : events) {
    if (event.Id(2) == event.Id(0)) continue;
    const std::unique_ptr<Message> payload = ParseMessage(event.Bytes(6), event.Bytes(5));
    if (payload == nullptr) return false;
    for (const std::string& text : TextsOf(*payload)) {
      if (!absl::EndsWith(text, event.Id(2).ToString())) continue;
      touched.push_back(text);
      if (event.Int(3) == 1) made.push_back(text);
    }
  }
  std::sort(named.begin(), named.end());
  std::sort(made.begin(), made.end());
  std::sort(touched.begin(), touched.end());
  const bool once = std::adjacent_find(named.begin(), named.end()) == named.end();
  return once && std::includes(named.begin(), named.end(), made.begin(), made.end()) &&
         std::includes(touched.begin(), touched.end(), named.begin(), named.end());
}

// The events of the reply's request that its caller made. The actor of a partner's call is its key.
std::vector<Row> EventsOf(const StoredReplyRow& reply, const std::vector<Row>& of_request) {
  std::vector<Row> events;
  for (const Row& event : of_request) {
    const std::string& actor = event.Bytes(4);
    if (actor == reply.caller || absl::StartsWith(actor, reply.caller + "/apiKeys/")) events.push_back(event);
  }
  return events;
}

// The version at which each erased aggregate was erased: the salts of what came before went with it.
using ErasedVersions = std::map<Uuid, int64_t>;

bool WentWithItsSalt(const std::vector<Row>& events, const ErasedVersions& erased) {
  return std::any_of(events.begin(), events.end(), [&](const Row& event) {
    const auto found = erased.find(event.Id(2));
    return event.IsNull(8) && found != erased.end() && event.Int(3) < found->second;
  });
}

// The reply's fault; empty if none.
std::string FaultOf(const StoredReplyRow& reply, const std::vector<Row>& events, const ErasedVersions& erased) {
  if (reply.bytes.size() > kMaxReplyBytes) return "is too long";
  if (events.empty()) return "has no event by its caller";
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrReplaceAll(reply.method, {{"/", "."}}));
  if (method == nullptr) return "answers an unknown method";
  const Descriptor& type = *method->output_type();
  const bool proven = IsProvenByDigest(reply.bytes, events);
  if (reply.sealed) return proven ? "is marked as sealed but is in the clear" : "";
  const std::unique_ptr<Message> message = ParseMessage(type.full_name(), reply.bytes);
  if (message == nullptr) return absl::StrCat("is no ", type.full_name());
  if (NamesWhatWasMade(type)) return IsProvenByNames(*message, events) ? "" : "does not name what its events made";
  if (proven || (type.field_count() == 0 && reply.bytes.empty())) return "";
  // Before there were digests; the chain proves that nobody took one away.
  if (events.front().Bytes(6).empty()) return "";
  if (WentWithItsSalt(events, erased)) return "";
  return "does not match its event's digest";
}

absl::StatusOr<absl::Time> ReadNewest(mysql::Connection& connection) {
  ASSIGN_OR_RETURN(const std::vector<Row> newest, connection.Query(kNewestEvent, {}));
  return newest[0].Time(0);
}

}  // namespace

absl::Status CheckReplies(const std::string& service, mysql::Connection& connection, Sentences& broken) {
  ASSIGN_OR_RETURN(const absl::Time newest, ReadNewest(connection));
  ASSIGN_OR_RETURN(std::vector<Row> event_rows, connection.Query(kRequestedEvents, {}));
  ASSIGN_OR_RETURN(const std::vector<Row> replies, connection.Query(kReplies, {}));
  ASSIGN_OR_RETURN(const std::vector<Row> erased_rows, connection.Query(kErased, {}));
  ErasedVersions erased;
  for (const Row& row : erased_rows) erased[row.Id(0)] = row.Int(1);
  EventsByRequest events;
  for (Row& row : event_rows) events[{row.Bytes(0), row.Bytes(1)}].push_back(std::move(row));
  std::set<RequestOfTenant> replied;
  for (const Row& row : replies) {
    const RequestOfTenant request{row.Bytes(0), row.Bytes(3)};
    replied.insert(request);
    const StoredReplyRow reply = ReplyOf(row);
    const std::string fault = FaultOf(reply, EventsOf(reply, events[request]), erased);
    if (!fault.empty()) broken.push_back(absl::StrCat(service, ": ", reply.name(), " ", fault));
  }
  for (const auto& [request, of_request] : events) {
    for (const Row& event : of_request) {
      if (replied.contains(request) || IsNeverReplied(event) || event.Time(9) < newest - kKept) continue;
      broken.push_back(absl::StrCat(service, ": request ", request.second, " changed ", event.Id(2).ToString(),
                                    ", but its reply is not stored"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> ReplyMemory::FindChanged(const Schemas& schemas) {
  Sentences changed;
  std::map<std::string, Reply> now;
  std::map<std::string, absl::Time> kept_since;  // By service: what is older may have gone.
  for (const auto& [service, connection] : Named(schemas)) {
    ASSIGN_OR_RETURN(const absl::Time newest, ReadNewest(*connection));
    kept_since[service] = newest - kKept;
    ASSIGN_OR_RETURN(const std::vector<Row> rows, connection->Query(kReplies, {}));
    for (const Row& row : rows) {
      const std::string key =
          absl::StrCat(service, ": ", ReplyOf(row).name(), ", asked by ", row.Bytes(1), " of ", row.Id(0).ToString());
      now[key] = {.digest = Sha256(absl::StrCat(row.Bytes(4), row.Bool(6), row.Bytes(5))), .create_time = row.Time(7)};
    }
  }
  for (const auto& [key, reply] : replies_) {
    const auto found = now.find(key);
    if (found == now.end() && reply.create_time >= kept_since.at(key.substr(0, key.find(':'))))
      changed.push_back(key + " has gone");
    if (found != now.end() && found->second.digest != reply.digest) changed.push_back(key + " has changed");
  }
  replies_ = std::move(now);
  return changed;
}

}  // namespace countersign::integration
