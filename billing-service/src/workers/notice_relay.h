// The consumer "notices": mails notices to the billing contacts.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_NOTICE_RELAY_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_NOTICE_RELAY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/clients/payee_client.h"
#include "billing-service/src/domain/notice.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/charge_store.h"
#include "billing-service/src/store/credit_note_store.h"
#include "billing-service/src/store/dunning_ladder_store.h"
#include "billing-service/src/store/invoice_store.h"
#include "billing-service/src/store/notice_store.h"
#include "billing-service/src/store/partner_request_store.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/base/clock.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/events/crew.h"
#include "common/events/relay.h"
#include "common/mail/mailer.h"

namespace countersign::billing {

// INVOICE_OPENED: the invoice's notice. BILLING_CONTACT_CHANGED and _CORRECTED: one to each address. A renewal that was
// announced, or whose seats changed since: what it costs, unless that was said. A partner that leaves: when, and who
// follows. What a partner answered that the customer asked. CREDIT_NOTE_CREATED and CHARGE_DECLINED: one for each, a
// decline while its invoice is OPEN. NOTICE_QUEUED: a notice of dunning, or one to be sent again. A notice's row says
// that it was sent, so a delivery that comes twice sends once; where a crash comes between the mail server's answer and
// the row, the mail arrives again under the same Message-ID. A notice that the mail server refuses for good is BOUNCED.
class NoticeRelay {
 public:
  // All must outlive the relay that the consumer is given to; so must this object.
  struct Needs {
    events::Committer& committer;
    const NoticeStore& notices;
    const BillingAccountStore& accounts;
    const InvoiceStore& invoices;
    const DunningLadderStore& ladders;
    const SubscriptionStore& subscriptions;
    mail::Mailer* mailer;  // Null: nothing is sent, and is not made up for later.
    const Clock& clock;
    PayeeClient& partners;
    std::string find_url;  // --find_url.
    const CreditNoteStore& credit_notes;
    const ChargeStore& charges;
    const PartnerRequestStore& partner_requests;
  };
  explicit NoticeRelay(const Needs& needs);

  events::Consumer consumer() const;

 private:
  absl::Status Deliver(const events::Event& event, absl::Time deadline) const;
  // Invoices' notices together, the others one by one.
  std::vector<absl::Status> DeliverMany(const std::vector<const events::Event*>& events, absl::Time deadline) const;
  absl::Status SendInvoice(const events::Event& event, absl::Time deadline) const;
  // An answer for each. Error: what was wrong with all.
  absl::StatusOr<std::vector<absl::Status>> SendInvoices(const std::vector<const events::Event*>& events,
                                                         absl::Time deadline) const;
  absl::Status SendContactChange(const events::Event& event, absl::Time deadline) const;
  absl::Status SendRenewal(const events::Event& event, absl::Time deadline) const;
  absl::Status SendPartnerChange(const events::Event& event, absl::Time deadline) const;
  absl::Status SendAnswer(const events::Event& event, absl::Time deadline) const;
  absl::Status SendCreditNote(const events::Event& event, absl::Time deadline) const;
  absl::Status SendDeclined(const events::Event& event, absl::Time deadline) const;
  absl::Status SendQueued(const events::Event& event, absl::Time deadline) const;
  // Sends and saves the notice, unless it is on record.
  absl::Status SendOnce(const events::Event& event, Notice notice, absl::Time deadline) const;
  // The notice as it is after sending: SENT or BOUNCED. Errors: what may go away by itself.
  absl::StatusOr<Notice> Send(Notice notice, absl::Time deadline) const;
  // The same, of a notice that is written.
  absl::StatusOr<Notice> SendWritten(Notice notice, const mail::Message& message, absl::Time now,
                                     absl::Time deadline) const;
  // As a mail.
  absl::StatusOr<mail::Message> Written(const Notice& notice, const BillingAccount& account, absl::Time now,
                                        absl::Time deadline) const;
  // Of a credit note, or of a charge that was declined. Error: FAILED_PRECONDITION INVOICE_STATE (of a charge: its
  // invoice is not OPEN any more).
  absl::StatusOr<mail::Message> WrittenOfInvoice(const Notice& notice, const BillingAccount& account,
                                                 const Invoice& invoice, absl::Time now, absl::Time deadline) const;
  // Error: FAILED_PRECONDITION NO_PARTNER_CHANGE_PENDING (it is over, or off).
  absl::StatusOr<mail::Message> WrittenPartnerChange(const Notice& notice, const BillingAccount& account,
                                                     absl::Time now, absl::Time deadline) const;
  absl::StatusOr<std::string> DisplayNameOf(const Uuid& partner, absl::Time deadline) const;
  static events::Change ChangeOf(const events::Event& cause, const Notice& notice);
  absl::Status Save(const events::Event& cause, const Notice& notice, absl::Time deadline) const;

  const Needs needs_;
  mutable events::Crew senders_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_NOTICE_RELAY_H_
