#include "order-service/src/domain/price_resolution.h"

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::order {
namespace {

std::string TimeText(absl::Time time) { return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", time, absl::UTCTimeZone()); }

// May it be ordered, by this many, there?
absl::Status CheckForSale(const Offer& offer, const PriceQuestion& question) {
  RETURN_IF_ERROR(offer.CheckNotRetired());
  if (!question.region.empty() && !offer.IsSoldIn(question.region)) {
    return FailedPrecondition(
        "OFFER_NOT_IN_REGION",
        absl::StrCat("The offer ", offer.id, " is not sold in ", question.region, ". GetOffer lists its regions."),
        {{"offer", absl::StrCat("offers/", offer.id)}, {"region", question.region}});
  }
  const int64_t seats = question.quantity.seats();
  if (seats >= offer.minimum_quantity && seats <= offer.maximum_quantity) return absl::OkStatus();
  return FailedPrecondition("QUANTITY_NOT_ALLOWED",
                            absl::StrCat("The offer ", offer.id, " is sold from ", offer.minimum_quantity, " to ",
                                         offer.maximum_quantity, " seats. Ask for a quantity within these."),
                            {{"offer", absl::StrCat("offers/", offer.id)}});
}

absl::Status NoPrice(const Offer& offer, const PriceQuestion& question, absl::Time time) {
  return FailedPrecondition("PRICE_NOT_FOUND_IN_CURRENCY",
                            absl::StrCat("The offer ", offer.id, " has no price in ", question.currency,
                                         " in force at ", TimeText(time), ". ListPrices lists those that it has."),
                            {{"offer", absl::StrCat("offers/", offer.id)}, {"currency", question.currency}});
}

std::string WhichVersion(const Offer& offer, const Price& price, absl::Time time, bool renewal) {
  std::string text = absl::StrCat("Version ", price.id, " is in force from ", TimeText(price.effective_time),
                                  ": the last in ", price.currency, " at ", TimeText(time));
  if (renewal && offer.retire_time.has_value() && *offer.retire_time < time) {
    absl::StrAppend(&text, " that was in force when the offer was retired, ", TimeText(*offer.retire_time));
  }
  return text + ".";
}

// The version that takes its place later, as published today.
const Price* NextVersion(const Offer& offer, const Price& price, absl::Time time) {
  const Price* next = nullptr;
  for (const Price& other : offer.prices) {
    if (other.currency != price.currency || other.effective_time <= time) continue;
    const bool earlier = next == nullptr || other.effective_time < next->effective_time ||
                         (other.effective_time == next->effective_time && other.Supersedes(*next));
    if (earlier) next = &other;
  }
  return next;
}

std::string WhichTier(const Price& price, const PriceTier& tier, Quantity quantity) {
  const std::string seats = absl::StrCat(quantity.seats(), quantity.seats() == 1 ? " seat" : " seats");
  if (tier.minimum_quantity > quantity.seats()) {
    return absl::StrCat("The ", seats, " are fewer than the first tier's ", tier.minimum_quantity,
                        " and take its price: ", tier.unit_price.ToString(), " per seat and month.");
  }
  return absl::StrCat("All ", seats, " take the tier from ", tier.minimum_quantity, " of ", price.tiers.size(),
                      " tiers: ", tier.unit_price.ToString(), " per seat and month.");
}

}  // namespace

absl::StatusOr<PriceAnswer> ResolvePrice(const Offer& offer, const PriceQuestion& question, absl::Time now) {
  if (!question.renewal) RETURN_IF_ERROR(CheckForSale(offer, question));
  const absl::Time time = PricingTime(question.date, now);
  PriceAnswer answer;
  answer.price =
      question.renewal ? offer.RenewalPrice(question.currency, time) : offer.PriceInForce(question.currency, time);
  if (answer.price == nullptr) return NoPrice(offer, question, time);
  answer.tier = &answer.price->TierOf(question.quantity);
  answer.explanation = {WhichVersion(offer, *answer.price, time, question.renewal),
                        WhichTier(*answer.price, *answer.tier, question.quantity)};
  answer.next = NextVersion(offer, *answer.price, time);
  if (answer.next != nullptr) {
    answer.explanation.push_back(
        absl::StrCat("Version ", answer.next->id, " follows from ", TimeText(answer.next->effective_time), "."));
  }
  if (!answer.price->note.empty()) answer.explanation.push_back(absl::StrCat("Note: ", answer.price->note));
  return answer;
}

}  // namespace countersign::order
