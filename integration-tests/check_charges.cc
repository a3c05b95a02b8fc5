// Invariant 9 of charges: each that succeeded is one payment, and the payment processor's own book agrees.
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "integration-tests/checks.h"
#include "sandbox-processor/src/book.h"

namespace countersign::integration {
namespace {

using sandbox_processor::BookedCharge;
using sandbox_processor::BookedState;

constexpr absl::string_view kNotPaidOnce =
    "SELECT HEX(c.charge_id) FROM charges c LEFT JOIN payments p ON p.account_id = c.account_id "
    "AND p.charge_id = c.charge_id AND p.state = 'SUCCEEDED' GROUP BY c.account_id, c.charge_id, c.state, "
    "c.payment_id, c.amount_micros, "
    "c.currency HAVING COUNT(p.payment_id) <> (c.state = 'SUCCEEDED') OR (c.state = 'SUCCEEDED' AND "
    "(MIN(p.payment_id) <> c.payment_id OR MIN(p.amount_micros) <> c.amount_micros OR MIN(p.currency) <> c.currency))";
constexpr absl::string_view kFromTwoSources =
    "SELECT HEX(payment_id) FROM payments WHERE (receipt_id IS NULL) = (charge_id IS NULL)";
constexpr absl::string_view kOfNoCharge =
    "SELECT HEX(p.payment_id) FROM payments p LEFT JOIN charges c ON c.account_id = p.account_id "
    "AND c.charge_id = p.charge_id WHERE p.charge_id IS NOT NULL AND c.charge_id IS NULL";
constexpr absl::string_view kAttemptsOverlap =
    "SELECT HEX(c.charge_id) FROM charges c JOIN charges l ON l.account_id = c.account_id "
    "AND l.invoice_id = c.invoice_id AND l.attempt > c.attempt WHERE c.state IN ('REQUESTED', 'UNKNOWN')";
constexpr absl::string_view kAttemptsWithAGap =
    "SELECT HEX(invoice_id) FROM charges GROUP BY account_id, invoice_id HAVING COUNT(*) <> MAX(attempt)";
constexpr absl::string_view kCharges = "SELECT charge_id, state, currency, amount_micros FROM charges";

// Both sides of one charge. What is not settled yet may be anything in the book, which knows of no chargebacks.
void Compare(const std::string& key, const std::string& state, const std::string& currency, int64_t micros,
             const BookedCharge* booked, Sentences& broken) {
  if (state == "REQUESTED" || state == "UNKNOWN") return;
  const std::string said =
      booked == nullptr ? "nothing" : std::string(NameIn(sandbox_processor::kBookedStates, booked->state));
  const std::string expected = state == "CHARGED_BACK" ? "SUCCEEDED" : state;
  if (said != expected) {
    broken.push_back(absl::StrCat("charge ", key, " is ", state, ", and the processor's book says ", said));
  } else if (state == "SUCCEEDED" && (booked->currency != currency || booked->micros != micros)) {
    broken.push_back(absl::StrCat("the processor's book has another amount of charge ", key));
  }
}

absl::Status CheckBook(mysql::Connection& billing, const std::string& path, Sentences& broken) {
  ASSIGN_OR_RETURN(const sandbox_processor::Charges book, sandbox_processor::Book::Read(path));
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, billing.Query(kCharges, {}));
  std::set<std::string> known;
  for (const mysql::Row& row : rows) {
    const std::string key = row.Id(0).ToString();
    known.insert(key);
    const auto booked = book.find(key);
    Compare(key, row.Bytes(1), row.Bytes(2), row.Int(3), booked == book.end() ? nullptr : &booked->second, broken);
  }
  for (const auto& [key, charge] : book) {
    if (charge.state == BookedState::kSucceeded && !known.contains(key)) {
      broken.push_back(absl::StrCat("the processor took money for a charge that nobody knows: ", key));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckCharges(mysql::Connection& billing, const std::string& book, Sentences& broken) {
  RETURN_IF_ERROR(ExpectNone(billing, kNotPaidOnce, "a charge does not have exactly its payment", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kFromTwoSources, "a payment is not of one receipt or charge", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kOfNoCharge, "a payment of no charge", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kAttemptsOverlap, "a charge was not settled before the next attempt", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kAttemptsWithAGap, "attempts with a gap to charge invoice", broken));
  return book.empty() ? absl::OkStatus() : CheckBook(billing, book, broken);
}

}  // namespace countersign::integration
