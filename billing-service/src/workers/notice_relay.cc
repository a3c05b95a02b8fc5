#include "billing-service/src/workers/notice_relay.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "billing-service/src/api/notice_messages.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/domain/partner_of_record.h"
#include "billing-service/src/domain/renewal.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/workers/notice_text.h"
#include "billing-service/src/workers/worker.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

constexpr char kInvoiceOpened[] = "INVOICE_OPENED";
constexpr char kNoticeQueued[] = "NOTICE_QUEUED";

constexpr char kCreditNoteCreated[] = "CREDIT_NOTE_CREATED";
constexpr char kChargeDeclined[] = "CHARGE_DECLINED";
constexpr char kInvoiceNotOpen[] = "INVOICE_STATE";
constexpr char kNoPartnerChange[] = "NO_PARTNER_CHANGE_PENDING";

constexpr size_t kMaxBounceReason = 500;
constexpr int kSenders = 8;  // Mails on their way at once.
constexpr size_t kNoticesTogether = 32;

// What the mail server said, without what a mail server may put into it beyond printable ASCII.
std::string BounceReasonOf(const absl::Status& refused) {
  std::string reason;
  for (const char c : refused.message().substr(0, kMaxBounceReason)) reason += c >= ' ' && c <= '~' ? c : '?';
  return reason;
}

bool ChangesContact(absl::string_view type) {
  return type == kBillingContactChanged || type == kBillingContactCorrected;
}

// The events after which the next term may cost something else.
bool ChangesRenewal(absl::string_view type) {
  return type == "SUBSCRIPTION_RENEWAL_ANNOUNCED" || type == "SUBSCRIPTION_SEATS_CHANGED" ||
         type == "SUBSCRIPTION_SEATS_CANCELLED" || type == "SUBSCRIPTION_AUTO_RENEW_SET";
}

// There is nothing to say any more: the renewal, the change of partner or the debt is done or off.
bool IsNothingToSay(const absl::Status& status) {
  const std::string reason = DetailsOf(status).reason;
  return reason == kRenewalNotPriced || reason == kNoPartnerChange || reason == kInvoiceNotOpen;
}

// The events by which the customer has to be told that its partner leaves. Not those of its own decisions.
bool AnnouncesPartnerChange(absl::string_view type) {
  return type == "SUBSCRIPTION_PARTNER_TRANSFER_ANNOUNCED" || type == "SUBSCRIPTION_PARTNER_END_ANNOUNCED" ||
         type == "SUBSCRIPTION_PARTNER_RESIGNED";
}

// The partner that the customer asked said yes or no.
bool AnswersRequest(absl::string_view type) {
  return type == "PARTNER_REQUEST_ACCEPTED" || type == "PARTNER_REQUEST_DECLINED";
}

}  // namespace

NoticeRelay::NoticeRelay(const Needs& needs) : needs_(needs), senders_(kSenders) {}

events::Consumer NoticeRelay::consumer() const {
  return {.name = "notices",
          .deliver =
              [this](const events::Event& event, absl::Time deadline) {
                if (needs_.mailer == nullptr) return absl::OkStatus();
                return events::RunUntilNotLost(deadline, [&] { return Deliver(event, deadline); });
              },
          .deliver_many = [this](const std::vector<const events::Event*>& events,
                                 absl::Time deadline) { return DeliverMany(events, deadline); },
          .concerns =
              [this](const events::Event& event) {
                return needs_.mailer != nullptr && (event.type == kInvoiceOpened || ChangesContact(event.type) ||
                                                    ChangesRenewal(event.type) || AnnouncesPartnerChange(event.type) ||
                                                    AnswersRequest(event.type) || event.type == kCreditNoteCreated ||
                                                    event.type == kChargeDeclined || event.type == kNoticeQueued);
              }};
}

absl::Status NoticeRelay::Deliver(const events::Event& event, absl::Time deadline) const {
  if (event.type == kInvoiceOpened) return SendInvoice(event, deadline);
  if (ChangesContact(event.type)) return SendContactChange(event, deadline);
  if (ChangesRenewal(event.type)) return SendRenewal(event, deadline);
  if (AnnouncesPartnerChange(event.type)) return SendPartnerChange(event, deadline);
  if (AnswersRequest(event.type)) return SendAnswer(event, deadline);
  if (event.type == kCreditNoteCreated) return SendCreditNote(event, deadline);
  if (event.type == kChargeDeclined) return SendDeclined(event, deadline);
  if (event.type == kNoticeQueued) return SendQueued(event, deadline);
  return absl::OkStatus();
}

absl::Status NoticeRelay::SendInvoice(const events::Event& event, absl::Time deadline) const {
  return SendOnce(event, InvoiceNotice(event.tenant, event.aggregate, needs_.clock.Now()), deadline);
}

absl::Status NoticeRelay::SendOnce(const events::Event& event, Notice notice, absl::Time deadline) const {
  ASSIGN_OR_RETURN(const std::optional<Notice> found, needs_.notices.Find(deadline, notice.account, notice.id));
  if (found.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(notice, Send(std::move(notice), deadline));
  notice.version = 1;  // It was never on record as QUEUED: one row and one event less for each.
  return Save(event, notice, deadline);
}

std::vector<absl::Status> NoticeRelay::DeliverMany(const std::vector<const events::Event*>& events,
                                                   absl::Time deadline) const {
  std::vector<absl::Status> answers(events.size());
  std::vector<size_t> places;
  std::vector<const events::Event*> opened;
  for (size_t i = 0; i < events.size(); ++i) {
    if (events[i]->type == kInvoiceOpened) {
      places.push_back(i);
      opened.push_back(events[i]);
    } else {
      answers[i] = events::RunUntilNotLost(deadline, [&] { return Deliver(*events[i], deadline); });
    }
    if (opened.size() < kNoticesTogether && i + 1 < events.size()) continue;
    const absl::StatusOr<std::vector<absl::Status>> sent = SendInvoices(opened, deadline);
    for (size_t j = 0; j < opened.size(); ++j) answers[places[j]] = sent.ok() ? (*sent)[j] : sent.status();
    places.clear();
    opened.clear();
  }
  return answers;
}

absl::StatusOr<std::vector<absl::Status>> NoticeRelay::SendInvoices(const std::vector<const events::Event*>& events,
                                                                    absl::Time deadline) const {
  const absl::Time now = needs_.clock.Now();
  std::vector<Notice> notices;
  std::vector<Uuid> account_ids;
  std::vector<std::pair<Uuid, Uuid>> invoice_ids;
  for (const events::Event* event : events) {
    notices.push_back(InvoiceNotice(event->tenant, event->aggregate, now));
    account_ids.push_back(event->tenant);
    invoice_ids.emplace_back(event->tenant, event->aggregate);
  }
  ASSIGN_OR_RETURN(const std::vector<bool> found, needs_.notices.FindEach(deadline, notices));
  ASSIGN_OR_RETURN(const auto accounts, needs_.accounts.GetEach(deadline, account_ids));
  ASSIGN_OR_RETURN(const auto invoices, needs_.invoices.GetEach(deadline, invoice_ids));
  std::vector<absl::Status> answers(events.size());
  std::vector<std::optional<Notice>> sent(events.size());
  senders_.Run(events.size(), [&](size_t i) {
    if (found[i]) return;
    answers[i] = [&]() -> absl::Status {
      RETURN_IF_ERROR(accounts[i].status());
      if (WasErased(*accounts[i])) {
        ASSIGN_OR_RETURN(sent[i], MoveNotice(notices[i], NoticeState::kBounced, "", now));
        return absl::OkStatus();
      }
      RETURN_IF_ERROR(invoices[i].status());
      ASSIGN_OR_RETURN(
          sent[i], SendWritten(notices[i], MessageOf(notices[i], *accounts[i], *invoices[i], {}, now), now, deadline));
      return absl::OkStatus();
    }();
  });
  std::vector<events::Change> changes;
  std::vector<size_t> places;
  for (size_t i = 0; i < events.size(); ++i) {
    if (!sent[i].has_value()) continue;
    sent[i]->version = 1;  // As in SendOnce.
    changes.push_back(ChangeOf(*events[i], *sent[i]));
    places.push_back(i);
  }
  const std::vector<absl::Status> saved = needs_.committer.CommitAll(deadline, changes);
  for (size_t i = 0; i < saved.size(); ++i) {
    const events::Event& event = *events[places[i]];
    // Lost: another has sent it, too, or the account was erased meanwhile.
    answers[places[i]] = IsLostRace(saved[i])
                             ? events::RunUntilNotLost(deadline, [&] { return SendInvoice(event, deadline); })
                             : saved[i];
  }
  return answers;
}

absl::Status NoticeRelay::SendContactChange(const events::Event& event, absl::Time deadline) const {
  ASSIGN_OR_RETURN(const BillingAccount account, needs_.accounts.Get(deadline, event.tenant));
  ASSIGN_OR_RETURN(const ContactChange change, needs_.accounts.GetContactChange(deadline, account, event.version));
  for (const NoticeKind kind : ContactNoticeKinds(change)) {
    RETURN_IF_ERROR(SendOnce(event, ContactNotice(kind, event.tenant, event.version, needs_.clock.Now()), deadline));
  }
  return absl::OkStatus();
}

absl::Status NoticeRelay::SendRenewal(const events::Event& event, absl::Time deadline) const {
  ASSIGN_OR_RETURN(const Subscription subscription, needs_.subscriptions.Get(deadline, event.tenant, event.aggregate));
  if (!IsRenewalAnnounced(subscription)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const int64_t before, needs_.notices.CountRenewals(deadline, event.tenant, event.aggregate));
  if (before > 0) {
    // The last one may have said the same.
    ASSIGN_OR_RETURN(const Notice same, RenewalNotice(subscription, before - 1, needs_.clock.Now()));
    ASSIGN_OR_RETURN(const std::optional<Notice> last, needs_.notices.Find(deadline, same.account, same.id));
    if (last.has_value()) return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(Notice notice, RenewalNotice(subscription, before, needs_.clock.Now()));
  return SendOnce(event, std::move(notice), deadline);
}

absl::Status NoticeRelay::SendPartnerChange(const events::Event& event, absl::Time deadline) const {
  ASSIGN_OR_RETURN(const Subscription subscription, needs_.subscriptions.Get(deadline, event.tenant, event.aggregate));
  const absl::Time now = needs_.clock.Now();
  const std::optional<PartnerChange> change = ComingChange(subscription, DateOf(now));
  if (!change.has_value()) return absl::OkStatus();
  return SendOnce(event, PartnerChangeNotice(subscription, *change, now), deadline);
}

absl::Status NoticeRelay::SendAnswer(const events::Event& event, absl::Time deadline) const {
  ASSIGN_OR_RETURN(const PartnerRequest request, needs_.partner_requests.Get(deadline, event.tenant, event.aggregate));
  return SendOnce(event, AnswerNotice(request, needs_.clock.Now()), deadline);
}

absl::Status NoticeRelay::SendCreditNote(const events::Event& event, absl::Time deadline) const {
  ASSIGN_OR_RETURN(const CreditNote note, needs_.credit_notes.Get(deadline, event.tenant, event.aggregate));
  return SendOnce(event, CreditNotice(note, needs_.clock.Now()), deadline);
}

absl::Status NoticeRelay::SendDeclined(const events::Event& event, absl::Time deadline) const {
  ASSIGN_OR_RETURN(const Charge charge, needs_.charges.Get(deadline, event.tenant, event.aggregate));
  ASSIGN_OR_RETURN(const Invoice invoice, needs_.invoices.Get(deadline, charge.account, charge.invoice));
  if (invoice.state != InvoiceState::kOpen) return absl::OkStatus();  // It was paid meanwhile.
  return SendOnce(event, DeclinedNotice(charge, needs_.clock.Now()), deadline);
}

absl::Status NoticeRelay::SendQueued(const events::Event& event, absl::Time deadline) const {
  ASSIGN_OR_RETURN(Notice notice, needs_.notices.Get(deadline, event.tenant, event.aggregate));
  if (notice.state != NoticeState::kQueued) return absl::OkStatus();
  ASSIGN_OR_RETURN(notice, Send(std::move(notice), deadline));
  return Save(event, notice, deadline);
}

absl::StatusOr<Notice> NoticeRelay::Send(Notice notice, absl::Time deadline) const {
  ASSIGN_OR_RETURN(const BillingAccount account, needs_.accounts.Get(deadline, notice.account));
  const absl::Time now = needs_.clock.Now();
  if (WasErased(account)) return MoveNotice(std::move(notice), NoticeState::kBounced, "", now);
  const absl::StatusOr<mail::Message> message = Written(notice, account, now, deadline);
  if (IsNothingToSay(message.status())) {  // Sent again too late.
    return MoveNotice(std::move(notice), NoticeState::kBounced, "", now);
  }
  RETURN_IF_ERROR(message.status());
  return SendWritten(std::move(notice), *message, now, deadline);
}

absl::StatusOr<Notice> NoticeRelay::SendWritten(Notice notice, const mail::Message& message, absl::Time now,
                                                absl::Time deadline) const {
  const absl::Status sent = needs_.mailer->Send(message, deadline);
  if (sent.ok()) return MoveNotice(std::move(notice), NoticeState::kSent, "", now);
  if (!absl::IsInvalidArgument(sent) && !absl::IsFailedPrecondition(sent)) return sent;
  Log(Level::kWarning, "notice bounced",
      {{"account", notice.account.ToString()}, {"notice", notice.id.ToString()}, {"reason", DetailsOf(sent).reason}});
  return MoveNotice(std::move(notice), NoticeState::kBounced, BounceReasonOf(sent), now);
}

absl::StatusOr<mail::Message> NoticeRelay::Written(const Notice& notice, const BillingAccount& account, absl::Time now,
                                                   absl::Time deadline) const {
  if (IsAboutContact(notice)) {
    ASSIGN_OR_RETURN(const ContactChange change,
                     needs_.accounts.GetContactChange(deadline, account, notice.contact_version));
    return ContactMessageOf(notice, account, change, now);
  }
  if (notice.kind == NoticeKind::kRenewal) {
    ASSIGN_OR_RETURN(const Subscription subscription,
                     needs_.subscriptions.Get(deadline, notice.account, notice.subscription.value_or(Uuid())));
    return RenewalMessageOf(notice, account, subscription, now);
  }
  if (notice.kind == NoticeKind::kPartnerChange) return WrittenPartnerChange(notice, account, now, deadline);
  if (notice.kind == NoticeKind::kPartnerAnswer) {
    ASSIGN_OR_RETURN(const PartnerRequest request,
                     needs_.partner_requests.Get(deadline, notice.account, notice.partner_request.value_or(Uuid())));
    return AnswerMessageOf(notice, account, request, needs_.find_url, now);
  }
  ASSIGN_OR_RETURN(const Invoice invoice, needs_.invoices.Get(deadline, notice.account, notice.invoice));
  if (notice.kind == NoticeKind::kCreditNote || notice.kind == NoticeKind::kPaymentDeclined) {
    return WrittenOfInvoice(notice, account, invoice, now, deadline);
  }
  std::vector<DunningLadder> ladders;
  if (notice.kind == NoticeKind::kDunning) {
    ASSIGN_OR_RETURN(ladders, needs_.ladders.ReadAll(deadline));
  }
  return MessageOf(notice, account, invoice, ladders, now);
}

absl::StatusOr<mail::Message> NoticeRelay::WrittenOfInvoice(const Notice& notice, const BillingAccount& account,
                                                            const Invoice& invoice, absl::Time now,
                                                            absl::Time deadline) const {
  if (notice.kind == NoticeKind::kCreditNote) {
    ASSIGN_OR_RETURN(const CreditNote note,
                     needs_.credit_notes.Get(deadline, notice.account, notice.credit_note.value_or(Uuid())));
    return CreditMessageOf(notice, account, note, invoice, now);
  }
  if (invoice.state != InvoiceState::kOpen) return FailedPrecondition(kInvoiceNotOpen, "The invoice is not OPEN.");
  ASSIGN_OR_RETURN(const Charge charge, needs_.charges.Get(deadline, notice.account, notice.charge.value_or(Uuid())));
  return DeclinedMessageOf(notice, account, charge, invoice, now);
}

absl::StatusOr<mail::Message> NoticeRelay::WrittenPartnerChange(const Notice& notice, const BillingAccount& account,
                                                                absl::Time now, absl::Time deadline) const {
  ASSIGN_OR_RETURN(const Subscription subscription,
                   needs_.subscriptions.Get(deadline, notice.account, notice.subscription.value_or(Uuid())));
  const std::optional<PartnerChange> change = ComingChange(subscription, DateOf(now));
  if (!change.has_value()) return FailedPrecondition(kNoPartnerChange, "The partner of record does not change.");
  PartnerChangeText text{.from = {}, .effective = change->effective, .find_url = needs_.find_url};
  ASSIGN_OR_RETURN(text.from, DisplayNameOf(change->from, deadline));
  if (change->to.has_value()) {
    ASSIGN_OR_RETURN(text.to, DisplayNameOf(*change->to, deadline));
  }
  return PartnerChangeMessageOf(notice, account, subscription, text, now);
}

absl::StatusOr<std::string> NoticeRelay::DisplayNameOf(const Uuid& partner, absl::Time deadline) const {
  partner::v1::GetPartnerRequest request;
  request.set_name(rpc::FormatName(kPartnerName, {partner}));
  ASSIGN_OR_RETURN(const partner::v1::Partner found,
                   needs_.partners.GetPartner(rpc::WorkerOutgoing("billing-service", deadline), request));
  return found.display_name();
}

events::Change NoticeRelay::ChangeOf(const events::Event& cause, const Notice& notice) {
  const rpc::WorkerAct act = ActAfter(cause, notice.update_time);
  events::Change change{
      .events = {NoticeEventOf(act, notice)}, .reply = std::nullopt, .rows = {NoticeStore::Row(notice)}};
  // A mail server's words may hold the address.
  if (!notice.bounce_reason.empty()) change.guards = {BillingAccountStore::IsNotErased(notice.account)};
  return change;
}

absl::Status NoticeRelay::Save(const events::Event& cause, const Notice& notice, absl::Time deadline) const {
  return needs_.committer.Commit(deadline, ChangeOf(cause, notice));
}

}  // namespace countersign::billing
