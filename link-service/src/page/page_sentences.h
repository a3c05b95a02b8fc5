// The sentences of the customer's page that bind. Each is part of the content whose hash the customer confirms.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_SENTENCES_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_SENTENCES_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "countersign/link/v1/evidence.pb.h"
#include "link-service/src/web/language.h"

namespace countersign::link {

// Names of sentences: stable, and in the order of the page.
inline constexpr absl::string_view kChangeSentence = "change";        // Of a change of a subscription only.
inline constexpr absl::string_view kPromotionSentence = "promotion";  // Where a line has one.
inline constexpr absl::string_view kTermSentence = "term";
inline constexpr absl::string_view kStartSentence = "start";
inline constexpr absl::string_view kFirstInvoiceSentence = "first_invoice";
inline constexpr absl::string_view kTaxSentence = "tax";
inline constexpr absl::string_view kRenewalSentence = "renewal";
inline constexpr absl::string_view kCancellingSentence = "cancelling";
inline constexpr absl::string_view kAcceptanceSentence = "acceptance";
inline constexpr absl::string_view kObligationSentence = "obligation";

inline constexpr int kFreeCancelDays = 7;    // Days 1 to 7 of the term; the start is day 1.
inline constexpr int kPaymentTermDays = 30;  // From the date of an invoice.

// Whether the order changes a subscription that runs already.
bool IsChange(const v1::OrderReview& review);

// True where a billing account that is there pays, so that nobody is asked who does.
bool IsPayerOnFile(const v1::OrderReview& review);

// True when it asks for another partner of record: nothing is ordered, and nothing has a price.
bool ChangesPartner(const v1::OrderReview& review);

// The day that the partner asked the order to start on; nullopt: none, or no date.
std::optional<Date> RequestedStartOf(const v1::OrderReview& review);

// The last day of cancelling free of charge an order that was confirmed on this day; nullopt where nothing can be
// cancelled. Where lines have different free days, of the earliest ones.
std::optional<Date> FreeCancelDateOf(const v1::OrderReview& review, Date confirmed);

// The price of the whole term before tax. Errors: INVALID_ARGUMENT (the review's total), OUT_OF_RANGE.
absl::StatusOr<Money> CommitmentOf(const v1::OrderReview& review);

// "month" or "year": what the review is billed by.
web::Choice PeriodOf(const v1::OrderReview& review);

// Adds the sentences in `language` to `content`, whose review, vendor and agreement are set. Errors: those of
// CommitmentOf; DATA_LOSS or INVALID_ARGUMENT for a change without its line or renewal date.
absl::Status AddSentences(const web::Language& language, absl::string_view agreement_title, v1::PageContent& content);

// The text of a sentence, empty where the content has none of that name.
absl::string_view SentenceOf(const v1::PageContent& content, absl::string_view name);

// "Start" for "start": what the page writes before the sentence.
std::string LabelOf(const web::Language& language, absl::string_view name);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_PAGE_PAGE_SENTENCES_H_
