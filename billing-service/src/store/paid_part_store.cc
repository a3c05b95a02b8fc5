#include "billing-service/src/store/paid_part_store.h"

#include <string>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/payment.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"
#include "common/mysql/row_reader.h"

namespace countersign::billing {
namespace {

// An account has few payments, so their key by account finds those of one invoice soon enough.
constexpr absl::string_view kPaidParts =
    "SELECT p.value_date, a.currency, a.amount_micros, a.bank_charge_micros"
    " FROM payment_allocations a JOIN payments p ON p.account_id = a.account_id "
    "AND p.payment_id = a.payment_id WHERE a.account_id = ? AND a.invoice_id = ? AND p.state = ? "
    "ORDER BY p.value_date, p.create_time, p.payment_id";
constexpr absl::string_view kCreditUsed =
    "SELECT CAST(NULL AS DATE), currency, amount_micros - undone_micros, 0 FROM credit_uses WHERE account_id = ? AND "
    "invoice_id = ? "
    "AND undone_micros < amount_micros ORDER BY account_version";

PaidPart PaidPartOf(mysql::RowReader& row) {
  PaidPart part;
  part.value_date = row.OptionalDay();
  const std::string currency = row.Text();
  part.amount = row.Amount(currency);
  part.bank_charge = row.Amount(currency);
  return part;
}

}  // namespace

absl::StatusOr<std::vector<PaidPart>> PaidPartStore::ListOfInvoice(absl::Time deadline, const Uuid& account,
                                                                   const Uuid& invoice) const {
  ASSIGN_OR_RETURN(std::vector<PaidPart> parts,
                   mysql::ListBy<PaidPart>(database_, deadline, kPaidParts,
                                           {account, invoice, NameOf(PaymentState::kSucceeded)}, PaidPartOf));
  ASSIGN_OR_RETURN(const std::vector<PaidPart> credit,
                   mysql::ListBy<PaidPart>(database_, deadline, kCreditUsed, {account, invoice}, PaidPartOf));
  parts.insert(parts.end(), credit.begin(), credit.end());
  return parts;
}

}  // namespace countersign::billing
