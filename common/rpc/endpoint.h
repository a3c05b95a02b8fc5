// The one wrapper that every unary handler passes through.
//
//   grpc::Status CreateNote(grpc::ServerContext* context, const v1::CreateNoteRequest* request, v1::Note* reply)
//   override {
//     return endpoint_.Mutate(Method("CreateNote"), context, *request, reply, ParseCreateNote,
//                             std::bind_front(&NoteService::Create, this));
//   }
//
// In this order: who calls → may this caller call this method, and so often → is the request of a decent size → parse,
// with all field violations at once → the stored reply, if this request was answered before (ReplyLookup) → act, run
// again when it lost a race → error details → one log line and the observer. Nothing of a request's fields is ever
// logged.
#ifndef COUNTERSIGN_COMMON_RPC_ENDPOINT_H_
#define COUNTERSIGN_COMMON_RPC_ENDPOINT_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/rpc/access_control.h"
#include "common/rpc/api_key.h"
#include "common/rpc/call.h"
#include "common/rpc/caller.h"
#include "google/protobuf/message.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/status.h"

namespace countersign::rpc {

// When a mutation looks for the reply that it may have stored for the same request before.
enum class ReplyLookup : uint8_t {
  kFirst,  // Before it acts, so that who repeats requests costs others nothing.
  // Only where the act was refused or committed nothing; a commit meets the stored reply by itself. A statement less
  // for a method that only our own services call, who seldom repeat, and that looks first what is done already. Its act
  // may run again for a request that was answered.
  kAfter,
};

// A method. Who may call it stands in config/access.policy; everyone else gets PERMISSION_DENIED METHOD_NOT_ALLOWED.
struct MethodSpec {
  absl::string_view service;  // "countersign.order.v1.OrderService"
  absl::string_view method;   // "SubmitOrder"
  ReplyLookup reply_lookup = ReplyLookup::kFirst;

  std::string FullName() const { return absl::StrCat(service, "/", method); }
};

inline MethodSpec LookAfter(MethodSpec method) {
  method.reply_lookup = ReplyLookup::kAfter;
  return method;
}

// The observer's record of a call that reached the wrapper.
struct CallRecord {
  absl::string_view method;
  absl::StatusCode code;
  absl::string_view reason;  // Empty when OK.
  absl::Duration duration;
};
using CallObserver = std::function<void(const CallRecord&)>;  // Called from many threads.

inline constexpr int64_t kMaxRequestBytes = 1 << 20;
inline constexpr absl::Duration kDefaultDeadline = absl::Seconds(10);
inline constexpr absl::Duration kMaxDeadline = absl::Seconds(60);
inline constexpr absl::Duration kStreamKeyTimeout = absl::Seconds(2);  // For verifying the key of a stream's caller.
inline constexpr absl::Duration kSecretShownFor = absl::Hours(24);     // Business time.

struct EndpointOptions {
  std::string service = {};             // "order-service"
  mysql::Database* database = nullptr;  // For the stored replies. All pointers outlive the endpoint.
  const Clock* clock = nullptr;
  // Seal page tokens and replies that carry a secret, and hash the requests that were answered: Mutate needs them.
  const KeyRing* reply_keys = nullptr;
  CallObserver observer = {};  // May be empty.
  AccessControl* access = &AccessControl::BuiltInWithoutQuotas();
  KeyVerifier verify_key = {};     // Says whose a caller's API key is. Empty: API keys are not accepted.
  KeyCacheOptions key_cache = {};  // How its answers are remembered.
  std::function<absl::Time()> real_now = absl::Now;  // Certificates expire by it; another one for tests only.
};

// Thread-safe.
class Endpoint {
 public:
  explicit Endpoint(EndpointOptions options);

  // A method that changes nothing.
  //   parse: absl::StatusOr<Command>(const Call&, const Request&): pure; collects all violations (FieldViolations) and
  //          refuses other partners' names (Call::RequirePartner).
  //   act:   absl::StatusOr<Reply>(const Call&, const Command&).
  template <typename Request, typename Reply, typename Parse, typename Act>
  grpc::Status Read(const MethodSpec& method, grpc::ServerContext* context, const Request& request, Reply* reply,
                    const Parse& parse, const Act& act) const {
    using Command = typename std::invoke_result_t<const Parse&, const Call&, const Request&>::value_type;
    std::optional<Command> command;
    const auto run_parse = [&](const Call& call) { return Keep(parse(call, request), command); };
    const auto run_act = [&](const Call& call) { return Assign(act(call, *command), reply); };
    return RunRead(method, *context, request, run_parse, run_act);
  }

  // A method that changes something: the request has a field request_id (a UUID), the Command a member `tenant` (Uuid),
  // and `act` commits with Call::ChangeOf. parse and act as for Read; act runs again, up to five times in all, when
  // it ends in LostRace(). When the request was answered before, the stored reply is given byte for byte, and act does
  // not run (ReplyLookup::kFirst) or commits nothing (kAfter). A request whose bool field validate_only is set neither
  // reads nor writes the stored reply.
  //   restore: absl::Status(const Call&, const Command&, Reply&): completes a stored reply with what may not be stored
  //            here (a secret that another service owns). None by default.
  // Errors beside those of parse and act: INVALID_ARGUMENT REQUEST_ID_REUSED (same id, other request; or one that was
  // answered under a reply key that is retired, so that it cannot be told), FAILED_PRECONDITION SECRET_NO_LONGER_SHOWN
  // (a sealed reply older than 24 h).
  template <typename Request, typename Reply, typename Parse, typename Act, typename Restore>
  grpc::Status Mutate(const MethodSpec& method, grpc::ServerContext* context, const Request& request, Reply* reply,
                      const Parse& parse, const Act& act, const Restore& restore) const {
    using Command = typename std::invoke_result_t<const Parse&, const Call&, const Request&>::value_type;
    std::optional<Command> command;
    const auto run_parse = [&](const Call& call) -> absl::StatusOr<Uuid> {
      const absl::Status parsed = Keep(parse(call, request), command);
      if (!parsed.ok()) return parsed;
      return command->tenant;
    };
    const auto run_act = [&](const Call& call) { return Assign(act(call, *command), reply); };
    const auto run_restore = [&](const Call& call) -> absl::Status { return restore(call, *command, *reply); };
    return RunMutate(method, *context, request, *reply, run_parse, run_act, run_restore);
  }

  template <typename Request, typename Reply, typename Parse, typename Act>
  grpc::Status Mutate(const MethodSpec& method, grpc::ServerContext* context, const Request& request, Reply* reply,
                      const Parse& parse, const Act& act) const {
    return Mutate(method, context, request, reply, parse, act,
                  [](const Call&, const auto&, Reply&) { return absl::OkStatus(); });
  }

  using Message = google::protobuf::Message;

  // A streaming method, of the callback API: who calls, may it, is the request of a decent size, as for the others. OK:
  // `call` is set, its deadline infinite. Otherwise: what to finish the stream with, logged already. Where it MayBlock,
  // for kStreamKeyTimeout at most, it is not for a callback, but for a thread of ours.
  grpc::Status AdmitStream(const MethodSpec& method, grpc::CallbackServerContext& context, const Message& request,
                           std::optional<Call>& call) const;

  // Whether the caller of an admitted stream may still call the method: its key may have been revoked, the policy
  // changed. Costs no quota. Can block like AdmitStream. Errors: those of AdmitStream.
  absl::Status RecheckStream(const MethodSpec& method, const grpc::CallbackServerContext& context) const;

  // Whether AdmitStream and RecheckStream ask a peer: the caller shows an API key.
  static bool MayBlock(const grpc::CallbackServerContext& context);

  // Logs how an admitted stream ended, tells the observer, and gives what to finish it with.
  grpc::Status EndStream(const Call& call, const absl::Status& status) const;

  const EndpointOptions& options() const { return options_; }

 private:
  using Step = absl::FunctionRef<absl::Status(const Call&)>;
  using ParseStep = absl::FunctionRef<absl::StatusOr<Uuid>(const Call&)>;  // Gives the tenant.

  template <typename Command>
  static absl::Status Keep(absl::StatusOr<Command> parsed, std::optional<Command>& command) {
    if (!parsed.ok()) return std::move(parsed).status();
    command.emplace(*std::move(parsed));
    return absl::OkStatus();
  }

  template <typename Reply>
  static absl::Status Assign(absl::StatusOr<Reply> result, Reply* reply) {
    if (!result.ok()) return std::move(result).status();
    *reply = *std::move(result);
    return absl::OkStatus();
  }

  grpc::Status RunRead(const MethodSpec& method, grpc::ServerContext& context, const Message& request, Step parse,
                       Step act) const;
  grpc::Status RunMutate(const MethodSpec& method, grpc::ServerContext& context, const Message& request, Message& reply,
                         ParseStep parse, Step act, Step restore) const;

  // The frame of both: makes the Call, runs `story` in it, maps and logs what comes out. No exception gets past it.
  grpc::Status Run(const MethodSpec& method, grpc::ServerContext& context, const Message& request,
                   absl::FunctionRef<absl::Status(Call&)> story) const;
  // Identity, role, deadline, trace id. An API key is verified until `key_deadline` at the latest.
  absl::Status Admit(const grpc::ServerContextBase& context, const Message& request, Call& call,
                     absl::Time key_deadline = absl::InfiniteFuture()) const;
  Call MakeCall(const MethodSpec& method, grpc::ServerContextBase& context) const;
  // One log line, the observer, the error's details.
  grpc::Status Finish(const Call& call, const absl::Status& status, absl::Duration duration) const;
  // The reply that was stored for the call's request, put into `reply`; false when there is none. `request_bytes`: see
  // RequestBytes.
  absl::StatusOr<bool> Replay(const Call& call, absl::string_view request_bytes, Message& reply) const;

  const EndpointOptions options_;
  const std::unique_ptr<KeyCache> keys_;  // Null: API keys are not accepted.
};

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_ENDPOINT_H_
