#include "billing-service/src/store/bank_receipt_store.h"

#include <utility>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kBankReceipts = {
    .name = "bank_receipts",
    .key = "receipt_id",
    .fixed = "external_reference, currency, amount_micros, value_date, account_id, invoice_id, create_time"};

constexpr mysql::Table kReferences = {
    .name = "bank_receipt_references", .key = "external_reference", .fixed = "receipt_id"};

constexpr absl::string_view kSelectOwner =
    "SELECT receipt_id FROM bank_receipt_references WHERE external_reference = ?";

BankReceipt BankReceiptOf(mysql::RowReader& row) {
  BankReceipt receipt;
  receipt.id = row.Id();
  receipt.external_reference = row.Text();
  receipt.amount = row.Amount(row.Text());
  receipt.value_date = row.Day();
  receipt.account = row.Id();
  receipt.invoice = row.OptionalId();
  receipt.create_time = row.Time();
  return receipt;
}

Uuid OwnerOf(mysql::RowReader& row) { return row.Id(); }

}  // namespace

absl::Status ExternalReferenceTaken(const std::string& external_reference) {
  return AlreadyExists("EXTERNAL_REFERENCE_TAKEN",
                       "Another bank receipt has this external reference. Check whether the money was recorded before.",
                       {{"externalReference", external_reference}});
}

absl::StatusOr<BankReceipt> BankReceiptStore::Get(absl::Time deadline, const Uuid& receipt) const {
  ASSIGN_OR_RETURN(std::optional<BankReceipt> found,
                   mysql::FindOne<BankReceipt>(database_, deadline, kBankReceipts, {receipt}, BankReceiptOf));
  if (found.has_value()) return *std::move(found);
  return NotFound("BANK_RECEIPT_NOT_FOUND", "There is no such bank receipt.", {{"bankReceipt", receipt.ToString()}});
}

absl::StatusOr<std::optional<Uuid>> BankReceiptStore::FindReference(absl::Time deadline,
                                                                    const std::string& external_reference) const {
  return mysql::FindBy<Uuid>(database_, deadline, kSelectOwner, {external_reference}, OwnerOf);
}

absl::Status BankReceiptStore::Reserve(absl::Time deadline, const std::string& external_reference,
                                       const Uuid& receipt) const {
  return database_.Transact(deadline, [&](mysql::Connection& connection) -> absl::Status {
    const std::string insert = mysql::InsertStatement(kReferences, /*rows=*/1, /*put=*/false);
    const absl::Status inserted = connection.Execute(insert, {external_reference, receipt}).status();
    if (!mysql::IsDuplicateKey(inserted)) return inserted;
    ASSIGN_OR_RETURN(const std::optional<mysql::Row> owner, connection.QueryOne(kSelectOwner, {external_reference}));
    const bool own = owner.has_value() && owner->Id(0) == receipt;
    return own ? absl::OkStatus() : ExternalReferenceTaken(external_reference);
  });
}

mysql::RowWrite BankReceiptStore::Row(const BankReceipt& receipt) {
  return mysql::Insert(kBankReceipts,
                       {receipt.id, receipt.external_reference, receipt.amount.currency(), receipt.amount.micros(),
                        receipt.value_date, receipt.account, receipt.invoice, receipt.create_time});
}

}  // namespace countersign::billing
