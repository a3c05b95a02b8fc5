// The texts of notices in the account's language, from billing-service/messages.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_NOTICE_TEXT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_NOTICE_TEXT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/charge.h"
#include "billing-service/src/domain/credit_note.h"
#include "billing-service/src/domain/dunning_ladder.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/notice.h"
#include "billing-service/src/domain/partner_request.h"
#include "billing-service/src/domain/subscription.h"
#include "common/base/date.h"
#include "common/mail/message.h"

namespace countersign::billing {

// The mail to the account's billing contact. Its id is the notice's and its version's: what is sent again after a lost
// answer has the same one. `ladders` says what follows.
mail::Message MessageOf(const Notice& notice, const BillingAccount& account, const Invoice& invoice,
                        const std::vector<DunningLadder>& ladders, absl::Time now);

// The mail about a change of the billing contact, to one of those whom ContactNoticeKinds names. None names another.
mail::Message ContactMessageOf(const Notice& notice, const BillingAccount& account, const ContactChange& change,
                               absl::Time now);

// The mail about the renewal of a subscription, as it is planned now. Errors: those of RenewalAmount.
absl::StatusOr<mail::Message> RenewalMessageOf(const Notice& notice, const BillingAccount& account,
                                               const Subscription& subscription, absl::Time now);

// The mail about a credit note for that invoice.
mail::Message CreditMessageOf(const Notice& notice, const BillingAccount& account, const CreditNote& note,
                              const Invoice& invoice, absl::Time now);

// The mail about a charge for that invoice, which was declined.
mail::Message DeclinedMessageOf(const Notice& notice, const BillingAccount& account, const Charge& charge,
                                const Invoice& invoice, absl::Time now);

// A change of the partner of record that lies ahead, as the mail tells it.
struct PartnerChangeText {
  std::string from;           // The partners' display names.
  std::string to = {};        // Empty: nobody follows.
  Date effective;             // The first day without the old partner.
  std::string find_url = {};  // Where a customer finds its receipt again; empty: the mail does not say.
};

mail::Message PartnerChangeMessageOf(const Notice& notice, const BillingAccount& account,
                                     const Subscription& subscription, const PartnerChangeText& change, absl::Time now);

// The mail about what the partner answered that the customer asked: an ACCEPTED request, or a DECLINED one. `find_url`
// as in PartnerChangeText.
mail::Message AnswerMessageOf(const Notice& notice, const BillingAccount& account, const PartnerRequest& request,
                              const std::string& find_url, absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_WORKERS_NOTICE_TEXT_H_
