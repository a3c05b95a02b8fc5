#include "order-service/src/store/offer_row.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"

namespace countersign::order {
namespace {

absl::StatusOr<std::vector<std::string>> WordsOf(const std::string& text) {
  return std::vector<std::string>(absl::StrSplit(text, ',', absl::SkipEmpty()));
}

absl::StatusOr<std::vector<int>> MonthsOf(const std::string& text) {
  std::vector<int> months;
  for (const absl::string_view part : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    if (!absl::SimpleAtoi(part, &months.emplace_back())) return absl::DataLossError("no list of months");
  }
  return months;
}

std::vector<mysql::Parameter> OfferValues(const Offer& offer) {
  return {offer.id,
          offer.create_time,
          offer.title,
          offer.description,
          offer.minimum_quantity,
          offer.maximum_quantity,
          absl::StrJoin(offer.components, ","),
          absl::StrJoin(offer.regions, ","),
          absl::StrJoin(offer.billing_periods, ","),
          offer.retired,
          offer.retire_time,
          offer.version,
          offer.update_time};
}

}  // namespace

Offer OfferOf(mysql::RowReader& row) {
  Offer offer{.id = row.Text()};
  offer.create_time = row.Time();
  offer.title = row.Text();
  offer.description = row.Text();
  offer.minimum_quantity = row.Int();
  offer.maximum_quantity = row.Int();
  offer.components = row.Parsed(WordsOf);
  offer.regions = row.Parsed(WordsOf);
  offer.billing_periods = row.Parsed(MonthsOf);
  offer.retired = row.Bool();
  offer.retire_time = row.OptionalTime();
  offer.version = row.Int();
  offer.update_time = row.Time();
  return offer;
}

mysql::RowWrite OfferRow(const Offer& offer) { return mysql::Put(kOffers, OfferValues(offer)); }

mysql::RowWrite NewOfferRow(const Offer& offer) {
  return mysql::Insert(kOffers, OfferValues(offer),
                       AlreadyExists("OFFER_EXISTS", "There is an offer of that id. Choose another offer_id.",
                                     {{"offer", absl::StrCat("offers/", offer.id)}}));
}

}  // namespace countersign::order
