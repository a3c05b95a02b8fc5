#include "billing-service/src/store/charge_store.h"

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/tenant_list.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/events/lease.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr absl::string_view kAttemptsOfInvoice = "WHERE account_id = ? AND invoice_id = ? ORDER BY attempt";

constexpr absl::string_view kOpenOfBucket =
    "WHERE bucket = ? AND state IN (?, ?) AND charge_id > ? ORDER BY charge_id LIMIT ?";

// Invoices to charge: binds OPEN, today, PROCESSOR, PARKED, today, REQUESTED, UNKNOWN and today.
#define COUNTERSIGN_CHARGEABLE                                                                                 \
  "FROM invoices i JOIN billing_accounts a ON a.account_id = i.account_id "                                    \
  "LEFT JOIN dunnings d ON d.account_id = i.account_id WHERE i.state = ? AND i.due_date <= ? "                 \
  "AND a.payment_method = ? AND a.state <> ? AND (d.hold_until_date IS NULL OR d.hold_until_date <= ?) "       \
  "AND NOT EXISTS (SELECT 1 FROM charges c WHERE c.account_id = i.account_id AND c.invoice_id = i.invoice_id " \
  "AND (c.state IN (?, ?) OR (c.payment_token = a.payment_token AND c.next_date > ?))) "
constexpr absl::string_view kDueOfBucket = "SELECT i.account_id, i.invoice_id " COUNTERSIGN_CHARGEABLE
                                           "AND i.bucket = ? AND i.invoice_id > ? ORDER BY i.invoice_id LIMIT ?";
constexpr absl::string_view kBucketsWithWork =
    "SELECT leases.bucket FROM leases "
    "WHERE EXISTS (SELECT 1 FROM charges o WHERE o.bucket = leases.bucket AND o.state IN (?, ?)) "
    "OR EXISTS (SELECT 1 " COUNTERSIGN_CHARGEABLE "AND i.bucket = leases.bucket)";
#undef COUNTERSIGN_CHARGEABLE

std::vector<mysql::Parameter> BoundByChargeable(Date today) {
  return {NameOf(InvoiceState::kOpen),          today, NameOf(PaymentMethodType::kProcessor),
          NameOf(BillingAccountState::kParked), today, NameOf(ChargeState::kRequested),
          NameOf(ChargeState::kUnknown),        today};
}

Charge ChargeOf(mysql::RowReader& row) {
  Charge charge;
  charge.account = row.Id();
  charge.id = row.Id();
  charge.invoice = row.Id();
  charge.attempt = row.Int();
  row.Skip();  // bucket
  const std::string currency = row.Text();
  charge.amount = row.Amount(currency);
  charge.token = row.Text();
  charge.create_time = row.Time();
  charge.state = row.Enumerated(kChargeStates);
  charge.decline_reason = row.Text();
  charge.processor_reference = row.Text();
  charge.payment = row.OptionalId();
  charge.next_date = row.Day();
  charge.version = row.Int();
  charge.update_time = row.Time();
  return charge;
}

}  // namespace

std::vector<mysql::FilterField> ChargeFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, NamesIn(kChargeStates)},
          {"invoice", "invoice_id", kName, {kInvoiceName}},
          {"decline_reason", "decline_reason", kAscii},
          {"processor_reference", "processor_reference", kAscii},
          {"create_time", "create_time", kTime}};
}

absl::StatusOr<Charge> ChargeStore::Get(absl::Time deadline, const Uuid& account, const Uuid& charge) const {
  ASSIGN_OR_RETURN(std::optional<Charge> found,
                   mysql::FindOne<Charge>(database_, deadline, kCharges, {account, charge}, ChargeOf));
  if (found.has_value()) return *std::move(found);
  return NotFound("CHARGE_NOT_FOUND", "The billing account has no such charge.",
                  {{"billingAccount", account.ToString()}, {"charge", charge.ToString()}});
}

absl::StatusOr<std::vector<Charge>> ChargeStore::ListOfInvoice(absl::Time deadline, const Uuid& account,
                                                               const Uuid& invoice) const {
  return mysql::ListBy<Charge>(database_, deadline, mysql::SelectFrom(kCharges, kAttemptsOfInvoice), {account, invoice},
                               ChargeOf);
}

absl::StatusOr<mysql::Page<Charge>> ChargeStore::List(absl::Time deadline, const std::optional<Uuid>& account,
                                                      const mysql::PageQuery& query) const {
  return ListOfAccounts<Charge>(database_, deadline, kCharges, "charge_id", account, query, ChargeOf);
}

absl::StatusOr<std::vector<Charge>> ChargeStore::ListOpen(absl::Time deadline, int bucket, const Uuid& after,
                                                          int limit) const {
  return mysql::ListBy<Charge>(database_, deadline, mysql::SelectFrom(kCharges, kOpenOfBucket),
                               {bucket, NameOf(ChargeState::kRequested), NameOf(ChargeState::kUnknown), after, limit},
                               ChargeOf);
}

absl::StatusOr<std::vector<ChargeStore::Due>> ChargeStore::ListDue(absl::Time deadline, int bucket, Date today,
                                                                   const Uuid& after, int limit) const {
  std::vector<mysql::Parameter> bound = BoundByChargeable(today);
  bound.insert(bound.end(), {bucket, after, limit});
  return mysql::ListBy<Due>(database_, deadline, kDueOfBucket, bound, [](mysql::RowReader& row) {
    const Uuid account = row.Id();
    return Due{account, row.Id()};
  });
}

absl::StatusOr<std::vector<int>> ChargeStore::ListDueBuckets(absl::Time deadline, Date today) const {
  std::vector<mysql::Parameter> bound = {NameOf(ChargeState::kRequested), NameOf(ChargeState::kUnknown)};
  const std::vector<mysql::Parameter> more = BoundByChargeable(today);
  bound.insert(bound.end(), more.begin(), more.end());
  return events::ListBuckets(database_, deadline, kBucketsWithWork, bound);
}

mysql::RowWrite ChargeStore::Row(const Charge& charge) {
  return mysql::Put(kCharges,
                    {charge.account, charge.id, charge.invoice, charge.attempt, events::BucketOf(charge.account),
                     charge.amount.currency(), charge.amount.micros(), charge.token, charge.create_time,
                     NameOf(charge.state), charge.decline_reason, charge.processor_reference, charge.payment,
                     charge.next_date, charge.version, charge.update_time});
}

}  // namespace countersign::billing
