#include "billing-service/src/store/account_erasure_store.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/string_view.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/parked_activation_store.h"
#include "billing-service/src/store/past_buyer_store.h"
#include "common/base/status_macros.h"
#include "common/events/erasure.h"
#include "common/mysql/read.h"
#include "common/mysql/row_reader.h"

namespace countersign::billing {
namespace {

constexpr absl::string_view kOpenMatters =
    "SELECT (SELECT COUNT(*) FROM subscriptions WHERE account_id = ? AND (state NOT IN ('CANCELLED', 'EXPIRED') "
    "OR bill_date IS NOT NULL)), "
    "(SELECT COUNT(*) FROM invoices WHERE account_id = ? AND state = 'OPEN'), "
    "(SELECT COUNT(*) FROM charges WHERE account_id = ? AND state IN ('REQUESTED', 'UNKNOWN')), "
    "(SELECT COUNT(*) FROM parked_activations WHERE account_id = ? AND state = 'PARKED'), "
    "(SELECT COUNT(*) FROM notices WHERE account_id = ? AND state = 'QUEUED'), "
    "(SELECT MAX(issue_date) FROM invoices WHERE account_id = ?), "
    "(SELECT MAX(issue_date) FROM credit_notes WHERE account_id = ?)";

// The address as far as it is personal: the region stays, for the books.
constexpr absl::string_view kEraseAccount =
    "UPDATE billing_accounts SET company_name = '', billing_email = '', postal_code = '', administrative_area = '', "
    "locality = '', address_lines = '', recipients = '', organization = '' WHERE account_id = ?";
constexpr absl::string_view kEraseConfirmers =
    "UPDATE activation_confirmers SET confirmer_name = '', confirmer_role = '', confirmer_email = '' "
    "WHERE account_id = ?";
constexpr absl::string_view kEraseParked =
    "UPDATE parked_activations SET request = '', message = '' WHERE account_id = ?";
constexpr absl::string_view kEraseContacts =
    "UPDATE billing_contacts SET billing_email = '', code_email = '' WHERE account_id = ?";
constexpr absl::string_view kEraseLabels = "UPDATE order_labels SET customer_name = '' WHERE account_id = ?";
constexpr absl::string_view kEraseBounces = "UPDATE notices SET bounce_reason = '' WHERE account_id = ?";
constexpr absl::string_view kDatePastBuyers = "UPDATE past_buyers SET delete_time = ? WHERE account_id = ?";

constexpr int kMaxParked = 100;

OpenMatters OpenMattersOf(mysql::RowReader& row) {
  OpenMatters open{.subscriptions = row.Int(),
                   .invoices = row.Int(),
                   .charges = row.Int(),
                   .parked_activations = row.Int(),
                   .queued_notices = row.Int()};
  const std::optional<Date> invoice = row.OptionalDay();
  const std::optional<Date> credit_note = row.OptionalDay();
  open.last_document_date = std::max(invoice, credit_note);
  return open;
}

}  // namespace

absl::StatusOr<OpenMatters> AccountErasureStore::Read(absl::Time deadline, const Uuid& account) const {
  ASSIGN_OR_RETURN(
      const std::optional<OpenMatters> open,
      mysql::FindBy<OpenMatters>(database_, deadline, kOpenMatters,
                                 {account, account, account, account, account, account, account}, OpenMattersOf));
  return open.value_or(OpenMatters());
}

absl::StatusOr<std::vector<ParkedActivation>> AccountErasureStore::ListParked(absl::Time deadline,
                                                                              const Uuid& account) const {
  // A few: each waited for an operator.
  const mysql::PageQuery query{
      .condition = {" AND (request <> '' OR message <> '')", {}}, .after = "", .size = kMaxParked};
  ASSIGN_OR_RETURN(mysql::Page<ParkedActivation> page, ParkedActivationStore(database_).List(deadline, account, query));
  return std::move(page.items);
}

std::vector<mysql::RowWrite> AccountErasureStore::Rows(const AccountErasure& erasure) {
  std::vector<mysql::RowWrite> rows;
  for (const ParkedActivation& parked : erasure.parked) rows.push_back(ParkedActivationStore::Row(parked));
  if (!erasure.account.has_value()) return rows;
  rows.push_back(BillingAccountStore::Row(*erasure.account));
  if (erasure.past_buyer.has_value()) rows.push_back(PastBuyerStore::Row(erasure.account->id, *erasure.past_buyer));
  return rows;
}

std::function<absl::Status(mysql::Connection&)> AccountErasureStore::EraseWords(const Uuid& account,
                                                                                const AccountErasure& erasure) {
  return [account, version = erasure.account.has_value() ? erasure.account->version : 0,
          delete_time = erasure.delete_time](mysql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.Execute(kEraseParked, {account}).status());
    if (version == 0) return absl::OkStatus();
    for (const absl::string_view statement :
         {kEraseAccount, kEraseContacts, kEraseConfirmers, kEraseLabels, kEraseBounces}) {
      RETURN_IF_ERROR(connection.Execute(statement, {account}).status());
    }
    RETURN_IF_ERROR(connection.Execute(kDatePastBuyers, {delete_time, account}).status());
    return events::EraseSalts(connection, account, account, version);
  };
}

}  // namespace countersign::billing
