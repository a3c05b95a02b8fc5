#include "sandbox-processor/src/processor_service.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/money.h"
#include "common/base/status_macros.h"
#include "common/rpc/caller.h"
#include "common/rpc/convert.h"
#include "common/rpc/fields.h"
#include "common/rpc/status.h"

namespace countersign::sandbox_processor {
namespace {

using payment::v1::Charge;

constexpr absl::string_view kOnlyCaller = "services/billing-service";
constexpr int kMaxKeyChars = 64;
constexpr int kMaxTokenChars = 200;
constexpr int kMaxDescriptionChars = 40;
// No caller waits longer for an answer that does not come.
constexpr absl::Duration kSilence = absl::Minutes(1);
constexpr absl::Duration kGlance = absl::Milliseconds(20);

absl::Status CheckCaller(const grpc::ServerContext& context) {
  ASSIGN_OR_RETURN(const rpc::Caller caller,
                   rpc::IdentifyCaller(context, nullptr, absl::InfiniteFuture(), absl::Now()));
  if (caller.name == kOnlyCaller) return absl::OkStatus();
  return absl::PermissionDeniedError("Only billing-service charges.");
}

absl::Status CheckKey(const std::string& key) {
  FieldViolations violations;
  rpc::RequireAscii(violations, "idempotency_key", key, 1, kMaxKeyChars);
  return violations.ToStatus();
}

absl::Status CheckRequest(const payment::v1::CreateChargeRequest& request) {
  FieldViolations violations;
  rpc::RequireAscii(violations, "idempotency_key", request.idempotency_key(), 1, kMaxKeyChars);
  rpc::RequireAscii(violations, "payment_token", request.payment_token(), 1, kMaxTokenChars);
  rpc::RequireMoney(violations, "amount", request.has_amount(), request.amount());
  rpc::RequireAscii(violations, "description", request.description(), 0, kMaxDescriptionChars);
  return violations.ToStatus();
}

// How a new charge of the token begins.
BookedCharge Decided(BookedCharge charge) {
  charge.state = BookedState::kSucceeded;
  if (charge.token == "delay" || charge.token == "late") charge.state = BookedState::kPending;
  if (charge.token == "decline") {
    charge.state = BookedState::kDeclined;
    charge.decline_reason = "INSUFFICIENT_FUNDS";
  }
  return charge;
}

grpc::Status Answer(const absl::StatusOr<BookedCharge>& booked, Charge* reply) {
  if (!booked.ok()) return rpc::ToGrpc(booked.status(), "");
  reply->set_idempotency_key(booked->key);
  reply->set_state(rpc::EnumNamed<Charge::State>("STATE_", NameIn(kBookedStates, booked->state)));
  if (!booked->currency.empty()) {
    const absl::StatusOr<Money> amount = Money::FromMicros(booked->micros, booked->currency);
    if (!amount.ok()) return rpc::ToGrpc(amount.status(), "");
    *reply->mutable_amount() = rpc::ToProto(*amount);
  }
  reply->set_processor_reference(booked->reference);
  reply->set_decline_reason(booked->decline_reason);
  return grpc::Status::OK;
}

// Says nothing until the caller has given up.
grpc::Status KeepSilent(const grpc::ServerContext& context) {
  const absl::Time give_up = absl::Now() + kSilence;
  while (!context.IsCancelled() && absl::Now() < give_up) absl::SleepFor(kGlance);
  return {grpc::StatusCode::DEADLINE_EXCEEDED, "The sandbox was told to say nothing."};
}

}  // namespace

grpc::Status ProcessorService::CreateCharge(grpc::ServerContext* context,
                                            const payment::v1::CreateChargeRequest* request, Charge* reply) {
  absl::Status status = CheckCaller(*context);
  status.Update(CheckRequest(*request));
  if (!status.ok()) return rpc::ToGrpc(status, "");
  const std::string& token = request->payment_token();
  if (token == "gone") return {grpc::StatusCode::UNAVAILABLE, "The sandbox was told to be away."};
  absl::StatusOr<BookedCharge> booked = Create(*request);
  if (token == "twice" && booked.ok()) booked = Create(*request);
  if (token == "timeout-after-charge" && booked.ok()) return KeepSilent(*context);
  return Answer(booked, reply);
}

grpc::Status ProcessorService::GetCharge(grpc::ServerContext* context, const payment::v1::GetChargeRequest* request,
                                         Charge* reply) {
  absl::Status status = CheckCaller(*context);
  status.Update(CheckKey(request->idempotency_key()));
  if (!status.ok()) return rpc::ToGrpc(status, "");
  return Answer(Get(request->idempotency_key()), reply);
}

grpc::Status ProcessorService::CancelCharge(grpc::ServerContext* context,
                                            const payment::v1::CancelChargeRequest* request, Charge* reply) {
  absl::Status status = CheckCaller(*context);
  status.Update(CheckKey(request->idempotency_key()));
  if (!status.ok()) return rpc::ToGrpc(status, "");
  return Answer(Cancel(request->idempotency_key()), reply);
}

absl::StatusOr<BookedCharge> ProcessorService::Create(const payment::v1::CreateChargeRequest& request) {
  ASSIGN_OR_RETURN(const Money amount, Money::FromUnitsAndNanos(request.amount().units(), request.amount().nanos(),
                                                                request.amount().currency_code()));
  const absl::MutexLock lock(&mutex_);
  const std::optional<BookedCharge> found = book_.Find(request.idempotency_key());
  if (found.has_value()) {
    const bool same = found->token == request.payment_token() && found->micros == amount.micros() &&
                      found->currency == amount.currency();
    if (same || found->currency.empty()) return *found;  // Cancelled before it came.
    return Error(absl::StatusCode::kInvalidArgument, "IDEMPOTENCY_KEY_REUSED",
                 "The key was used with another amount or token. Use a new key.");
  }
  BookedCharge charge;
  charge.key = request.idempotency_key();
  charge.currency = amount.currency();
  charge.micros = amount.micros();
  charge.token = request.payment_token();
  charge.reference = absl::StrCat("sandbox-", charge.key);
  charge = Decided(charge);
  RETURN_IF_ERROR(book_.Write(charge));
  return charge;
}

absl::StatusOr<BookedCharge> ProcessorService::Get(const std::string& key) {
  const absl::MutexLock lock(&mutex_);
  const std::optional<BookedCharge> found = book_.Find(key);
  if (!found.has_value()) return NotFound("CHARGE_NOT_FOUND", "There is no charge with this key.");
  if (found->state != BookedState::kPending) return *found;
  BookedCharge next = *found;
  next.state = BookedState::kSucceeded;
  RETURN_IF_ERROR(book_.Write(next));
  return found->token == "late" ? next : *found;
}

absl::StatusOr<BookedCharge> ProcessorService::Cancel(const std::string& key) {
  const absl::MutexLock lock(&mutex_);
  BookedCharge charge = book_.Find(key).value_or(BookedCharge{.key = key});
  if (charge.state != BookedState::kPending) return charge;
  charge.state = BookedState::kCancelled;
  RETURN_IF_ERROR(book_.Write(charge));
  return charge;
}

}  // namespace countersign::sandbox_processor
