#include "link-service/src/page/page_changes.h"

#include <utility>

#include "absl/strings/string_view.h"
#include "common/rpc/convert.h"
#include "link-service/src/page/page_sentences.h"

namespace countersign::link {
namespace {

using Changes = std::vector<std::string>;

// Collects what changed, in the reader's language.
class Collector {
 public:
  explicit Collector(const web::Language& language) : language_(language) {}

  const web::Language& language() const { return language_; }

  std::string Amount(const google::type::Money& money) const {
    const absl::StatusOr<Money> amount = rpc::FromProto(money);
    return amount.ok() ? language_.MoneyText(*amount) : "?";
  }
  std::string OrNone(const std::string& text) const { return text.empty() ? language_.Text("change.none") : text; }

  void Add(std::string change) { changes_.push_back(std::move(change)); }
  // `message` names a message with {before} and {after}.
  void AddIfOther(absl::string_view message, const std::string& before, const std::string& now) {
    if (before != now) Add(language_.Format(message, {{"before", before}, {"after", now}}));
  }
  // The same of a line, with its {offer}.
  void AddIfOther(absl::string_view message, const std::string& offer, const std::string& before,
                  const std::string& now) {
    if (before != now) Add(language_.Format(message, {{"offer", offer}, {"before", before}, {"after", now}}));
  }

  Changes Take() { return std::move(changes_); }

 private:
  const web::Language& language_;
  Changes changes_;
};

const v1::OrderReview::Line* LineOf(const v1::OrderReview& review, const std::string& title) {
  for (const v1::OrderReview::Line& line : review.lines()) {
    if (line.offer_title() == title) return &line;
  }
  return nullptr;
}

void AddLines(Collector& changes, const v1::OrderReview& before, const v1::OrderReview& now) {
  const web::Language& language = changes.language();
  for (const v1::OrderReview::Line& line : now.lines()) {
    const std::string& offer = line.offer_title();
    const v1::OrderReview::Line* old = LineOf(before, offer);
    if (old == nullptr) {
      changes.Add(language.Format("change.line_new", {{"offer", offer}, {"seats", line.quantity()}}));
      continue;
    }
    const bool adds = line.seats_after() > 0 && !line.at_renewal();
    changes.AddIfOther(adds ? "change.more_seats" : "change.seats", offer, language.NumberText(old->quantity()),
                       language.NumberText(line.quantity()));
    changes.AddIfOther("change.promotion", offer, changes.OrNone(old->promotion_title()),
                       changes.OrNone(line.promotion_title()));
    changes.AddIfOther("change.unit_price", offer, changes.Amount(old->unit_price()),
                       changes.Amount(line.unit_price()));
  }
  for (const v1::OrderReview::Line& line : before.lines()) {
    if (LineOf(now, line.offer_title()) == nullptr) {
      changes.Add(language.Format("change.line_removed", {{"offer", line.offer_title()}}));
    }
  }
  changes.AddIfOther("change.total", changes.Amount(before.total()), changes.Amount(now.total()));
}

}  // namespace

std::vector<std::string> ChangesBetween(const v1::PageContent& before, const v1::PageContent& now,
                                        const web::Language& language) {
  Collector changes(language);
  const v1::OrderReview &old_review = before.review(), &review = now.review();
  AddLines(changes, old_review, review);
  changes.AddIfOther("change.partner", old_review.partner_display_name(), review.partner_display_name());
  changes.AddIfOther("change.customer", old_review.customer_display_name(), review.customer_display_name());
  changes.AddIfOther("change.vendor", before.vendor_legal_entity(), now.vendor_legal_entity());
  changes.AddIfOther("change.note", changes.OrNone(old_review.customer_note()), changes.OrNone(review.customer_note()));
  for (const v1::PageContent::Sentence& sentence : now.sentences()) {
    // Sentences of two languages cannot be compared; what they say of the order is compared above.
    if (before.locale() != now.locale()) break;
    // Those beside the button say in other words what stands above.
    if (sentence.name() == kAcceptanceSentence || sentence.name() == kObligationSentence) continue;
    const std::string was(SentenceOf(before, sentence.name()));
    if (was == sentence.text()) continue;
    changes.Add(
        language.Format("change.sentence",
                        {{"label", LabelOf(language, sentence.name())}, {"before", was}, {"after", sentence.text()}}));
  }
  changes.AddIfOther("change.agreement", old_review.agreement_version(), review.agreement_version());
  return changes.Take();
}

}  // namespace countersign::link
