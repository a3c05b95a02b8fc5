#include "billing-service/src/store/payment_store.h"

#include <optional>

#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/columns.h"
#include "billing-service/src/store/invoice_store.h"
#include "billing-service/src/store/ledger_store.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr int64_t kFirstVersion = 1;

constexpr absl::string_view kSelectPayment = "SELECT state FROM payments WHERE account_id = ? AND payment_id = ?";

constexpr absl::string_view kInsertPayment =
    "INSERT INTO payments (account_id, payment_id, receipt_id, state, amount_micros, credit_micros, currency, "
    "value_date, version, create_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

constexpr absl::string_view kInsertAllocation =
    "INSERT INTO payment_allocations (account_id, payment_id, invoice_id, amount_micros, currency) "
    "VALUES (?, ?, ?, ?, ?)";

absl::Status InsertPayment(mysql::Connection& connection, const Payment& payment) {
  RETURN_IF_ERROR(DuplicateAsLostRace(
      connection
          .Execute(kInsertPayment, {payment.account, payment.id, payment.receipt, Name(payment.state),
                                    payment.amount.micros(), payment.allocation.credit.micros(),
                                    payment.amount.currency(), payment.value_date, kFirstVersion, payment.create_time})
          .status()));
  for (const AllocatedPart& part : payment.allocation.parts) {
    RETURN_IF_ERROR(connection
                        .Execute(kInsertAllocation, {payment.account, payment.id, part.invoice, part.amount.micros(),
                                                     part.amount.currency()})
                        .status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<bool> PaymentStore::Exists(absl::Time deadline, const Uuid& account, const Uuid& payment) const {
  bool exists = false;
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<mysql::Row> row, reader.QueryOne(kSelectPayment, {account, payment}));
    exists = row.has_value();
    return absl::OkStatus();
  }));
  return exists;
}

absl::Status PaymentStore::Commit(absl::Time deadline, const events::Change& change,
                                  const Settlement& settlement) const {
  return events::Commit(database_, deadline, change, [&](mysql::Connection& connection) -> absl::Status {
    // The account first: its version is the guard of everything below it.
    RETURN_IF_ERROR(SaveBillingAccount(connection, settlement.account));
    RETURN_IF_ERROR(InsertPayment(connection, settlement.payment));
    for (const Invoice& invoice : settlement.invoices) RETURN_IF_ERROR(UpdatePaid(connection, invoice));
    for (const FeeEntry& fee : settlement.earned) RETURN_IF_ERROR(UpdateEarned(connection, fee));
    return InsertLedgerTransaction(connection, settlement.posting, settlement.payment.create_time);
  });
}

}  // namespace countersign::billing
