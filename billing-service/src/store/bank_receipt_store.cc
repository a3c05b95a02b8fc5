#include "billing-service/src/store/bank_receipt_store.h"

#include "billing-service/src/store/columns.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr absl::string_view kSelectReceipt =
    "SELECT external_reference, amount_micros, currency, value_date, account_id, invoice_id, create_time "
    "FROM bank_receipts WHERE receipt_id = ?";

constexpr absl::string_view kInsertReceipt =
    "INSERT INTO bank_receipts (receipt_id, external_reference, amount_micros, currency, value_date, account_id, "
    "invoice_id, create_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

constexpr absl::string_view kSelectReference =
    "SELECT receipt_id FROM bank_receipt_references WHERE external_reference = ?";

constexpr absl::string_view kInsertReference =
    "INSERT INTO bank_receipt_references (external_reference, receipt_id) VALUES (?, ?)";

absl::StatusOr<std::optional<Uuid>> OwnerOf(mysql::Connection& connection, const std::string& external_reference) {
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, connection.QueryOne(kSelectReference, {external_reference}));
  if (!row.has_value()) return std::nullopt;
  return row->Id(0);
}

}  // namespace

absl::Status ExternalReferenceTaken(const std::string& external_reference) {
  return AlreadyExists("EXTERNAL_REFERENCE_TAKEN", "another bank receipt has this external reference",
                       {{"externalReference", external_reference}});
}

absl::StatusOr<std::optional<BankReceipt>> BankReceiptStore::Find(absl::Time deadline, const Uuid& receipt) const {
  std::optional<BankReceipt> found;
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, reader.QueryOne(kSelectReceipt, {receipt}));
    if (row.has_value()) {
      found = BankReceipt{receipt,    row->Bytes(0),      MoneyAt(*row, 1, 2), row->Day(3),
                          row->Id(4), row->OptionalId(5), row->Time(6)};
    }
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::optional<Uuid>> BankReceiptStore::FindReference(absl::Time deadline,
                                                                    const std::string& external_reference) const {
  std::optional<Uuid> owner;
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(owner, OwnerOf(reader, external_reference));
    return absl::OkStatus();
  }));
  return owner;
}

absl::Status BankReceiptStore::Reserve(absl::Time deadline, const std::string& external_reference,
                                       const Uuid& receipt) const {
  return database_.Transact(deadline, [&](mysql::Connection& connection) -> absl::Status {
    const absl::Status inserted = connection.Execute(kInsertReference, {external_reference, receipt}).status();
    if (!mysql::IsDuplicateKey(inserted)) return inserted;
    ASSIGN_OR_RETURN(const std::optional<Uuid> owner, OwnerOf(connection, external_reference));
    return owner == receipt ? absl::OkStatus() : ExternalReferenceTaken(external_reference);
  });
}

absl::Status BankReceiptStore::Create(absl::Time deadline, const events::Change& change,
                                      const BankReceipt& receipt) const {
  return events::Commit(database_, deadline, change, [&](mysql::Connection& connection) {
    return DuplicateAsLostRace(
        connection
            .Execute(kInsertReceipt,
                     {receipt.id, receipt.external_reference, receipt.amount.micros(), receipt.amount.currency(),
                      receipt.value_date, receipt.account, receipt.invoice, receipt.create_time})
            .status());
  });
}

}  // namespace countersign::billing
