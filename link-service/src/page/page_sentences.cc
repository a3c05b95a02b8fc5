#include "link-service/src/page/page_sentences.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"

namespace countersign::link {
namespace {

using web::Language;

std::string StartText(const Language& language, const v1::OrderReview& review) {
  const std::optional<Date> requested = RequestedStartOf(review);
  if (!requested.has_value()) {
    return language.Format("sentence.start", {{"period", PeriodOf(review)}});
  }
  return language.Format("sentence.start_requested",
                         {{"day", language.DateText(*requested)}, {"period", PeriodOf(review)}});
}

// The promises of promotions; empty without one.
absl::StatusOr<std::string> PromotionText(const Language& language, const v1::OrderReview& review) {
  std::string text;
  for (const v1::OrderReview::Line& line : review.lines()) {
    if (line.trial_days() == 0) continue;
    absl::StrAppend(&text, text.empty() ? "" : " ",
                    language.Format("sentence.promotion_free",
                                    {{"offer", line.offer_title()}, {"days", int64_t{line.trial_days()}}}));
  }
  if (!review.has_list_total()) return text;
  ASSIGN_OR_RETURN(const Money total, rpc::FromProto(review.total()));
  ASSIGN_OR_RETURN(const Money list_total, rpc::FromProto(review.list_total()));
  absl::StrAppend(&text, text.empty() ? "" : " ",
                  language.Format("sentence.promotion_price", {{"total", language.MoneyText(total)},
                                                               {"period", PeriodOf(review)},
                                                               {"list_total", language.MoneyText(list_total)}}));
  return text;
}

// The sentences that depend on the kind of the order.
struct KindTexts {
  std::string change, term, start, first_invoice, cancelling, obligation;
};

// The facts for the sentences of a change.
struct ChangeFacts {
  const v1::OrderReview& review;
  const v1::OrderReview::Line& line;
  std::string renewal;
  std::string total;
  std::string commitment;
  std::string seller;
};

KindTexts TextsOfSeatsNow(const Language& language, const ChangeFacts& facts) {
  const web::Choice period = PeriodOf(facts.review);
  const int64_t more = facts.line.quantity();
  return {.change = language.Format("sentence.add.change", {{"before", int64_t{facts.line.seats_before()}},
                                                            {"after", int64_t{facts.line.seats_after()}},
                                                            {"more", more},
                                                            {"total", facts.total},
                                                            {"period", period}}),
          .term = language.Format("sentence.add.term", {{"renewal", facts.renewal}, {"period", period}}),
          .start = language.Text("sentence.add.start"),
          .first_invoice =
              language.Format("sentence.add.first_invoice", {{"period", period}, {"days", int64_t{kPaymentTermDays}}}),
          .cancelling = language.Format("sentence.add.cancelling", {{"days", int64_t{kFreeCancelDays}}}),
          .obligation = language.Format("sentence.add.obligation", {{"more", more},
                                                                    {"offer", facts.line.offer_title()},
                                                                    {"seller", facts.seller},
                                                                    {"total", facts.total},
                                                                    {"period", period},
                                                                    {"renewal", facts.renewal}})};
}

KindTexts TextsOfSeatsLater(const Language& language, const ChangeFacts& facts) {
  const int64_t after = facts.line.seats_after();
  return {.change = language.Format(
              "sentence.later.change",
              {{"before", int64_t{facts.line.seats_before()}}, {"after", after}, {"renewal", facts.renewal}}),
          .term = language.Text("sentence.later.term"),
          .start = language.Format("sentence.later.start", {{"renewal", facts.renewal}}),
          .first_invoice = language.Text("sentence.later.first_invoice"),
          .cancelling = language.Format("sentence.later.cancelling", {{"days", int64_t{kFreeCancelDays}}}),
          .obligation = language.Format("sentence.later.obligation", {{"seats", after},
                                                                      {"offer", facts.line.offer_title()},
                                                                      {"seller", facts.seller},
                                                                      {"renewal", facts.renewal}})};
}

KindTexts TextsOfRenewal(const Language& language, const ChangeFacts& facts) {
  const web::Choice period = PeriodOf(facts.review);
  const int64_t months = facts.review.term_months();
  return {.change = language.Format("sentence.renew.change", {{"before", int64_t{facts.line.seats_before()}},
                                                              {"after", int64_t{facts.line.seats_after()}},
                                                              {"total", facts.total},
                                                              {"period", period}}),
          .term = language.Format("sentence.renew.term",
                                  {{"months", months}, {"renewal", facts.renewal}, {"period", period}}),
          .start = language.Format("sentence.renew.start", {{"renewal", facts.renewal}}),
          .first_invoice = language.Format(
              "sentence.renew.first_invoice",
              {{"total", facts.total}, {"renewal", facts.renewal}, {"days", int64_t{kPaymentTermDays}}}),
          .cancelling = language.Format("sentence.renew.cancelling", {{"days", int64_t{kFreeCancelDays}}}),
          .obligation = language.Format("sentence.renew.obligation", {{"seller", facts.seller},
                                                                      {"months", months},
                                                                      {"renewal", facts.renewal},
                                                                      {"commitment", facts.commitment}})};
}

KindTexts TextsOfPartnerChange(const Language& language, const v1::PageContent& content) {
  const std::string& next = content.review().partner_display_name();
  const std::string& former = content.review().former_partner_display_name();
  return {.change = former.empty() ? language.Format("sentence.partner.change_first", {{"next", next}})
                                   : language.Format("sentence.partner.change", {{"next", next}, {"former", former}}),
          .term = language.Text("sentence.partner.term"),
          .start = language.Text("sentence.partner.start"),
          .first_invoice = "",
          .cancelling = "",
          .obligation = language.Format("sentence.partner.obligation",
                                        {{"next", next}, {"seller", content.vendor_legal_entity()}})};
}

absl::StatusOr<KindTexts> TextsOfChange(const Language& language, const v1::PageContent& content) {
  const v1::OrderReview& review = content.review();
  if (ChangesPartner(review)) return TextsOfPartnerChange(language, content);
  if (review.lines_size() != 1) return absl::DataLossError("A change has one line.");
  const v1::OrderReview::Line& line = review.lines(0);
  ASSIGN_OR_RETURN(const Date renewal, rpc::FromProto(line.renewal_date()));
  ASSIGN_OR_RETURN(const Money total, rpc::FromProto(review.total()));
  ASSIGN_OR_RETURN(const Money commitment, CommitmentOf(review));
  const ChangeFacts facts = {.review = review,
                             .line = line,
                             .renewal = language.DateText(renewal),
                             .total = language.MoneyText(total),
                             .commitment = language.MoneyText(commitment),
                             .seller = content.vendor_legal_entity()};
  if (review.kind() == "RENEW") return TextsOfRenewal(language, facts);
  return line.at_renewal() ? TextsOfSeatsLater(language, facts) : TextsOfSeatsNow(language, facts);
}

absl::StatusOr<KindTexts> TextsOfNew(const Language& language, const v1::PageContent& content) {
  const v1::OrderReview& review = content.review();
  ASSIGN_OR_RETURN(const Money total, rpc::FromProto(review.total()));
  ASSIGN_OR_RETURN(const Money commitment, CommitmentOf(review));
  const int64_t months = review.term_months();
  return KindTexts{
      .change = "",
      .term = language.Format("sentence.term", {{"months", months}, {"period", PeriodOf(review)}}),
      .start = StartText(language, review),
      .first_invoice = language.Format("sentence.first_invoice",
                                       {{"total", language.MoneyText(total)}, {"days", int64_t{kPaymentTermDays}}}),
      .cancelling = language.Format("sentence.cancelling", {{"days", int64_t{kFreeCancelDays}}}),
      .obligation = language.Format("sentence.obligation", {{"seller", content.vendor_legal_entity()},
                                                            {"months", months},
                                                            {"commitment", language.MoneyText(commitment)}})};
}

}  // namespace

bool IsChange(const v1::OrderReview& review) { return !review.kind().empty() && review.kind() != "NEW"; }

bool IsPayerOnFile(const v1::OrderReview& review) { return IsChange(review) || review.payer_on_file(); }

bool ChangesPartner(const v1::OrderReview& review) { return review.kind() == "CHANGE_PARTNER"; }

web::Choice PeriodOf(const v1::OrderReview& review) { return {review.billing_period_months() == 1 ? "month" : "year"}; }

std::optional<Date> RequestedStartOf(const v1::OrderReview& review) {
  if (!review.has_requested_start_date()) return std::nullopt;
  const absl::StatusOr<Date> requested = rpc::FromProto(review.requested_start_date());
  return requested.ok() ? std::make_optional(*requested) : std::nullopt;
}

std::optional<Date> FreeCancelDateOf(const v1::OrderReview& review, Date confirmed) {
  if (ChangesPartner(review) || review.lines().empty()) return std::nullopt;
  constexpr int kMoreDays = kFreeCancelDays - 1;
  if (IsChange(review)) {
    const v1::OrderReview::Line& line = review.lines(0);
    if (review.kind() == "CHANGE_SEATS" && !line.at_renewal()) return confirmed + kMoreDays;
    const absl::StatusOr<Date> renewal = rpc::FromProto(line.renewal_date());
    if (!renewal.ok()) return std::nullopt;
    return *renewal + kMoreDays;
  }
  const Date start = std::max(confirmed, RequestedStartOf(review).value_or(confirmed));
  int64_t free_days = review.lines(0).trial_days();
  for (const v1::OrderReview::Line& line : review.lines()) free_days = std::min(free_days, line.trial_days());
  return start + static_cast<int>(free_days) + kMoreDays;
}

absl::StatusOr<Money> CommitmentOf(const v1::OrderReview& review) {
  if (review.has_commitment()) return rpc::FromProto(review.commitment());
  ASSIGN_OR_RETURN(const Money total, rpc::FromProto(review.total()));
  const int64_t periods = review.term_months() / std::max(1, review.billing_period_months());
  absl::StatusOr<Money> sum = Money::Zero(total.currency());
  for (int64_t i = 0; i < periods && sum.ok(); ++i) sum = sum->Plus(total);
  return sum;
}

absl::Status AddSentences(const Language& language, absl::string_view agreement_title, v1::PageContent& content) {
  const v1::OrderReview& review = content.review();
  ASSIGN_OR_RETURN(const std::string promotion, PromotionText(language, review));
  ASSIGN_OR_RETURN(const KindTexts texts,
                   IsChange(review) ? TextsOfChange(language, content) : TextsOfNew(language, content));
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
  if (!ChangesPartner(review)) {
    add(kTaxSentence, language.Format(IsPayerOnFile(review) ? "sentence.tax_on_file" : "sentence.tax",
                                      {{"currency", review.total().currency_code()}}));
    add(kRenewalSentence, language.Format("sentence.renewal", {{"months", int64_t{review.term_months()}}}));
  }
  add(kCancellingSentence, texts.cancelling);
  add(kAcceptanceSentence,
      language.Format(IsChange(review)        ? "sentence.acceptance_on_file"
                      : IsPayerOnFile(review) ? "sentence.acceptance_payer"
                                              : "sentence.acceptance",
                      {{"agreement", std::string(agreement_title)}, {"version", review.agreement_version()}}));
  add(kObligationSentence, texts.obligation);
  return absl::OkStatus();
}

absl::string_view SentenceOf(const v1::PageContent& content, absl::string_view name) {
  for (const v1::PageContent::Sentence& sentence : content.sentences()) {
    if (sentence.name() == name) return sentence.text();
  }
  return "";
}

std::string LabelOf(const Language& language, absl::string_view name) {
  constexpr std::pair<absl::string_view, absl::string_view> kLabels[] = {
      {kChangeSentence, "label.change"},
      {kPromotionSentence, "label.promotion"},
      {kTermSentence, "label.term"},
      {kStartSentence, "label.start"},
      {kFirstInvoiceSentence, "label.first_invoice"},
      {kTaxSentence, "label.tax"},
      {kRenewalSentence, "label.renewal"},
      {kCancellingSentence, "label.cancelling"},
  };
  for (const auto& [known, label] : kLabels) {
    if (known == name) return language.Text(label);
  }
  return std::string(name);
}

}  // namespace countersign::link
