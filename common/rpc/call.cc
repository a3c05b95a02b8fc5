#include "common/rpc/call.h"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/trace.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace countersign::rpc {
namespace {

constexpr int kSaltBytes = 16;

// The event without its actor and time.
events::Event EventOf(const EventAbout& about) {
  events::Event event;
  event.tenant = about.tenant;
  event.aggregate = about.aggregate;
  event.version = about.version;
  event.type = std::string(about.type);
  event.reason = std::string(about.reason);
  event.payload = DeterministicBytes(about.payload);
  event.payload_type = about.payload.GetDescriptor()->full_name();
  event.salt = RandomBytes(kSaltBytes);
  event.resource_digest = Sha256(absl::StrCat(event.salt, DeterministicBytes(about.resource)));
  return event;
}

}  // namespace

Outgoing WorkerOutgoing(absl::string_view service, absl::Time deadline) {
  return {absl::StrCat("services/", service), "", NewTraceId(), deadline};
}

Outgoing WorkerOutgoing(absl::string_view service, absl::Time deadline, const events::Event& cause) {
  if (cause.trace_id.empty()) return WorkerOutgoing(service, deadline);
  return {absl::StrCat("services/", service), "", cause.trace_id, deadline};
}

Uuid Call::DerivedId(absl::string_view noun) const {
  return Uuid::Derived({parts_.caller.name, parts_.method, parts_.request_id, noun});
}

absl::Status Call::RequirePartner(const Uuid& partner) const {
  if (parts_.caller.role != Role::kPartner || parts_.caller.partner == partner) return absl::OkStatus();
  return NotFound("RESOURCE_NOT_FOUND", "There is no such resource.");
}

absl::Status Call::RequireOwn(absl::string_view pattern, const Uuid& first) const {
  return absl::StartsWith(pattern, "partners/") ? RequirePartner(first) : absl::OkStatus();
}

absl::Status Call::CheckTimeLeft() const {
  if (absl::Now() < parts_.deadline) return absl::OkStatus();
  return Error(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED", "The call took longer than its deadline.");
}

const KeyRing& Call::keys() const {
  // Nothing leaves in the clear for want of a key; the wrapper turns this into INTERNAL.
  if (parts_.reply_keys == nullptr) throw std::logic_error("an endpoint without keys");
  return *parts_.reply_keys;
}

Outgoing Call::outgoing() const {
  // A service acts for whom it was asked to act for; a partner or operator is the beginning of the chain.
  const std::string& principal = parts_.caller.role == Role::kService ? parts_.on_behalf_of : parts_.caller.name;
  return {absl::StrCat("services/", parts_.service), principal, parts_.trace_id, parts_.deadline, parts_.span_id};
}

events::Event Call::MakeEvent(const EventAbout& about) const {
  events::Event event = EventOf(about);
  if (about.tenant == Uuid()) event.tenant = parts_.tenant;
  event.actor = parts_.caller.actor();
  event.on_behalf_of = parts_.on_behalf_of;
  event.request_id = parts_.request_id;
  event.trace_id = parts_.trace_id;
  event.create_time = parts_.now;
  return event;
}

events::Event WorkerEvent(const WorkerAct& act, const EventAbout& about) {
  events::Event event = EventOf(about);
  event.actor = absl::StrCat("services/", act.service);
  event.on_behalf_of = act.on_behalf_of;
  event.trace_id = act.trace_id;
  if (about.reason.empty()) event.reason = std::string(act.reason);
  event.create_time = act.now;
  return event;
}

std::string PrincipalOf(const events::Event& cause) {
  if (absl::StartsWith(cause.actor, "services/") && !cause.on_behalf_of.empty()) return cause.on_behalf_of;
  return cause.actor.substr(0, cause.actor.find("/apiKeys/"));
}

events::Change Call::ChangeOf(const Writing& writing) const {
  if (!writing.events.empty()) {
    const events::Event& first = writing.events.front();
    made_ = {.tenant = first.tenant, .aggregate = first.aggregate, .version = first.version};
  }
  events::StoredReply stored{request_key(), DeterministicBytes(writing.reply), writing.sealed, parts_.now};
  if (writing.sealed) stored.reply = keys().Seal(stored.reply, ReplyContext(stored.key));
  return {.events = writing.events,
          .reply = std::move(stored),
          .rows = writing.rows,
          .guards = writing.guards,
          .also = writing.also};
}

events::RequestKey Call::request_key() const {
  return {parts_.tenant, parts_.caller.name, parts_.method, parts_.request_id, parts_.request_hash};
}

std::string DeterministicBytes(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

std::string ReplyContext(const events::RequestKey& key) {
  return absl::StrCat(key.tenant.ToString(), "\n", key.caller, "\n", key.method, "\n", key.request_id);
}

}  // namespace countersign::rpc
