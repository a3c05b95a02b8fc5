#include "billing-service/src/store/activation_store.h"

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "billing-service/src/store/billing_account_store.h"
#include "billing-service/src/store/invoice_store.h"
#include "billing-service/src/store/ledger_store.h"
#include "billing-service/src/store/order_label_store.h"
#include "billing-service/src/store/past_buyer_store.h"
#include "billing-service/src/store/rows.h"
#include "billing-service/src/store/subscription_store.h"
#include "billing-service/src/store/transfer_code_store.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kActivations = {
    .name = "activations",
    .key = "account_id, order_id, revision",
    .fixed =
        "partner_id, kind, subscription_id, outcome, line_count, first_invoice_sequence, invoice_count, create_time"};

constexpr mysql::Table kConfirmers = {.name = "activation_confirmers",
                                      .key = "account_id, order_id, revision",
                                      .fixed = "confirmer_name, confirmer_role, confirmer_email"};

Activation ActivationOf(mysql::RowReader& row) {
  Activation activation;
  activation.account = row.Id();
  activation.order.order = row.Id();
  activation.revision = row.Int();
  activation.order.partner = row.Id();
  activation.kind = row.Enumerated(kOrderKinds);
  activation.subscription = row.OptionalId();
  activation.outcome = row.Enumerated(kActivationOutcomes);
  activation.line_count = row.Int();
  activation.first_invoice_sequence = row.Int();
  activation.invoice_count = row.Int();
  activation.create_time = row.Time();
  return activation;
}

mysql::RowWrite RowOf(const Activation& activation, const Confirmer& confirmer) {
  return mysql::Insert(kConfirmers, {activation.account, activation.order.order, activation.revision, confirmer.name,
                                     confirmer.role, confirmer.email});
}

}  // namespace

absl::StatusOr<std::optional<Activation>> ActivationStore::Find(absl::Time deadline, const Uuid& account,
                                                                const OrderReference& order, int64_t revision) const {
  ASSIGN_OR_RETURN(
      std::optional<Activation> found,
      mysql::FindOne<Activation>(database_, deadline, kActivations, {account, order.order, revision}, ActivationOf));
  if (found.has_value() && found->order != order) return std::nullopt;  // Of another partner.
  return found;
}

mysql::RowWrite ActivationStore::Row(const Activation& activation) {
  return mysql::Insert(
      kActivations,
      {activation.account, activation.order.order, activation.revision, activation.order.partner,
       NameOf(activation.kind), activation.subscription, NameOf(activation.outcome), activation.line_count,
       activation.first_invoice_sequence, activation.invoice_count, activation.create_time});
}

absl::StatusOr<std::vector<mysql::RowWrite>> ActivationStore::Rows(const ActivationResult& result) {
  std::vector<mysql::RowWrite> rows = {BillingAccountStore::Row(result.account), Row(result.activation)};
  if (result.confirmer.has_value()) rows.push_back(RowOf(result.activation, *result.confirmer));
  if (result.label.has_value()) {
    rows.push_back(OrderLabelStore::Row(result.account.id, result.activation.order.order, *result.label));
  }
  if (result.past_buyer.has_value()) rows.push_back(PastBuyerStore::Row(result.account.id, *result.past_buyer));
  for (const Subscription& subscription : result.started) AppendRows(rows, SubscriptionStore::Rows(subscription));
  for (const Subscription& subscription : result.changed) AppendRows(rows, SubscriptionStore::Rows(subscription));
  for (const Subscription& subscription : result.rebilled)
    AppendRows(rows, SubscriptionStore::BilledRows(subscription));
  if (result.transfer_code.has_value()) rows.push_back(TransferCodeStore::Row(*result.transfer_code));
  for (const Invoice& invoice : result.invoices) AppendRows(rows, InvoiceStore::OpenedRows(invoice));
  for (const LedgerTransaction& posting : result.postings) {
    ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> posted, LedgerRows(posting, result.account.update_time));
    AppendRows(rows, std::move(posted));
  }
  return rows;
}

}  // namespace countersign::billing
