#include "link-service/src/page/receipt_acts.h"

#include <functional>
#include <optional>
#include <utility>

#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/base/transfer_code.h"
#include "common/rpc/call.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"
#include "link-service/src/api/names.h"
#include "link-service/src/page/receipt_act_requests.h"

namespace countersign::link {
namespace {

using billing::v1::CancelSubscriptionRequest;

constexpr char kReceiptActRecorded[] = "RECEIPT_ACT_RECORDED";
constexpr int kActSaltBytes = 16;

events::Event ReceiptActEventOf(const rpc::Call& call, const ReceiptAct& act) {
  v1::ReceiptActEvent payload;
  payload.set_link(rpc::FormatName(kLinkName, {act.link_id}));
  payload.set_receipt_act(act.act_id.ToString());
  payload.set_act(ToProto(act.kind));
  payload.set_plan_sha256(Sha256(act.plan));
  payload.set_evidence_digest(EvidenceDigest(act));
  payload.set_outcome(act.outcome);
  return call.MakeEvent({.tenant = act.link_id,
                         .aggregate = act.act_id,
                         .version = act.version,
                         .type = act.version == 1 ? kReceiptActRecorded : "RECEIPT_ACT_DONE",
                         .payload = payload,
                         .resource = payload});
}

// Of a worker, or of the page after the press.
rpc::Call CallOfService(const ReceiptAct& act, absl::Time now, absl::Time deadline) {
  const std::string holder = rpc::FormatName(kLinkName, {act.link_id});
  return rpc::Call({.caller = {.role = rpc::Role::kService, .name = "services/link-service", .partner = {}},
                    .on_behalf_of = holder,
                    .service = "link-service",
                    .method = "page/RECEIPT_ACT",
                    .trace_id = rpc::WorkerOutgoing("link-service", deadline).trace_id,
                    .tenant = act.link_id,
                    .deadline = deadline,
                    .now = now});
}

}  // namespace

absl::StatusOr<bool> ReceiptActs::WasRecorded(const PressedPage& pressed, ReceiptActKind kind) const {
  const Uuid& link_id = pressed.link.link_id;
  ASSIGN_OR_RETURN(const std::optional<ReceiptAct> act,
                   parts_.acts.Find(pressed.deadline, link_id, ReceiptActId(link_id, pressed.form_id, kind)));
  return act.has_value();
}

absl::StatusOr<std::vector<std::string>> ReceiptActs::Do(const PressedPage& pressed, ReceiptActKind kind,
                                                         v1::ReceiptActPlan plan, const std::string& new_email) {
  std::vector<std::string> codes;
  for (v1::ReceiptActPlan::Item& item : *plan.mutable_items()) {
    if (kind != ReceiptActKind::kTransferCode) break;
    codes.push_back(NewTransferCode());
    item.set_transfer_code_id(TransferCodeId(codes.back()).value_or(Uuid()).ToString());
  }
  v1::ReceiptActEvidence evidence;
  evidence.set_ip_address(pressed.ip_address);
  evidence.set_user_agent(CleanUserAgent(pressed.user_agent));
  evidence.set_code(pressed.code);
  evidence.set_new_billing_email(new_email);
  const absl::Time now = parts_.clock.Now();
  const ReceiptAct act{.link_id = pressed.link.link_id,
                       .act_id = ReceiptActId(pressed.link.link_id, pressed.form_id, kind),
                       .kind = kind,
                       .plan = rpc::DeterministicBytes(plan),
                       .evidence = rpc::DeterministicBytes(evidence),
                       .salt = RandomBytes(kActSaltBytes),
                       .press_time = now};
  const rpc::Call call = CallOfHolder(pressed, NameOf(kind), act.act_id, now);
  const absl::Status recorded =
      parts_.committer.Commit(pressed.deadline, {.events = {ReceiptActEventOf(call, act)},
                                                 .reply = std::nullopt,
                                                 .rows = {ReceiptActStore::Row(act)},
                                                 .guards = {LinkStore::IsNotErased(act.link_id)}});
  if (IsLostRace(recorded)) {  // This form did it before, and its codes are others; or the link was erased meanwhile.
    ASSIGN_OR_RETURN(const bool before, WasRecorded(pressed, kind));
    if (!before) return LinkNotFound(act.link_id);
    codes.clear();
  } else {
    RETURN_IF_ERROR(recorded);
  }
  const absl::Status done = CarryOut(act.link_id, act.act_id, pressed.deadline);
  if (!done.ok()) {
    Log(Level::kWarning, "receipt act not carried out yet",
        {{"trace_id", pressed.trace_id}, {"code", absl::StatusCodeToString(done.code())}});
  }
  return codes;
}

absl::Status ReceiptActs::CarryOutOne(const rpc::Outgoing& outgoing, const ReceiptAct& act,
                                      const v1::ReceiptActPlan::Item& item) const {
  const Uuid request_id = RequestOfAct(act.act_id, item.subscription());
  if (act.kind == ReceiptActKind::kTransferCode) {
    billing::v1::CreateTransferCodeRequest request;
    request.set_parent(item.subscription());
    request.set_transfer_code_id(item.transfer_code_id());
    request.set_request_id(request_id.ToString());
    const absl::Status created = parts_.billing.CreateTransferCode(outgoing, request).status();
    return absl::IsAlreadyExists(created) ? absl::OkStatus() : created;  // So late that no reply is kept.
  }
  if (act.kind == ReceiptActKind::kAskPartner) {
    const absl::Status asked =
        parts_.billing
            .CreatePartnerRequest(outgoing, AskingRequestOf(item.subscription(), item.partner_number(), request_id))
            .status();
    return DetailsOf(asked).reason == "PARTNER_REQUEST_WAITS" ? absl::OkStatus() : asked;  // It was asked before.
  }
  if (act.kind == ReceiptActKind::kRemovePartner) {
    return parts_.billing.RemovePartnerOfRecord(outgoing, RemovalRequestOf(item.subscription(), request_id)).status();
  }
  if (act.kind == ReceiptActKind::kRefusePartner) {
    return parts_.billing.OptOutOfPartnerTransfer(outgoing, RefusalRequestOf(item.subscription(), request_id)).status();
  }
  if (act.kind == ReceiptActKind::kDoNotRenew) {
    billing::v1::SetAutoRenewRequest request;
    request.set_name(item.subscription());
    request.set_auto_renew(false);
    request.set_reason(kReason);
    request.set_request_id(request_id.ToString());
    return parts_.billing.SetAutoRenew(outgoing, request).status();
  }
  CancelSubscriptionRequest request = CancelRequestOf(item.subscription(), item.now(), request_id);
  if (item.now()) *request.mutable_press_time() = rpc::ToProto(act.press_time);
  return parts_.billing.CancelSubscription(outgoing, request).status();
}

absl::Status ReceiptActs::ChangeContact(const rpc::Outgoing& outgoing, const ReceiptAct& act,
                                        const v1::ReceiptActPlan& plan) const {
  v1::ReceiptActEvidence evidence;
  if (!evidence.ParseFromString(act.evidence)) return absl::DataLossError("An act's evidence does not parse.");
  if (evidence.new_billing_email().empty()) return FailedPrecondition("CUSTOMER_ERASED", "The address was erased.");
  return parts_.billing
      .ChangeBillingContact(outgoing, ContactRequestOf(plan, evidence.new_billing_email(),
                                                       RequestOfAct(act.act_id, plan.billing_account())))
      .status();
}

absl::Status ReceiptActs::CarryOut(const Uuid& link_id, const Uuid& act_id, absl::Time deadline) {
  ASSIGN_OR_RETURN(std::optional<ReceiptAct> act, parts_.acts.Find(deadline, link_id, act_id));
  if (!act.has_value()) return absl::DataLossError("A recorded act is gone.");
  if (!act->outcome.empty()) return absl::OkStatus();
  v1::ReceiptActPlan plan;
  if (!plan.ParseFromString(act->plan)) return absl::DataLossError("An act's plan does not parse.");
  const rpc::Call call = CallOfService(*act, parts_.clock.Now(), deadline);
  std::vector<std::function<absl::Status()>> steps;
  for (const v1::ReceiptActPlan::Item& item : plan.items()) {
    steps.emplace_back([&] { return CarryOutOne(call.outgoing(), *act, item); });
  }
  if (IsAboutContact(act->kind)) {
    steps.emplace_back([&] { return ChangeContact(call.outgoing(), *act, plan); });
  }
  std::string outcome(kActDone);
  for (const std::function<absl::Status()>& step : steps) {
    absl::Status done = step();
    // Page and relay may meet. Refused because the other was faster, the same request is answered as the first was.
    if (absl::IsFailedPrecondition(done)) done = step();
    if (absl::IsFailedPrecondition(done) || absl::IsNotFound(done)) {
      outcome = DetailsOf(done).reason;
    } else {
      RETURN_IF_ERROR(done);
    }
  }
  act->outcome = outcome;
  ++act->version;
  const absl::Status noted = parts_.committer.Commit(
      deadline,
      {.events = {ReceiptActEventOf(call, *act)}, .reply = std::nullopt, .rows = {ReceiptActStore::Row(*act)}});
  return IsLostRace(noted) ? absl::OkStatus() : noted;  // Lost: the other noted it.
}

events::Consumer ReceiptActConsumer(ReceiptActs& acts) {
  return {.name = "receipt_act",
          .deliver =
              [&acts](const events::Event& event, absl::Time deadline) {
                if (event.type != kReceiptActRecorded) return absl::OkStatus();
                return acts.CarryOut(event.tenant, event.aggregate, deadline);
              },
          .must_arrive = {kReceiptActRecorded},
          .concerns = [](const events::Event& event) { return event.type == kReceiptActRecorded; }};
}

}  // namespace countersign::link
