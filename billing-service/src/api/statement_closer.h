// Closes partners' quarters: for the worker and for CloseStatements alike.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_STATEMENT_CLOSER_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_STATEMENT_CLOSER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/clients/payee_client.h"
#include "billing-service/src/domain/payout.h"
#include "billing-service/src/domain/statement.h"
#include "billing-service/src/store/partner_state_store.h"
#include "billing-service/src/store/payout_store.h"
#include "billing-service/src/store/self_billing_store.h"
#include "billing-service/src/store/statement_store.h"
#include "billing-service/src/store/tax_rate_store.h"
#include "billing-service/src/store/withholding_rate_store.h"
#include "common/base/date.h"
#include "common/base/uuid.h"
#include "common/events/committer.h"
#include "common/rpc/call.h"

namespace countersign::billing {

// For whom and when it closes.
struct ClosingAct {
  rpc::WorkerAct act;
  rpc::Outgoing outgoing;  // To partner-service, which is asked for the payee.
  absl::Time deadline;
  Date over;  // The first day of a quarter: those before it are closed.
};

// Thread-safe. A statement is opened, gets its lines in several commits and is closed in the last one: whoever stops on
// the way leaves it OPEN, and the next one goes on from there. Two at once write each line once, because each commit
// needs the statement's next version.
class StatementCloser {
 public:
  // All must outlive the closer.
  StatementCloser(events::Committer& committer, const StatementStore& statements, const PayoutStore& payouts,
                  const PartnerStateStore& states, const WithholdingRateStore& withholding_rates,
                  const SelfBillingStore& self_billing, const TaxRateStore& tax_rates, PayeeClient& payees)
      : committer_(committer),
        statements_(statements),
        payouts_(payouts),
        states_(states),
        withholding_rates_(withholding_rates),
        self_billing_(self_billing),
        tax_rates_(tax_rates),
        payees_(payees) {}

  // Closes every quarter of the partner in that currency that is over and has entries, oldest first; appends what it
  // closed. Of a TERMINATED partner also that in which it was terminated, or a later one, where something was carried.
  // Then makes the payouts of what was HELD for want of a payee, who may have one by now. Errors:
  // FAILED_PRECONDITION PAYOUT_TERMS_MISSING; UNAVAILABLE; LostRace() when another replica is at it.
  absl::Status Close(const ClosingAct& closing, const Uuid& partner, const std::string& currency,
                     std::vector<Uuid>& closed) const;

 private:
  // The OPEN statement to work on; none when no quarter that is over needs one.
  absl::StatusOr<std::optional<Statement>> Next(const ClosingAct& closing, const Uuid& partner,
                                                const std::string& currency) const;
  absl::StatusOr<Statement> Fill(const ClosingAct& closing, Statement statement) const;
  absl::Status Finish(const ClosingAct& closing, const Statement& statement) const;
  absl::StatusOr<Payee> AskPayee(const ClosingAct& closing, const Uuid& partner) const;
  // As NewPayout, by the rates of the payee's country, and with the partner's tax where self-billing is agreed.
  absl::StatusOr<Payout> PayoutOf(const ClosingAct& closing, const Statement& statement, const Payee& payee,
                                  const PayoutTerms& terms) const;
  // Pays out what was HELD, if there is a payee by now.
  absl::Status PayHeld(const ClosingAct& closing, const Uuid& partner, const std::string& currency) const;

  events::Committer& committer_;
  const StatementStore& statements_;
  const PayoutStore& payouts_;
  const PartnerStateStore& states_;
  const WithholdingRateStore& withholding_rates_;
  const SelfBillingStore& self_billing_;
  const TaxRateStore& tax_rates_;
  PayeeClient& payees_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_STATEMENT_CLOSER_H_
