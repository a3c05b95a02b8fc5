#include "billing-service/src/store/billing_account_store.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/store/address_columns.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

// With 10^9 numbers even ten million accounts need more than eight attempts once in 10^16 times.
constexpr int kNumberAttempts = 8;

constexpr mysql::Table kBillingAccounts = {
    .name = "billing_accounts",
    .key = "account_id",
    .fixed = "account_number, currency, create_time",
    .changing =
        "company_name, region_code, postal_code, administrative_area, locality, address_lines, recipients, "
        "organization, credit_micros, next_invoice_sequence, next_credit_note_sequence, tax_id, tax_validation_date, "
        "tax_exemption, last_issue_date, state, park_reason, park_message, payment_method, payment_token, "
        "billing_email, former_billing_email, codes_move_time, po_required_sequence, split_by_po_sequence, "
        "language_code, payment_terms_days, contact_partner_id, contact_order_id, version, update_time"};

constexpr mysql::Table kBillingContacts = {
    .name = "billing_contacts", .key = "account_id, until_version", .fixed = "billing_email, code_email, until_time"};

constexpr mysql::Table kNumbers = {.name = "account_numbers", .key = "account_number", .fixed = "account_id"};

constexpr absl::string_view kSelectNumber = "SELECT account_id FROM account_numbers WHERE account_number = ?";

BillingAccount BillingAccountOf(mysql::RowReader& row) {
  BillingAccount account;
  account.id = row.Id();
  account.number = row.Text();
  account.currency = row.Text();
  account.create_time = row.Time();
  account.customer.company_name = row.Text();
  account.customer.billing_address = AddressOf(row);
  account.credit = row.Amount(account.currency);
  account.next_invoice_sequence = row.Int();
  account.next_credit_note_sequence = row.Int();
  account.tax_profile.tax_id = row.Text();
  account.tax_profile.validation_date = row.OptionalDay();
  account.tax_profile.exemption = row.Text();
  account.last_issue_date = row.OptionalDay();
  account.state = row.Enumerated(kBillingAccountStates);
  account.park_reason = row.Text();
  account.park_message = row.Text();
  account.payment_method.type = row.Enumerated(kPaymentMethodTypes);
  account.payment_method.token = row.Text();
  account.customer.billing_email = row.Text();
  account.former_email = row.Text();
  account.codes_move_time = row.OptionalTime();
  account.purchase_orders.required_from = row.Int();
  account.purchase_orders.split_from = row.Int();
  account.language = row.Text();
  account.payment_term_days = row.Int();
  const std::optional<Uuid> contact_partner = row.OptionalId(), contact_order = row.OptionalId();
  if (contact_partner.has_value() && contact_order.has_value()) {
    account.contact_order = OrderReference{*contact_partner, *contact_order};
  }
  account.version = row.Int();
  account.update_time = row.Time();
  return account;
}

absl::Status AccountNotFound(const Uuid& account) {
  return NotFound("BILLING_ACCOUNT_NOT_FOUND", "There is no such billing account.",
                  {{"billingAccount", account.ToString()}});
}

// A row of kBillingContacts: what it was changed to is in the next one, or in the account.
struct FormerContact {
  int64_t until_version = 0;
  ContactChange change;
};

FormerContact FormerContactOf(mysql::RowReader& row) {
  row.Skip();  // The account.
  FormerContact former;
  former.until_version = row.Int();
  former.change.before = row.Text();
  former.change.code_email = row.Text();
  former.change.time = row.Time();
  return former;
}

// Each finds by an index of its own and binds the value, the account to start after, and how many; a purchase order is
// looked for twice, and binds once more how many.
absl::string_view FoundBy(AccountKey by) {
  switch (by) {
    case AccountKey::kNumber:
      return "account_numbers n JOIN billing_accounts a ON a.account_id = n.account_id "
             "WHERE n.account_number = ? AND a.account_id > ? ORDER BY a.account_id LIMIT ?";
    case AccountKey::kPurchaseOrder:
      return "((SELECT account_id FROM subscriptions WHERE purchase_order_number = ? AND account_id > ? "
             "GROUP BY account_id ORDER BY account_id LIMIT ?) UNION "
             "(SELECT account_id FROM tranches WHERE purchase_order_number = ? AND account_id > ? "
             "GROUP BY account_id ORDER BY account_id LIMIT ?)) f JOIN billing_accounts a ON a.account_id = "
             "f.account_id "
             "ORDER BY a.account_id LIMIT ?";
    case AccountKey::kEmail:
      return "billing_accounts a WHERE a.billing_email = ? AND a.account_id > ? ORDER BY a.account_id LIMIT ?";
    case AccountKey::kPartner:
      return "(SELECT DISTINCT account_id FROM partner_assignments WHERE partner_id = ? AND account_id > ? "
             "ORDER BY account_id LIMIT ?) f JOIN billing_accounts a ON a.account_id = f.account_id "
             "ORDER BY a.account_id";
    case AccountKey::kState:
      return "billing_accounts a WHERE a.state = ? AND a.account_id > ? ORDER BY a.account_id LIMIT ?";
    case AccountKey::kBankReference:
      return "(SELECT DISTINCT r.account_id FROM bank_receipt_references n JOIN bank_receipts r "
             "ON r.receipt_id = n.receipt_id WHERE n.external_reference = ? AND r.account_id > ? "
             "ORDER BY r.account_id LIMIT ?) f JOIN billing_accounts a ON a.account_id = f.account_id "
             "ORDER BY a.account_id";
  }
  return "";
}

// True when the number is the account's now, false when it is another's.
absl::StatusOr<bool> TryReserve(mysql::Connection& connection, const std::string& number, const Uuid& account) {
  const std::string insert = mysql::InsertStatement(kNumbers, /*rows=*/1, /*put=*/false);
  const absl::Status inserted = connection.Execute(insert, {number, account}).status();
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
  ASSIGN_OR_RETURN(std::optional<BillingAccount> found,
                   mysql::FindOne<BillingAccount>(database_, deadline, kBillingAccounts, {account}, BillingAccountOf));
  if (!found.has_value()) return std::nullopt;
  return Completed(deadline, *std::move(found));
}

absl::StatusOr<BillingAccount> BillingAccountStore::Completed(absl::Time deadline, BillingAccount account) const {
  ASSIGN_OR_RETURN(account.tax, TaxOf(deadline, account.customer.billing_address.region_code, account.tax_profile));
  ASSIGN_OR_RETURN(account.fee_schedules, FeeSchedulesNow(deadline));
  return account;
}

absl::StatusOr<FeeSchedules> BillingAccountStore::FeeSchedulesNow(absl::Time deadline) const {
  if (schedules_ == nullptr) return nullptr;
  return schedules_->Recall(deadline);
}

absl::StatusOr<std::shared_ptr<const TaxCalculator>> BillingAccountStore::TaxOf(absl::Time deadline,
                                                                                const std::string& region,
                                                                                const TaxProfile& profile) const {
  if (rates_ == nullptr) return nullptr;
  ASSIGN_OR_RETURN(std::vector<TaxRate> rates, rates_->RatesOf(deadline, region));
  if (rates.empty()) return nullptr;
  return std::make_shared<TaxTable>(region, std::move(rates), profile);
}

absl::StatusOr<BillingAccount> BillingAccountStore::Get(absl::Time deadline, const Uuid& account) const {
  ASSIGN_OR_RETURN(std::optional<BillingAccount> found, Find(deadline, account));
  if (found.has_value()) return *std::move(found);
  return AccountNotFound(account);
}

absl::StatusOr<std::vector<absl::StatusOr<BillingAccount>>> BillingAccountStore::GetEach(
    absl::Time deadline, const std::vector<Uuid>& accounts) const {
  std::vector<std::vector<mysql::Parameter>> keys;
  for (const Uuid& account : accounts) keys.push_back({account});
  ASSIGN_OR_RETURN(const std::vector<std::vector<mysql::Row>> rows,
                   mysql::ReadByKeys(database_, deadline, mysql::SelectByKey(kBillingAccounts), keys, {}));
  std::vector<absl::StatusOr<BillingAccount>> found;
  for (size_t i = 0; i < rows.size(); ++i) {
    absl::StatusOr<BillingAccount> account = AccountNotFound(accounts[i]);
    if (!rows[i].empty()) account = mysql::ReadItem<BillingAccount>(rows[i].front(), BillingAccountOf);
    if (account.ok()) account = Completed(deadline, *std::move(account));
    found.push_back(std::move(account));
  }
  return found;
}

absl::StatusOr<mysql::Page<BillingAccount>> BillingAccountStore::Search(absl::Time deadline, AccountKey by,
                                                                        const mysql::Parameter& value,
                                                                        const mysql::PageQuery& query) const {
  const std::string select = absl::StrCat("SELECT ", ColumnsOf(kBillingAccounts, "a"), " FROM ", FoundBy(by));
  const std::vector<mysql::Parameter> once = {value, mysql::IdPosition(query.after), query.size + 1};
  mysql::PageStatement statement{select, once, query.size};
  if (by == AccountKey::kPurchaseOrder) {
    statement.parameters.insert(statement.parameters.end(), once.begin(), once.end());
    statement.parameters.emplace_back(query.size + 1);
  }
  return mysql::ListPage<BillingAccount>(database_, deadline, statement, BillingAccountOf,
                                         [](const BillingAccount& account) { return account.id.ToString(); });
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
  return absl::InternalError("No account number was free.");
}

mysql::RowWrite BillingAccountStore::Row(const BillingAccount& account) {
  const LegalCustomer& customer = account.customer;
  const PostalAddress& address = customer.billing_address;
  const std::optional<OrderReference>& contact = account.contact_order;
  return mysql::Put(kBillingAccounts, {account.id,
                                       account.number,
                                       account.currency,
                                       account.create_time,
                                       customer.company_name,
                                       address.region_code,
                                       address.postal_code,
                                       address.administrative_area,
                                       address.locality,
                                       absl::StrJoin(address.address_lines, "\n"),
                                       absl::StrJoin(address.recipients, "\n"),
                                       address.organization,
                                       account.credit.micros(),
                                       account.next_invoice_sequence,
                                       account.next_credit_note_sequence,
                                       account.tax_profile.tax_id,
                                       account.tax_profile.validation_date,
                                       account.tax_profile.exemption,
                                       account.last_issue_date,
                                       NameOf(account.state),
                                       account.park_reason,
                                       account.park_message,
                                       NameOf(account.payment_method.type),
                                       account.payment_method.token,
                                       customer.billing_email,
                                       account.former_email,
                                       account.codes_move_time,
                                       account.purchase_orders.required_from,
                                       account.purchase_orders.split_from,
                                       account.language,
                                       account.payment_term_days,
                                       contact.has_value() ? std::optional(contact->partner) : std::nullopt,
                                       contact.has_value() ? std::optional(contact->order) : std::nullopt,
                                       account.version,
                                       account.update_time});
}

mysql::RowWrite BillingAccountStore::FormerContactRow(const BillingAccount& before, const BillingAccount& changed) {
  return mysql::Insert(kBillingContacts, {changed.id, changed.version, before.customer.billing_email,
                                          CodeEmail(changed, changed.update_time), changed.update_time});
}

events::RowGuard BillingAccountStore::IsNotErased(const Uuid& account) {
  static const auto* const select =
      new mysql::KeyedSelect{.select = "SELECT account_id, state FROM billing_accounts FORCE INDEX (PRIMARY)",
                             .key = "account_id",
                             .rest = "LOCK IN SHARE MODE"};
  return {.select = select, .key = {account}, .holds = [](const mysql::Row& row) {
            return row.Bytes(1) != NameOf(BillingAccountState::kErased);
          }};
}

absl::StatusOr<ContactChange> BillingAccountStore::GetContactChange(absl::Time deadline, const BillingAccount& account,
                                                                    int64_t version) const {
  static const std::string kSince =
      mysql::SelectFrom(kBillingContacts, "WHERE account_id = ? AND until_version >= ? ORDER BY until_version LIMIT 2");
  ASSIGN_OR_RETURN(std::vector<FormerContact> found,
                   mysql::ListBy<FormerContact>(database_, deadline, kSince, {account.id, version}, FormerContactOf));
  if (found.empty() || found[0].until_version != version) {
    return absl::DataLossError("A change of a billing contact is not on record.");
  }
  ContactChange change = std::move(found[0].change);
  change.after = found.size() > 1 ? found[1].change.before : account.customer.billing_email;
  return change;
}

}  // namespace countersign::billing
