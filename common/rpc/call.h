// The call as its handler sees it.
#ifndef COUNTERSIGN_COMMON_RPC_CALL_H_
#define COUNTERSIGN_COMMON_RPC_CALL_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/crypto.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/mysql/table.h"
#include "common/rpc/caller.h"
#include "google/protobuf/message.h"

namespace countersign::rpc {

// The metadata and deadline of a call to a peer.
struct Outgoing {
  std::string caller;        // "services/order-service"
  std::string on_behalf_of;  // The partner or operator at the beginning of the chain; may be empty.
  std::string trace_id;      // 32 lower-case hexadecimal digits.
  absl::Time deadline = absl::InfiniteFuture();
  std::string span_id = {};  // In which the call is made, 16 digits; empty: at the beginning of a trace.
};

// For workers and relays, which act for nobody: caller "services/<service>", a new trace id.
Outgoing WorkerOutgoing(absl::string_view service, absl::Time deadline);

// For what a relay does because of an event: in the trace in which the event was made.
Outgoing WorkerOutgoing(absl::string_view service, absl::Time deadline, const events::Event& cause);

// An event of one aggregate, as a handler describes it.
struct EventAbout {
  Uuid tenant = {};  // By default the call's; a worker has to name it.
  Uuid aggregate;
  int64_t version = 0;                        // The aggregate's new one, from 1.
  absl::string_view type;                     // UPPER_SNAKE, past tense: "ORDER_CONFIRMED".
  const google::protobuf::Message& payload;   // No personal data and no secret.
  const google::protobuf::Message& resource;  // What Get returns after the change; where there is none, the payload.
                                              // Only its salted digest is kept.
  absl::string_view reason = "";              // The caller's own text for the record.
};

// The writes that a call has decided on.
struct Writing {
  std::vector<mysql::RowWrite> rows = {};
  std::vector<events::Event> events;
  const google::protobuf::Message& reply;
  bool sealed = false;  // The reply carries a secret and is stored encrypted.
  std::vector<events::RowGuard> guards = {};
  std::function<absl::Status(mysql::Connection&)> also = nullptr;  // As in events::Change.
};

// The parts of a Call. The wrapper (endpoint.h) fills them; a unit test of a handler may, too.
struct CallParts {
  Caller caller = {};
  std::string on_behalf_of = {};
  std::string service = {};  // Who we are: "order-service".
  std::string method = {};   // "countersign.order.v1.OrderService/SubmitOrder"
  std::string trace_id = {};
  std::string parent_span_id = {};  // The caller's, where it takes part in a trace.
  std::string span_id = {};         // Ours; calls to peers are made in it.
  std::string peer = {};            // Where it comes from, as gRPC says it: "ipv4:192.0.2.1:1234". For the log.
  std::string request_id = {};      // Empty for reads.
  std::string request_hash = {};    // Empty for reads.
  Uuid tenant = {};                 // The command's; nil for reads and while parsing.
  bool validate_only = false;
  absl::Time deadline = absl::InfiniteFuture();
  absl::Time now = {};
  const KeyRing* reply_keys = nullptr;  // Needed for mutations and page tokens.
};

// Immutable while the handler runs, but that it remembers which change it was asked for; the same object when the
// handler is run again.
class Call {
 public:
  explicit Call(CallParts parts) : parts_(std::move(parts)) {}

  const Caller& caller() const { return parts_.caller; }
  // Whom an operator or a service says it acts for. For the record only; empty for a partner.
  const std::string& on_behalf_of() const { return parts_.on_behalf_of; }
  const std::string& method() const { return parts_.method; }
  const std::string& request_id() const { return parts_.request_id; }
  const std::string& trace_id() const { return parts_.trace_id; }
  const std::string& parent_span_id() const { return parts_.parent_span_id; }
  const std::string& span_id() const { return parts_.span_id; }
  const std::string& peer() const { return parts_.peer; }
  // True: run every check, then return what would be the reply without writing anything.
  bool validate_only() const { return parts_.validate_only; }
  absl::Time deadline() const { return parts_.deadline; }  // Real time; 10 s away unless the caller says, at most 60 s.
  // Between the steps of a long call. Error: DEADLINE_EXCEEDED.
  absl::Status CheckTimeLeft() const;
  absl::Time now() const { return parts_.now; }  // Business time, read once.

  // The id of what this request creates: version 8, of caller, method, request_id and `noun`. A retry of the same
  // request gets the same id, so it collides with the first try instead of doing it twice.
  Uuid DerivedId(absl::string_view noun) const;

  // OK for operators, services and the partner itself. Another partner: NOT_FOUND RESOURCE_NOT_FOUND, as if nothing
  // were there. To be called in parse, before anything is read.
  absl::Status RequirePartner(const Uuid& partner) const;

  // RequirePartner for a name of `pattern` whose first id is `first`, where the names of that pattern lie under a
  // partner ("partners/{partner}/…"); OK for others.
  absl::Status RequireOwn(absl::string_view pattern, const Uuid& first) const;

  // The service's keys (--reply_key_file), for what leaves it sealed and comes back: page tokens.
  const KeyRing& keys() const;

  // For calls to peers: our own name, the principal, the trace id and the same deadline.
  Outgoing outgoing() const;

  // An event of this call: who, when, for which tenant and by which request are filled in.
  events::Event MakeEvent(const EventAbout& about) const;

  // The argument of Committer::Commit: the rows, the events, and the reply to be given again to the same request_id.
  events::Change ChangeOf(const Writing& writing) const;

  // Which request this is, in the table of stored replies.
  events::RequestKey request_key() const;

 private:
  friend class Endpoint;
  CallParts parts_;
  // The first event of what ChangeOf made. A commit meets the reply of another try by itself.
  mutable std::optional<events::EventKey> made_;
};

// The context of a worker's act: the actor and time of its events.
struct WorkerAct {
  absl::string_view service;      // "order-service": the actor is services/order-service.
  absl::Time now;                 // Business time.
  std::string on_behalf_of = {};  // PrincipalOf the event that the worker follows, where there is one.
  std::string trace_id = {};      // The event's.
  absl::string_view reason = {};  // Free text for the record.
};

// Call::MakeEvent for what a service does by itself, outside any call and without a request_id. `about` names the
// tenant.
events::Event WorkerEvent(const WorkerAct& act, const EventAbout& about);

// At the beginning of the chain that led to `cause`: who did it, or on whose behalf a service did. What others say of
// whom they act for takes nobody's place. Of an API key: its partner, so that all that follows from a partner's acts is
// found by one name; which key it was stands in `cause` itself.
std::string PrincipalOf(const events::Event& cause);

// Serialized so that equal messages have equal bytes (within one build of the schema).
std::string DeterministicBytes(const google::protobuf::Message& message);

// The binding of a sealed reply to its request, so that it cannot be moved to another.
std::string ReplyContext(const events::RequestKey& key);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_CALL_H_
