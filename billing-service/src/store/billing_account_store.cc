#include "billing-service/src/store/billing_account_store.h"

#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "billing-service/src/store/columns.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

// With 10^9 numbers even ten million accounts need more than eight attempts once in 10^16 times.
constexpr int kNumberAttempts = 8;

constexpr absl::string_view kSelectAccount =
    "SELECT account_number, currency, company_name, billing_email, region_code, postal_code, administrative_area, "
    "locality, address_lines, recipients, organization, credit_micros, next_invoice_sequence, version, create_time, "
    "update_time FROM billing_accounts WHERE account_id = ?";

constexpr absl::string_view kInsertAccount =
    "INSERT INTO billing_accounts (account_id, account_number, currency, company_name, billing_email, region_code, "
    "postal_code, administrative_area, locality, address_lines, recipients, organization, credit_micros, "
    "next_invoice_sequence, version, create_time, update_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
    "?)";

constexpr absl::string_view kUpdateAccount =
    "UPDATE billing_accounts SET credit_micros = ?, next_invoice_sequence = ?, version = ?, update_time = ? "
    "WHERE account_id = ? AND version = ?";

constexpr absl::string_view kInsertNumber = "INSERT INTO account_numbers (account_number, account_id) VALUES (?, ?)";

constexpr absl::string_view kSelectNumber = "SELECT account_id FROM account_numbers WHERE account_number = ?";

// Several lines of an address stand in one column; no line holds a line break.
std::vector<std::string> SplitLines(const std::string& text) {
  return text.empty() ? std::vector<std::string>() : absl::StrSplit(text, '\n');
}

BillingAccount AccountOf(const Uuid& id, const mysql::Row& row) {
  BillingAccount account;
  account.id = id;
  account.number = row.Bytes(0);
  account.currency = row.Bytes(1);
  account.customer.company_name = row.Bytes(2);
  account.customer.billing_email = row.Bytes(3);
  PostalAddress& address = account.customer.billing_address;
  address.region_code = row.Bytes(4);
  address.postal_code = row.Bytes(5);
  address.administrative_area = row.Bytes(6);
  address.locality = row.Bytes(7);
  address.address_lines = SplitLines(row.Bytes(8));
  address.recipients = SplitLines(row.Bytes(9));
  address.organization = row.Bytes(10);
  account.credit = MoneyAt(row, 11, 1);
  account.next_invoice_sequence = row.Int(12);
  account.version = row.Int(13);
  account.create_time = row.Time(14);
  account.update_time = row.Time(15);
  return account;
}

// True when the number is the account's now, false when it is another's.
absl::StatusOr<bool> TryReserve(mysql::Connection& connection, const std::string& number, const Uuid& account) {
  const absl::Status inserted = connection.Execute(kInsertNumber, {number, account}).status();
  if (!mysql::IsDuplicateKey(inserted)) {
    RETURN_IF_ERROR(inserted);
    return true;
  }
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> owner, connection.QueryOne(kSelectNumber, {number}));
  return owner.has_value() && owner->Id(0) == account;
}

}  // namespace

absl::StatusOr<std::optional<BillingAccount>> BillingAccountStore::Find(absl::Time deadline,
                                                                        const Uuid& account) const {
  std::optional<BillingAccount> found;
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, reader.QueryOne(kSelectAccount, {account}));
    if (row.has_value()) found = AccountOf(account, *row);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::string> BillingAccountStore::ReserveNumber(absl::Time deadline, const Uuid& account) const {
  for (int attempt = 0; attempt < kNumberAttempts; ++attempt) {
    const std::string number = AccountNumber(account, attempt);
    bool reserved = false;
    RETURN_IF_ERROR(database_.Transact(deadline, [&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(reserved, TryReserve(connection, number, account));
      return absl::OkStatus();
    }));
    if (reserved) return number;
  }
  return absl::InternalError("no account number was free");
}

absl::Status SaveBillingAccount(mysql::Connection& connection, const BillingAccount& account) {
  if (account.version > 1) {
    return connection.ExecuteGuarded(
        kUpdateAccount, {account.credit.micros(), account.next_invoice_sequence, account.version, account.update_time,
                         account.id, account.version - 1});
  }
  const PostalAddress& address = account.customer.billing_address;
  return DuplicateAsLostRace(
      connection
          .Execute(kInsertAccount,
                   {account.id, account.number, account.currency, account.customer.company_name,
                    account.customer.billing_email, address.region_code, address.postal_code,
                    address.administrative_area, address.locality, absl::StrJoin(address.address_lines, "\n"),
                    absl::StrJoin(address.recipients, "\n"), address.organization, account.credit.micros(),
                    account.next_invoice_sequence, account.version, account.create_time, account.update_time})
          .status());
}

}  // namespace countersign::billing
