#include "billing-service/src/api/statement_closer.h"

#include <utility>

#include "billing-service/src/api/payout_messages.h"
#include "billing-service/src/api/statement_messages.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/domain/partner_state.h"
#include "billing-service/src/domain/payout.h"
#include "billing-service/src/store/stated_fees.h"
#include "common/base/status_macros.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

constexpr int kLinesAtOnce = 200;

// When nothing accrues any more, no statement to come would take over what the last one carried: a final one does.
bool IsFinalDue(const std::optional<Statement>& last, const PartnerState& state) {
  return last.has_value() && state.standing == PartnerStanding::kTerminated && !CarriedForward(*last).is_zero();
}

}  // namespace

absl::Status StatementCloser::Close(const ClosingAct& closing, const Uuid& partner, const std::string& currency,
                                    std::vector<Uuid>& closed) const {
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<Statement> open, Next(closing, partner, currency));
    if (!open.has_value()) break;
    ASSIGN_OR_RETURN(const Statement filled, Fill(closing, *open));
    RETURN_IF_ERROR(Finish(closing, filled));
    closed.push_back(filled.id);
  }
  return PayHeld(closing, partner, currency);
}

absl::StatusOr<std::optional<Statement>> StatementCloser::Next(const ClosingAct& closing, const Uuid& partner,
                                                               const std::string& currency) const {
  ASSIGN_OR_RETURN(const std::optional<Statement> last, statements_.FindLast(closing.deadline, partner, currency));
  if (last.has_value() && last->state == StatementState::kOpen) return last;
  ASSIGN_OR_RETURN(const std::vector<StatementLine> oldest,
                   statements_.ListUnstated(closing.deadline, partner, currency, StartOf(closing.over), 1));
  ASSIGN_OR_RETURN(const PartnerState state, states_.Known(closing.deadline, partner));
  if (oldest.empty() && !IsFinalDue(last, state)) return std::nullopt;
  Period quarter = QuarterOf(DateOf(oldest.empty() ? state.since : oldest.front().fee.accrue_time));
  // An entry that comes after the closing belongs to the next.
  if (last.has_value() && quarter.start < last->quarter.end) quarter = QuarterOf(last->quarter.end);
  if (quarter.end > closing.over) return std::nullopt;
  RETURN_IF_ERROR(payouts_.TermsOn(closing.deadline, currency, DateOf(closing.act.now)).status());
  ASSIGN_OR_RETURN(const Statement statement, OpenStatement(partner, currency, quarter, last, closing.act.now));
  RETURN_IF_ERROR(
      committer_.Commit(closing.deadline, {.events = {StatementEventOf(closing.act, statement, "STATEMENT_OPENED")},
                                           .reply = std::nullopt,
                                           .rows = {StatementStore::Row(statement)}}));
  return statement;
}

absl::StatusOr<Statement> StatementCloser::Fill(const ClosingAct& closing, Statement statement) const {
  while (true) {
    ASSIGN_OR_RETURN(std::vector<StatementLine> lines,
                     statements_.ListUnstated(closing.deadline, statement.partner, statement.currency,
                                              StartOf(statement.quarter.end), kLinesAtOnce));
    if (lines.empty()) return statement;
    ASSIGN_OR_RETURN(statement, AddLines(std::move(statement), lines));
    std::vector<mysql::RowWrite> rows = {StatementStore::Row(statement)};
    for (const StatementLine& line : lines) rows.push_back(StatementStore::LineRow(statement, line));
    RETURN_IF_ERROR(committer_.Commit(closing.deadline,
                                      {.events = {StatementEventOf(closing.act, statement, "STATEMENT_LINES_ADDED")},
                                       .reply = std::nullopt,
                                       .rows = std::move(rows),
                                       .also = MarkStated(statement.partner, lines)}));
  }
}

absl::Status StatementCloser::Finish(const ClosingAct& closing, const Statement& statement) const {
  ASSIGN_OR_RETURN(const Payee payee, AskPayee(closing, statement.partner));
  ASSIGN_OR_RETURN(const PayoutTerms terms,
                   payouts_.TermsOn(closing.deadline, statement.currency, DateOf(closing.act.now)));
  ASSIGN_OR_RETURN(const PartnerState state, states_.Known(closing.deadline, statement.partner));
  const StatementTerms by{.minimum = terms.minimum,
                          .has_payee = CanReceive(payee, statement.currency),
                          .is_final = state.standing == PartnerStanding::kTerminated};
  ASSIGN_OR_RETURN(const Statement closed, CloseWith(statement, by, closing.act.now));
  std::vector<mysql::RowWrite> rows = {StatementStore::Row(closed)};
  std::vector<events::Event> events = {StatementEventOf(closing.act, closed, "STATEMENT_CLOSED")};
  if (closed.disposition == StatementDisposition::kPayable) {
    ASSIGN_OR_RETURN(const Payout payout, PayoutOf(closing, closed, payee, terms));
    rows.push_back(PayoutStore::Row(payout));
    events.push_back(PayoutEventOf(closing.act, payout));
  }
  return committer_.Commit(closing.deadline,
                           {.events = std::move(events), .reply = std::nullopt, .rows = std::move(rows)});
}

absl::StatusOr<Payee> StatementCloser::AskPayee(const ClosingAct& closing, const Uuid& partner) const {
  partner::v1::GetPayeeProfileRequest request;
  request.set_name(rpc::FormatName(kPayeeProfileName, {partner}));
  ASSIGN_OR_RETURN(const partner::v1::PayeeProfile profile, payees_.GetPayeeProfile(closing.outgoing, request));
  return PayeeOf(profile);
}

absl::StatusOr<Payout> StatementCloser::PayoutOf(const ClosingAct& closing, const Statement& statement,
                                                 const Payee& payee, const PayoutTerms& terms) const {
  ASSIGN_OR_RETURN(const std::vector<WithholdingRate> rates, withholding_rates_.ReadOf(closing.deadline, payee.region));
  ASSIGN_OR_RETURN(Payout payout, NewPayout(statement, payee, terms, rates, closing.act.now));
  ASSIGN_OR_RETURN(const std::vector<SelfBillingAgreement> agreements,
                   self_billing_.ReadOfPartner(closing.deadline, statement.partner));
  const SelfBillingAgreement* const agreement = AgreementOn(agreements, DateOf(closing.act.now));
  if (agreement == nullptr) return payout;
  ASSIGN_OR_RETURN(std::vector<TaxRate> tax_rates, tax_rates_.ReadOf(closing.deadline, agreement->region));
  return WithSelfBilledTax(std::move(payout), {*agreement, std::move(tax_rates)}, statement);
}

absl::Status StatementCloser::PayHeld(const ClosingAct& closing, const Uuid& partner,
                                      const std::string& currency) const {
  ASSIGN_OR_RETURN(const std::vector<Statement> held, statements_.ListHeld(closing.deadline, partner, currency));
  if (held.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Payee payee, AskPayee(closing, partner));
  if (!CanReceive(payee, currency)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const PayoutTerms terms, payouts_.TermsOn(closing.deadline, currency, DateOf(closing.act.now)));
  for (const Statement& statement : held) {
    ASSIGN_OR_RETURN(const Payout payout, PayoutOf(closing, statement, payee, terms));
    RETURN_IF_ERROR(committer_.Commit(
        closing.deadline,
        {.events = {PayoutEventOf(closing.act, payout)}, .reply = std::nullopt, .rows = {PayoutStore::Row(payout)}}));
  }
  return absl::OkStatus();
}

}  // namespace countersign::billing
