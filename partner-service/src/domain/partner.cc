#include "partner-service/src/domain/partner.h"

#include <iterator>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::partner {
namespace {

// The whole state machine: no edge exists that is not a line here.
struct Edge {
  PartnerState from;
  PartnerAct act;
  PartnerState to;
};
constexpr Edge kEdges[] = {
    {PartnerState::kPending, PartnerAct::kApprove, PartnerState::kActive},
    {PartnerState::kPending, PartnerAct::kReject, PartnerState::kRejected},
    {PartnerState::kActive, PartnerAct::kSuspend, PartnerState::kSuspended},
    {PartnerState::kActive, PartnerAct::kTerminate, PartnerState::kTerminated},
    {PartnerState::kSuspended, PartnerAct::kReinstate, PartnerState::kActive},
    {PartnerState::kSuspended, PartnerAct::kTerminate, PartnerState::kTerminated},
};

absl::Status WrongState(const Partner& partner, absl::string_view act) {
  return FailedPrecondition("PARTNER_STATE",
                            absl::StrCat("A partner that is ", NameOf(partner.state), " cannot be ", act, "."),
                            {{"state", std::string(NameOf(partner.state))}});
}

void Set(Partner& partner, const PartnerFields& fields) {
  partner.display_name = fields.display_name.value_or(partner.display_name);
  partner.contact_email = fields.contact_email.value_or(partner.contact_email);
}

Partner NextVersion(const Partner& partner, absl::Time now) {
  Partner next = partner;
  next.version = partner.version + 1;
  next.update_time = now;
  return next;
}

}  // namespace

absl::Status NoSuchPartner(const Uuid& partner_id) {
  return NotFound("PARTNER_NOT_FOUND", "There is no such partner.", {{"partner", partner_id.ToString()}});
}

Partner Restate(const Partner& partner, absl::Time now) {
  constexpr int64_t kStep = 1'000'000;  // No partner changes so often.
  Partner next = NextVersion(partner, now);
  next.version = (partner.version / kStep + 1) * kStep;
  return next;
}

absl::StatusOr<Partner> Apply(const Partner& partner, PartnerAct act, absl::string_view reason, absl::Time now) {
  const auto* edge = absl::c_find_if(
      kEdges, [&](const Edge& candidate) { return candidate.from == partner.state && candidate.act == act; });
  if (edge == std::end(kEdges)) return WrongState(partner, PastTense(act));
  Partner next = NextVersion(partner, now);
  next.state = edge->to;
  next.state_reason = std::string(reason);
  return next;
}

Partner NewPartner(const Uuid& partner_id, absl::string_view number, const PartnerFields& fields, absl::Time now) {
  Partner first{
      .partner_id = partner_id, .partner_number = std::string(number), .create_time = now, .update_time = now};
  Set(first, fields);
  return first;
}

Partner Update(const Partner& partner, const PartnerFields& fields, absl::Time now) {
  Partner next = NextVersion(partner, now);
  Set(next, fields);
  return next;
}

absl::Status CheckNotOut(const Partner& partner, absl::string_view what) {
  const bool out = partner.state == PartnerState::kRejected || partner.state == PartnerState::kTerminated;
  return out ? WrongState(partner, what) : absl::OkStatus();
}

absl::StatusOr<Partner> AcceptAgreement(const Partner& partner, absl::string_view agreement,
                                        absl::string_view current_agreement, absl::string_view person, absl::Time now) {
  RETURN_IF_ERROR(CheckNotOut(partner, "party to the agreement"));
  if (agreement != current_agreement) {
    return FailedPrecondition(
        "AGREEMENT_NOT_CURRENT",
        absl::StrCat("Only the current agreement, agreements/", current_agreement, ", can be accepted."),
        {{"current_agreement", absl::StrCat("agreements/", current_agreement)}});
  }
  Partner next = NextVersion(partner, now);
  next.accepted_agreement = std::string(agreement);
  next.agreement_accepted_by = std::string(person);
  next.agreement_accept_time = now;
  return next;
}

}  // namespace countersign::partner
