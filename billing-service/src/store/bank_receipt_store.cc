#include "billing-service/src/store/bank_receipt_store.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kReferences = {.name = "bank_receipt_references",
                                      .key = "external_reference, receiving_bank_account, booking_date, line",
                                      .fixed = "receipt_id"};

constexpr absl::string_view kSelectOwner =
    "SELECT receipt_id FROM bank_receipt_references WHERE external_reference = ? AND receiving_bank_account = ? "
    "AND booking_date = ? AND line = ?";
constexpr absl::string_view kLockOwner =
    "SELECT receipt_id FROM bank_receipt_references WHERE external_reference = ? AND receiving_bank_account = ? "
    "AND booking_date = ? AND line = ? FOR UPDATE";
constexpr absl::string_view kTakeOver =
    "UPDATE bank_receipt_references SET receipt_id = ? WHERE external_reference = ? AND receiving_bank_account = ? "
    "AND booking_date = ? AND line = ?";
// A locking read, because a snapshot may be older than the lock on the reservation.
constexpr absl::string_view kIdentityOfReceipt =
    "SELECT receiving_bank_account, booking_date, external_reference, line FROM bank_receipts WHERE receipt_id = ? "
    "LOCK IN SHARE MODE";

BankReceiptIdentity IdentityOf(mysql::RowReader& row) {
  BankReceiptIdentity identity;
  identity.receiving_bank_account = row.Text();
  identity.booking_date = row.Day();
  identity.external_reference = row.Text();
  identity.line = row.Int();
  return identity;
}

BankReceipt BankReceiptOf(mysql::RowReader& row) {
  BankReceipt receipt;
  receipt.id = row.Id();
  receipt.identity = IdentityOf(row);
  receipt.amount = row.Amount(row.Text());
  receipt.value_date = row.Day();
  receipt.create_time = row.Time();
  receipt.state = row.Enumerated(kBankReceiptStates);
  receipt.account = row.OptionalId();
  receipt.invoice = row.OptionalId();
  receipt.allocation = row.Int();
  receipt.version = row.Int();
  return receipt;
}

Uuid OwnerOf(mysql::RowReader& row) { return row.Id(); }

std::vector<mysql::Parameter> KeyOf(const BankReceiptIdentity& identity) {
  return {identity.external_reference, identity.receiving_bank_account, identity.booking_date, identity.line};
}

absl::Status Taken(const BankReceiptIdentity& identity) {
  return AlreadyExists("EXTERNAL_REFERENCE_TAKEN",
                       "Another bank receipt of that bank account and booking date has this external reference and "
                       "line. Check whether the money was recorded before.",
                       {{"externalReference", identity.external_reference}});
}

// Whether the receipt is written and bears the identity.
absl::StatusOr<bool> Bears(mysql::Connection& connection, const Uuid& receipt, const BankReceiptIdentity& identity) {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, connection.QueryOne(kIdentityOfReceipt, {receipt}));
  if (!row.has_value()) return false;
  ASSIGN_OR_RETURN(const BankReceiptIdentity borne, mysql::ReadItem<BankReceiptIdentity>(*row, IdentityOf));
  return borne == identity;
}

// The reservation is there already: it is the receipt's own, or nobody bears it and it becomes its own.
absl::Status TakeOver(mysql::Connection& connection, const BankReceipt& receipt) {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> owner, connection.QueryOne(kLockOwner, KeyOf(receipt.identity)));
  if (!owner.has_value()) return LostRace();
  if (owner->Id(0) == receipt.id) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool borne, Bears(connection, owner->Id(0), receipt.identity));
  if (borne) return Taken(receipt.identity);
  std::vector<mysql::Parameter> parameters = {receipt.id};
  for (mysql::Parameter& part : KeyOf(receipt.identity)) parameters.push_back(std::move(part));
  return connection.Execute(kTakeOver, parameters).status();
}

}  // namespace

std::vector<mysql::FilterField> BankReceiptFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, NamesIn(kBankReceiptStates)},
          {"external_reference", "external_reference", kAscii},
          {"billing_account", "account_id", kName, {kAccountName}},
          {"value_date", "value_date", kDate},
          {"booking_date", "booking_date", kDate},
          {"create_time", "create_time", kTime}};
}

absl::StatusOr<BankReceipt> BankReceiptStore::Get(absl::Time deadline, const Uuid& receipt) const {
  ASSIGN_OR_RETURN(std::optional<BankReceipt> found,
                   mysql::FindOne<BankReceipt>(database_, deadline, kBankReceipts, {receipt}, BankReceiptOf));
  if (found.has_value()) return *std::move(found);
  return NotFound("BANK_RECEIPT_NOT_FOUND", "There is no such bank receipt.", {{"bankReceipt", receipt.ToString()}});
}

absl::StatusOr<mysql::Page<BankReceipt>> BankReceiptStore::List(absl::Time deadline,
                                                                const mysql::PageQuery& query) const {
  return mysql::ListByTime<BankReceipt>(
      database_, deadline, {.table = kBankReceipts, .id = "receipt_id"}, {}, query, BankReceiptOf,
      [](const BankReceipt& receipt) { return mysql::TimePosition{receipt.create_time, receipt.id}; });
}

absl::Status BankReceiptStore::CheckFree(absl::Time deadline, const BankReceipt& receipt) const {
  ASSIGN_OR_RETURN(const std::optional<Uuid> owner,
                   mysql::FindBy<Uuid>(database_, deadline, kSelectOwner, KeyOf(receipt.identity), OwnerOf));
  if (!owner.has_value() || *owner == receipt.id) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<BankReceipt> other,
                   mysql::FindOne<BankReceipt>(database_, deadline, kBankReceipts, {*owner}, BankReceiptOf));
  return other.has_value() && other->identity == receipt.identity ? Taken(receipt.identity) : absl::OkStatus();
}

absl::Status BankReceiptStore::Reserve(absl::Time deadline, const BankReceipt& receipt) const {
  return database_.Transact(deadline, [&](mysql::Connection& connection) -> absl::Status {
    const std::string insert = mysql::InsertStatement(kReferences, /*rows=*/1, /*put=*/false);
    std::vector<mysql::Parameter> values = KeyOf(receipt.identity);
    values.emplace_back(receipt.id);
    const absl::Status inserted = connection.Execute(insert, values).status();
    return mysql::IsDuplicateKey(inserted) ? TakeOver(connection, receipt) : inserted;
  });
}

absl::Status BankReceiptStore::HoldReservation(mysql::Connection& connection, const BankReceipt& receipt) {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> owner, connection.QueryOne(kLockOwner, KeyOf(receipt.identity)));
  return owner.has_value() && owner->Id(0) == receipt.id ? absl::OkStatus() : LostRace();
}

mysql::RowWrite BankReceiptStore::Row(const BankReceipt& receipt) {
  const BankReceiptIdentity& identity = receipt.identity;
  return mysql::Put(
      kBankReceipts,
      {receipt.id, identity.receiving_bank_account, identity.booking_date, identity.external_reference, identity.line,
       receipt.amount.currency(), receipt.amount.micros(), receipt.value_date, receipt.create_time,
       NameOf(receipt.state), receipt.account, receipt.invoice, receipt.allocation, receipt.version});
}

}  // namespace countersign::billing
