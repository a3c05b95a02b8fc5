#include "billing-service/src/workers/notice_relay.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "billing-service/src/api/notice_messages.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/workers/notice_text.h"
#include "billing-service/src/workers/worker.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr size_t kMaxBounceReason = 500;

// What the mail server said, without what a mail server may put into it beyond printable ASCII.
std::string BounceReasonOf(const absl::Status& refused) {
  std::string reason;
  for (const char c : refused.message().substr(0, kMaxBounceReason)) reason += c >= ' ' && c <= '~' ? c : '?';
  return reason;
}

}  // namespace

events::Consumer NoticeRelay::consumer() const {
  return {.name = "notices", .deliver = [this](const events::Event& event, absl::Time deadline) {
            if (needs_.mailer == nullptr) return absl::OkStatus();
            return events::RunUntilNotLost(deadline, [&] { return Deliver(event, deadline); });
          }};
}

absl::Status NoticeRelay::Deliver(const events::Event& event, absl::Time deadline) const {
  if (event.type == "INVOICE_OPENED") return SendInvoice(event, deadline);
  if (event.type == "BILLING_CONTACT_CHANGED") return SendContactChange(event, deadline);
  if (event.type == "NOTICE_QUEUED") return SendQueued(event, deadline);
  return absl::OkStatus();
}

absl::Status NoticeRelay::SendInvoice(const events::Event& event, absl::Time deadline) const {
  Notice notice = InvoiceNotice(event.tenant, event.aggregate, needs_.clock.Now());
  ASSIGN_OR_RETURN(const std::optional<Notice> found, needs_.notices.Find(deadline, notice.account, notice.id));
  if (found.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(notice, Send(std::move(notice), deadline));
  notice.version = 1;  // It was never on record as QUEUED: one row and one event less for each invoice.
  return Save(event, notice, deadline);
}

absl::Status NoticeRelay::SendContactChange(const events::Event& event, absl::Time deadline) const {
  ASSIGN_OR_RETURN(const BillingAccount account, needs_.accounts.Get(deadline, event.tenant));
  ASSIGN_OR_RETURN(const ContactChange change, needs_.accounts.GetContactChange(deadline, account, event.version));
  for (const NoticeKind kind : ContactNoticeKinds(change)) {
    Notice notice = ContactNotice(kind, event.tenant, event.version, needs_.clock.Now());
    ASSIGN_OR_RETURN(const std::optional<Notice> found, needs_.notices.Find(deadline, notice.account, notice.id));
    if (found.has_value()) continue;
    ASSIGN_OR_RETURN(notice, Send(std::move(notice), deadline));
    notice.version = 1;  // It was never on record as QUEUED.
    RETURN_IF_ERROR(Save(event, notice, deadline));
  }
  return absl::OkStatus();
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
  ASSIGN_OR_RETURN(const mail::Message message, Written(notice, account, now, deadline));
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
  ASSIGN_OR_RETURN(const Invoice invoice, needs_.invoices.Get(deadline, notice.account, notice.invoice));
  std::vector<DunningLadder> ladders;
  if (notice.kind == NoticeKind::kDunning) {
    ASSIGN_OR_RETURN(ladders, needs_.ladders.ReadAll(deadline));
  }
  return MessageOf(notice, account, invoice, ladders, now);
}

absl::Status NoticeRelay::Save(const events::Event& cause, const Notice& notice, absl::Time deadline) const {
  const rpc::WorkerAct act = ActAfter(cause, notice.update_time);
  events::Change change{
      .events = {NoticeEventOf(act, notice)}, .reply = std::nullopt, .rows = {NoticeStore::Row(notice)}};
  // A mail server's words may hold the address.
  if (!notice.bounce_reason.empty()) change.guards = {BillingAccountStore::IsNotErased(notice.account)};
  return needs_.committer.Commit(deadline, change);
}

}  // namespace countersign::billing
