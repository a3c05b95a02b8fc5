#include "link-service/src/page/page_changes.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/rpc/convert.h"
#include "link-service/src/page/page_sentences.h"

namespace countersign::link {
namespace {

using Changes = std::vector<std::string>;

std::string AmountText(const google::type::Money& money) {
  const absl::StatusOr<Money> amount = rpc::FromProto(money);
  return amount.ok() ? amount->ToDisplayString() : "?";
}

void AddIfOther(Changes& changes, absl::string_view what, absl::string_view before, absl::string_view now) {
  if (before != now) changes.push_back(absl::StrCat(what, " ", before, " → ", now));
}

absl::string_view TextOrNone(const std::string& text) { return text.empty() ? "none" : absl::string_view(text); }

const v1::OrderReview::Line* LineOf(const v1::OrderReview& review, const std::string& title) {
  for (const v1::OrderReview::Line& line : review.lines()) {
    if (line.offer_title() == title) return &line;
  }
  return nullptr;
}

void AddLines(Changes& changes, const v1::OrderReview& before, const v1::OrderReview& now) {
  for (const v1::OrderReview::Line& line : now.lines()) {
    const v1::OrderReview::Line* old = LineOf(before, line.offer_title());
    if (old == nullptr) {
      changes.push_back(absl::StrCat(line.offer_title(), ": new, ", line.quantity(), " seats"));
      continue;
    }
    const bool adds = line.seats_after() > 0 && !line.at_renewal();
    AddIfOther(changes, absl::StrCat(line.offer_title(), adds ? ": more seats" : ": seats"),
               absl::StrCat(old->quantity()), absl::StrCat(line.quantity()));
    AddIfOther(changes, absl::StrCat(line.offer_title(), ": promotion"), TextOrNone(old->promotion_title()),
               TextOrNone(line.promotion_title()));
    AddIfOther(changes, absl::StrCat(line.offer_title(), ": price per seat and month"), AmountText(old->unit_price()),
               AmountText(line.unit_price()));
  }
  for (const v1::OrderReview::Line& line : before.lines()) {
    if (LineOf(now, line.offer_title()) == nullptr) changes.push_back(absl::StrCat(line.offer_title(), ": removed"));
  }
  AddIfOther(changes, "Total", AmountText(before.total()), AmountText(now.total()));
}

}  // namespace

std::vector<std::string> ChangesBetween(const v1::PageContent& before, const v1::PageContent& now) {
  Changes changes;
  AddLines(changes, before.review(), now.review());
  AddIfOther(changes, "Partner:", before.review().partner_display_name(), now.review().partner_display_name());
  AddIfOther(changes, "For:", before.review().customer_display_name(), now.review().customer_display_name());
  AddIfOther(changes, "Vendor:", before.vendor_legal_entity(), now.vendor_legal_entity());
  AddIfOther(changes, "Note:", TextOrNone(before.review().customer_note()), TextOrNone(now.review().customer_note()));
  for (const v1::PageContent::Sentence& sentence : now.sentences()) {
    // Those beside the button say in other words what stands above.
    if (sentence.name() == kAcceptanceSentence || sentence.name() == kObligationSentence) continue;
    AddIfOther(changes, absl::StrCat(LabelOf(sentence.name()), ":"), SentenceOf(before, sentence.name()),
               sentence.text());
  }
  AddIfOther(changes, "Agreement: version", before.review().agreement_version(), now.review().agreement_version());
  return changes;
}

}  // namespace countersign::link
