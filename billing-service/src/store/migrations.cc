#include "billing-service/src/store/migrations.h"

#include "billing-service/migrations.h"
#include "common/events/schema.h"

namespace countersign::billing {

std::vector<mysql::Migrations> AllMigrations() {
  return {events::CommonMigrations(),
          {.component = "billing",
           .files = {kMigrations.begin(), kMigrations.end()},
           .insert_only = {"account_numbers", "activations", "invoice_lines", "payment_allocations", "statement_lines",
                           "payout_terms", "credit_notes", "credit_note_lines", "refunds", "tax_rates",
                           "legal_entities", "fee_schedules", "small_differences", "dunning_ladders", "dunning_rungs",
                           "withholding_rates", "self_billing_agreements"},
           .deleted = {"past_buyers"},
           // A reference changes hands while it has no receipt; of the ledger only changes what is summed, of a fee
           // that a statement has it. Of a former contact and of who confirmed what an erasure empties.
           .updated_columns = {{"bank_receipt_references", "receipt_id"},
                               {"ledger_transactions", "unsummed_bucket"},
                               {"fees", "stated"},
                               {"billing_contacts", "billing_email, code_email"},
                               {"activation_confirmers", "confirmer_name, confirmer_role, confirmer_email"}}}};
}

}  // namespace countersign::billing
