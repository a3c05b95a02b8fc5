// Notices: mails to an account's billing contact. Source of the rules: docs/domain.md, Dunning and Notices.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_NOTICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_NOTICE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/charge.h"
#include "billing-service/src/domain/credit_note.h"
#include "billing-service/src/domain/dunning.h"
#include "billing-service/src/domain/partner_of_record.h"
#include "billing-service/src/domain/partner_request.h"
#include "billing-service/src/domain/subscription.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

enum class NoticeKind {
  kInvoice,
  kDunning,
  kOldContact,
  kNewContact,
  kCodeContact,
  kRenewal,
  kPartnerChange,
  kCreditNote,
  kPaymentDeclined,
  kPartnerAnswer
};

inline constexpr Named<NoticeKind> kNoticeKinds[] = {
    {NoticeKind::kInvoice, "INVOICE"},
    {NoticeKind::kDunning, "DUNNING"},
    {NoticeKind::kOldContact, "OLD_CONTACT"},
    {NoticeKind::kNewContact, "NEW_CONTACT"},
    {NoticeKind::kCodeContact, "CODE_CONTACT"},
    {NoticeKind::kRenewal, "RENEWAL"},
    {NoticeKind::kPartnerChange, "PARTNER_CHANGE"},
    {NoticeKind::kCreditNote, "CREDIT_NOTE"},
    {NoticeKind::kPaymentDeclined, "PAYMENT_DECLINED"},
    {NoticeKind::kPartnerAnswer, "PARTNER_ANSWER"},
};
inline absl::string_view NameOf(NoticeKind kind) { return NameIn(kNoticeKinds, kind); }

enum class NoticeState { kQueued, kSent, kBounced };

inline constexpr Named<NoticeState> kNoticeStates[] = {
    {NoticeState::kQueued, "QUEUED"},
    {NoticeState::kSent, "SENT"},
    {NoticeState::kBounced, "BOUNCED"},
};
inline absl::string_view NameOf(NoticeState state) { return NameIn(kNoticeStates, state); }

struct Notice {
  Uuid id;
  Uuid account;
  NoticeKind kind = NoticeKind::kInvoice;
  // That opened, drives the ladder, is credited or was to be charged; nil: of none.
  Uuid invoice;
  DunningState dunning_state = DunningState::kClear;  // kDunning: once the rung is climbed.
  int64_t dunning_rung = 0;                           // kDunning: from 1.
  int64_t contact_version = 0;                        // Of a contact: the account's version that changed it.
  std::optional<Uuid> subscription = {};              // kRenewal, kPartnerChange, kPartnerAnswer.
  std::optional<Uuid> credit_note = {};               // kCreditNote.
  std::optional<Uuid> charge = {};                    // kPaymentDeclined.
  std::optional<Uuid> partner_request = {};           // kPartnerAnswer.
  NoticeState state = NoticeState::kQueued;
  std::string bounce_reason = {};            // BOUNCED.
  std::optional<absl::Time> send_time = {};  // When the mail server took it last.
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
};

// One per invoice.
Notice InvoiceNotice(const Uuid& account, const Uuid& invoice, absl::Time now);

// One per rung that an invoice takes the account to: of the move that would climb it.
Notice DunningNotice(const Dunning& climbed, absl::Time now);
Uuid DunningNoticeId(const Dunning& dunning, int64_t rung);

// One per kind and change of the billing contact, which made that version of the account.
Notice ContactNotice(NoticeKind kind, const Uuid& account, int64_t account_version, absl::Time now);
bool IsAboutContact(const Notice& notice);

// One per subscription, day of renewal, quantity, amount and number of renewal notices `before` it: a changed amount is
// announced again, also where it was announced earlier. Errors: those of RenewalAmount.
absl::StatusOr<Notice> RenewalNotice(const Subscription& subscription, int64_t before, absl::Time now);

// One per subscription, day and partners of a change of its partner of record that lies ahead.
Notice PartnerChangeNotice(const Subscription& subscription, const PartnerChange& change, absl::Time now);

// One per credit note, and one per charge that was declined.
Notice CreditNotice(const CreditNote& note, absl::Time now);
Notice DeclinedNotice(const Charge& charge, absl::Time now);

// One per request that its partner answered.
Notice AnswerNotice(const PartnerRequest& request, absl::Time now);

// It names an invoice.
bool IsAboutInvoice(const Notice& notice);

// The notices of a change of the billing contact: to the old address, to the new one and, where it is a third, to the
// one that codes still go to.
std::vector<NoticeKind> ContactNoticeKinds(const ContactChange& change);

// The address that a notice of one of these kinds goes to.
const std::string& AddressOf(NoticeKind kind, const ContactChange& change);

// The next version in another state; `reason` of a bounce. Error: FAILED_PRECONDITION NOTICE_STATE for what is no edge.
absl::StatusOr<Notice> MoveNotice(Notice notice, NoticeState to, absl::string_view reason, absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_NOTICE_H_
