#include "billing-service/src/store/activation_store.h"

#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/columns.h"
#include "billing-service/src/store/invoice_store.h"
#include "billing-service/src/store/ledger_store.h"
#include "billing-service/src/store/subscription_store.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr absl::string_view kSelectActivation =
    "SELECT line_count, first_invoice_sequence, invoice_count, create_time FROM activations "
    "WHERE account_id = ? AND order_id = ? AND revision = ? AND partner_id = ?";

constexpr absl::string_view kInsertActivation =
    "INSERT INTO activations (account_id, order_id, revision, partner_id, line_count, first_invoice_sequence, "
    "invoice_count, create_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

absl::Status InsertActivation(mysql::Connection& connection, const Activation& activation) {
  return DuplicateAsLostRace(connection
                                 .Execute(kInsertActivation, {activation.account, activation.order.order,
                                                              activation.revision, activation.order.partner,
                                                              activation.line_count, activation.first_invoice_sequence,
                                                              activation.invoice_count, activation.create_time})
                                 .status());
}

}  // namespace

absl::StatusOr<std::optional<Activation>> ActivationStore::Find(absl::Time deadline, const Uuid& account,
                                                                const OrderReference& order, int64_t revision) const {
  std::optional<Activation> found;
  RETURN_IF_ERROR(database_.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                     reader.QueryOne(kSelectActivation, {account, order.order, revision, order.partner}));
    if (row.has_value()) {
      found = Activation{account, order, revision, row->Int(0), row->Int(1), row->Int(2), row->Time(3)};
    }
    return absl::OkStatus();
  }));
  return found;
}

absl::Status ActivationStore::Commit(absl::Time deadline, const events::Change& change,
                                     const ActivationResult& result) const {
  const absl::Time now = result.account.update_time;
  return events::Commit(database_, deadline, change, [&](mysql::Connection& connection) -> absl::Status {
    // The account first: its version is the guard of everything below it.
    RETURN_IF_ERROR(SaveBillingAccount(connection, result.account));
    RETURN_IF_ERROR(InsertActivation(connection, result.activation));
    for (const Subscription& subscription : result.started) {
      RETURN_IF_ERROR(InsertSubscription(connection, subscription));
    }
    for (const Subscription& subscription : result.rebilled) {
      RETURN_IF_ERROR(UpdateBilledUntil(connection, subscription));
    }
    for (const Invoice& invoice : result.invoices) RETURN_IF_ERROR(InsertInvoice(connection, invoice));
    for (const LedgerTransaction& posting : result.postings) {
      RETURN_IF_ERROR(InsertLedgerTransaction(connection, posting, now));
    }
    return absl::OkStatus();
  });
}

}  // namespace countersign::billing
