#include "billing-service/src/store/migrations.h"

#include "billing-service/migrations.h"
#include "billing-service/src/store/bank_receipt_store.h"
#include "billing-service/src/store/charge_store.h"
#include "billing-service/src/store/fee_store.h"
#include "common/events/schema.h"
#include "common/mysql/table.h"

namespace countersign::billing {

std::vector<mysql::Migrations> AllMigrations() {
  return {
      events::CommonMigrations(),
      {.component = "billing",
       .files = {kMigrations.begin(), kMigrations.end()},
       .insert_only = {"account_numbers", "activations", "invoice_lines", "payment_allocations", "fees",
                       "statement_lines", "payout_terms", "credit_notes", "credit_note_lines", "refunds", "tax_rates",
                       "legal_entities", "fee_schedules", "small_differences", "dunning_ladders", "dunning_rungs"},
       // A reference changes hands while it has no receipt; of the ledger only changes what is summed. Of a
       // former contact the addresses, to erase them. Of the others every column, for a put needs the right on all; no
       // row is ever deleted.
       .updated_columns = {{"bank_receipt_references", "receipt_id"},
                           {"ledger_transactions", "unsummed_bucket"},
                           {"bank_receipts", mysql::ColumnsOf(kBankReceipts)},
                           {"charges", mysql::ColumnsOf(kCharges)},
                           {"billing_contacts", "billing_email, code_email"},
                           {"fee_segments", mysql::ColumnsOf(kFeeSegments)}}}};
}

}  // namespace countersign::billing
