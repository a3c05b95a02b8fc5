#include "billing-service/src/store/order_label_store.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kOrderLabels = {.name = "order_labels",
                                       .key = "account_id, order_id",
                                       .changing = "order_number, partner_reference, customer_name"};

constexpr size_t kFeesAtOnce = 128;

// Of a partner, by subscription.
const mysql::KeyedSelect& SelectLabels() {
  static const auto* const select =
      new mysql::KeyedSelect{.select = absl::StrCat("SELECT s.account_id, s.subscription_id, ", LabelColumns("o"),
                                                    " FROM subscriptions s FORCE INDEX (PRIMARY) "
                                                    "JOIN order_labels o FORCE INDEX (PRIMARY) "
                                                    "ON o.account_id = s.account_id AND o.order_id = ",
                                                    PartnersOrder("s", "?")),
                             .key = "s.account_id, s.subscription_id"};
  return *select;
}

}  // namespace

std::string PartnersOrder(absl::string_view s, absl::string_view partner) {
  return absl::StrCat("CASE WHEN ", s, ".partner_id = ", partner, " THEN ", s,
                      ".order_id ELSE (SELECT a.order_id FROM activations a WHERE a.account_id = ", s,
                      ".account_id AND a.kind = 'CHANGE_PARTNER' AND a.outcome = 'ACTIVATED' AND a.subscription_id = ",
                      s, ".subscription_id AND a.partner_id = ", partner, " ORDER BY a.create_time DESC LIMIT 1) END");
}

std::string LabelColumns(absl::string_view alias) {
  return absl::StrCat(alias, ".order_number, ", alias, ".partner_reference, ", alias, ".customer_name");
}

OrderLabel LabelOf(mysql::RowReader& row) {
  return {.number = row.TextOrEmpty(), .reference = row.TextOrEmpty(), .customer_name = row.TextOrEmpty()};
}

absl::StatusOr<std::vector<OrderLabel>> OrderLabelStore::OfFees(absl::Time deadline, const Uuid& partner,
                                                                const std::vector<FeeEntry>& fees) const {
  std::vector<OrderLabel> labels;
  for (size_t begin = 0; begin < fees.size(); begin += kFeesAtOnce) {
    std::vector<std::vector<mysql::Parameter>> keys;
    for (size_t i = begin; i < std::min(fees.size(), begin + kFeesAtOnce); ++i) {
      keys.push_back({fees[i].account, fees[i].subscription});
    }
    ASSIGN_OR_RETURN(const std::vector<std::vector<mysql::Row>> found,
                     mysql::ReadByKeys(database_, deadline, SelectLabels(), keys, {partner, partner}));
    for (const std::vector<mysql::Row>& rows : found) {
      OrderLabel label;
      if (!rows.empty()) {
        mysql::RowReader reader(rows.front());
        reader.Skip(2);  // The key.
        label = LabelOf(reader);
        RETURN_IF_ERROR(reader.status());
      }
      labels.push_back(std::move(label));
    }
  }
  return labels;
}

mysql::RowWrite OrderLabelStore::Row(const Uuid& account, const Uuid& order, const OrderLabel& label) {
  return mysql::Put(kOrderLabels, {account, order, label.number, label.reference, label.customer_name});
}

}  // namespace countersign::billing
