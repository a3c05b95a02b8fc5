#include "link-service/src/page/press.h"

#include <optional>
#include <utility>

#include "common/base/crypto.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "countersign/link/v1/evidence.pb.h"
#include "link-service/src/api/link_messages.h"
#include "link-service/src/api/press_requests.h"

namespace countersign::link {
namespace {

constexpr int kSaltBytes = 16;

Press NewPress(const PressedPage& pressed, PressAct act, const v1::PressEvidence& evidence, absl::Time now) {
  return {.link_id = pressed.link.link_id,
          .press_id = Uuid::V7(now),
          .act = act,
          .revision = pressed.link.revision,
          .evidence = rpc::DeterministicBytes(evidence),
          .salt = RandomBytes(kSaltBytes),
          .press_time = now,
          .form_id = pressed.form_id};
}

}  // namespace

absl::StatusOr<Presses::Decided> Presses::Confirm(const PressedPage& pressed, const web::ConfirmForm& form) {
  const v1::PressEvidence evidence = EvidenceOf(pressed, form);
  const Press press = NewPress(pressed, PressAct::kConfirm, evidence, clock_.Now());
  const rpc::Call call = CallOfHolder(pressed, NameOf(press.act), press.press_id, press.press_time);
  RETURN_IF_ERROR(Record(call, press, pressed.page));
  return Conclude(
      call, pressed, press,
      orders_.ConfirmOrder(call.outgoing(), ConfirmRequestOf(pressed.link, press, pressed.page.sha256, evidence)));
}

absl::StatusOr<Presses::Decided> Presses::Decline(const PressedPage& pressed, const std::string& reason) {
  const v1::PressEvidence evidence = EvidenceOf(pressed, reason);
  const Press press = NewPress(pressed, PressAct::kDecline, evidence, clock_.Now());
  const rpc::Call call = CallOfHolder(pressed, NameOf(press.act), press.press_id, press.press_time);
  RETURN_IF_ERROR(Record(call, press, pressed.page));
  return Conclude(call, pressed, press,
                  orders_.DeclineOrder(call.outgoing(), DeclineRequestOf(pressed.link, press, evidence)));
}

absl::Status Presses::Record(const rpc::Call& call, const Press& press, const ShownPage& page) {
  const ShownContent shown = ToBeKept(page);
  events::Change change{
      .events = {PressEventOf(call, press, shown)},
      .reply = std::nullopt,
      .rows = {PressStore::Row(press, shown.sha256), PressStore::Row(press.link_id, shown, press.press_time)},
      .guards = {LinkStore::IsNotErased(press.link_id)}};
  absl::Status recorded = committer_.Commit(call.deadline(), change);
  if (IsContentKept(recorded)) {
    change.rows.pop_back();
    recorded = committer_.Commit(call.deadline(), change);
  }
  // Nobody else makes this press: what was lost is the link.
  return IsLostRace(recorded) ? LinkNotFound(press.link_id) : recorded;
}

absl::StatusOr<Presses::Decided> Presses::Conclude(const rpc::Call& call, const PressedPage& pressed,
                                                   const Press& press, const absl::StatusOr<order::v1::Order>& answer) {
  if (absl::IsFailedPrecondition(answer.status())) {
    // A note beside the evidence; the refusal stands without it.
    (void)presses_.NoteOutcome(call.deadline(), press.link_id, press.press_id, DetailsOf(answer.status()).reason);
  }
  if (!answer.ok()) return answer.status();
  const OrderOutcome outcome = OutcomeOf(*answer, press.act, call.now());
  Decided decided{.link = pressed.link, .by_another = AnswerTo(press, outcome) != NameOf(outcome.state)};
  const absl::Status copied = Copy(call, press, outcome, decided.link);
  decided.stored = copied.ok();
  if (!copied.ok()) {
    Log(Level::kWarning, "outcome not stored yet",
        {{"trace_id", call.trace_id()}, {"link", press.link_id.ToString()}, {"reason", DetailsOf(copied).reason}});
  }
  return decided;
}

absl::Status Presses::Copy(const rpc::Call& call, const Press& press, const OrderOutcome& outcome, Link& link) {
  return events::RunUntilNotLost(call.deadline(), [&]() -> absl::Status {
    const std::optional<Link> decided = Apply(link, outcome, call.now());
    if (!decided.has_value()) {  // The relay, or another press, was faster.
      (void)presses_.NoteOutcome(call.deadline(), press.link_id, press.press_id, AnswerTo(press, outcome));
      return absl::OkStatus();
    }
    const absl::Status committed = committer_.Commit(call.deadline(), {.events = {LinkEventOf(call, *decided)},
                                                                       .reply = std::nullopt,
                                                                       .rows = {LinkStore::Row(*decided)},
                                                                       .also = PressStore::Outcome(press, outcome)});
    if (!IsLostRace(committed)) {
      link = *decided;
      return committed;
    }
    absl::StatusOr<Link> found = links_.Get(call.deadline(), link.link_id);
    if (found.ok()) link = *std::move(found);
    return committed;
  });
}

}  // namespace countersign::link
