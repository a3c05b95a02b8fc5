#include "integration-tests/checker_breaks.h"

#include <initializer_list>

namespace countersign::integration {
namespace {

constexpr Service kPartner = Service::kPartner;
constexpr Service kOrder = Service::kOrder;
constexpr Service kLink = Service::kLink;
constexpr Service kBilling = Service::kBilling;

// A copy of the bucket's last event behind it.
constexpr char kForgedEvent[] =
    "INSERT INTO events (tenant_id, aggregate_id, version, bucket, type, actor, on_behalf_of, reason, request_id, "
    "create_time, payload, digest, position, seal, payload_type, resource_digest, salt) SELECT tenant_id, "
    "aggregate_id, version + 1, bucket, type, actor, on_behalf_of, reason, request_id, create_time, payload, digest, "
    "position + 1, seal, payload_type, resource_digest, salt FROM events ORDER BY position DESC LIMIT 1";

// Invariants 1, 4 and 9.
std::vector<Fault> OfMoney() {
  return {
      {"ALedgerEntryOneMicroUp", kBilling,
       "UPDATE ledger_entries SET debit_micros = debit_micros + 1 WHERE debit_micros > 0 LIMIT 1",
       "a ledger transaction does not balance"},
      {"ALedgerThatDoesNotBalance", kBilling,
       "UPDATE ledger_entries SET credit_micros = credit_micros + 1 WHERE credit_micros > 0 LIMIT 1",
       "the ledger does not balance in"},
      {"AReceivableBelowZero", kBilling,
       "UPDATE ledger_entries SET credit_micros = debit_micros, debit_micros = 0 "
       "WHERE account = 'accounts_receivable' AND debit_micros > 0",
       "is below zero"},
      {"ALedgerEntryBelowZero", kBilling,
       "UPDATE ledger_entries SET debit_micros = -credit_micros, credit_micros = 0 WHERE credit_micros > 0",
       "a ledger entry is not one amount on one side"},
      {"ALedgerWithoutEntries", kBilling, "DELETE FROM ledger_entries", "an empty ledger transaction"},
      {"ALedgerWithoutTransactions", kBilling, "DELETE FROM ledger_transactions", "ledger entries without"},
      {"ALedgerInAnotherCurrency", kBilling, "UPDATE ledger_entries SET currency = 'EUR'", "accounts_receivable of"},
      {"ALedgerAccountThatIsNone", kBilling, "UPDATE ledger_entries SET account = 'sundry' WHERE account = 'revenue'",
       "the ledger has an unknown account: sundry"},
      {"RevenueOnAnotherAccount", kBilling,
       "UPDATE ledger_entries SET account = 'customer_credit' WHERE account = 'revenue' LIMIT 1", "revenue of"},
      {"AFeeThatOnlyOneSideHas", kBilling,
       "UPDATE ledger_entries SET account = 'revenue' WHERE account = 'fee_clearing' AND debit_micros > 0",
       "the two sides of fees differ"},
      {"AFeeOwedToAnotherPartner", kBilling,
       "UPDATE ledger_entries SET account = 'fee_expense' WHERE account = 'fee_payable'", "fee_payable of"},
      {"ASumOfNoEntries", kBilling,
       "INSERT INTO posted_sums (bucket, span, currency, start_date, account, debit_micros, credit_micros) "
       "VALUES (0, 'DAY', 'USD', '2009-06-02', 'revenue', 1, 0)",
       "a sum of postings is not that of its entries"},
      {"ATenantsSumOfNoEntries", kBilling,
       "INSERT INTO tenant_sums (tenant_id, currency, account, start_date, debit_micros, credit_micros) "
       "VALUES ('nobody nobody no', 'USD', 'revenue', '2009-06-01', 1, 0)",
       "a sum of a tenant's postings is not that of its entries"},
      {"AnEntryOfAnotherDay", kBilling, "UPDATE ledger_entries SET post_date = '2009-06-02' LIMIT 1",
       "an entry counts for another day than its transaction"},
      {"AnAccountThatComesTwice", kBilling,
       "INSERT INTO ledger_entries (tenant_id, transaction_id, entry, account, debit_micros, credit_micros, currency, "
       "post_date) SELECT tenant_id, transaction_id, 9, account, debit_micros, credit_micros, currency, post_date "
       "FROM ledger_entries LIMIT 1",
       "an account comes twice in a ledger transaction"},
      {"AnEntryThatIsInNoSum", kBilling,
       "UPDATE ledger_transactions SET unsummed_bucket = IF(unsummed_bucket IS NULL, 0, NULL)",
       "a sum of postings is not that of its entries"},
      {"AnInvoicePaidMore", kBilling, "UPDATE invoices SET paid_micros = paid_micros + 1 WHERE state = 'OPEN'",
       "accounts_receivable of"},
      {"AnInvoiceOverpaid", kBilling, "UPDATE invoices SET paid_micros = 376000000 WHERE state = 'OPEN'",
       "above the total of invoice"},
      {"AnInvoicePaidByNobody", kBilling, "DELETE FROM payment_allocations", "not paid by its payments"},
      {"AnInvoicePaidThatOwes", kBilling, "UPDATE invoices SET paid_micros = 0 WHERE state = 'PAID'",
       "its amount due disagree"},
      {"AnInvoiceOpenThatOwesNothing", kBilling, "UPDATE invoices SET state = 'OPEN' WHERE state = 'PAID'",
       "its amount due disagree"},
      {"AnInvoiceVoidThatIsOwed", kBilling, "UPDATE invoices SET state = 'VOID' WHERE state = 'OPEN'",
       "by the amounts due it is 0"},
      {"AnInvoiceCreditedByNothing", kBilling,
       "UPDATE invoices SET credited_micros = 1, paid_micros = paid_micros - 1 "
       "WHERE state = 'PAID' LIMIT 1",
       "is not credited by its credit notes"},
      {"ACreditNoteThatIsNowhere", kBilling,
       "UPDATE billing_accounts SET next_credit_note_sequence = next_credit_note_sequence + 1 LIMIT 1",
       "credit note numbers with a gap"},
      {"ACreditNoteOfNoLines", kBilling,
       "INSERT INTO credit_notes (account_id, credit_note_id, sequence, credit_note_number, invoice_id, voids_invoice, "
       "reason, currency, net_micros, tax_micros, applied_micros, credited_micros, issue_date, create_time) "
       "SELECT account_id, 'a credit note!!!', 1, 'CN', invoice_id, 0, '', currency, 1, 0, 1, 0, issue_date, "
       "create_time FROM invoices LIMIT 1",
       "a credit note is not the sum of its lines"},
      {"ALineCreditedBeyondItsNet", kBilling,
       "INSERT INTO credit_note_lines (account_id, invoice_id, sequence, line, currency, net_micros, tax_micros) "
       "SELECT account_id, invoice_id, 1, line, currency, net_micros + 1, 0 FROM invoice_lines LIMIT 1",
       "more than a line is credited"},
      {"AnInvoiceOfAnotherTotal", kBilling, "UPDATE invoices SET net_micros = net_micros + 1", "do not add up"},
      {"AnInvoiceNumberWithAGap", kBilling, "UPDATE invoices SET sequence = sequence + 1",
       "invoice numbers with a gap"},
      {"ABuyerOfNoInvoice", kBilling,
       "INSERT INTO past_buyers (account_id, until_sequence, company_name, region_code, postal_code, "
       "administrative_area, locality, address_lines, recipients, organization, tax_id) SELECT account_id, "
       "next_invoice_sequence + 1, 'Another', 'US', '', '', '', '', '', '', '' FROM billing_accounts LIMIT 1",
       "a buyer is kept for no invoice of account"},
      {"CreditFromNowhere", kBilling, "UPDATE billing_accounts SET credit_micros = credit_micros + 1 LIMIT 1",
       "customer_credit of"},
      {"CreditBelowZero", kBilling, "UPDATE billing_accounts SET credit_micros = -1", "refund_recoverable of"},
      {"CreditOfNoPayment", kBilling, "UPDATE payments SET credit_micros = 0 WHERE credit_micros > 0",
       "a payment is not its allocations plus its credit"},
      {"ABankReceiptInAnotherState", kBilling, "UPDATE bank_receipts SET state = 'UNALLOCATED' LIMIT 1",
       "a bank receipt does not have exactly one payment"},
      {"AReceiptThatWasNotUsed", kBilling, "DELETE FROM payments WHERE receipt_id IS NOT NULL LIMIT 1",
       "a bank receipt does not have exactly one payment"},
      {"AReceiptOfAnotherAmount", kBilling, "UPDATE bank_receipts SET amount_micros = amount_micros + 1",
       "a bank receipt does not have exactly one payment"},
      {"AChargeThatIsNoPayment", kBilling, "DELETE FROM payments WHERE charge_id IS NOT NULL",
       "a charge does not have exactly its payment"},
      {"AChargeOfAnotherPayment", kBilling, "UPDATE charges SET payment_id = charge_id WHERE state = 'SUCCEEDED'",
       "a charge does not have exactly its payment"},
      {"APaymentFromNowhere", kBilling, "UPDATE payments SET charge_id = NULL WHERE charge_id IS NOT NULL",
       "a payment is not of one receipt or charge"},
      {"APaymentOfNoCharge", kBilling, "UPDATE payments SET charge_id = payment_id WHERE charge_id IS NOT NULL",
       "a payment of no charge"},
      {"AChargeThatTheProcessorDidNotDecline", kBilling,
       "UPDATE charges SET state = 'DECLINED' WHERE state = 'SUCCEEDED'",
       "is DECLINED, and the processor's book says SUCCEEDED"},
      {"AChargeThatNobodyKnows", kBilling, "DELETE FROM charges WHERE state = 'SUCCEEDED'",
       "the processor took money for a charge that nobody knows"},
      {"AChargeOfAnotherAmount", kBilling, "UPDATE charges SET amount_micros = amount_micros + 1",
       "the processor's book has another amount"},
      {"AnAttemptThatIsMissing", kBilling, "UPDATE charges SET attempt = attempt + 1", "attempts with a gap"},
      {"AnAttemptTooEarly", kBilling,
       "INSERT INTO charges SELECT account_id, 'an early attempt', invoice_id, 0, bucket, currency, amount_micros, "
       "payment_token, create_time, 'UNKNOWN', '', '', NULL, next_date, 1, update_time FROM charges LIMIT 1",
       "a charge was not settled before the next attempt"},
      {"ASubscriptionSuspendedWithoutDunning", kBilling,
       "UPDATE subscriptions SET state = 'SUSPENDED', suspension_reasons = 'OVERDUE' LIMIT 1",
       "a subscription is not where its account's dunning is"},
      {"ADunningThatReachedNoRung", kBilling,
       "INSERT INTO dunnings (account_id, bucket, create_time, state, cycle, rung, hold_reason, update_time) "
       "SELECT account_id, 0, create_time, 'PAST_DUE', 1, 1, '', create_time FROM billing_accounts LIMIT 1",
       "a dunning rung that it never reached"},
      {"ADunningRungOfNoInvoice", kBilling,
       "INSERT INTO dunning_rungs (account_id, cycle, rung, state, invoice_id, ladder_id, rung_date, create_time) "
       "SELECT account_id, 1, 1, 'PAST_DUE', account_id, account_id, '2009-07-08', create_time FROM billing_accounts "
       "LIMIT 1",
       "a dunning rung of no overdue invoice"},
      {"AFeeThatNeverAccrued", kBilling, "DELETE FROM fees", "was earned but never accrued"},
      {"AFeeAtAnotherRate", kBilling, "UPDATE fees SET rate_basis_points = 600", "differs from what the line froze"},
      {"AFeeScheduleThatWasChanged", kBilling,
       "UPDATE fee_schedules SET first_year_rate_basis_points = 1100 WHERE effective_date < '2009-01-01'",
       "a fee has a rate that is not its fee schedule's"},
      {"AFeeOfAnotherPartner", kBilling, "UPDATE fees SET partner_id = 'nobody nobody no'",
       "differs from what the line"},
      {"AFeeOfAnotherAmount", kBilling, "UPDATE fees SET amount_micros = amount_micros + 1",
       "not what the line earned"},
      {"AFeeEarnedThatIsNotNetTimesRate", kBilling,
       "UPDATE fee_segments SET earned_micros = earned_micros + 1 WHERE earned_micros IS NOT NULL",
       "is not net × rate"},
      {"AFeeNotEarnedOfAPaidInvoice", kBilling, "UPDATE fee_segments SET earned_micros = NULL, earn_time = NULL",
       "was not earned although the invoice is paid"},
      {"AFeeAccruedBeforeItWasEarned", kBilling, "UPDATE fee_segments SET earned_micros = NULL, earn_time = NULL",
       "was accrued before it was earned"},
      {"FeesOfNoLine", kBilling, "DELETE FROM fee_segments", "there are fees without a paid line"},
      {"AFeeGivenAndForgone", kBilling, "UPDATE fees SET forgone_micros = 1", "was given and forgone at once"},
      {"ACorrectionOfNoFee", kBilling, "UPDATE fees SET cause = 'ADJUSTED', cause_id = 'nobody nobody no'",
       "a correction of no fee"},
      {"AFeeFrozenForAnotherLine", kBilling, "UPDATE invoice_lines SET net_micros = net_micros + 1",
       "a fee was frozen for another line"},
      {"AFeeWithoutAPaidInvoice", kBilling, "UPDATE invoices SET state = 'OPEN' WHERE state = 'PAID'",
       "accrued although the invoice is not paid"},
      {"AStatementThatIsNotItsLines", kBilling,
       "INSERT INTO statements (partner_id, statement_id, currency, number, first_number, period_start_date, "
       "period_end_date, carried_in_micros, create_time, state, disposition, line_count, accrued_micros, "
       "minimum_micros, is_final, version) SELECT partner_id, 'a statement!!!!!', 'USD', 1, 1, '2009-04-01', "
       "'2009-07-01', 0, '2009-07-08', 'CLOSED', 'CARRIED', 1, 45000000, 50000000, 0, 1 FROM fees LIMIT 1",
       "a statement is not the sum of its lines"},
      {"AStatementThatBeginsWithMore", kBilling,
       "INSERT INTO statements (partner_id, statement_id, currency, number, first_number, period_start_date, "
       "period_end_date, carried_in_micros, create_time, state, disposition, line_count, accrued_micros, "
       "minimum_micros, is_final, version) SELECT partner_id, 'a statement!!!!!', 'USD', 1, 1, '2009-04-01', "
       "'2009-07-01', 5000000, '2009-07-08', 'CLOSED', 'CARRIED', 0, 0, 50000000, 0, 1 FROM fees LIMIT 1",
       "does not begin with what was carried"},
      {"APayableStatementThatIsNotPaid", kBilling,
       "INSERT INTO statements (partner_id, statement_id, currency, number, first_number, period_start_date, "
       "period_end_date, carried_in_micros, create_time, state, disposition, line_count, accrued_micros, "
       "minimum_micros, is_final, version) SELECT partner_id, 'a statement!!!!!', 'USD', 1, 1, '2009-04-01', "
       "'2009-07-01', 0, '2009-07-08', 'CLOSED', 'PAYABLE', 0, 0, 50000000, 0, 1 FROM fees LIMIT 1",
       "a payout is not that of its statement"},
      {"TwoPartnersOfRecordOnOneDay", kBilling,
       "INSERT INTO partner_assignments (account_id, subscription_id, start_date, end_date, partner_id) "
       "SELECT account_id, subscription_id, '2099-01-01', NULL, 'nobody nobody no' FROM subscriptions LIMIT 1",
       "two partners of record on one day"},
      {"APartnerOfRecordThatEndsBeforeItsStart", kBilling,
       "UPDATE partner_assignments SET end_date = start_date - INTERVAL 1 DAY LIMIT 1", "ends before its start"},
      {"ASubscriptionWithoutPartner", kBilling, "DELETE FROM partner_assignments",
       "there never was a partner of record"},
      {"ACancellationWithoutItsDay", kBilling, "UPDATE subscriptions SET state = 'CANCELLED' LIMIT 1",
       "the state and the last day disagree"},
      {"APeriodOwedAfterTheCancellation", kBilling,
       "UPDATE subscriptions SET state = 'CANCELLED', end_date = '2009-01-01' LIMIT 1",
       "a period after a cancellation is not credited"},
      {"ALineWithoutARequiredPurchaseOrder", kBilling,
       "UPDATE billing_accounts a JOIN invoice_lines l ON l.account_id = a.account_id "
       "SET a.po_required_sequence = 1, l.purchase_order_number = ''",
       "a line lacks the purchase-order number that its account requires"},
      {"AnInvoiceOfTwoPurchaseOrders", kBilling,
       "UPDATE billing_accounts a JOIN invoice_lines l ON l.account_id = a.account_id "
       "SET a.split_by_po_sequence = 1, l.purchase_order_number = 'PO-OF-ANOTHER'",
       "lines of another purchase order than its own"},
      {"DaysCreditedTwice", kBilling,
       "INSERT INTO credit_note_lines (account_id, invoice_id, sequence, line, currency, net_micros, tax_micros, "
       "credit_start_date, credit_end_date) SELECT l.account_id, l.invoice_id, n.sequence, l.line, l.currency, 0, 0, "
       "'2009-06-01', '2009-06-03' FROM (SELECT * FROM invoice_lines LIMIT 1) l JOIN (SELECT 91 AS sequence UNION ALL "
       "SELECT "
       "92) n",
       "days are credited twice"},
      {"AReversalAboveZero", kBilling,
       "INSERT INTO fee_segments SELECT account_id, 'a reversed fee!!', invoice_id, line, segment, partner_id, "
       "subscription_id, tranche, rate_basis_points, days, period_days, service_start_date, line_net_micros, "
       "earned_micros, currency, earn_time, generation, 1, basis_micros, basis_days, cause, cause_id "
       "FROM fee_segments WHERE earned_micros IS NOT NULL AND reversal = 0 LIMIT 1",
       "has a reversal above zero"},
      {"AFeeAccruedAgainBeforeItWasReversed", kBilling,
       "INSERT INTO fee_segments SELECT account_id, 'an earlier fee!!', invoice_id, line, segment, partner_id, "
       "subscription_id, tranche, rate_basis_points, days, period_days, service_start_date, line_net_micros, "
       "earned_micros, currency, earn_time, generation + 1, 0, basis_micros, basis_days, cause, cause_id "
       "FROM fee_segments WHERE earned_micros IS NOT NULL AND reversal = 0 LIMIT 1",
       "accrued again before it was reversed"},
      {"AFeeReversedBeyondItself", kBilling,
       "INSERT INTO fee_segments SELECT account_id, 'a reversed fee!!', invoice_id, line, segment, partner_id, "
       "subscription_id, tranche, rate_basis_points, days, period_days, service_start_date, line_net_micros, "
       "-2 * earned_micros, currency, earn_time, generation, 1, basis_micros, basis_days, cause, cause_id "
       "FROM fee_segments WHERE earned_micros IS NOT NULL AND reversal = 0 LIMIT 1",
       "more is reversed than was accrued"},
  };
}

// Invariants 2 and 3.
std::vector<Fault> OfConfirmations() {
  return {
      {"AConfirmationWithoutAcceptance", kOrder, "DELETE FROM acceptances LIMIT 1",
       "has no acceptance through its link"},
      {"AConfirmationWithoutLink", kLink, "UPDATE links SET revision = 7 WHERE state = 'CONFIRMED' LIMIT 1",
       "is not confirmed by exactly its link"},
      {"AConfirmationWithoutOrder", kOrder, "UPDATE orders SET state = 'DECLINED' WHERE state = 'COMPLETED' LIMIT 1",
       "is not confirmed in revision 1, but there is an acceptance"},
      {"AnAbandonedOrderThatWasActivated", kOrder,
       "UPDATE orders SET state = 'CANCELLED' WHERE state = 'COMPLETED' LIMIT 1",
       "was activated although it was abandoned"},
      {"AConfirmationWithoutItsTime", kOrder, "UPDATE orders SET confirm_time = NULL WHERE state = 'COMPLETED' LIMIT 1",
       "does not say when it was confirmed"},
      {"ACompletionWithoutActivation", kBilling, "DELETE FROM activations LIMIT 1", "was not activated exactly once"},
      {"AnActivationOfAnotherRevision", kBilling, "UPDATE activations SET revision = 7 LIMIT 1",
       "is not confirmed in revision 7, but there is an activation"},
      {"AnActivationOfNoOrder", kBilling, "UPDATE activations SET order_id = 'nobody nobody no' LIMIT 1",
       "an activation of the unknown order"},
      {"AnActivationOnAnotherAccount", kOrder, "UPDATE orders SET billing_account_id = 'nobody nobody no'",
       "was activated on another account"},
      {"AnActivationForAnotherPartner", kBilling, "UPDATE activations SET partner_id = 'nobody nobody no' LIMIT 1",
       "was activated for another partner"},
      {"AnInvoiceOfNoOrder", kBilling, "UPDATE invoices SET order_id = 'nobody nobody no' LIMIT 1",
       "has no confirmed order"},
      {"ACompletionWithoutSubscriptions", kBilling, "DELETE FROM subscriptions LIMIT 1",
       "is completed without its subscriptions"},
      {"ACompletionThatNamesNoSubscriptions", kOrder,
       "UPDATE orders SET subscriptions = '' WHERE state = 'COMPLETED' LIMIT 1",
       "is completed without its subscriptions"},
      {"ACodeGuessedTooOften", kLink,
       "INSERT INTO codes SELECT link_id, 1, REPEAT('d', 32), 'a', 6, REPEAT(CHAR(0), 16), create_time, "
       "'CONFIRM_ORDER' FROM links LIMIT 1",
       "a code was guessed more often than is allowed"},
      {"AnActOnTheReceiptOfAnOpenLink", kLink,
       "INSERT INTO receipt_acts SELECT link_id, link_id, 'CANCEL', '', '', '', create_time, 1, '' FROM links WHERE "
       "state = 'ACTIVE' LIMIT 1",
       "an act was done on the receipt of a link that is not confirmed"},
      {"ARequestForANewLinkOfAnothersOrder", kLink,
       "INSERT INTO new_link_requests SELECT REPEAT('p', 16), link_id, link_id, order_id, 'CS', '2009-06-01', "
       "create_time "
       "FROM links LIMIT 1",
       "a new link was asked for of a link that its partner does not have"},
      {"AnAccessLinkOfAnOpenLink", kLink,
       "INSERT INTO access_links SELECT link_id, 1, 'CUSTOMER', create_time FROM links WHERE state = 'ACTIVE' LIMIT 1",
       "an access link was asked for of a link that has no receipt"},
      {"AnActivationOfTooManyLines", kBilling, "UPDATE activations SET line_count = line_count + 1",
       "does not have one subscription per activated line"},
      {"SubscriptionsOfNoOrder", kBilling, "UPDATE subscriptions SET order_id = 'nobody nobody no' LIMIT 1",
       "there are subscriptions of order"},
  };
}

// The catalogue, and what orders take from it.
std::vector<Fault> OfCatalogue() {
  return {
      {"ABundleOfNothing", kOrder, "UPDATE offers SET components = 'nothing' WHERE offer_id = 'bpos-standard-suite'",
       "contains nothing, which is no offer"},
      {"ABundleOfABundle", kOrder,
       "UPDATE offers SET components = 'bpos-standard-suite' WHERE offer_id = 'deskless-worker-suite'",
       "contains bpos-standard-suite, which is no offer"},
      {"APriceWithoutTiers", kOrder, "DELETE FROM price_tiers WHERE price_id = 'usd-2009-11'", "a price without tiers"},
      {"APriceOfNoOffer", kOrder, "DELETE FROM offers WHERE offer_id = 'office-live-meeting'",
       "a price or promotion of no offer"},
      {"AnOfferOfAnotherVersion", kOrder, "UPDATE offers SET version = 7 LIMIT 1",
       "is not at the version of its last event"},
      {"AnOrderOfAnotherTotal", kOrder, "UPDATE orders SET total_micros = total_micros + 1 LIMIT 1",
       "the total of an order is not that of its lines"},
      {"AChangeThatWaitsWithoutItsPlace", kOrder,
       "UPDATE orders SET kind = 'RENEW' WHERE state = 'AWAITING_CONFIRMATION' LIMIT 1",
       "a change waits without the place of its subscription"},
  };
}

// Invariants 5, 6 and 7.
std::vector<Fault> OfLogs() {
  return {
      {"AnEventThatIsNotDelivered", kOrder, "UPDATE cursors SET position = 0 WHERE consumer = 'link'",
       "order: the log is not sealed and delivered to its end"},
      {"AConsumerThatNeverBegan", kBilling, "DELETE FROM cursors WHERE consumer = 'fees'",
       "billing: the log is not sealed and delivered to its end"},
      {"AnEventThatIsNotSealed", kLink, "UPDATE events SET position = NULL, seal = NULL ORDER BY position DESC LIMIT 1",
       "link: the log is not sealed and delivered to its end"},
      {"ADeliveryThatWaits", kPartner,
       "INSERT INTO held_deliveries (tenant_id, aggregate_id, consumer, bucket, version, parked, attempts, "
       "next_attempt, last_error) VALUES ('nobody nobody no', 'nobody nobody no', 'order', 0, 1, 0, 1, '2109-06-01', "
       "'')",
       "partner: the log is not sealed and delivered to its end"},
      {"AForbiddenEdge", kPartner,
       "UPDATE events SET payload = CONCAT(payload, X'1004') WHERE type = 'PARTNER_CREATED'",
       "PARTNER_CREATED took Partner"},
      {"APayloadOfNoType", kOrder, "UPDATE events SET payload_type = 'countersign.Nothing' LIMIT 1", "to UNREADABLE"},
      {"APartnerInAnotherState", kPartner, "UPDATE partners SET state = 'REJECTED' LIMIT 1",
       "of partners is REJECTED, its last event says ACTIVE"},
      {"AnOrderInAnotherState", kOrder, "UPDATE orders SET state = 'EXPIRED' WHERE state = 'AWAITING_CONFIRMATION'",
       "of orders is EXPIRED, its last event says AWAITING_CONFIRMATION"},
      {"ALinkInAnotherState", kLink, "UPDATE links SET state = 'EXPIRED' WHERE state = 'ACTIVE'",
       "of links is EXPIRED, its last event says ACTIVE"},
      {"ASubscriptionInAnotherState", kBilling, "UPDATE subscriptions SET state = 'CANCELLED' LIMIT 1",
       "of subscriptions is CANCELLED"},
      {"AnInvoiceInAnotherState", kBilling, "UPDATE invoices SET state = 'UNCOLLECTIBLE' WHERE state = 'OPEN'",
       "of invoices is UNCOLLECTIBLE"},
      {"APaymentInAnotherState", kBilling, "UPDATE payments SET state = 'FAILED' LIMIT 1", "of payments is FAILED"},
      {"AChargeInAnotherState", kBilling, "UPDATE charges SET state = 'DECLINED' LIMIT 1", "of charges is DECLINED"},
      {"ACustomerOfAnotherVersion", kPartner, "UPDATE customers SET version = version + 1 LIMIT 1",
       "of customers has version 2, its last event 1"},
      {"APartnerWithoutARow", kPartner, "DELETE FROM partners LIMIT 1", "has no row"},
      {"ARowWithoutAnEvent", kPartner, "UPDATE authorizations SET authorization_id = 'nobody nobody no' LIMIT 1",
       "of authorizations has no event"},
      {"AnEventByAnotherActor", kPartner, "UPDATE events SET actor = 'operators/mallory' LIMIT 1",
       "the event was changed"},
      {"AnEventThatIsMissing", kOrder, "DELETE FROM events WHERE position = 1 LIMIT 1", "an event is missing"},
      {"AnAggregateWithoutItsFirstEvent", kOrder, "DELETE FROM events WHERE type = 'ORDER_CREATED'",
       "versions with a gap"},
      {"AnEventThatWasAdded", kOrder, kForgedEvent, "the event was changed"},
      {"ASealThatDoesNotFollow", kLink, "UPDATE events SET seal = digest LIMIT 1", "the seal does not follow"},
      {"ALogThatWasCutOff", kOrder, "DELETE FROM events ORDER BY position DESC LIMIT 1", "the log was cut off before"},
  };
}

// Invariant 8.
std::vector<Fault> OfReplies() {
  return {
      {"AReplyThatHasGone", kPartner, "DELETE FROM stored_replies LIMIT 1", "its reply is not stored"},
      {"AReplyToAnotherCaller", kOrder, "UPDATE stored_replies SET caller = 'operators/mallory' LIMIT 1",
       "has no event by its caller"},
      {"AReplyToAnotherRequest", kOrder, "UPDATE stored_replies SET request_id = 'none' LIMIT 1",
       "has no event by its caller"},
      {"AReplyOfNoMethod", kOrder, "UPDATE stored_replies SET method = 'countersign.Nothing/Do' LIMIT 1",
       "answers an unknown method"},
      {"AReplyOfAnotherRow", kPartner,
       "UPDATE stored_replies r JOIN (SELECT MAX(reply) AS other FROM stored_replies WHERE sealed = 0) AS o "
       "SET r.reply = o.other WHERE r.sealed = 0 AND r.reply <> o.other",
       "does not match its event's digest"},
      {"ASealedReplyInTheClear", kLink, "UPDATE stored_replies SET sealed = 0 WHERE sealed = 1", "the stored reply of"},
      {"AReplyMarkedAsSealed", kPartner, "UPDATE stored_replies SET sealed = 1 WHERE sealed = 0",
       "is marked as sealed but is in the clear"},
      {"AReplyWhoseSaltHasGone", kOrder, "UPDATE events SET salt = NULL WHERE type = 'ORDER_CREATED'",
       "does not match its event's digest"},
      {"AnEmptyReplyThatIsNot", kOrder, "UPDATE stored_replies SET reply = X'0800' WHERE reply = ''",
       "does not match its event's digest"},
      {"AnActivationThatNamesLess", kBilling,
       "UPDATE stored_replies SET reply = '' WHERE method LIKE '%/ActivateOrder'",
       "does not name what its events made"},
  };
}

// Erasure: what is marked as erased must hold nothing any more, here and in the other services.
std::vector<Fault> OfErasure() {
  return {
      {"AnErasedCustomerWithItsName", kPartner, "UPDATE customers SET erase_time = create_time LIMIT 1",
       "an erased customer still has its name, contact or reference"},
      {"AnErasedCustomerWhoseOrderIsNot", kPartner, "UPDATE customers SET erase_time = create_time",
       "of an erased customer was not erased"},
      {"AnErasedCustomerWhoseLinkIsNot", kPartner, "UPDATE customers SET erase_time = create_time",
       "of an erased customer has a link that was not erased"},
      {"AnErasedCustomerWhoseAccountIsNot", kPartner, "UPDATE customers SET erase_time = create_time",
       "of an erased customer has an account that was not erased"},
      {"AnErasedOrderWithItsAcceptance", kOrder, "UPDATE orders SET erase_time = create_time WHERE state = 'COMPLETED'",
       "an acceptance of an erased order still says who confirmed"},
      {"AnErasedOrderThatWaits", kOrder, "UPDATE orders SET erase_time = create_time",
       "an erased order still has its words, or has not ended"},
      {"AnErasedLinkThatOpens", kLink, "UPDATE links SET review = '' LIMIT 1", "an erased link can still be opened"},
      {"AnErasedLinkWithItsEvidence", kLink, "UPDATE links SET review = '' WHERE state = 'CONFIRMED'",
       "a press of an erased link still has its evidence"},
      {"AnErasedAccountWhoseNoticeSaysWhyItBounced", kBilling,
       "UPDATE billing_accounts a JOIN notices n ON n.account_id = a.account_id "
       "SET a.state = 'ERASED', n.bounce_reason = 'no such mailbox'",
       "a notice of an erased account still says why it bounced"},
      {"AnErasedLinkWithItsContent", kLink, "UPDATE links SET review = '' WHERE state = 'CONFIRMED'",
       "what an erased link showed or mailed is still there"},
      {"AnErasedAccountWithItsCustomer", kBilling, "UPDATE billing_accounts SET state = 'ERASED' LIMIT 1",
       "an erased account still has its customer"},
      {"AnErasedAccountWithItsConfirmer", kBilling, "UPDATE billing_accounts SET state = 'ERASED'",
       "an erased account still says who confirmed"},
      {"ABuyerThatGoesThoughNothingWasErased", kBilling,
       "INSERT INTO past_buyers (account_id, until_sequence, company_name, region_code, postal_code, "
       "administrative_area, locality, address_lines, recipients, organization, tax_id, delete_time) SELECT "
       "account_id, "
       "next_invoice_sequence, '', 'US', '', '', '', '', '', '', '', '2020-01-01' FROM billing_accounts LIMIT 1",
       "a past buyer has no end although its account is erased"},
      {"AReplyWhoseSaltHasGoneWithoutErasure", kPartner,
       "UPDATE events SET salt = NULL WHERE type = 'CUSTOMER_CREATED'", "does not match its event's digest"},
  };
}

// Invariants 10 and 11.
std::vector<Fault> OfReservationsAndCopies() {
  return {
      {"APartnerNumberThatIsNotReserved", kPartner, "DELETE FROM partner_numbers LIMIT 1", "unreserved partner number"},
      {"APartnerNumberThatNobodyWillTake", kPartner,
       "UPDATE partner_numbers SET partner_number = CONCAT('X', partner_number) LIMIT 1", "and will never take it"},
      {"AnAccountNumberThatIsNotReserved", kBilling, "DELETE FROM account_numbers LIMIT 1",
       "unreserved account number"},
      {"AnAccountNumberThatNobodyWillTake", kBilling, "UPDATE account_numbers SET account_number = 'X' LIMIT 1",
       "and will never take it"},
      {"ABankReferenceThatIsNotReserved", kBilling, "DELETE FROM bank_receipt_references LIMIT 1",
       "unreserved bank reference"},
      {"ABankReferenceOfAnotherReceipt", kBilling,
       "UPDATE bank_receipt_references SET receipt_id = 'nobody nobody no' LIMIT 1", "unreserved bank reference"},
      {"ACustomerWithoutItsAccount", kOrder, "DELETE FROM customer_accounts LIMIT 1",
       "not billed to the account reserved for its customer"},
      {"AnAccountOfTwoCustomers", kOrder, "UPDATE customer_accounts SET billing_account_id = 'nobody nobody no'",
       "one billing account is reserved for two customers"},
      {"AnAccountThatDidNotComeAlong", kOrder,
       "UPDATE orders SET kind = 'CHANGE_PARTNER', currency = 'EUR' WHERE state = 'COMPLETED' LIMIT 1",
       "a change of partner reserved no account"},
      {"AnOrderWhoseLinkIsNotThere", kLink, "DELETE FROM links WHERE state = 'ACTIVE'",
       "names a link that does not exist"},
      {"AnEndedLinkThatIsNotThere", kLink, "DELETE FROM links WHERE state = 'CONFIRMED'", "which is not there"},
      {"ALinkThatEndsAtAnotherTime", kLink,
       "UPDATE links SET expire_time = expire_time + INTERVAL 1 DAY WHERE state = 'ACTIVE'",
       "expires at another time than its link"},
      {"ALinkThatWaitsAsOfAVersionOfItsOrder", kLink, "UPDATE links SET order_version = 1 WHERE state = 'ACTIVE'",
       "is ACTIVE as of a version of its order"},
      {"ALinkThatEndedAtAnotherVersion", kLink,
       "UPDATE links SET order_version = order_version + 7 WHERE state = 'CONFIRMED'",
       "ended at another version of its order than the order says"},
      {"ACopyOfAPartnerThatIsOld", kOrder, "UPDATE partner_states SET version = version - 1 LIMIT 1",
       "order-service's copy of partner"},
      {"ACopyOfAPartnerThatIsNotActive", kOrder, "UPDATE partner_states SET active = 0 LIMIT 1",
       "active 0; the partner"},
      {"ACopyOfAPartnerThatHidesItsPast", kOrder, "UPDATE partner_states SET inactive_version = 0 LIMIT 1",
       "was last inactive at version 0"},
      {"ACopyOfAPartnerThatIsMissing", kOrder, "DELETE FROM partner_states LIMIT 1",
       "order-service has no copy of partner"},
      {"ACopyOfAStandingThatIsOld", kBilling, "UPDATE partner_states SET partner_version = partner_version - 1",
       "billing-service's copy of partner"},
      {"ACopyOfNoPartner", kOrder, "UPDATE partner_states SET partner_id = 'nobody nobody no' LIMIT 1",
       "names an unknown partner"},
      {"ALinkThatItsOrderDidNotEnd", kLink, "UPDATE links SET state = 'REVOKED' WHERE state = 'ACTIVE'",
       "is REVOKED, but its order says ACTIVE"},
      {"ALinkThatWasEndedThoughItsOrderNamesIt", kLink, "UPDATE links SET state = 'SUPERSEDED' WHERE state = 'ACTIVE'",
       "is SUPERSEDED, but its order says ACTIVE"},
      {"ALinkThatItsOrderEnded", kLink, "UPDATE links SET state = 'ACTIVE' WHERE state = 'CONFIRMED' LIMIT 1",
       "is ACTIVE, but its order says CONFIRMED"},
      {"ALinkAsOfAnotherVersion", kLink, "UPDATE links SET order_version = 1 WHERE state = 'CONFIRMED' LIMIT 1",
       "ended at another version of its order"},
      {"ALinkOfNoOrder", kLink, "UPDATE links SET order_id = 'nobody nobody no' LIMIT 1", "is of an unknown order"},
      {"ALinkThatExpiresAtAnotherTime", kLink,
       "UPDATE links SET expire_time = expire_time - INTERVAL 1 SECOND WHERE state = 'ACTIVE'",
       "expires at another time than its link"},
      {"ALinkThatIsMissing", kLink, "DELETE FROM links WHERE state = 'ACTIVE'", "names a link that does not exist"},
      {"AFormerContactThatIsNotOnRecord", kBilling,
       "UPDATE billing_accounts SET former_billing_email = 'x@example.com', codes_move_time = create_time LIMIT 1",
       "the contact before is not on record"},
      {"ATransferCodeThatNothingUsed", kBilling,
       "INSERT INTO transfer_codes SELECT account_id, 'nobody nobody no', subscription_id, create_time, create_time, "
       "partner_id, order_id, create_time, 2 FROM subscriptions LIMIT 1",
       "no change of partner used the transfer code"},
      {"AnAcceptedRequestThatMadeNobodyPartner", kBilling,
       "INSERT INTO partner_requests SELECT account_id, 'nobody nobody no', subscription_id, 99, partner_id, 'B', "
       "NULL, "
       "'Suite', 1, create_time, create_time, 'ACCEPTED', create_time, '1999-01-01', 2 FROM subscriptions LIMIT 1",
       "no partner is of record from the day of an accepted request"},
      {"TwoRequestsThatWaitForPartners", kBilling,
       "INSERT INTO partner_requests SELECT account_id, CONCAT('nobody nobody ', n.number), subscription_id, n.number, "
       "partner_id, 'B', NULL, 'Suite', 1, create_time, create_time + INTERVAL 1 DAY, 'WAITING', NULL, NULL, 1 "
       "FROM (SELECT * FROM subscriptions LIMIT 1) s, (SELECT 98 AS number UNION SELECT 99) n",
       "two requests wait for partners"},
      {"AChangeOfPartnerWithoutCode", kBilling,
       "UPDATE activations SET kind = 'CHANGE_PARTNER', subscription_id = order_id LIMIT 1",
       "a change of partner used no transfer code"},
      {"AnOrderThatIsNeverCompleted", kOrder, "UPDATE orders SET state = 'CONFIRMED' WHERE state = 'COMPLETED' LIMIT 1",
       "is confirmed but was never completed"},
  };
}

}  // namespace

std::vector<Fault> Faults() {
  std::vector<Fault> faults;
  for (const std::vector<Fault>& some :
       {OfMoney(), OfConfirmations(), OfCatalogue(), OfLogs(), OfReplies(), OfErasure(), OfReservationsAndCopies()}) {
    faults.insert(faults.end(), some.begin(), some.end());
  }
  return faults;
}

}  // namespace countersign::integration
