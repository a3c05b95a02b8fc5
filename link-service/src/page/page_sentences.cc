#include "link-service/src/page/page_sentences.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"

namespace countersign::link {
namespace {

std::string PeriodsText(const v1::OrderReview& review) {
  return review.billing_period_months() == 1 ? "month" : "year";
}

std::string StartText(const v1::OrderReview& review) {
  const std::string period = PeriodsText(review);
  const absl::StatusOr<Date> requested = rpc::FromProto(review.requested_start_date());
  if (!review.has_requested_start_date() || !requested.ok()) {
    return absl::StrCat("The day you confirm; each ", period, " runs from that day.");
  }
  return absl::StrCat(absl::FormatTime("%-d %B %Y", StartOf(*requested), absl::UTCTimeZone()),
                      ", or the day you confirm if that is later; each ", period, " runs from that day.");
}

}  // namespace

absl::StatusOr<Money> CommitmentOf(const v1::OrderReview& review) {
  ASSIGN_OR_RETURN(const Money total, rpc::FromProto(review.total()));
  const int64_t periods = review.term_months() / std::max(1, review.billing_period_months());
  absl::StatusOr<Money> sum = Money::Zero(total.currency());
  for (int64_t i = 0; i < periods && sum.ok(); ++i) sum = sum->Plus(total);
  return sum;
}

absl::Status AddSentences(absl::string_view agreement_title, v1::PageContent& content) {
  const v1::OrderReview& review = content.review();
  ASSIGN_OR_RETURN(const Money total, rpc::FromProto(review.total()));
  ASSIGN_OR_RETURN(const Money commitment, CommitmentOf(review));
  const std::string period = PeriodsText(review), term = absl::StrCat(review.term_months(), " months");
  const std::string& seller = content.vendor_legal_entity();
  const auto add = [&](absl::string_view name, std::string text) {
    v1::PageContent::Sentence& sentence = *content.add_sentences();
    sentence.set_name(std::string(name));
    sentence.set_text(std::move(text));
  };
  add(kTermSentence, absl::StrCat(term, ", billed in advance each ", period, "."));
  add(kStartSentence, StartText(review));
  add(kFirstInvoiceSentence, absl::StrCat(total.ToDisplayString(), " plus tax, dated the day your services start, due ",
                                          kPaymentTermDays, " days later."));
  add(kTaxSentence, absl::StrCat("Prices are in ", total.currency(),
                                 " and do not include tax. It is added where the law asks for it, by the billing "
                                 "address below."));
  add(kRenewalSentence, absl::StrCat("Renews for ", term,
                                     " at the price then in force, which we announce 30 days before, unless you "
                                     "switch renewal off by the last day of the term."));
  add(kCancellingSentence, absl::StrCat("Free of charge during the first ", kFreeCancelDays,
                                        " days of the term, credited in full; after that, at the end of the term."));
  add(kAcceptanceSentence,
      absl::StrCat("On behalf of the company that I named above, I accept the ", agreement_title, ", version ",
                   review.agreement_version(), ". I am allowed to place orders for it."));
  add(kObligationSentence,
      absl::StrCat("With “Confirm order” your company orders these services from ", seller, " for ", term, " and owes ",
                   commitment.ToDisplayString(), " plus tax, payable as invoiced."));
  return absl::OkStatus();
}

absl::string_view SentenceOf(const v1::PageContent& content, absl::string_view name) {
  for (const v1::PageContent::Sentence& sentence : content.sentences()) {
    if (sentence.name() == name) return sentence.text();
  }
  return "";
}

absl::string_view LabelOf(absl::string_view name) {
  constexpr std::pair<absl::string_view, absl::string_view> kLabels[] = {
      {kTermSentence, "Term"},
      {kStartSentence, "Start"},
      {kFirstInvoiceSentence, "First invoice"},
      {kTaxSentence, "Tax"},
      {kRenewalSentence, "Renewal"},
      {kCancellingSentence, "Cancelling"},
      {kAcceptanceSentence, "Acceptance"},
      {kObligationSentence, "Obligation"},
  };
  for (const auto& [known, label] : kLabels) {
    if (known == name) return label;
  }
  return name;
}

}  // namespace countersign::link
