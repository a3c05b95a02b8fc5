#include "billing-service/src/domain/notice.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "billing-service/src/domain/renewal.h"
#include "common/base/state_machine.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr Edge<NoticeState> kNoticeEdges[] = {
    {NoticeState::kQueued, NoticeState::kSent},
    {NoticeState::kQueued, NoticeState::kBounced},
    {NoticeState::kSent, NoticeState::kBounced},
    {NoticeState::kBounced, NoticeState::kQueued},
};

}  // namespace

Notice InvoiceNotice(const Uuid& account, const Uuid& invoice, absl::Time now) {
  return {.id = Uuid::Derived({"notice", invoice.bytes()}),
          .account = account,
          .kind = NoticeKind::kInvoice,
          .invoice = invoice,
          .create_time = now,
          .update_time = now};
}

Uuid DunningNoticeId(const Dunning& dunning, int64_t rung) {
  return Uuid::Derived({"dunning notice", dunning.account.bytes(), dunning.invoice.value_or(Uuid()).bytes(),
                        absl::StrCat(dunning.cycle), absl::StrCat(rung)});
}

Notice DunningNotice(const Dunning& climbed, absl::Time now) {
  return {.id = DunningNoticeId(climbed, climbed.rung),
          .account = climbed.account,
          .kind = NoticeKind::kDunning,
          .invoice = climbed.invoice.value_or(Uuid()),
          .dunning_state = climbed.state,
          .dunning_rung = climbed.rung,
          .create_time = now,
          .update_time = now};
}

Notice ContactNotice(NoticeKind kind, const Uuid& account, int64_t account_version, absl::Time now) {
  return {.id = Uuid::Derived({"contact notice", NameOf(kind), account.bytes(), absl::StrCat(account_version)}),
          .account = account,
          .kind = kind,
          .invoice = Uuid(),
          .contact_version = account_version,
          .create_time = now,
          .update_time = now};
}

bool IsAboutContact(const Notice& notice) {
  return notice.kind == NoticeKind::kOldContact || notice.kind == NoticeKind::kNewContact ||
         notice.kind == NoticeKind::kCodeContact;
}

absl::StatusOr<Notice> RenewalNotice(const Subscription& subscription, int64_t before, absl::Time now) {
  ASSIGN_OR_RETURN(const Money amount, RenewalAmount(subscription));
  const std::string date = FormatDate(CurrentTerm(subscription).end);
  const std::string quantity = absl::StrCat(RenewalQuantity(subscription));
  // The first one's id is what it was when there was no number.
  const std::string micros = before > 0 ? absl::StrCat(amount.micros(), "/", before) : absl::StrCat(amount.micros());
  return Notice{.id = Uuid::Derived(
                    {"renewal notice", subscription.account.bytes(), subscription.id.bytes(), date, quantity, micros}),
                .account = subscription.account,
                .kind = NoticeKind::kRenewal,
                .invoice = Uuid(),
                .subscription = subscription.id,
                .create_time = now,
                .update_time = now};
}

Notice PartnerChangeNotice(const Subscription& subscription, const PartnerChange& change, absl::Time now) {
  return {.id = Uuid::Derived({"partner change notice", subscription.account.bytes(), subscription.id.bytes(),
                               FormatDate(change.effective), change.from.bytes(),
                               change.to.has_value() ? change.to->bytes() : ""}),
          .account = subscription.account,
          .kind = NoticeKind::kPartnerChange,
          .invoice = Uuid(),
          .subscription = subscription.id,
          .create_time = now,
          .update_time = now};
}

Notice CreditNotice(const CreditNote& note, absl::Time now) {
  return {.id = Uuid::Derived({"credit notice", note.account.bytes(), note.id.bytes()}),
          .account = note.account,
          .kind = NoticeKind::kCreditNote,
          .invoice = note.invoice,
          .credit_note = note.id,
          .create_time = now,
          .update_time = now};
}

Notice DeclinedNotice(const Charge& charge, absl::Time now) {
  return {.id = Uuid::Derived({"declined notice", charge.account.bytes(), charge.id.bytes()}),
          .account = charge.account,
          .kind = NoticeKind::kPaymentDeclined,
          .invoice = charge.invoice,
          .charge = charge.id,
          .create_time = now,
          .update_time = now};
}

Notice AnswerNotice(const PartnerRequest& request, absl::Time now) {
  return {.id = Uuid::Derived({"answer notice", request.account.bytes(), request.id.bytes()}),
          .account = request.account,
          .kind = NoticeKind::kPartnerAnswer,
          .invoice = Uuid(),
          .subscription = request.subscription,
          .partner_request = request.id,
          .create_time = now,
          .update_time = now};
}

bool IsAboutInvoice(const Notice& notice) { return !notice.invoice.is_nil(); }

std::vector<NoticeKind> ContactNoticeKinds(const ContactChange& change) {
  std::vector<NoticeKind> kinds = {NoticeKind::kOldContact, NoticeKind::kNewContact};
  if (change.code_email != change.before && change.code_email != change.after) {
    kinds.push_back(NoticeKind::kCodeContact);
  }
  return kinds;
}

const std::string& AddressOf(NoticeKind kind, const ContactChange& change) {
  if (kind == NoticeKind::kNewContact) return change.after;
  return kind == NoticeKind::kCodeContact ? change.code_email : change.before;
}

absl::StatusOr<Notice> MoveNotice(Notice notice, NoticeState to, absl::string_view reason, absl::Time now) {
  RETURN_IF_ERROR(CheckEdge(kNoticeStates, kNoticeEdges, "notice", notice.state, to));
  notice.state = to;
  notice.bounce_reason = to == NoticeState::kBounced ? std::string(reason) : "";
  if (to == NoticeState::kSent) notice.send_time = now;
  ++notice.version;
  notice.update_time = now;
  return notice;
}

}  // namespace countersign::billing
