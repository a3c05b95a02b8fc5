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

std::string DayText(Date day) { return absl::FormatTime("%-d %B %Y", StartOf(day), absl::UTCTimeZone()); }

std::string StartText(const v1::OrderReview& review) {
  const std::string period = PeriodsText(review);
  const absl::StatusOr<Date> requested = rpc::FromProto(review.requested_start_date());
  if (!review.has_requested_start_date() || !requested.ok()) {
    return absl::StrCat("The day you confirm; each ", period, " runs from that day.");
  }
  return absl::StrCat(DayText(*requested), ", or the day you confirm if that is later; each ", period,
                      " runs from that day.");
}

// What promotions promise; empty where there is none.
absl::StatusOr<std::string> PromotionText(const v1::OrderReview& review) {
  std::string text;
  for (const v1::OrderReview::Line& line : review.lines()) {
    if (line.trial_days() == 0) continue;
    absl::StrAppend(&text, text.empty() ? "" : " ", line.offer_title(), " is free for ", line.trial_days(),
                    " days; its term, its invoices and its days of cancelling begin after them.");
  }
  if (!review.has_list_total()) return text;
  ASSIGN_OR_RETURN(const Money total, rpc::FromProto(review.total()));
  ASSIGN_OR_RETURN(const Money list_total, rpc::FromProto(review.list_total()));
  absl::StrAppend(&text, text.empty() ? "" : " ", total.ToDisplayString(), " each ", PeriodsText(review),
                  " in the initial term; by the prices published now, ", list_total.ToDisplayString(), " after it.");
  return text;
}

// How a subscription is changed, in the words that depend on the kind.
struct ChangeTexts {
  std::string change, term, start, first_invoice, cancelling, obligation;
};

ChangeTexts TextsOfSeatsNow(const v1::OrderReview& review, const v1::OrderReview::Line& line,
                            const std::string& renewal, const std::string& total, const std::string& seller) {
  const std::string seats = absl::StrCat(line.quantity(), " more seats of ", line.offer_title());
  const std::string price = absl::StrCat(total, " plus tax each ", PeriodsText(review));
  return {.change = absl::StrCat(line.seats_before(), " seats become ", line.seats_after(), ": ", line.quantity(),
                                 " more, for ", price, ". Seats that you have keep their price."),
          .term = absl::StrCat("Until the subscription renews on ", renewal, ", billed in advance each ",
                               PeriodsText(review), "."),
          .start = "The day you confirm.",
          .first_invoice = absl::StrCat("The days until the next ", PeriodsText(review),
                                        " of your subscription begins are charged in proportion. With annual billing, "
                                        "or when none of it is left, they are invoiced at once, else with your next "
                                        "invoice; due ",
                                        kPaymentTermDays, " days later."),
          .cancelling = absl::StrCat("The added seats free of charge during their first ", kFreeCancelDays,
                                     " days, credited in full; after that, at the end of the term."),
          .obligation = absl::StrCat("With “Confirm order” your company orders ", seats, " from ", seller, " and owes ",
                                     price, " until ", renewal, ", payable as invoiced.")};
}

ChangeTexts TextsOfSeatsLater(const v1::OrderReview::Line& line, const std::string& renewal,
                              const std::string& seller) {
  return {.change = absl::StrCat(line.seats_before(), " seats become ", line.seats_after(), " on ", renewal, "."),
          .term = "That of your subscription, which renews on that day.",
          .start = absl::StrCat(renewal, ", when the subscription renews."),
          .first_invoice = "That of the renewal, at the price then in force, which we announce 30 days before.",
          .cancelling = absl::StrCat("Free of charge during the first ", kFreeCancelDays,
                                     " days of the next term, credited in full; after that, at its end."),
          .obligation = absl::StrCat("With “Confirm order” your company orders ", line.seats_after(), " seats of ",
                                     line.offer_title(), " from ", seller, " from ", renewal,
                                     " on, at the price then in force plus tax, payable as invoiced.")};
}

ChangeTexts TextsOfRenewal(const v1::OrderReview& review, const v1::OrderReview::Line& line, const std::string& renewal,
                           const std::string& total, const std::string& commitment, const std::string& seller) {
  const std::string term = absl::StrCat(review.term_months(), " months from ", renewal);
  return {
      .change = absl::StrCat(line.seats_before(), " seats become ", line.seats_after(), " with the renewal, for ",
                             total, " plus tax each ", PeriodsText(review), "."),
      .term = absl::StrCat(term, ", billed in advance each ", PeriodsText(review), "."),
      .start = absl::StrCat(renewal, ", when the present term has ended."),
      .first_invoice = absl::StrCat(total, " plus tax, dated ", renewal, ", due ", kPaymentTermDays, " days later."),
      .cancelling = absl::StrCat("Free of charge during the first ", kFreeCancelDays,
                                 " days of the new term, credited in full; after that, at its end."),
      .obligation = absl::StrCat("With “Confirm order” your company orders this renewal from ", seller, " for ", term,
                                 " and owes ", commitment, " plus tax, payable as invoiced.")};
}

absl::StatusOr<ChangeTexts> TextsOfChange(const v1::PageContent& content) {
  const v1::OrderReview& review = content.review();
  if (review.lines_size() != 1) return absl::DataLossError("A change has one line.");
  const v1::OrderReview::Line& line = review.lines(0);
  ASSIGN_OR_RETURN(const Date renewal_date, rpc::FromProto(line.renewal_date()));
  ASSIGN_OR_RETURN(const Money total, rpc::FromProto(review.total()));
  ASSIGN_OR_RETURN(const Money commitment, CommitmentOf(review));
  const std::string renewal = DayText(renewal_date);
  const std::string& seller = content.vendor_legal_entity();
  if (review.kind() == "RENEW") {
    return TextsOfRenewal(review, line, renewal, total.ToDisplayString(), commitment.ToDisplayString(), seller);
  }
  if (line.at_renewal()) return TextsOfSeatsLater(line, renewal, seller);
  return TextsOfSeatsNow(review, line, renewal, total.ToDisplayString(), seller);
}

}  // namespace

bool IsChange(const v1::OrderReview& review) { return !review.kind().empty() && review.kind() != "NEW"; }

absl::StatusOr<Money> CommitmentOf(const v1::OrderReview& review) {
  if (review.has_commitment()) return rpc::FromProto(review.commitment());
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
  ASSIGN_OR_RETURN(const std::string promotion, PromotionText(review));
  const std::string period = PeriodsText(review), term = absl::StrCat(review.term_months(), " months");
  const std::string& seller = content.vendor_legal_entity();
  ChangeTexts texts = {
      .change = "",
      .term = absl::StrCat(term, ", billed in advance each ", period, "."),
      .start = StartText(review),
      .first_invoice = absl::StrCat(total.ToDisplayString(), " plus tax, dated the day your services start, due ",
                                    kPaymentTermDays, " days later."),
      .cancelling = absl::StrCat("Free of charge during the first ", kFreeCancelDays,
                                 " days of the term, credited in full; after that, at the end of the term."),
      .obligation = absl::StrCat("With “Confirm order” your company orders these services from ", seller, " for ", term,
                                 " and owes ", commitment.ToDisplayString(), " plus tax, payable as invoiced.")};
  if (IsChange(review)) {
    ASSIGN_OR_RETURN(texts, TextsOfChange(content));
  }
  const auto add = [&](absl::string_view name, std::string text) {
    if (text.empty()) return;
    v1::PageContent::Sentence& sentence = *content.add_sentences();
    sentence.set_name(std::string(name));
    sentence.set_text(std::move(text));
  };
  add(kChangeSentence, texts.change);
  add(kTermSentence, texts.term);
  add(kStartSentence, texts.start);
  add(kPromotionSentence, promotion);
  add(kFirstInvoiceSentence, texts.first_invoice);
  add(kTaxSentence, absl::StrCat("Prices are in ", total.currency(),
                                 " and do not include tax. It is added where the law asks for it, by the billing "
                                 "address below."));
  add(kRenewalSentence, absl::StrCat("Renews for ", term,
                                     " at the price then in force, which we announce 30 days before, unless you "
                                     "switch renewal off by the last day of the term."));
  add(kCancellingSentence, texts.cancelling);
  add(kAcceptanceSentence,
      absl::StrCat("On behalf of the company that I named above, I accept the ", agreement_title, ", version ",
                   review.agreement_version(), ". I am allowed to place orders for it."));
  add(kObligationSentence, texts.obligation);
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
      {kChangeSentence, "Change"},
      {kPromotionSentence, "Promotion"},
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
