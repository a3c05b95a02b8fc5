#include "billing-service/src/store/past_buyer_store.h"

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "billing-service/src/store/address_columns.h"
#include "common/mysql/read.h"
#include "common/mysql/row_reader.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kPastBuyers = {
    .name = "past_buyers",
    .key = "account_id, until_sequence",
    .fixed =
        "company_name, region_code, postal_code, administrative_area, locality, address_lines, recipients, "
        "organization, tax_id, language_code, delete_time"};

constexpr absl::string_view kOfAccount = "WHERE account_id = ? ORDER BY until_sequence";

PastBuyer PastBuyerOf(mysql::RowReader& row) {
  PastBuyer past;
  row.Skip();  // account_id
  past.until_sequence = row.Int();
  past.buyer.company_name = row.Text();
  past.buyer.address = AddressOf(row);
  past.buyer.tax_id = row.Text();
  past.buyer.language = row.Text();
  past.delete_time = row.OptionalTime();
  return past;
}

}  // namespace

absl::StatusOr<std::vector<PastBuyer>> PastBuyerStore::List(absl::Time deadline, const Uuid& account) const {
  return mysql::ListBy<PastBuyer>(database_, deadline, mysql::SelectFrom(kPastBuyers, kOfAccount), {account},
                                  PastBuyerOf);
}

mysql::RowWrite PastBuyerStore::Row(const Uuid& account, const PastBuyer& past) {
  std::vector<mysql::Parameter> values = {account, past.until_sequence, past.buyer.company_name};
  AppendAddress(past.buyer.address, values);
  values.emplace_back(past.buyer.tax_id);
  values.emplace_back(past.buyer.language);
  values.emplace_back(past.delete_time);
  return mysql::Insert(kPastBuyers, std::move(values));
}

events::Retention PastBuyerRetention() {
  return {.table = "past_buyers",
          .key = "account_id, until_sequence",
          .age = "delete_time",
          .keep = absl::ZeroDuration(),
          .acts = {{.statement = "DELETE FROM past_buyers", .key = "account_id, until_sequence"}}};
}

}  // namespace countersign::billing
